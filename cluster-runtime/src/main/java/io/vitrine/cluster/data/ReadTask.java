package io.vitrine.cluster.data;

import io.vitrine.cluster.data.ReadProgress.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reading: a consumer without a group, which commits nothing and leaves no trace on the cluster.
 *
 * <p>The consumer belongs to the thread; {@link #stop} only wakes it, under the lock that also
 * covers its making and its end.
 */
final class ReadTask extends ClientTask {
  private static final Logger LOG = LoggerFactory.getLogger(ReadTask.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final ReadQuery query;
  private final ReadListener listener;
  private final Supplier<String> bootstrap;
  private final Map<String, String> client;
  private final LongSupplier nanoTime;

  private final Object lock = new Object();
  // Under the lock.
  private KafkaConsumer<byte[], byte[]> consumer;
  private boolean stopped;

  // The thread's.
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private long beganNanos;
  private long read;
  private long matched;
  private long bytes;

  ReadTask(
      ReadQuery query,
      ReadListener listener,
      Supplier<String> bootstrap,
      Map<String, String> client,
      LongSupplier nanoTime) {
    this.query = query;
    this.listener = listener;
    this.bootstrap = bootstrap;
    this.client = client;
    this.nanoTime = nanoTime;
  }

  @Override
  public void stop() {
    synchronized (lock) {
      stopped = true;
      if (consumer != null) {
        consumer.wakeup();
      }
    }
  }

  @Override
  void refuse(String reason) {
    beganNanos = nanoTime.getAsLong();
    tell(List.of(), State.FAILED, 0, reason);
  }

  @Override
  void run() {
    beganNanos = nanoTime.getAsLong();
    State end;
    String reason = "";
    try {
      end = readAll();
    } catch (WakeupException e) {
      end = State.STOPPED;
    } catch (InterruptException e) {
      end = State.STOPPED;
      reason = "interrupted";
    } catch (RuntimeException e) {
      if (!(e instanceof KafkaException || e instanceof IllegalStateException)) {
        LOG.error("topic={} a reading failed", query.topic(), e);
      }
      end = State.FAILED;
      reason = explained(e);
    }
    tell(List.of(), end, 0, reason);
  }

  private State readAll() {
    String addresses = bootstrap.get();
    if (addresses.isEmpty()) {
      throw new IllegalStateException("No broker is running. Start one first.");
    }
    tell(List.of(), State.OPENING, 0, "");
    try {
      KafkaConsumer<byte[], byte[]> made = new KafkaConsumer<>(settings(addresses));
      synchronized (lock) {
        consumer = made;
        if (stopped) {
          made.wakeup();
        }
      }
      List<TopicPartition> partitions = partitions(made);
      made.assign(partitions);
      seek(made, partitions);
      return follow(made, partitions);
    } finally {
      close();
    }
  }

  private void close() {
    KafkaConsumer<byte[], byte[]> old;
    synchronized (lock) {
      old = consumer;
      consumer = null;
    }
    if (old != null) {
      old.close(CLOSE_TIMEOUT);
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> from) {
    List<PartitionInfo> all = from.partitionsFor(query.topic(), PATIENCE);
    if (all == null || all.isEmpty()) {
      throw new IllegalStateException("There is no topic " + query.topic() + ".");
    }
    List<TopicPartition> partitions =
        all.stream()
            .map(PartitionInfo::partition)
            .filter(number -> query.partition().map(number::equals).orElse(true))
            .sorted()
            .map(number -> new TopicPartition(query.topic(), number))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException(
          query.topic() + " has no partition " + query.partition().orElseThrow() + ".");
    }
    return partitions;
  }

  private void seek(KafkaConsumer<byte[], byte[]> on, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> beginnings = on.beginningOffsets(partitions, PATIENCE);
    ends.putAll(on.endOffsets(partitions, PATIENCE));
    Map<TopicPartition, OffsetAndTimestamp> times = Map.of();
    if (query.start() instanceof ReadQuery.Time time) {
      Map<TopicPartition, Long> asked = new HashMap<>();
      partitions.forEach(partition -> asked.put(partition, time.timestampMs()));
      times = on.offsetsForTimes(asked, PATIENCE);
    }
    for (TopicPartition partition : partitions) {
      long beginning = beginnings.get(partition);
      long end = ends.get(partition);
      long wished = end;
      if (query.start() instanceof ReadQuery.Beginning) {
        wished = beginning;
      } else if (query.start() instanceof ReadQuery.Last last) {
        wished = end - Math.min(end, last.offsets());
      } else if (query.start() instanceof ReadQuery.Offset offset) {
        wished = offset.offset();
      } else if (times.get(partition) != null) {
        wished = times.get(partition).offset();
      }
      on.seek(partition, Math.max(beginning, Math.min(end, wished)));
    }
  }

  private State follow(KafkaConsumer<byte[], byte[]> on, List<TopicPartition> partitions) {
    while (true) {
      long left = left(on, partitions);
      if (left == 0 && !query.follow()) {
        return State.COMPLETE;
      }
      ConsumerRecords<byte[], byte[]> records = on.poll(POLL);
      List<DataRecord> wanted = new ArrayList<>();
      State end = null;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (!query.follow() && record.offset() >= ends.get(partition(record))) {
          continue; // came after the reading began
        }
        DataRecord each = DataRecord.of(record);
        read++;
        bytes += each.sizeBytes();
        if (query.wanted().test(each)) {
          wanted.add(each);
          matched++;
        }
        if (matched >= query.mostMatches()) {
          end = State.ENOUGH_MATCHES;
        } else if (read >= query.mostRead()) {
          end = State.ENOUGH_READ;
        }
        if (end != null) {
          break;
        }
      }
      left = left(on, partitions);
      tell(wanted, left == 0 && query.follow() ? State.WAITING : State.READING, left, "");
      synchronized (lock) {
        if (stopped) {
          return State.STOPPED;
        }
      }
      if (end != null) {
        return end;
      }
    }
  }

  /** Offsets to go; markers and gaps are passed over like records. */
  private long left(KafkaConsumer<byte[], byte[]> on, List<TopicPartition> partitions) {
    long left = 0;
    for (TopicPartition partition : partitions) {
      long known = Math.max(0, ends.get(partition) - on.position(partition, PATIENCE));
      left += query.follow() ? on.currentLag(partition).orElse(known) : known;
    }
    return left;
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private void tell(List<DataRecord> records, State state, long left, String reason) {
    listener.read(
        records,
        new ReadProgress(
            state,
            read,
            matched,
            bytes,
            left,
            (nanoTime.getAsLong() - beganNanos) / 1_000_000,
            reason));
  }

  private Map<String, Object> settings(String addresses) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.putAll(own(addresses));
    return settings;
  }

  private Map<String, Object> own(String addresses) {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        addresses,
        ConsumerConfig.CLIENT_ID_CONFIG,
        "console-reader",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        query.committedOnly() ? "read_committed" : "read_uncommitted",
        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
        200,
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class);
  }
}
