package io.vitrine.cluster.compat;

import io.vitrine.cluster.oracle.WorkDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Starts the bundled cluster and runs against it, each a process of its own: kafka-clients from 1.1
 * to today's, kcat, python3-kafka, kafkajs, and Kafka's command-line tools of 3.9.2 and of the
 * newest 4.x there is. Prints what each did as it goes, then a count. Exit code 1 when something
 * failed; what is not on this machine is told and counts as nothing.
 *
 * <p>Arguments: a directory with {@code kafka-clients-<version>} and {@code kafka-tools-<version>}
 * full of jars, {@code node_modules}, {@code python3-kafka}; then, if wished, KAFKA for Apache
 * Kafka 3.9.2 instead, and words to run only what has one of them in its name.
 */
public final class ClientsAndTools {
  private static final Path SCRIPTS = Path.of("src", "test", "clients");

  private final Path provisions;
  private final List<String> words;
  private final CheckedCluster cluster;
  private final List<Row> rows = new ArrayList<>();

  private ClientsAndTools(Path provisions, List<String> words, CheckedCluster cluster) {
    this.provisions = provisions;
    this.words = words;
    this.cluster = cluster;
  }

  public static void main(String[] args) throws Exception {
    List<String> words = new ArrayList<>(List.of(args).subList(1, args.length));
    CheckedCluster.Brand brand =
        words.remove("KAFKA") ? CheckedCluster.Brand.KAFKA : CheckedCluster.Brand.VITRINE;
    Path directory = Files.createTempDirectory("clients-and-tools");
    long start = System.nanoTime();
    List<Row> rows;
    try (CheckedCluster cluster = CheckedCluster.start(brand, directory)) {
      ClientsAndTools run = new ClientsAndTools(Path.of(args[0]), words, cluster);
      run.everything(directory);
      rows = run.rows;
    } finally {
      WorkDirectory.delete(directory);
    }
    System.out.printf(
        "%n%s: %d ok, %d failed, %d not here, in %d s%n",
        brand,
        count(rows, Row.Outcome.OK),
        count(rows, Row.Outcome.FAILED),
        count(rows, Row.Outcome.MISSING),
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
    System.exit(count(rows, Row.Outcome.FAILED) == 0 ? 0 : 1);
  }

  private static long count(List<Row> rows, Row.Outcome outcome) {
    return rows.stream().filter(row -> row.outcome() == outcome).count();
  }

  private void everything(Path directory) throws Exception {
    Clients clients = new Clients(cluster, this::tell);
    for (String version : provided("kafka-clients")) {
      if (wished("kafka-clients-" + version)) {
        clients.kafkaClients(version, jars("kafka-clients", version));
      }
    }
    if (wished("kcat")) {
      createTopic("kcat-topic");
      clients.kcat("kcat-topic");
    }
    if (wished("python3-kafka")) {
      clients.python(provisions.resolve("python3-kafka"), SCRIPTS.resolve("journey.py"));
    }
    if (wished("kafkajs")) {
      clients.kafkaJs(provisions.resolve("node_modules"), SCRIPTS.resolve("journey.js"));
    }
    for (String version : provided("kafka-tools")) {
      if (wished("kafka-tools-" + version)) {
        tools(version, Files.createDirectory(directory.resolve("tools-" + version)));
      }
    }
  }

  private void tools(String version, Path files) throws Exception {
    String prefix = "tools-" + version;
    createTopic(prefix + "-topic-latency");
    Tools tools =
        new Tools(version, Launcher.ownJvms(jars("kafka-tools", version)), cluster.bootstrap());
    new ToolJourney(tools, cluster, prefix, files, this::tell).all();
  }

  private void tell(Row row) {
    rows.add(row);
    System.out.println(row);
  }

  private void createTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 3))).all().get();
    }
  }

  private boolean wished(String name) {
    return words.isEmpty() || words.stream().anyMatch(name::contains);
  }

  private String jars(String artifact, String version) {
    return provisions.resolve(artifact + "-" + version).toAbsolutePath() + "/*";
  }

  /** The versions of an artifact that lie there, oldest first. */
  private List<String> provided(String artifact) throws Exception {
    try (Stream<Path> directories = Files.list(provisions)) {
      List<String> versions =
          directories
              .map(directory -> directory.getFileName().toString())
              .filter(name -> name.startsWith(artifact + "-"))
              .map(name -> name.substring(artifact.length() + 1))
              .sorted()
              .toList();
      if (versions.isEmpty()) {
        tell(Row.missing(artifact, "", "Maven found none"));
      }
      return versions;
    }
  }
}
