package io.vitrine.cluster.bench;

import io.vitrine.cluster.bench.Comparison.Brand;
import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.WorkDirectory;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ControllerMovedException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooKeeper;

/**
 * Measures what the controller does with a topic of 1,000 partitions of three replicas, Apache
 * Kafka 3.9.2 and Vitrine side by side: three brokers, each a JVM of its own with the same flags,
 * on the same ZooKeeper, the runs taken in turns, while a producer with acks=all writes to every
 * partition in turn.
 *
 * <p>Prints for each, in milliseconds:
 *
 * <ul>
 *   <li>from CreateTopics to its answer, and to the acknowledgement of a record in every partition;
 *   <li>from SIGTERM until every other broker's metadata name other leaders, and until the process
 *       is gone;
 *   <li>after SIGKILL, from the moment ZooKeeper ended the session until every other broker's
 *       metadata name leaders for all partitions;
 *   <li>from the moment {@code /controller} was deleted until a topic created after it has leaders
 *       on every broker;
 *   <li>the longest a record waited for its acknowledgement during each of the three.
 * </ul>
 *
 * Arguments: runs each (default 3), partitions (default 1000), and, to look into one system alone,
 * KAFKA or VITRINE.
 */
public final class ManyPartitions {
  private static final int SESSION_MS = 6_000;
  private static final long PATIENCE_SECONDS = 180;
  private static final long SEND_PAUSE_MS = 2;
  private static final long SETTLE_MS = 3_000;
  private static final String TOPIC = "many";

  private final Brand brand;
  private final int partitions;
  private final Comparison comparison;
  private final BenchBrokers brokers;
  private final ZooKeeper watcher;
  private final SocketClients clients =
      new SocketClients(
          "bench-",
          1,
          new ClientSettings("bench", 5_000, 30_000, 10 << 20),
          ClientSecurity.plaintext());
  private final Map<Integer, NodeClient> nodes = new TreeMap<>();

  private ManyPartitions(Brand brand, int partitions, Comparison comparison, Path directory)
      throws IOException {
    this.brand = brand;
    this.partitions = partitions;
    this.comparison = comparison;
    this.brokers =
        new BenchBrokers(
            brand,
            directory,
            Map.of(
                "zookeeper.session.timeout.ms",
                Integer.toString(SESSION_MS),
                "auto.leader.rebalance.enable",
                "false"));
    this.watcher = new ZooKeeper(brokers.zooKeeper(), 10 * SESSION_MS, event -> {});
  }

  public static void main(String[] args) throws Exception {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int partitions = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    List<Brand> brands =
        args.length > 2 ? List.of(Brand.valueOf(args[2])) : List.of(Brand.values());
    Comparison comparison = new Comparison();
    for (int run = 0; run < runs; run++) {
      for (Brand brand : brands) {
        Path directory = Files.createTempDirectory("many-partitions");
        ManyPartitions cluster = new ManyPartitions(brand, partitions, comparison, directory);
        try {
          cluster.run();
        } finally {
          cluster.close();
          WorkDirectory.delete(directory);
        }
      }
    }
    if (brands.size() > 1) {
      comparison.print();
    }
  }

  private void run() throws Exception {
    for (int id : BenchBrokers.IDS) {
      start(id);
    }
    try (Load load = new Load(brokers.bootstrap(), partitions)) {
      create(load);
      load.start();
      settle();
      controlledShutdown(load);
      start(3);
      untilAllInSync();
      settle();
      kill(load);
      start(2);
      untilAllInSync();
      settle();
      moveController(load);
    }
  }

  // ---- what is measured ----------------------------------------------------------------------

  private void create(Load load) throws Exception {
    long begin = System.nanoTime();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 3))).all().get();
    }
    figure("create: answered", begin);
    load.once();
    figure("create: every partition acknowledged a record", begin);
    untilAllInSync();
  }

  private void controlledShutdown(Load load) throws Exception {
    ChildJvm leaving = brokers.release(3);
    NodeClient gone = nodes.remove(3);
    load.forgetLongest();
    long begin = System.nanoTime();
    Thread exit = new Thread(() -> terminate(leaving), "exit");
    exit.start();
    until("no partition is led by 3", () -> everywhere(p -> p.leaderId() > 0 && p.leaderId() != 3));
    figure("controlled shutdown: leaders moved", begin);
    exit.join();
    figure("controlled shutdown: process gone", begin);
    gone.close();
    load.flush();
    comparison.add(brand, "controlled shutdown: longest wait of a record", load.longestMs());
  }

  private void kill(Load load) throws Exception {
    CountDownLatch expired = new CountDownLatch(1);
    watcher.exists("/brokers/ids/2", event -> countDown(event, expired));
    load.forgetLongest();
    brokers.release(2).kill();
    nodes.remove(2).close();
    expired.await();
    long begin = System.nanoTime();
    until("no partition is led by 2", () -> everywhere(p -> p.leaderId() > 0 && p.leaderId() != 2));
    figure("kill: leaders elected after the session ended", begin);
    load.flush();
    comparison.add(
        brand,
        "kill: longest wait of a record, beyond the session's " + SESSION_MS,
        load.longestMs() - SESSION_MS);
  }

  private void moveController(Load load) throws Exception {
    load.forgetLongest();
    long begin;
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                brokers.bootstrap(),
                "retry.backoff.ms",
                10L,
                "retry.backoff.max.ms",
                10L,
                "reconnect.backoff.ms",
                10L))) {
      admin.describeCluster().controller().get();
      begin = System.nanoTime();
      watcher.delete("/controller", -1);
      createWhileItMoves(admin);
    }
    until("the topic has a leader everywhere", () -> everywhere("after", p -> p.leaderId() > 0));
    figure("controller moved: a topic created after it", begin);
    load.flush();
    comparison.add(brand, "controller moved: longest wait of a record", load.longestMs());
  }

  /**
   * Again while a controller that is none any more refuses, as it may at the moment of the move.
   */
  private static void createWhileItMoves(Admin admin) throws Exception {
    for (; ; ) {
      try {
        admin.createTopics(List.of(new NewTopic("after", 1, (short) 3))).all().get();
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TopicExistsException) {
          return;
        }
        if (!(e.getCause() instanceof ControllerMovedException)) {
          throw e;
        }
      }
    }
  }

  private void figure(String row, long begin) {
    comparison.add(brand, row, (System.nanoTime() - begin) / 1e6);
  }

  // ---- what brokers say ----------------------------------------------------------------------

  private void untilAllInSync() {
    until(
        "all replicas are in sync",
        () -> everywhere(p -> p.isrNodes().size() == BenchBrokers.IDS.size()));
  }

  private boolean everywhere(Predicate<MetadataResponsePartition> wish) {
    return everywhere(TOPIC, wish);
  }

  /** Whether every broker that is up says so of every partition. */
  private boolean everywhere(String topic, Predicate<MetadataResponsePartition> wish) {
    return nodes.values().stream().allMatch(node -> says(node, topic, wish));
  }

  private boolean says(NodeClient node, String topic, Predicate<MetadataResponsePartition> wish) {
    MetadataResponseData data;
    try {
      data =
          ((MetadataResponse)
                  node.send(
                          new MetadataRequest.Builder(List.of(topic), false, (short) 9), (short) 9)
                      .join())
              .data();
    } catch (CompletionException e) {
      return false;
    }
    List<MetadataResponsePartition> all = data.topics().find(topic).partitions();
    return all.size() == (topic.equals(TOPIC) ? partitions : 1) && all.stream().allMatch(wish);
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      pause(10);
    }
  }

  private static void settle() {
    pause(SETTLE_MS);
  }

  private static void pause(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      throw new IllegalStateException("asked to end", e);
    }
  }

  private static void countDown(WatchedEvent event, CountDownLatch latch) {
    if (event.getPath() != null) {
      latch.countDown();
    }
  }

  // ---- the brokers ---------------------------------------------------------------------------

  private void start(int id) throws Exception {
    brokers.start(id);
    nodes.put(id, clients.connectTo("127.0.0.1", brokers.port(id), "bench"));
  }

  private static void terminate(ChildJvm jvm) {
    try {
      jvm.terminate(PATIENCE_SECONDS);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the broker could not be stopped", e);
    }
  }

  private void close() throws InterruptedException {
    clients.close();
    watcher.close();
    brokers.close();
  }

  // ---- the producer --------------------------------------------------------------------------

  /** A record every other millisecond, partition by partition, and how long the slowest waited. */
  private static final class Load implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final int partitions;
    private final byte[] value = new byte[100];
    private final Thread thread = new Thread(this::send, "load");
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean ended;

    Load(String bootstrap, int partitions) {
      this.partitions = partitions;
      this.producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", bootstrap, "acks", "all"),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    /** A record to each partition; returns once all are acknowledged. */
    void once() {
      for (int p = 0; p < partitions; p++) {
        send(p);
      }
      producer.flush();
    }

    void start() {
      thread.start();
    }

    private void send() {
      for (int i = 0; !ended; i++) {
        send(i % partitions);
        pause(SEND_PAUSE_MS);
      }
    }

    private void send(int partition) {
      long sent = System.nanoTime();
      producer.send(
          new ProducerRecord<>(TOPIC, partition, null, value),
          (metadata, error) -> {
            if (error != null) {
              System.out.println("not acknowledged: " + error);
            }
            longest.accumulateAndGet(System.nanoTime() - sent, Math::max);
          });
    }

    /** Waits for what was sent until now. */
    void flush() {
      producer.flush();
    }

    void forgetLongest() {
      longest.set(0);
    }

    double longestMs() {
      return longest.get() / 1e6;
    }

    @Override
    public void close() {
      ended = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      producer.close();
    }
  }
}
