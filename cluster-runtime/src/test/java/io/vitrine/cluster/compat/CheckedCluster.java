package io.vitrine.cluster.compat;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.oracle.OracleBrokerMain;
import io.vitrine.cluster.oracle.VitrineMain;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The cluster under check, a process: Vitrine's bundled one as {@code vitrine --headless} starts
 * it, or three brokers of Apache Kafka 3.9.2. Each broker has two log directories, {@code
 * broker-<id>/logs-1} and {@code logs-2}, and both have the same settings, all others at their
 * defaults.
 */
final class CheckedCluster implements AutoCloseable {
  /** Whose brokers they are. */
  enum Brand {
    VITRINE,
    KAFKA
  }

  static final int BROKERS = 3;
  private static final int LOG_DIRS = 2;
  private static final long START_SECONDS = 120;
  private static final List<String> FLAGS = List.of("-Xmx1g", "-XX:+UseSerialGC");

  private final Path directory;
  private final String bootstrap;
  private final ChildJvm process;
  private final Runnable endOfZooKeeper;

  private CheckedCluster(
      Path directory, String bootstrap, ChildJvm process, Runnable endOfZooKeeper) {
    this.directory = directory;
    this.bootstrap = bootstrap;
    this.process = process;
    this.endOfZooKeeper = endOfZooKeeper;
  }

  /** Starts a cluster in an empty directory and returns once all its brokers serve. */
  static CheckedCluster start(Brand brand, Path directory) throws Exception {
    return switch (brand) {
      case VITRINE -> vitrine(directory);
      case KAFKA -> kafka(directory);
    };
  }

  /**
   * What an authorizer, delegation tokens and passwords among settings need, who may do everything,
   * and the wait for members not needed here.
   */
  private static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("delegation.token.secret.key", "known to all brokers");
    settings.put("password.encoder.secret", "known to all brokers");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("offsets.topic.num.partitions", "6");
    settings.put("transaction.state.log.num.partitions", "6");
    return settings;
  }

  private static CheckedCluster vitrine(Path directory) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--headless",
                "--data",
                directory.toString(),
                "--port",
                "0",
                "--log-dirs",
                Integer.toString(LOG_DIRS)));
    settings().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    ChildJvm process = started(VitrineMain.class, VitrineMain.READY, arguments);
    try {
      String ready = process.awaitReady(START_SECONDS);
      return new CheckedCluster(
          directory, ready.substring(ready.indexOf('=') + 1), process, () -> {});
    } catch (Throwable e) {
      process.close();
      throw e;
    }
  }

  private static CheckedCluster kafka(Path directory) throws Exception {
    EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, 2_000);
    List<String> files = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int id = 1; id <= BROKERS; id++) {
      String address = "127.0.0.1:" + FreePorts.next();
      Properties properties = new Properties();
      properties.putAll(settings());
      properties.put("broker.id", Integer.toString(id));
      properties.put("listeners", "PLAINTEXT://" + address);
      properties.put("zookeeper.connect", zooKeeper.connectString());
      properties.put(
          "log.dirs",
          logDirectories(directory, id).stream()
              .map(Path::toString)
              .collect(Collectors.joining(",")));
      Path file = directory.resolve("broker-" + id + ".properties");
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      }
      files.add(file.toString());
      addresses.add(address);
    }
    ChildJvm process = started(OracleBrokerMain.class, OracleBrokerMain.READY, files);
    try {
      process.awaitReady(START_SECONDS);
      return new CheckedCluster(directory, String.join(",", addresses), process, zooKeeper::close);
    } catch (Throwable e) {
      process.close();
      zooKeeper.close();
      throw e;
    }
  }

  private static ChildJvm started(Class<?> main, String ready, List<String> arguments)
      throws IOException {
    return ChildJvm.start(
        System.getProperty("java.class.path"), FLAGS, main.getName(), ready, arguments);
  }

  String bootstrap() {
    return bootstrap;
  }

  /** The last lines its process printed. */
  String output() {
    return process.output();
  }

  /** The log directories of a broker. */
  List<Path> logDirectories(int brokerId) {
    return logDirectories(directory, brokerId);
  }

  private static List<Path> logDirectories(Path directory, int brokerId) {
    Path broker = directory.resolve("broker-" + brokerId);
    return List.of(broker.resolve("logs-1"), broker.resolve("logs-2"));
  }

  @Override
  public void close() {
    process.close();
    endOfZooKeeper.run();
  }
}
