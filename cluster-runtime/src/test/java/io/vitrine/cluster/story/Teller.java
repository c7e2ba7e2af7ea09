package io.vitrine.cluster.story;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Moves money until it is told to end, on a thread of its own: each move two records under one key
 * in two partitions, in one transaction; every tenth move is aborted on purpose, once both are in
 * the log. What cannot go on with its producer goes on with a new one under the same transactional
 * id.
 */
final class Teller {
  private static final int ABORTED_OF = 10;

  private final String id;
  private final Map<String, Object> settings;
  private final Random random;
  private final Set<String> committed = ConcurrentHashMap.newKeySet();
  private final Set<String> aborted = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean ended;
  private int number;

  Teller(String id, String bootstrap) {
    this.id = id;
    this.random = new Random(id.hashCode());
    this.settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 12_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    this.thread = new Thread(this::work, id);
  }

  void start() {
    thread.start();
  }

  /** Lets the move under way be the last one. */
  void end() {
    ended = true;
  }

  void join() throws InterruptedException {
    thread.join();
  }

  /** Its name and transactional id. */
  String id() {
    return id;
  }

  /** Moves whose commit was acknowledged. */
  Set<String> committed() {
    return committed;
  }

  /** Moves whose abort was acknowledged. */
  Set<String> aborted() {
    return aborted;
  }

  /** Whether the move of this number is never committed. */
  static boolean isToBeAborted(int number) {
    return number % ABORTED_OF == ABORTED_OF - 1;
  }

  private void work() {
    while (!ended) {
      try (KafkaProducer<String, Long> producer =
          new KafkaProducer<>(settings, new StringSerializer(), new LongSerializer())) {
        producer.initTransactions();
        while (!ended) {
          move(producer);
        }
      } catch (KafkaException e) {
        // What became of the last move is for the reader to see; the next producer settles it.
        continue;
      }
    }
  }

  private void move(KafkaProducer<String, Long> producer) {
    int each = number++;
    String move = id + "-" + each;
    int from = random.nextInt(Transfers.ACCOUNTS);
    int to = (from + 1 + random.nextInt(Transfers.ACCOUNTS - 1)) % Transfers.ACCOUNTS;
    long amount = 1 + random.nextInt(100);
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(Transfers.TOPIC, from, move, -amount));
    producer.send(new ProducerRecord<>(Transfers.TOPIC, to, move, amount));
    if (isToBeAborted(each)) {
      // Or the producer would drop what it has not sent yet.
      producer.flush();
      producer.abortTransaction();
      aborted.add(move);
    } else {
      producer.commitTransaction();
      committed.add(move);
    }
  }
}
