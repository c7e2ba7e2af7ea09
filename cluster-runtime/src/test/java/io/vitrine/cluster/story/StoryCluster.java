package io.vitrine.cluster.story;

import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import io.vitrine.cluster.zookeeper.EmbeddedEnsemble;
import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster a story can be told on: brokers with fixed ids, ports and directories on one embedded
 * ZooKeeper, ours, Apache Kafka's, or some of each. A broker that is down may come back as the
 * other brand, on the directories the first one left.
 */
final class StoryCluster implements AutoCloseable {
  private final Path directory;
  private final Map<Integer, Brand> planned;
  private final int logDirs;
  private final Map<String, String> settings;
  private final EmbeddedEnsemble zooKeeper;
  private final Optional<Links> links;
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, StoryBroker> running = new TreeMap<>();
  private final Set<Integer> frozen = new HashSet<>();

  private StoryCluster(
      Path directory,
      Map<Integer, Brand> planned,
      int logDirs,
      Map<String, String> settings,
      int zooKeeperMembers,
      boolean linked)
      throws IOException {
    this.directory = directory;
    this.planned = planned;
    this.logDirs = logDirs;
    this.settings = settings;
    this.zooKeeper =
        EmbeddedEnsemble.of(
            directory,
            zooKeeperMembers,
            0,
            StorySettings.TICK_MS,
            session -> {},
            (member, role) -> {});
    zooKeeper.start();
    this.links =
        linked
            ? Optional.of(new Links(directory, List.copyOf(planned.keySet()), zooKeeperAddress()))
            : Optional.empty();
  }

  /** Brokers 1 to 3 of this brand, unless {@link #start(int, Brand)} says otherwise. */
  static StoryCluster of(Brand brand, Path directory) throws IOException {
    return of(brand, directory, 1, Map.of());
  }

  /**
   * Brokers of this brand with more settings.
   *
   * @param logDirs log directories of each broker
   * @param settings more settings of each broker
   */
  static StoryCluster of(Brand brand, Path directory, int logDirs, Map<String, String> settings)
      throws IOException {
    return new StoryCluster(
        directory, Map.of(1, brand, 2, brand, 3, brand), logDirs, settings, 1, false);
  }

  /** Brokers 1 to 3 of this brand, each a process, with {@link #links} that can be cut. */
  static StoryCluster linked(Brand brand, Path directory) throws IOException {
    return new StoryCluster(directory, Map.of(1, brand, 2, brand, 3, brand), 1, Map.of(), 1, true);
  }

  /** Brokers of both brands: 1, 2 and 3 in this order. */
  static StoryCluster mixed(Path directory, Brand first, Brand second, Brand third)
      throws IOException {
    return mixed(directory, first, second, third, Map.of());
  }

  /** Brokers of both brands, 1, 2 and 3 in this order, with more settings. */
  static StoryCluster mixed(
      Path directory, Brand first, Brand second, Brand third, Map<String, String> settings)
      throws IOException {
    return new StoryCluster(
        directory, Map.of(1, first, 2, second, 3, third), 1, settings, 1, false);
  }

  /** Likewise, on a ZooKeeper ensemble of three with sessions that last. */
  static StoryCluster onEnsemble(Path directory, Brand first, Brand second, Brand third)
      throws IOException, InterruptedException {
    StoryCluster cluster =
        new StoryCluster(
            directory,
            Map.of(1, first, 2, second, 3, third),
            1,
            Map.of(
                "zookeeper.session.timeout.ms",
                Integer.toString(StorySettings.LONG_SESSION_TIMEOUT_MS)),
            3,
            false);
    if (!cluster.zooKeeper.awaitDecision(60, TimeUnit.SECONDS)) {
      cluster.close();
      throw new IOException("no leader among the ZooKeeper servers");
    }
    return cluster;
  }

  /** What it is, for messages. */
  String name() {
    return planned.values().stream().distinct().count() == 1
        ? planned.get(1).toString()
        : new TreeMap<>(planned).values().toString();
  }

  /** The ZooKeeper servers themselves. */
  EmbeddedEnsemble ensemble() {
    return zooKeeper;
  }

  private InetSocketAddress zooKeeperAddress() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), URI.create("zk://" + zooKeeper.address(1)).getPort());
  }

  /** {@code zookeeper.connect}. */
  String zooKeeper() {
    return zooKeeper.connectString();
  }

  /** The port clients find a broker at. */
  int port(int brokerId) {
    return ports.get(brokerId);
  }

  /** Addresses of the brokers that should answer. */
  String bootstrap() {
    return running.keySet().stream()
        .filter(id -> !frozen.contains(id))
        .map(id -> "127.0.0.1:" + ports.get(id))
        .collect(Collectors.joining(","));
  }

  /** Starts a broker of the planned brand and returns once it serves. */
  void start(int brokerId) throws Exception {
    start(brokerId, planned.get(brokerId));
  }

  /** Starts a broker of this brand on the broker's directories and returns once it serves. */
  void start(int brokerId, Brand as) throws Exception {
    start(brokerId, as, Map.of());
  }

  /** Starts a broker of the planned brand with more settings of its own. */
  void start(int brokerId, Map<String, String> own) throws Exception {
    start(brokerId, planned.get(brokerId), own);
  }

  /** Starts a broker of ours in this JVM on files that may fail. */
  void start(int brokerId, FileAccess files) throws Exception {
    int port = ports.computeIfAbsent(brokerId, id -> FreePorts.next());
    running.put(brokerId, StoryBroker.InThisJvm.start(broker(brokerId, port, Map.of()), files));
  }

  /** Starts a broker of this brand with more settings of its own. */
  void start(int brokerId, Brand as, Map<String, String> own) throws Exception {
    int port = ports.computeIfAbsent(brokerId, id -> FreePorts.next());
    Map<String, String> all = broker(brokerId, port, own);
    List<String> jvmFlags = List.of();
    if (links.isPresent()) {
      links.get().lay(brokerId, port);
      all.putAll(links.get().settings(brokerId, port));
      jvmFlags = links.get().jvmFlags(brokerId);
    }
    StoryBroker broker =
        as.start(all, directory.resolve("broker-" + brokerId + ".properties"), jvmFlags);
    running.put(brokerId, broker);
  }

  /** SIGTERM: controlled shutdown; returns once it is gone. */
  void stop(int brokerId) throws Exception {
    running.remove(brokerId).stop();
  }

  /** SIGKILL; returns at once, its session still runs out. */
  void crash(int brokerId) throws Exception {
    running.remove(brokerId).crash();
  }

  /** SIGSTOP or SIGCONT, for a broker that is a process. */
  void freeze(int brokerId, boolean stop) throws Exception {
    running.get(brokerId).freeze(stop);
    if (stop) {
      frozen.add(brokerId);
    } else {
      frozen.remove(brokerId);
    }
  }

  /** The network of a {@link #linked} cluster. */
  Links links() {
    return links.orElseThrow();
  }

  /** Whether a broker should be up. */
  boolean runs(int brokerId) {
    return running.containsKey(brokerId);
  }

  /** The log directory of a broker, or the parent of its several. */
  Path logDirectory(int brokerId) {
    return directory.resolve("broker-" + brokerId);
  }

  /** All log directories of a broker. */
  List<Path> logDirectories(int brokerId) {
    return logDirs == 1
        ? List.of(logDirectory(brokerId))
        : IntStream.rangeClosed(1, logDirs)
            .mapToObj(i -> logDirectory(brokerId).resolve("logs-" + i))
            .toList();
  }

  /** The directory of a replica, wherever its broker has put it. */
  Path replica(int brokerId, String topic, int partition) {
    String name = topic + "-" + partition;
    return logDirectories(brokerId).stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(logDirectory(brokerId).resolve(name));
  }

  private Map<String, String> broker(int brokerId, int port, Map<String, String> own)
      throws IOException {
    List<Path> directories = logDirectories(brokerId);
    for (Path logDirectory : directories) {
      if (!Files.exists(logDirectory)) {
        Files.createDirectories(logDirectory);
      }
    }
    Map<String, String> all = StorySettings.broker(brokerId, port, zooKeeper(), directories);
    all.putAll(settings);
    all.putAll(own);
    return all;
  }

  @Override
  public void close() {
    running.values().forEach(StoryBroker::close);
    links.ifPresent(Links::close);
    zooKeeper.close();
  }
}
