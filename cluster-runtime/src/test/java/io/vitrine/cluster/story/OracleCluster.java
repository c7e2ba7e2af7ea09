package io.vitrine.cluster.story;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.OracleBrokerMain;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Apache Kafka brokers, a process each, on the embedded ZooKeeper. */
final class OracleCluster implements StoryCluster {
  private static final long START_SECONDS = 60;

  private final Path directory;
  private final int logDirs;
  private final Map<String, String> settings;
  private final EmbeddedZooKeeper zooKeeper;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, ChildJvm> running = new TreeMap<>();

  OracleCluster(Path directory) throws IOException {
    this(directory, 1, Map.of());
  }

  /**
   * @param logDirs log directories of each broker
   * @param settings more settings of each broker
   */
  OracleCluster(Path directory, int logDirs, Map<String, String> settings) throws IOException {
    this.directory = directory;
    this.logDirs = logDirs;
    this.settings = settings;
    this.zooKeeper =
        EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS);
  }

  @Override
  public String name() {
    return "Apache Kafka 3.9.2";
  }

  @Override
  public String zooKeeper() {
    return zooKeeper.connectString();
  }

  @Override
  public String bootstrap() {
    return running.keySet().stream()
        .map(id -> "127.0.0.1:" + ports.get(id))
        .reduce((a, b) -> a + "," + b)
        .orElseThrow();
  }

  @Override
  public void start(int brokerId) throws Exception {
    int port = ports.computeIfAbsent(brokerId, id -> freePort());
    Properties properties = new Properties();
    properties.putAll(broker(brokerId, port));
    Path file = directory.resolve("broker-" + brokerId + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    ChildJvm broker =
        ChildJvm.start(
            System.getProperty("java.class.path"),
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            OracleBrokerMain.class.getName(),
            OracleBrokerMain.READY,
            List.of(file.toString()));
    running.put(brokerId, broker);
    broker.awaitReady(START_SECONDS);
  }

  @Override
  public void stop(int brokerId) throws Exception {
    running.remove(brokerId).terminate(START_SECONDS);
  }

  @Override
  public void crash(int brokerId) throws Exception {
    running.remove(brokerId).kill();
  }

  private Map<String, String> broker(int brokerId, int port) throws IOException {
    for (Path logDirectory : logDirectories(brokerId)) {
      if (!Files.exists(logDirectory)) {
        Files.createDirectories(logDirectory);
      }
    }
    Map<String, String> all =
        StorySettings.broker(brokerId, port, zooKeeper(), logDirectory(brokerId));
    if (logDirs > 1) {
      all.put(
          "log.dirs",
          logDirectories(brokerId).stream().map(Path::toString).collect(Collectors.joining(",")));
    }
    all.putAll(settings);
    return all;
  }

  @Override
  public List<Path> logDirectories(int brokerId) {
    return logDirs == 1
        ? List.of(logDirectory(brokerId))
        : IntStream.rangeClosed(1, logDirs)
            .mapToObj(i -> logDirectory(brokerId).resolve("logs-" + i))
            .toList();
  }

  @Override
  public Path logDirectory(int brokerId) {
    return directory.resolve("broker-" + brokerId);
  }

  @Override
  public void close() throws IOException {
    running.values().forEach(ChildJvm::close);
    zooKeeper.close();
  }

  /** A port below the ephemeral range's usual clients, free a moment ago. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port on loopback", e);
    }
  }
}
