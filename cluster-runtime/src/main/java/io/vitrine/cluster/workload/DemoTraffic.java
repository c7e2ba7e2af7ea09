package io.vitrine.cluster.workload;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the demo traffic: an idempotent producer with acks=all sends numbered records to every
 * partition at a steady rate, a consumer reads them back, and a {@link TrafficLedger} a partition
 * keeps the books. A group of consumers reads the same records, with books of its own ({@link
 * DemoReaders}), and money is moved in transactions ({@link DemoTransfers}).
 *
 * <p>Clients are Kafka's own with Kafka's defaults but for short back-offs. Records of other runs
 * and other producers in the topic are passed over. The producer's callbacks, the consumer thread
 * and the ticking thread meet only in the ledgers. Counts are reported five times a second.
 */
public final class DemoTraffic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);

  private static final int SEND_TICK_MS = 50;
  private static final int SAMPLE_TICK_MS = 200;

  /** Records under way in one partition; above it the partition is waited for. */
  private static final int UNDER_WAY_LIMIT = 1_000;

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(3);
  private static final long SETTLE_TIMEOUT_MS = 2_000;
  private static final int ADMIN_TIMEOUT_MS = 15_000;

  private final TrafficSettings settings;
  private final EventSink events;
  private final LongSupplier nanoTime;
  private final Random random;
  private final long run;
  private final List<TrafficLedger> ledgers = new ArrayList<>();

  /** The group's books: the same numbers, received by its members. */
  private final List<TrafficLedger> groupLedgers = new ArrayList<>();

  private final DemoReaders readers;
  private final DemoTransfers transfers;
  private final AtomicLong failed = new AtomicLong();
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread consumerThread;
  private final ScheduledExecutorService sending =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "traffic-producer"));
  private final ScheduledExecutorService sampling =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "traffic-sampler"));
  private volatile boolean consuming = true;
  private double owed;
  private int nextPartition;

  private DemoTraffic(
      String bootstrap,
      int partitions,
      TrafficSettings settings,
      EventSink events,
      LongSupplier nanoTime,
      Random random) {
    this.settings = settings;
    this.events = events;
    this.nanoTime = nanoTime;
    this.random = random;
    this.run = random.nextLong();
    for (int i = 0; i < partitions; i++) {
      ledgers.add(new TrafficLedger());
      groupLedgers.add(new TrafficLedger());
    }
    this.readers = new DemoReaders(bootstrap, settings.topic(), run, groupLedgers);
    this.transfers = new DemoTransfers(bootstrap, run, new Random(random.nextLong()));
    this.producer =
        DemoClients.producer(
            bootstrap,
            "demo-traffic-producer",
            Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // A tick waits at most this long for metadata; the record then counts as refused.
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                2_000));
    this.consumer = DemoClients.consumer(bootstrap, "demo-traffic-consumer", Map.of());
    this.consumerThread = new Thread(this::consume, "traffic-consumer");
  }

  /**
   * Creates the topic when it is missing and begins.
   *
   * @param bootstrap addresses of brokers, as any client gets them
   * @param random only makes runs and contents differ
   * @throws IllegalStateException when the cluster cannot be reached or refuses the topic; says why
   */
  public static DemoTraffic start(
      String bootstrap,
      TrafficSettings settings,
      EventSink events,
      LongSupplier nanoTime,
      Random random) {
    int partitions = ensureTopics(bootstrap, settings);
    DemoTraffic traffic =
        new DemoTraffic(bootstrap, partitions, settings, events, nanoTime, random);
    traffic.begin();
    return traffic;
  }

  /** How many partitions the topic of single records has. */
  private static int ensureTopics(String bootstrap, TrafficSettings settings) {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS))) {
      int partitions =
          ensureTopic(admin, bootstrap, settings, settings.topic(), settings.partitions());
      ensureTopic(admin, bootstrap, settings, DemoTransfers.TOPIC, DemoTransfers.PARTITIONS);
      return partitions;
    }
  }

  private static int ensureTopic(
      Admin admin, String bootstrap, TrafficSettings settings, String name, int partitions) {
    try {
      if (!admin.listTopics().names().get().contains(name)) {
        int brokers = admin.describeCluster().nodes().get().size();
        int replicas = Math.min(settings.replicationFactor(), brokers);
        NewTopic topic =
            new NewTopic(name, partitions, (short) replicas)
                .configs(
                    Map.of(
                        "min.insync.replicas",
                        Integer.toString(Math.min(settings.minInSyncReplicas(), replicas))));
        try {
          admin.createTopics(List.of(topic)).all().get();
          // Not every broker has heard of it yet, so nobody is asked.
          return partitions;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
      return admin
          .describeTopics(List.of(name))
          .allTopicNames()
          .get()
          .get(name)
          .partitions()
          .size();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "The demo traffic's topic "
              + name
              + " is not to be had from "
              + bootstrap
              + ": "
              + e.getCause().getMessage(),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the demo traffic was starting", e);
    }
  }

  private void begin() {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < ledgers.size(); i++) {
      all.add(partition(i));
    }
    try {
      consumer.assign(all);
      consumer.seekToEnd(all);
      // The end must be settled before the first record is sent, or it would be passed over.
      all.forEach(p -> consumer.position(p, Duration.ofMillis(ADMIN_TIMEOUT_MS)));
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      consumer.close(Duration.ZERO);
      throw new IllegalStateException(
          "The demo traffic cannot read " + settings.topic() + ": " + e.getMessage(), e);
    }
    events.report(EventSink.NO_BROKER, new ClusterEvent.TrafficSwitched(true, settings.topic()));
    consumerThread.start();
    for (int number = 1; number <= DemoReaders.MEMBERS; number++) {
      readers.join(number);
    }
    transfers.start();
    sending.scheduleAtFixedRate(this::send, 0, SEND_TICK_MS, TimeUnit.MILLISECONDS);
    sampling.scheduleAtFixedRate(
        this::sample, SAMPLE_TICK_MS, SAMPLE_TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Sends no more, waits a moment for what is under way, and ends. */
  @Override
  public void close() {
    sending.shutdown();
    try {
      if (!sending.awaitTermination(SETTLE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        sending.shutdownNow();
      }
      producer.close(FLUSH_TIMEOUT);
      transfers.close();
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_TIMEOUT_MS);
      while (System.nanoTime() < deadline && !settled() && consumerThread.isAlive()) {
        consumerThread.join(SEND_TICK_MS);
      }
      consuming = false;
      consumer.wakeup();
      readers.close();
      consumerThread.join();
      sampling.shutdown();
      sampling.awaitTermination(SETTLE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      consuming = false;
      consumer.wakeup();
      sampling.shutdownNow();
      Thread.currentThread().interrupt();
    }
    sample();
    events.report(EventSink.NO_BROKER, new ClusterEvent.TrafficSwitched(false, settings.topic()));
  }

  private boolean settled() {
    return ledgers.stream().allMatch(TrafficLedger::settled)
        && (readers.inside().isEmpty() || groupLedgers.stream().allMatch(TrafficLedger::settled));
  }

  /**
   * A member of the demo's group leaves it in good order, or comes back.
   *
   * @param number from 1 on
   */
  public void member(int number, boolean in) throws InterruptedException {
    if (in) {
      readers.join(number);
    } else {
      readers.leave(number);
    }
  }

  // ---- producer
  // ----------------------------------------------------------------------------------

  private void send() {
    try {
      owed += settings.recordsPerSecond() * SEND_TICK_MS / 1000.0;
      for (; owed >= 1; owed--) {
        sendOne(nextPartition);
        nextPartition = (nextPartition + 1) % ledgers.size();
      }
      lookForSilence();
    } catch (RuntimeException e) {
      LOG.warn("demo traffic: a round of sending failed", e);
    }
  }

  private void sendOne(int partition) {
    TrafficLedger ledger = ledgers.get(partition);
    long number = ledger.next(UNDER_WAY_LIMIT, nanoTime.getAsLong());
    if (number < 0) {
      return;
    }
    // The group's books number alike: both are asked by this thread only, one after the other.
    groupLedgers.get(partition).next(Integer.MAX_VALUE, nanoTime.getAsLong());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(settings.topic(), partition, null, value(partition, number));
    TrafficNumber.put(record, run, number);
    try {
      producer.send(
          record,
          (metadata, error) -> {
            if (error == null) {
              acknowledged(partition, number);
            } else {
              refused(partition, number, error);
            }
          });
    } catch (InterruptException e) {
      refused(partition, number, e);
      throw e;
    } catch (RuntimeException e) {
      refused(partition, number, e);
    }
  }

  private byte[] value(int partition, long number) {
    StringBuilder text =
        new StringBuilder("{\"order\":\"")
            .append(partition)
            .append('-')
            .append(number)
            .append("\",\"cents\":")
            .append(100 + random.nextInt(99_900))
            .append(",\"note\":\"");
    while (text.length() < settings.recordBytes() - 2) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void acknowledged(int partition, long number) {
    long now = nanoTime.getAsLong();
    groupLedgers.get(partition).acknowledged(number, now);
    long gap = ledgers.get(partition).acknowledged(number, now);
    if (gap >= 0) {
      events.report(
          EventSink.NO_BROKER,
          new ClusterEvent.TrafficResumed(
              partition(partition), TimeUnit.NANOSECONDS.toMillis(gap)));
    }
  }

  private void refused(int partition, long number, Exception error) {
    failed.incrementAndGet();
    groupLedgers.get(partition).refused(number);
    if (ledgers.get(partition).refused(number)) {
      interrupted(partition, error.getClass().getSimpleName() + ": " + error.getMessage());
    }
  }

  private void lookForSilence() {
    long now = nanoTime.getAsLong();
    long limit = TimeUnit.MILLISECONDS.toNanos(settings.silenceMs());
    for (int i = 0; i < ledgers.size(); i++) {
      if (ledgers.get(i).silent(now, limit)) {
        interrupted(i, "no acknowledgement for " + settings.silenceMs() + " ms");
      }
    }
  }

  private void interrupted(int partition, String error) {
    events.report(
        EventSink.NO_BROKER, new ClusterEvent.TrafficInterrupted(partition(partition), error));
  }

  // ---- consumer
  // ----------------------------------------------------------------------------------

  private void consume() {
    try (consumer) {
      while (consuming) {
        try {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
            TrafficNumber.of(record, run)
                .ifPresent(
                    number -> ledgers.get(record.partition()).received(number, record.offset()));
          }
        } catch (WakeupException e) {
          LOG.debug("demo traffic: the consumer was woken up to end");
        } catch (RuntimeException e) {
          LOG.warn("demo traffic: the consumer stumbled and goes on", e);
        }
      }
    }
  }

  private void sample() {
    long sent = 0;
    long acknowledged = 0;
    long received = 0;
    long duplicates = 0;
    long missing = 0;
    long gap = 0;
    for (TrafficLedger ledger : ledgers) {
      TrafficLedger.Counts counts = ledger.counts();
      sent += counts.sent();
      acknowledged += counts.acknowledged();
      received += counts.received();
      duplicates += counts.duplicates();
      missing += counts.missing();
      gap = Math.max(gap, counts.longestGapNanos());
    }
    events.report(
        EventSink.NO_BROKER,
        new ClusterEvent.TrafficSampled(
            sent,
            acknowledged,
            failed.get(),
            received,
            duplicates,
            missing,
            TimeUnit.NANOSECONDS.toMillis(gap)));
    TransferLedger.Counts moved = transfers.counts();
    events.report(
        EventSink.NO_BROKER,
        new ClusterEvent.DemoSampled(
            DemoReaders.GROUP,
            readers.inside(),
            groupLedgers.stream().mapToLong(each -> each.counts().received()).sum(),
            groupLedgers.stream().mapToLong(each -> each.counts().missing()).sum(),
            moved.committed(),
            moved.aborted(),
            moved.received(),
            moved.wrong()));
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(settings.topic(), number);
  }
}
