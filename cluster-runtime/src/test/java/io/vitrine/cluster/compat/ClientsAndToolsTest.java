package io.vitrine.cluster.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * What {@code clients-and-tools} runs by hand, as far as the build has it: kafka-clients of five
 * ages, kcat, and Kafka's tools of the yardstick.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsAndToolsTest {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private CheckedCluster cluster;
  private final List<Row> rows = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    cluster = CheckedCluster.start(CheckedCluster.Brand.VITRINE, directory);
  }

  @BeforeEach
  void forgetRows() {
    rows.clear();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1", "2.1.1", "2.8.2"})
  void olderClient(String version) throws Exception {
    Path jar = TARGET.resolve("older-clients").resolve("kafka-clients-" + version + ".jar");
    assertThat(jar).as("copied by the build").exists();
    client(version, jar + File.pathSeparator + jarOf(LoggerFactory.class));
  }

  @Test
  void clientOfTheYardstick() throws Exception {
    client("3.9.2", jarOf(KafkaProducer.class) + File.pathSeparator + jarOf(LoggerFactory.class));
  }

  @Test
  void clientOfToday() throws Exception {
    client("4", TARGET.resolve("newest-client") + "/*");
  }

  private void client(String version, String jars) throws Exception {
    new Clients(cluster, rows::add).kafkaClients(version, jars);
    everythingWorked(7);
  }

  @Test
  void kcat() throws Exception {
    boolean there =
        Stream.of("/usr/bin/kcat", "/usr/local/bin/kcat")
            .map(Path::of)
            .anyMatch(Files::isExecutable);
    assumeTrue(there || System.getenv("CI") != null, "kcat: Debian: apt install kcat");
    createTopic("kcat-topic");
    new Clients(cluster, rows::add).kcat("kcat-topic");
    everythingWorked(7);
  }

  @Test
  void toolsOfTheYardstick(@TempDir Path files) throws Exception {
    String classPath =
        System.getProperty("java.class.path") + File.pathSeparator + TARGET.resolve("tools") + "/*";
    createTopic("tools-topic-latency");
    try (OneJvm jvm = OneJvm.start(classPath)) {
      Tools tools = new Tools("3.9.2", inOneBut(jvm, classPath), cluster.bootstrap());
      new ToolJourney(tools, cluster, "tools", files, rows::add).all();
    }
    everythingWorked(30);
  }

  /** The verifiable producer does half of its work when its JVM ends: it gets one. */
  private static Launcher inOneBut(OneJvm jvm, String classPath) {
    Launcher own = Launcher.ownJvms(classPath);
    String verifiable = Tool.VERIFIABLE_PRODUCER.mainClass("3.9.2");
    return (mainClass, arguments, input, seconds) ->
        (mainClass.equals(verifiable) ? own : jvm).run(mainClass, arguments, input, seconds);
  }

  private void everythingWorked(int atLeast) {
    assertThat(rows).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(rows).filteredOn(row -> row.outcome() != Row.Outcome.OK).isEmpty();
  }

  private void createTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 3))).all().get();
    }
  }

  private static String jarOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
