package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.OracleBrokerMain;
import io.vitrine.cluster.oracle.VitrineMain;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * M03, M04: ids that are taken, generated and stored, the same on brokers of both brands as
 * processes.
 */
class BrokerIdsTest {
  private static final long SECONDS = 60;

  /** Who runs a {@code server.properties}. */
  enum Program {
    VITRINE(VitrineMain.class.getName(), VitrineMain.READY),
    KAFKA(OracleBrokerMain.class.getName(), OracleBrokerMain.READY);

    private final String mainClass;
    private final String ready;

    Program(String mainClass, String ready) {
      this.mainClass = mainClass;
      this.ready = ready;
    }

    ChildJvm start(Path file) throws Exception {
      return ChildJvm.start(
          System.getProperty("java.class.path"),
          List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
          mainClass,
          ready,
          this == VITRINE ? List.of("broker", file.toString()) : List.of(file.toString()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIdThatIsTakenIsRefused(Program program, @TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper zooKeeper = zooKeeper(directory);
        ZnodeTree tree = new ZnodeTree(zooKeeper.connectString());
        ChildJvm first = program.start(settings(directory, "first", 1, zooKeeper))) {
      first.awaitReady(SECONDS);
      Map<String, String> before = tree.dump();

      try (ChildJvm second = program.start(settings(directory, "second", 1, zooKeeper))) {
        assertThat(second.awaitExit(SECONDS)).isNotZero();
        if (program == Program.VITRINE) {
          assertThat(second.output()).contains("broker id 1 is taken", "choose another broker.id");
        }
      }
      assertThat(tree.dump()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void idsAreGeneratedAndStored(Program program, @TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper zooKeeper = zooKeeper(directory);
        ZnodeTree tree = new ZnodeTree(zooKeeper.connectString())) {
      Path first = settings(directory, "first", -1, zooKeeper);
      try (ChildJvm one = program.start(first)) {
        one.awaitReady(SECONDS);
        try (ChildJvm two = program.start(settings(directory, "second", -1, zooKeeper))) {
          two.awaitReady(SECONDS);
          assertThat(ids(tree)).isEqualTo(Set.of("1001", "1002"));
          assertThat(tree.dump().get("/brokers/seqid")).startsWith("persistent v2 ");
        }
        one.terminate(SECONDS);
      }
      assertThat(stored(directory.resolve("first"))).isEqualTo("1001");
      try (ChildJvm again = program.start(first)) {
        again.awaitReady(SECONDS);
        assertThat(ids(tree)).contains("1001");
        assertThat(tree.dump().get("/brokers/seqid")).startsWith("persistent v2 ");
      }
    }
  }

  private static Set<String> ids(ZnodeTree tree) throws InterruptedException {
    return new TreeSet<>(tree.children("/brokers/ids"));
  }

  private static EmbeddedZooKeeper zooKeeper(Path directory) throws Exception {
    return EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS);
  }

  private static String stored(Path logs) throws Exception {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(logs.resolve("meta.properties"))) {
      properties.load(reader);
    }
    return properties.getProperty("broker.id");
  }

  /** A {@code server.properties} with any free port; id -1 leaves it out. */
  private static Path settings(
      Path directory, String name, int brokerId, EmbeddedZooKeeper zooKeeper) throws Exception {
    Path logs = Files.createDirectories(directory.resolve(name));
    Map<String, String> settings =
        new TreeMap<>(StorySettings.broker(brokerId, 0, zooKeeper.connectString(), List.of(logs)));
    settings.remove("advertised.listeners");
    if (brokerId < 0) {
      settings.remove("broker.id");
    }
    Properties properties = new Properties();
    properties.putAll(settings);
    Path file = directory.resolve(name + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }
}
