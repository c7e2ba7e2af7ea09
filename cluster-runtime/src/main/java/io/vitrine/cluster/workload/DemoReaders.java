package io.vitrine.cluster.workload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's consumer group: members that share a topic, commit what they have read, and may leave
 * and come back.
 *
 * <p>Each member has a thread, {@code traffic-reader-<number>}, and a consumer of its own; they
 * meet only in the ledgers. The map of members is guarded by this object. What a member has read it
 * enters into the ledger before it commits, so a record that is committed but was never read is
 * missing there.
 */
final class DemoReaders implements AutoCloseable {
  /** The group's id. */
  static final String GROUP = "demo-readers";

  /** How many members there are at the beginning. */
  static final int MEMBERS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(DemoReaders.class);

  /** Shorter than Kafka's 45 s, so that a silent member is given up while one watches. */
  private static final int SESSION_TIMEOUT_MS = 10_000;

  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);

  private final String bootstrap;
  private final String topic;
  private final long run;
  private final List<TrafficLedger> ledgers;
  private final Map<Integer, Reader> members = new TreeMap<>();

  /**
   * @param run whose records count
   * @param ledgers by partition; what is received is entered there
   */
  DemoReaders(String bootstrap, String topic, long run, List<TrafficLedger> ledgers) {
    this.bootstrap = bootstrap;
    this.topic = topic;
    this.run = run;
    this.ledgers = ledgers;
  }

  /** A member joins; nothing happens when it is in already. */
  synchronized void join(int number) {
    members.computeIfAbsent(
        number,
        n -> {
          Reader reader = new Reader(n);
          reader.thread.start();
          return reader;
        });
  }

  /** A member leaves the group in good order; nothing happens when it is not in. Waits for it. */
  void leave(int number) throws InterruptedException {
    Reader reader;
    synchronized (this) {
      reader = members.remove(number);
    }
    if (reader != null) {
      reader.end();
      reader.thread.join();
    }
  }

  /** The numbers of the members that are in. */
  synchronized List<Integer> inside() {
    return List.copyOf(members.keySet());
  }

  /** All leave. */
  @Override
  public void close() {
    List<Reader> leaving;
    synchronized (this) {
      leaving = List.copyOf(members.values());
      members.clear();
    }
    leaving.forEach(Reader::end);
    try {
      for (Reader reader : leaving) {
        reader.thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A member. */
  private final class Reader {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean on = true;

    Reader(int number) {
      consumer =
          DemoClients.consumer(
              bootstrap,
              "demo-reader-" + number,
              Map.of(
                  ConsumerConfig.GROUP_ID_CONFIG,
                  GROUP,
                  ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                  SESSION_TIMEOUT_MS));
      thread = new Thread(this::run, "traffic-reader-" + number);
    }

    private void run() {
      try {
        consumer.subscribe(List.of(topic));
        while (on) {
          try {
            read(consumer.poll(POLL));
          } catch (WakeupException e) {
            LOG.debug("demo readers: a member was woken up to leave");
          } catch (InterruptException e) {
            on = false;
          } catch (RuntimeException e) {
            LOG.info("demo readers: a member stumbled and goes on: {}", e.toString());
          }
        }
      } finally {
        consumer.close(LEAVE_TIMEOUT);
      }
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        TrafficNumber.of(record, run)
            .ifPresent(number -> ledgers.get(record.partition()).received(number, record.offset()));
      }
      if (!records.isEmpty()) {
        // A commit that fails is made up for by the next one.
        consumer.commitAsync();
      }
    }

    private void end() {
      on = false;
      consumer.wakeup();
    }
  }
}
