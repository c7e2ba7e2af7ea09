package io.vitrine.cluster.story;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.WorkDirectory;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka Streams (two instances; word count and a join, exactly-once) and Kafka Connect (a
 * distributed worker; file source with exactly-once, file sink) work on three brokers, while one
 * broker after the other is killed and started again.
 *
 * <p>Then everything is counted: the counts of each word are 1, 2, 3 … without a gap or a repeat,
 * every order is joined once and in order, every line of the source file is in the topic once and
 * in order, and in the sink's file.
 *
 * <p>By hand: arguments are a directory with {@code kafka-streams-*}, {@code connect-runtime-*} and
 * {@code connect-file-*} full of jars; seconds; a seed; then, if not ours, the brand.
 */
final class StreamsAndConnect {
  private static final int BROKERS = 3;
  private static final int PARTITIONS = 3;
  private static final int USERS = 20;
  private static final List<String> WORDS =
      List.of("leader", "follower", "epoch", "offset", "segment", "index", "batch", "replica");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Path SCRIPT = Path.of("src", "test", "clients", "StreamsJourney.java");

  private final StoryCluster cluster;
  private final String bootstrap;
  private final Path directory;
  private final Random random;
  private final Consumer<String> tell;
  private final Map<String, Long> words = new TreeMap<>();
  private final Map<String, Integer> orders = new TreeMap<>();
  private int lines;

  private StreamsAndConnect(
      StoryCluster cluster, Path directory, long seed, Consumer<String> tell) {
    this.cluster = cluster;
    this.bootstrap = cluster.bootstrap();
    this.directory = directory;
    this.random = new Random(seed);
    this.tell = tell;
  }

  public static void main(String[] args) throws Exception {
    Path jars = Path.of(args[0]).toAbsolutePath();
    Duration time = Duration.ofSeconds(Long.parseLong(args[1]));
    long seed = Long.parseLong(args[2]);
    Brand brand = args.length > 3 ? Brand.valueOf(args[3]) : Brand.VITRINE_PROCESS;
    System.out.println("seed " + seed + " on " + brand);
    WorkDirectory.with(
        "streams-and-connect",
        directory -> {
          try (StoryCluster cluster = StoryCluster.of(brand, directory)) {
            String streams = jars.resolve("kafka-streams-3.9.2") + "/*";
            run(cluster, directory, streams, Optional.of(jars), time, seed, System.out::println);
          }
        });
  }

  /**
   * Lets Kafka Streams and perhaps Kafka Connect work on a cluster that does not run yet.
   *
   * @param directory for files of the applications
   * @param streams class path of Kafka Streams
   * @param connect directory with the jars of Kafka Connect, if it shall work too
   * @param time after which no broker is killed any more
   * @param seed of what there is to do
   * @param tell hears how often brokers were killed and what each check found
   */
  static void run(
      StoryCluster cluster,
      Path directory,
      String streams,
      Optional<Path> connect,
      Duration time,
      long seed,
      Consumer<String> tell)
      throws Exception {
    for (int id = 1; id <= BROKERS; id++) {
      cluster.start(id);
    }
    StreamsAndConnect story = new StreamsAndConnect(cluster, directory, seed, tell);
    story.createTopics();
    story.run(streams, connect, time);
  }

  private void run(String streams, Optional<Path> connect, Duration time) throws Exception {
    Path source = Files.createFile(directory.resolve("source.txt"));
    Path sink = directory.resolve("sink.txt");
    try (ChildJvm one = streams(streams, "one");
        ChildJvm two = streams(streams, "two");
        ConnectWorker worker =
            connect.isPresent() ? ConnectWorker.start(bootstrap, connect.get(), directory) : null) {
      if (worker != null) {
        worker.source(source, "file");
        worker.sink("file", sink);
      }
      one.awaitReady(PATIENCE.toSeconds());
      two.awaitReady(PATIENCE.toSeconds());
      workWhileBrokersDie(time, source);
      List<String> wrong = new ArrayList<>();
      check("word count", this::counts, wrong);
      check("join", this::joined, wrong);
      if (worker != null) {
        check("file source", this::sourced, wrong);
        check("file sink", () -> sunk(sink), wrong);
      }
      if (!wrong.isEmpty()) {
        throw new AssertionError(
            String.join("\n", wrong)
                + "\n---- the first instance of Streams:\n"
                + one.output()
                + "\n---- the second one:\n"
                + two.output()
                + (worker == null ? "" : "\n---- Connect's worker:\n" + worker.output()));
      }
    }
  }

  private void workWhileBrokersDie(Duration time, Path source) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    long end = System.nanoTime() + time.toNanos();
    Thread killer = new Thread(() -> kill(end, failure), "killer");
    killer.start();
    work(end, source);
    killer.join();
    if (failure.get() != null) {
      throw new AssertionError("a broker could not be killed or started", failure.get());
    }
  }

  private void createTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      List<NewTopic> topics = new ArrayList<>();
      for (String name : List.of("lines", "counts", "users", "orders", "joined")) {
        topics.add(topic(name, PARTITIONS));
      }
      topics.add(topic("file", 1));
      admin.createTopics(topics).all().get();
    }
    // Before every order, in the stream's own time, yet not so long ago that retention takes them.
    long hourAgo = System.currentTimeMillis() - TimeUnit.HOURS.toMillis(1);
    try (KafkaProducer<String, String> producer = producer()) {
      for (int user = 0; user < USERS; user++) {
        producer.send(new ProducerRecord<>("users", null, hourAgo, "u" + user, "user " + user));
      }
    }
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) BROKERS)
        .configs(Map.of("min.insync.replicas", "2"));
  }

  private ChildJvm streams(String classPath, String instance) throws Exception {
    return ChildJvm.start(
        classPath,
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + directory),
        SCRIPT.toAbsolutePath().toString(),
        "RUNNING",
        List.of(bootstrap, directory.resolve("state-" + instance).toString()));
  }

  /** Kills a broker, leaves it dead beyond its session, starts it again, in turns. */
  private void kill(long end, AtomicReference<Throwable> failure) {
    try {
      int kills = 0;
      while (System.nanoTime() < end) {
        int broker = 1 + kills % BROKERS;
        cluster.crash(broker);
        TimeUnit.MILLISECONDS.sleep(StorySettings.SESSION_TIMEOUT_MS * 3 / 2);
        cluster.start(broker);
        awaitInSync();
        kills++;
      }
      tell.accept(kills + " brokers killed and started again");
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  private void awaitInSync() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        boolean all =
            admin
                .describeTopics(admin.listTopics().names().get())
                .allTopicNames()
                .get()
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.isr().size() == partition.replicas().size());
        if (all) {
          return;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
      throw new AssertionError("not all replicas in sync within " + PATIENCE);
    }
  }

  /** Some hundred records a second to each, remembering what must come of them. */
  private void work(long end, Path source) throws Exception {
    try (KafkaProducer<String, String> producer = producer();
        BufferedWriter file = Files.newBufferedWriter(source)) {
      while (System.nanoTime() < end) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 3; i++) {
          String word = WORDS.get(random.nextInt(WORDS.size()));
          words.merge(word, 1L, Long::sum);
          line.append(i == 0 ? "" : " ").append(word);
        }
        producer.send(new ProducerRecord<>("lines", line.toString()));
        String user = "u" + random.nextInt(USERS);
        int number = orders.merge(user, 1, Integer::sum);
        producer.send(new ProducerRecord<>("orders", user, "order " + number));
        file.write("line " + ++lines + "\n");
        if (lines % 20 == 0) {
          file.flush();
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  private KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "5"),
        new StringSerializer(),
        new StringSerializer());
  }

  /** A check that tells what is right and throws what is wrong. */
  @FunctionalInterface
  private interface Check {
    String make() throws Exception;
  }

  private void check(String what, Check check, List<String> wrong) {
    try {
      tell.accept(what + ": " + check.make());
    } catch (Exception | AssertionError e) {
      wrong.add(what + ": " + e);
    }
  }

  private String counts() throws Exception {
    long all = words.values().stream().mapToLong(n -> n).sum();
    Map<String, Long> last = new HashMap<>();
    read(
        "counts",
        PARTITIONS,
        all,
        new LongDeserializer(),
        record -> {
          long expected = last.getOrDefault(record.key(), 0L) + 1;
          require(
              record.value() == expected,
              record.key() + ": " + record.value() + " instead of " + expected);
          last.put(record.key(), record.value());
        });
    require(last.equals(words), last + " instead of " + words);
    return all + " words, every count once and in order";
  }

  private String joined() throws Exception {
    long all = orders.values().stream().mapToLong(n -> n).sum();
    Map<String, Integer> last = new HashMap<>();
    read(
        "joined",
        PARTITIONS,
        all,
        new StringDeserializer(),
        record -> {
          int number = last.merge(record.key(), 1, Integer::sum);
          String expected = "order " + number + " of user " + record.key().substring(1);
          require(record.value().equals(expected), record.value() + " instead of " + expected);
        });
    require(last.equals(orders), last + " instead of " + orders);
    return all + " orders, each once and in order";
  }

  private String sourced() throws Exception {
    int[] next = {1};
    read(
        "file",
        1,
        lines,
        new StringDeserializer(),
        record -> {
          String expected = "line " + next[0]++;
          require(record.value().equals(expected), record.value() + " instead of " + expected);
        });
    return lines + " lines in the topic, each once and in order";
  }

  /** The sink is at least once by its own promise; what came again is told. */
  private String sunk(Path sink) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> out = List.of();
    while (new HashSet<>(out).size() < lines && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(500);
      out = Files.exists(sink) ? Files.readAllLines(sink) : List.of();
    }
    int distinct = new HashSet<>(out).size();
    require(distinct == lines, distinct + " lines of " + lines);
    return lines + " lines in the file, " + (out.size() - distinct) + " of them again";
  }

  /** Reads committed records until there are as many as expected, then a while for more. */
  private <T> void read(
      String topic,
      int partitions,
      long expected,
      Deserializer<T> values,
      Consumer<ConsumerRecord<String, T>> check)
      throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
    try (KafkaConsumer<String, T> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
      List<TopicPartition> all = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        all.add(new TopicPartition(topic, p));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long seen = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (seen < expected && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, T> record : consumer.poll(Duration.ofMillis(500))) {
          check.accept(record);
          seen++;
        }
      }
      for (ConsumerRecord<String, T> record : consumer.poll(Duration.ofSeconds(2))) {
        throw new AssertionError("one more than expected: " + record);
      }
      require(seen == expected, seen + " records of " + expected);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
