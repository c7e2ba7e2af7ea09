package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * An idempotent producer with acks=all that sends numbers to every partition of a topic until it is
 * ended, and the account of what was acknowledged.
 *
 * <p>Each partition gets 0, 1, 2 …, so that a lost, doubled or misplaced record shows by itself.
 */
final class Load implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000;

  private final String topic;
  private final int partitions;
  private final Map<Integer, AtomicLong> acknowledged = new ConcurrentHashMap<>();
  private final List<Exception> failures = new ArrayList<>();
  private final KafkaProducer<Long, Long> producer;
  private final Thread thread = new Thread(this::send, "load");
  private final Gaps gaps;
  private volatile boolean ended;

  Load(String bootstrap, String topic, int partitions) {
    this.topic = topic;
    this.partitions = partitions;
    this.gaps = new Gaps(partitions);
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                2,
                "delivery.timeout.ms",
                120_000),
            new LongSerializer(),
            new LongSerializer());
    thread.start();
  }

  private void send() {
    for (long number = 0; !ended; number++) {
      for (int p = 0; p < partitions; p++) {
        int partition = p;
        producer.send(
            new ProducerRecord<>(topic, partition, number, number),
            (metadata, error) -> {
              if (error == null) {
                acknowledged.computeIfAbsent(partition, x -> new AtomicLong()).incrementAndGet();
                gaps.acknowledged(partition, System.nanoTime());
              } else {
                synchronized (failures) {
                  failures.add(error);
                }
              }
            });
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Records acknowledged so far. */
  long acknowledged() {
    return acknowledged.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** The longest time a partition was without an acknowledgement while the load went on. */
  Duration longestGap() {
    return gaps.longest(System.nanoTime());
  }

  /**
   * The longest time a partition was without an acknowledgement since the last time this was asked.
   */
  Duration longestGapSinceAsked() {
    return gaps.longestSinceAsked(System.nanoTime());
  }

  /** Ends the load and waits for what is under way; every send must have been acknowledged. */
  void end() throws InterruptedException {
    ended = true;
    thread.join();
    producer.flush();
    synchronized (failures) {
      Map<String, Long> kinds =
          failures.stream()
              .collect(Collectors.groupingBy(Exception::toString, Collectors.counting()));
      assertThat(kinds).as("sends that failed, of %s acknowledged", acknowledged()).isEmpty();
    }
  }

  /** Reads the topic: each partition holds what was acknowledged, once, in order. */
  void verify(String bootstrap) {
    List<TopicPartition> all =
        IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
    Map<Integer, Long> next = new HashMap<>();
    try (KafkaConsumer<Long, Long> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new LongDeserializer(),
            new LongDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(500))) {
          assertThat(record.value())
              .as("number at offset %s of partition %s", record.offset(), record.partition())
              .isEqualTo(next.getOrDefault(record.partition(), 0L));
          next.merge(record.partition(), 1L, Long::sum);
        }
      }
    }
    for (int p = 0; p < partitions; p++) {
      assertThat(next.getOrDefault(p, 0L))
          .as("records of partition " + p)
          .isEqualTo(acknowledged.get(p).get());
    }
  }

  /** How long partitions wait for acknowledgements. Any thread. */
  private static final class Gaps {
    private final long[] lastNanos;
    private long longestNanos;
    private long sinceAskedNanos;

    Gaps(int partitions) {
      lastNanos = new long[partitions];
      Arrays.fill(lastNanos, System.nanoTime());
    }

    synchronized void acknowledged(int partition, long now) {
      sinceAskedNanos = Math.max(sinceAskedNanos, now - lastNanos[partition]);
      longestNanos = Math.max(longestNanos, sinceAskedNanos);
      lastNanos[partition] = now;
    }

    synchronized Duration longest(long now) {
      return Duration.ofNanos(Math.max(longestNanos, waiting(now)));
    }

    synchronized Duration longestSinceAsked(long now) {
      long asked = Math.max(sinceAskedNanos, waiting(now));
      sinceAskedNanos = 0;
      return Duration.ofNanos(asked);
    }

    /** Of those that wait still. */
    private long waiting(long now) {
      return now - Arrays.stream(lastNanos).min().orElse(now);
    }
  }

  @Override
  public void close() {
    ended = true;
    producer.close(Duration.ZERO);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
