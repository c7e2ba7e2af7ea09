package io.vitrine.cluster.story;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Our brokers in this JVM, on the embedded ZooKeeper. */
final class OurCluster implements StoryCluster {
  private final Path directory;
  private final EmbeddedZooKeeper zooKeeper;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, Broker> running = new TreeMap<>();

  OurCluster(Path directory) throws IOException {
    this.directory = directory;
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
    Files.createDirectories(logDirectory(brokerId));
    BrokerConfig config =
        BrokerConfig.parse(
            StorySettings.broker(
                brokerId, ports.getOrDefault(brokerId, 0), zooKeeper(), logDirectory(brokerId)));
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
