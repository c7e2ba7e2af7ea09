package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Money moved between accounts, each move a transaction over two partitions, while brokers are
 * killed: coordinators of the transactions and leaders of the accounts alike. Who reads what is
 * committed finds every move whole or not at all, every acknowledged one, none that was aborted,
 * and the sum of all accounts at what it was.
 *
 * <p>By hand: arguments are minutes, seed and, if not ours, the brand.
 */
final class Transfers {
  static final String TOPIC = "accounts";
  static final int ACCOUNTS = 6;

  /** So that one broker fewer stops nobody. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.state.log.num.partitions", "6",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000",
          "min.insync.replicas", "2");

  private static final int TELLERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final StoryCluster cluster;
  private final ZnodeTree tree;
  private final Random random;
  private final Consumer<String> tell;

  private Transfers(StoryCluster cluster, ZnodeTree tree, Random random, Consumer<String> tell) {
    this.cluster = cluster;
    this.tree = tree;
    this.random = random;
    this.tell = tell;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("vitrine-transfers");
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Brand brand = args.length > 2 ? Brand.valueOf(args[2]) : Brand.VITRINE_PROCESS;
    System.out.println("seed " + seed + " on " + brand + " in " + directory);
    try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, SETTINGS)) {
      run(cluster, seed, Duration.ofMinutes(Long.parseLong(args[0])), System.out::println);
    }
  }

  /**
   * Moves money on a cluster that does not run yet.
   *
   * @param seed of who is killed when
   * @param time after which no broker is killed any more
   * @param tell hears of each kill and of the outcome
   */
  static void run(StoryCluster cluster, long seed, Duration time, Consumer<String> tell)
      throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      new Transfers(cluster, tree, new Random(seed), tell).run(time);
    }
  }

  private void run(Duration time) throws Exception {
    createAccounts();
    List<Teller> tellers =
        IntStream.range(0, TELLERS).mapToObj(i -> new Teller("teller-" + i, addresses())).toList();
    tellers.forEach(Teller::start);
    long begin = System.nanoTime();
    try {
      await("first moves").atMost(PATIENCE).until(() -> moved(tellers) > 10);
      while (System.nanoTime() - begin < time.toNanos()) {
        killOne(tellers);
      }
    } finally {
      tellers.forEach(Teller::end);
    }
    Set<String> committed = new HashSet<>();
    Set<String> aborted = new HashSet<>();
    for (Teller teller : tellers) {
      teller.join();
      committed.addAll(teller.committed());
      aborted.addAll(teller.aborted());
    }
    verify(committed, aborted);
    tell.accept(
        committed.size()
            + " moves committed, "
            + aborted.size()
            + " aborted, all whole, none lost, the sum never changed");
  }

  private void createAccounts() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, ACCOUNTS, (short) 3))).all().get();
    }
  }

  private String addresses() {
    return "127.0.0.1:"
        + cluster.port(1)
        + ",127.0.0.1:"
        + cluster.port(2)
        + ",127.0.0.1:"
        + cluster.port(3);
  }

  private static int moved(List<Teller> tellers) {
    return tellers.stream().mapToInt(teller -> teller.committed().size()).sum();
  }

  /** Each broker leads accounts and coordinates some of the transactions. */
  private void killOne(List<Teller> tellers) throws Exception {
    int id = 1 + random.nextInt(3);
    int before = moved(tellers);
    tell.accept(before + " moves; broker " + id + " is killed");
    cluster.crash(id);
    await("the session of broker " + id + " has run out")
        .atMost(PATIENCE)
        .until(() -> !tree.children("/brokers/ids").contains(Integer.toString(id)));
    await("moves without broker " + id).atMost(PATIENCE).until(() -> moved(tellers) > before + 5);
    cluster.start(id);
    await("all replicas in sync").atMost(PATIENCE).until(this::inSync);
    int after = moved(tellers);
    await("moves with broker " + id).atMost(PATIENCE).until(() -> moved(tellers) > after + 5);
  }

  private boolean inSync() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      return admin
          .describeTopics(List.of(TOPIC, "__transaction_state"))
          .allTopicNames()
          .get()
          .values()
          .stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.isr().size() == 3);
    }
  }

  // ---- what a reader finds -------------------------------------------------------------------

  private void verify(Set<String> committed, Set<String> aborted) {
    Map<String, List<Long>> moves = new HashMap<>();
    long sum = 0;
    for (ConsumerRecord<String, Long> each : read()) {
      moves.computeIfAbsent(each.key(), id -> new ArrayList<>()).add(each.value());
      sum += each.value();
    }
    assertThat(sum).as("sum of all accounts").isZero();
    assertThat(moves.values())
        .as("amounts of each move")
        .allSatisfy(
            amounts -> {
              assertThat(amounts).hasSize(2);
              assertThat(amounts.get(0) + amounts.get(1)).isZero();
            });
    assertThat(moves.keySet()).as("moves that were acknowledged").containsAll(committed);
    assertThat(moves.keySet()).as("moves that were aborted").doesNotContainAnyElementsOf(aborted);
  }

  /** All that is committed, once no transaction is open any more. */
  private List<ConsumerRecord<String, Long>> read() {
    List<TopicPartition> accounts =
        IntStream.range(0, ACCOUNTS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            addresses(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    List<ConsumerRecord<String, Long>> records = new ArrayList<>();
    try (KafkaConsumer<String, Long> reader =
            new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer());
        KafkaConsumer<String, Long> beyond =
            new KafkaConsumer<>(all, new StringDeserializer(), new LongDeserializer())) {
      await("no transaction is open")
          .atMost(PATIENCE)
          .until(() -> reader.endOffsets(accounts).equals(beyond.endOffsets(accounts)));
      reader.assign(accounts);
      reader.seekToBeginning(accounts);
      Map<TopicPartition, Long> ends = reader.endOffsets(accounts);
      while (ends.entrySet().stream()
          .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
        reader.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
