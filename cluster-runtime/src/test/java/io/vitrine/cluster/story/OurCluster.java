package io.vitrine.cluster.story;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Our brokers in this JVM, on the embedded ZooKeeper. */
final class OurCluster implements StoryCluster {
  private final Path directory;
  private final int logDirs;
  private final Map<String, String> settings;
  private final EmbeddedZooKeeper zooKeeper;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, Broker> running = new TreeMap<>();

  OurCluster(Path directory) throws IOException {
    this(directory, 1, Map.of());
  }

  /**
   * @param logDirs log directories of each broker
   * @param settings more settings of each broker
   */
  OurCluster(Path directory, int logDirs, Map<String, String> settings) throws IOException {
    this.directory = directory;
    this.logDirs = logDirs;
    this.settings = settings;
    this.zooKeeper =
        EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS);
  }

  @Override
  public String name() {
    return "Vitrine";
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
    BrokerConfig config = BrokerConfig.parse(broker(brokerId, ports.getOrDefault(brokerId, 0)));
    Broker broker = new Broker(config, EventSink.none(), BrokerClocks.system());
    broker.start();
    ports.put(brokerId, broker.address().getPort());
    running.put(brokerId, broker);
  }

  @Override
  public void stop(int brokerId) {
    running.remove(brokerId).shutdown();
  }

  @Override
  public void crash(int brokerId) {
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
  public void close() {
    running.values().forEach(Broker::kill);
    zooKeeper.close();
  }
}
