package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.WorkDirectory;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
 * killed, stopped or frozen: coordinators of the transactions and leaders of the accounts alike.
 * Who reads what is committed, an {@link Auditor} all the while and another one afterwards, finds
 * every move whole or not at all, every acknowledged one, none that was aborted, and the sum of all
 * accounts at what it was.
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

  /** What takes a broker down, and how it comes back. */
  private enum Fate {
    /** SIGKILL. */
    KILLED,
    /** Controlled shutdown: its coordinators hand over while they live. */
    STOPPED,
    /** SIGSTOP beyond its session: it comes back and believes it coordinates and leads still. */
    FROZEN;

    private void befall(StoryCluster cluster, int id) throws Exception {
      switch (this) {
        case KILLED -> cluster.crash(id);
        case STOPPED -> cluster.stop(id);
        case FROZEN -> cluster.freeze(id, true);
      }
    }

    private void end(StoryCluster cluster, int id) throws Exception {
      if (this == FROZEN) {
        cluster.freeze(id, false);
      } else {
        cluster.start(id);
      }
    }
  }

  private final StoryCluster cluster;
  private final List<Fate> fates;
  private final ZnodeTree tree;
  private final Random random;
  private final Consumer<String> tell;

  private Transfers(
      StoryCluster cluster,
      boolean processes,
      ZnodeTree tree,
      Random random,
      Consumer<String> tell) {
    this.cluster = cluster;
    this.fates =
        processes
            ? List.of(Fate.KILLED, Fate.KILLED, Fate.STOPPED, Fate.FROZEN)
            : List.of(Fate.KILLED, Fate.STOPPED);
    this.tree = tree;
    this.random = random;
    this.tell = tell;
  }

  public static void main(String[] args) throws Exception {
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Brand brand = args.length > 2 ? Brand.valueOf(args[2]) : Brand.VITRINE_PROCESS;
    System.out.println("seed " + seed + " on " + brand);
    WorkDirectory.with(
        "transfers",
        directory -> {
          try (StoryCluster cluster = StoryCluster.of(brand, directory, 1, SETTINGS)) {
            Duration time = Duration.ofMinutes(Long.parseLong(args[0]));
            run(cluster, brand != Brand.VITRINE, seed, time, System.out::println);
          }
        });
  }

  /**
   * Moves money on a cluster that does not run yet.
   *
   * @param processes whether its brokers are processes, which can be frozen too
   * @param seed of what befalls whom
   * @param time after which no broker is taken down any more
   * @param tell hears of each kill and of the outcome
   */
  static void run(
      StoryCluster cluster, boolean processes, long seed, Duration time, Consumer<String> tell)
      throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      new Transfers(cluster, processes, tree, new Random(seed), tell).run(time);
    }
  }

  private void run(Duration time) throws Exception {
    createAccounts();
    List<Teller> tellers =
        IntStream.range(0, TELLERS).mapToObj(i -> new Teller("teller-" + i, addresses())).toList();
    Auditor auditor = new Auditor(addresses());
    tellers.forEach(Teller::start);
    auditor.start();
    long begin = System.nanoTime();
    try {
      await("first moves").atMost(PATIENCE).until(() -> moved(tellers) > 10);
      while (System.nanoTime() - begin < time.toNanos()) {
        takeOneDown(tellers, auditor);
      }
      tellers.forEach(Teller::end);
      Set<String> committed = new HashSet<>();
      Set<String> aborted = new HashSet<>();
      for (Teller teller : tellers) {
        teller.join();
        committed.addAll(teller.committed());
        aborted.addAll(teller.aborted());
      }
      verify(committed, aborted, auditor);
      tell.accept(
          committed.size()
              + " moves committed, "
              + aborted.size()
              + " aborted, all whole, none lost, the sum never changed");
    } finally {
      tellers.forEach(Teller::end);
      auditor.end();
    }
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

  /**
   * Takes down the broker that coordinates a teller's transactions or leads an account, waits until
   * money moves without it, and lets it come back.
   */
  private void takeOneDown(List<Teller> tellers, Auditor auditor) throws Exception {
    Teller teller = tellers.get(random.nextInt(TELLERS));
    int account = random.nextInt(ACCOUNTS);
    boolean coordinator = random.nextBoolean();
    int id = coordinator ? coordinatorOf(teller) : leaderOf(account);
    Fate fate = fates.get(random.nextInt(fates.size()));
    int before = moved(tellers);
    tell.accept(
        "%d moves, %d of them audited; broker %d, which %s, is %s"
            .formatted(
                before,
                auditor.booked(),
                id,
                coordinator ? "coordinates " + teller.id() : "leads account " + account,
                fate.name().toLowerCase(Locale.ROOT)));
    fate.befall(cluster, id);
    await("broker " + id + " is not registered")
        .atMost(PATIENCE)
        .until(() -> !tree.children("/brokers/ids").contains(Integer.toString(id)));
    awaitMoves("without broker " + id, tellers, auditor);
    fate.end(cluster, id);
    await("all replicas in sync").atMost(PATIENCE).until(this::inSync);
    awaitMoves("with broker " + id, tellers, auditor);
  }

  /** Until some are acknowledged, and the auditor has seen as many as are acknowledged now. */
  private void awaitMoves(String when, List<Teller> tellers, Auditor auditor) {
    int before = moved(tellers);
    await("moves " + when).atMost(PATIENCE).until(() -> moved(tellers) > before + 5);
    await("the auditor sees moves " + when)
        .atMost(PATIENCE)
        .until(
            () -> {
              auditor.check();
              return auditor.booked() >= before;
            });
  }

  private int coordinatorOf(Teller teller) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      return admin
          .describeTransactions(List.of(teller.id()))
          .description(teller.id())
          .get()
          .coordinatorId();
    }
  }

  private int leaderOf(int account) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      return admin
          .describeTopics(List.of(TOPIC))
          .topicNameValues()
          .get(TOPIC)
          .get()
          .partitions()
          .get(account)
          .leader()
          .id();
    }
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

  private void verify(Set<String> committed, Set<String> aborted, Auditor auditor)
      throws InterruptedException {
    Map<String, List<Long>> moves = new HashMap<>();
    long[] balances = new long[ACCOUNTS];
    Map<TopicPartition, Long> ends = endsOfAll();
    for (ConsumerRecord<String, Long> each : read(ends)) {
      moves.computeIfAbsent(each.key(), id -> new ArrayList<>()).add(each.value());
      balances[each.partition()] += each.value();
    }
    assertThat(Arrays.stream(balances).sum()).as("sum of all accounts").isZero();
    assertThat(moves.values())
        .as("amounts of each move")
        .allSatisfy(
            amounts -> {
              assertThat(amounts).hasSize(2);
              assertThat(amounts.get(0) + amounts.get(1)).isZero();
            });
    // Sets of many thousands: AssertJ would compare each with each.
    assertThat(committed.stream().filter(id -> !moves.containsKey(id)))
        .as("acknowledged moves nobody can read")
        .isEmpty();
    assertThat(aborted.stream().filter(moves::containsKey))
        .as("aborted moves somebody can read")
        .isEmpty();
    assertThat(auditor.finish(ends)).as("balances seen all the while").isEqualTo(balances);
    assertThat(auditor.booked()).as("moves seen all the while").isEqualTo(moves.size());
  }

  /** All partitions of the topic. */
  static List<TopicPartition> accounts() {
    return IntStream.range(0, ACCOUNTS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
  }

  /** Where the accounts end, once no transaction is open any more. */
  private Map<TopicPartition, Long> endsOfAll() {
    List<TopicPartition> accounts = accounts();
    try (KafkaConsumer<String, Long> committed = reader("read_committed");
        KafkaConsumer<String, Long> beyond = reader("read_uncommitted")) {
      await("no transaction is open")
          .atMost(PATIENCE)
          .until(() -> committed.endOffsets(accounts).equals(beyond.endOffsets(accounts)));
      return committed.endOffsets(accounts);
    }
  }

  /** All that is committed, from the beginning. */
  private List<ConsumerRecord<String, Long>> read(Map<TopicPartition, Long> ends) {
    List<ConsumerRecord<String, Long>> records = new ArrayList<>();
    try (KafkaConsumer<String, Long> reader = reader("read_committed")) {
      reader.assign(ends.keySet());
      reader.seekToBeginning(ends.keySet());
      while (ends.entrySet().stream()
          .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
        reader.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private KafkaConsumer<String, Long> reader(String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            addresses(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation),
        new StringDeserializer(),
        new LongDeserializer());
  }
}
