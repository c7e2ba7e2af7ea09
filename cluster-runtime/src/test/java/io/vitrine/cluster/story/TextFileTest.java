package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.client.LineConsumer;
import io.vitrine.cluster.client.LineProducer;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * M12, M26, M38, M50: a real text of more than 100,000 lines goes in with acks=all while the leader
 * is killed and restarted three times, and comes out whole, through unchanged clients of three
 * kinds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextFileTest {
  private static final int LINES = 120_000;
  private static final int KILLS = 3;
  private static final String TOPIC = "text";
  private static final int PARTITIONS = 3;
  private static final long PROCESS_SECONDS = 180;

  /** Logback's own remarks would go to standard output, where the records go. */
  private static final String QUIET_LOGGING =
      "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener";

  private List<String> text;

  /** The text is this project's own: every source line there is, numbered, as often as needed. */
  @BeforeAll
  void readText() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(TextFileTest::isSource).sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertThat(lines).as("source lines below " + root).hasSizeGreaterThan(1_000);
    text = new ArrayList<>(LINES);
    for (int i = 0; i < LINES; i++) {
      text.add(i + "\t" + lines.get(i % lines.size()));
    }
  }

  @Test
  void kcat(@TempDir Path directory) throws Exception {
    boolean there =
        Stream.of("/usr/bin/kcat", "/usr/local/bin/kcat")
            .map(Path::of)
            .anyMatch(Files::isExecutable);
    if (System.getenv("CI") == null) {
      assumeTrue(there, "kcat is not installed (Debian: apt install kcat)");
    }
    roundTrip(
        directory,
        bootstrap ->
            List.of(
                "kcat",
                "-P",
                "-b",
                bootstrap,
                "-t",
                TOPIC,
                "-X",
                "acks=all",
                "-X",
                "enable.idempotence=true",
                "-X",
                // kcat gives up when it is connected to no broker; by default it connects again
                // only to
                // brokers it has something for, and late.
                "reconnect.backoff.max.ms=200",
                "-X",
                "enable.sparse.connections=false"),
        bootstrap ->
            List.of(
                "kcat",
                "-C",
                "-b",
                bootstrap,
                "-t",
                TOPIC,
                "-o",
                "beginning",
                "-e",
                "-q",
                "-f",
                "%p %o %s\\n"));
  }

  @Test
  void kafkaClientsOfTheYardstick(@TempDir Path directory) throws Exception {
    javaClient(directory, System.getProperty("java.class.path"));
  }

  @Test
  void kafkaClientsOfToday(@TempDir Path directory) throws Exception {
    Path jars = Path.of("target", "newest-client").toAbsolutePath();
    assertThat(jars).as("the newest client's jars, copied by the build").isDirectory();
    String classes = ownClasses();
    javaClient(directory, classes + System.getProperty("path.separator") + jars + "/*");
  }

  private void javaClient(Path directory, String classPath) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    roundTrip(
        directory,
        bootstrap ->
            List.of(
                java,
                "-Xmx256m",
                QUIET_LOGGING,
                "-Dtest.log.level=INFO",
                "-cp",
                classPath,
                LineProducer.class.getName(),
                bootstrap,
                TOPIC),
        bootstrap ->
            List.of(
                java,
                "-Xmx256m",
                QUIET_LOGGING,
                "-cp",
                classPath,
                LineConsumer.class.getName(),
                bootstrap,
                TOPIC));
  }

  private void roundTrip(Path directory, Command producer, Command consumer) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory)) {
      for (int id = 1; id <= 3; id++) {
        cluster.start(id);
      }
      try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
        createTopic(cluster, tree);
        produceWhileLeadersDie(cluster, tree, producer.line(cluster.bootstrap()), directory);
        inSync(tree, 3);
      }
      Path received = directory.resolve("received.txt");
      run(consumer.line(cluster.bootstrap()), received, directory.resolve("consumer.err"));
      for (int id = 3; id >= 1; id--) {
        cluster.stop(id);
      }
      try {
        compare(received);
      } catch (AssertionError e) {
        throw new AssertionError(evidence(cluster, directory), e);
      }
      Replicas.areEqual(cluster, TOPIC, PARTITIONS);
      dumpLogSegmentsFindsNothing(cluster, directory);
    }
  }

  private void createTopic(StoryCluster cluster, ZnodeTree tree) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, PARTITIONS, (short) 3)
                      .configs(Map.of("min.insync.replicas", "2"))))
          .all()
          .get();
    }
    inSync(tree, 3);
  }

  private void produceWhileLeadersDie(
      StoryCluster cluster, ZnodeTree tree, List<String> command, Path directory) throws Exception {
    Path errors = directory.resolve("producer.err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("producer.out").toFile())
            .redirectError(errors.toFile())
            .start();
    try (BufferedWriter in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8))) {
      int chunk = LINES / (KILLS + 1);
      int next = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        next = write(in, next, next + chunk);
        int leader = state(tree, kill % PARTITIONS).get("leader").asInt();
        cluster.crash(leader);
        next = write(in, next, next + 1_000);
        int partition = kill % PARTITIONS;
        await("a new leader of " + TOPIC + "-" + partition)
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> !Set.of(-1, leader).contains(state(tree, partition).get("leader").asInt()));
        cluster.start(leader);
        inSync(tree, 3);
      }
      write(in, next, LINES);
    } catch (IOException e) {
      throw new AssertionError("the producer went early: " + Files.readString(errors), e);
    } finally {
      if (!process.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
  }

  private int write(BufferedWriter in, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      in.write(text.get(i));
      in.write('\n');
    }
    in.flush();
    return to;
  }

  /** Every line came out, once, and within a partition in the order it went in. */
  private void compare(Path received) throws IOException {
    Map<String, Integer> lastOfPartition = new HashMap<>();
    Map<Integer, String> seen = new HashMap<>();
    try (Stream<String> lines = Files.lines(received)) {
      lines.forEach(
          line -> {
            String[] parts = line.split(" ", 3);
            int number = Integer.parseInt(parts[2].substring(0, parts[2].indexOf('\t')));
            assertThat(parts[2]).isEqualTo(text.get(number));
            String place = parts[0] + " " + parts[1];
            String before = seen.put(number, place);
            assertThat(before).as("line %s came twice, again at %s", number, place).isNull();
            assertThat(number)
                .as("order in partition %s at offset %s", parts[0], parts[1])
                .isGreaterThan(lastOfPartition.getOrDefault(parts[0], -1));
            lastOfPartition.put(parts[0], number);
          });
    }
    assertThat(seen).hasSize(LINES);
  }

  /** What the producer went through and which batches the logs hold, to find the cause by. */
  private static String evidence(StoryCluster cluster, Path directory) throws Exception {
    StringBuilder evidence = new StringBuilder("the producer said:\n");
    try (Stream<String> lines = Files.lines(directory.resolve("producer.err"))) {
      lines
          .filter(line -> line.contains("Got error") || line.contains("TransactionManager"))
          .forEach(line -> evidence.append(line).append('\n'));
    }
    for (int p = 0; p < PARTITIONS; p++) {
      for (Path log : Replicas.files(cluster.logDirectory(1).resolve(TOPIC + "-" + p), ".log")) {
        evidence.append(log.getParent().getFileName()).append('/').append(log.getFileName());
        evidence.append(": offset, leader epoch, producer epoch, first sequence\n");
        try (FileRecords records = FileRecords.open(log.toFile(), false)) {
          for (RecordBatch batch : records.batches()) {
            evidence
                .append(batch.baseOffset())
                .append(' ')
                .append(batch.partitionLeaderEpoch())
                .append(' ')
                .append(batch.producerEpoch())
                .append(' ')
                .append(batch.baseSequence())
                .append('\n');
          }
        }
      }
    }
    return evidence.toString();
  }

  private static void dumpLogSegmentsFindsNothing(StoryCluster cluster, Path directory)
      throws Exception {
    List<Path> logs = new ArrayList<>();
    List<Path> indexes = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      for (int p = 0; p < PARTITIONS; p++) {
        Path partition = cluster.logDirectory(id).resolve(TOPIC + "-" + p);
        logs.addAll(Replicas.files(partition, ".log"));
        indexes.addAll(Replicas.files(partition, ".index"));
        indexes.addAll(Replicas.files(partition, ".timeindex"));
      }
    }
    String deep = dump(logs, directory, "--deep-iteration");
    assertThat(deep).contains("count: ").contains("isvalid: true").doesNotContain("isvalid: false");
    String verified = dump(indexes, directory, "--verify-index-only");
    assertThat(verified).doesNotContainIgnoringCase("mismatch").doesNotContain("not found");
  }

  private static String dump(List<Path> files, Path directory, String option) throws Exception {
    Path out = directory.resolve("dump" + option + ".txt");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.tools.DumpLogSegments",
            option,
            "--files",
            String.join(",", files.stream().map(Path::toString).toList())),
        out,
        directory.resolve("dump.err"));
    return Files.readString(out);
  }

  private static void run(List<String> command, Path out, Path errors) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as(command + ": " + Files.readString(errors)).isZero();
  }

  private static void inSync(ZnodeTree tree, int replicas) {
    await("all partitions in sync")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              for (int p = 0; p < PARTITIONS; p++) {
                JsonNode state = state(tree, p);
                if (state == null || state.get("isr").size() != replicas) {
                  return false;
                }
              }
              return true;
            });
  }

  private static JsonNode state(ZnodeTree tree, int partition) throws InterruptedException {
    return tree.json("/brokers/topics/" + TOPIC + "/partitions/" + partition + "/state");
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return path.endsWith(".java") && path.contains("/src/");
  }

  /** Where the client programs' classes lie, without Kafka's. */
  private static String ownClasses() throws Exception {
    return Path.of(LineProducer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }

  /** A command line for a cluster. */
  private interface Command {
    List<String> line(String bootstrap);
  }
}
