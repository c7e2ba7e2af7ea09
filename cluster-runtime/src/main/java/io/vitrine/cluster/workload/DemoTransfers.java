package io.vitrine.cluster.workload;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's transactions: a producer takes from one account and gives to another, a partition
 * each, in one transaction, aborts one in ten, and a read_committed consumer checks in a {@link
 * TransferLedger} that it sees both halves or none.
 *
 * <p>The producer belongs to {@code traffic-transfers}, the consumer to {@code
 * traffic-transfers-reader}.
 */
final class DemoTransfers implements AutoCloseable {
  /** The topic; a partition an account. */
  static final String TOPIC = "transfers";

  static final int PARTITIONS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(DemoTransfers.class);
  private static final String TRANSACTIONAL_ID = "demo-transfers";
  private static final int INTERVAL_MS = 200;
  private static final int ONE_IN_ABORTS = 10;
  private static final int MAX_BLOCK_MS = 5_000;
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long SETTLE_TIMEOUT_MS = 2_000;

  private final String bootstrap;
  private final long run;
  private final Random random;
  private final TransferLedger ledger = new TransferLedger();
  private final CountDownLatch readerReady = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread producing = new Thread(this::produce, "traffic-transfers");
  private final Thread reading = new Thread(this::read, "traffic-transfers-reader");
  private volatile boolean readerOn = true;

  /**
   * @param run told in every record, so that others' are passed over
   */
  DemoTransfers(String bootstrap, long run, Random random) {
    this.bootstrap = bootstrap;
    this.run = run;
    this.random = random;
  }

  /** Begins, once the reader stands at the topic's end. The topic exists. */
  void start() {
    reading.start();
    producing.start();
  }

  TransferLedger.Counts counts() {
    return ledger.counts();
  }

  /** Ends the open transfer, waits a moment until what is committed was read, and ends. */
  @Override
  public void close() {
    end.countDown();
    try {
      producing.join();
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_TIMEOUT_MS);
      while (!ledger.settled() && reading.isAlive() && System.nanoTime() < deadline) {
        reading.join(POLL.toMillis() / 6);
      }
      readerOn = false;
      reading.join();
    } catch (InterruptedException e) {
      readerOn = false;
      producing.interrupt();
      reading.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private boolean on() {
    return end.getCount() > 0;
  }

  // ---- the producer ----------------------------------------------------------------------------

  private void produce() {
    try {
      while (on() && !readerReady.await(INTERVAL_MS, TimeUnit.MILLISECONDS)) {
        LOG.debug("demo transfers: waiting for the reader");
      }
      while (on()) {
        try (Producer producer = new Producer()) {
          producer.begin();
          while (!end.await(INTERVAL_MS, TimeUnit.MILLISECONDS)) {
            producer.transfer();
          }
        } catch (InterruptException e) {
          throw e;
        } catch (KafkaException e) {
          LOG.info("demo transfers: the producer gives way to a new one: {}", e.toString());
          end.await(INTERVAL_MS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("demo transfers: interrupted, so this ends");
    }
  }

  /** A producer until its first error that it cannot get over. */
  private final class Producer implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer =
        DemoClients.producer(
            bootstrap,
            "demo-transfers",
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                TRANSACTIONAL_ID,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_BLOCK_MS));

    void begin() {
      producer.initTransactions();
    }

    void transfer() {
      int from = random.nextInt(PARTITIONS);
      int to = (from + 1 + random.nextInt(PARTITIONS - 1)) % PARTITIONS;
      int cents = 100 + random.nextInt(99_900);
      boolean abort = random.nextInt(ONE_IN_ABORTS) == 0;
      producer.beginTransaction();
      long number = ledger.begin(from, to);
      boolean known = false;
      try {
        producer.send(half(from, number, -cents));
        producer.send(half(to, number, cents));
        if (abort) {
          producer.abortTransaction();
          ledger.aborted(number);
        } else {
          commit(number);
        }
        known = true;
      } finally {
        if (!known) {
          ledger.unknown(number);
        }
      }
    }

    /** A commit whose answer is late is asked for again, as long as the demo runs. */
    private void commit(long number) {
      while (true) {
        try {
          producer.commitTransaction();
          ledger.committed(number);
          return;
        } catch (TimeoutException e) {
          if (!on()) {
            throw e;
          }
        }
      }
    }

    @Override
    public void close() {
      producer.close(CLOSE_TIMEOUT);
    }
  }

  private ProducerRecord<byte[], byte[]> half(int account, long number, int cents) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            TOPIC,
            account,
            null,
            ("{\"transfer\":" + number + ",\"account\":" + account + ",\"cents\":" + cents + "}")
                .getBytes(StandardCharsets.US_ASCII));
    TrafficNumber.put(record, run, number);
    return record;
  }

  // ---- the reader ------------------------------------------------------------------------------

  private void read() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        DemoClients.consumer(
            bootstrap,
            "demo-transfers-reader",
            Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        all.add(new TopicPartition(TOPIC, i));
      }
      consumer.assign(all);
      consumer.seekToEnd(all);
      while (readerOn) {
        try {
          if (readerReady.getCount() > 0) {
            // The end must be settled before the first transfer, or it would be passed over.
            all.forEach(partition -> consumer.position(partition, POLL));
            readerReady.countDown();
          }
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            TrafficNumber.of(record, run)
                .ifPresent(number -> ledger.received(record.partition(), number, record.offset()));
          }
        } catch (WakeupException | InterruptException e) {
          return;
        } catch (RuntimeException e) {
          LOG.info("demo transfers: the reader stumbled and goes on: {}", e.toString());
        }
      }
    }
  }
}
