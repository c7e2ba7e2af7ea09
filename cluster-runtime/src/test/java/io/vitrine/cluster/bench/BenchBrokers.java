package io.vitrine.cluster.bench;

import io.vitrine.cluster.bench.Comparison.Brand;
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
 * Three brokers of one system, each a JVM of its own with the same flags, on a ZooKeeper in this
 * JVM. Owned by one benchmark's thread.
 *
 * <p>The property {@code broker.flags} gives the brokers' JVMs more flags, to look into one; {@code
 * %d} in them is the broker's id.
 */
final class BenchBrokers implements AutoCloseable {
  /** Of every broker ever started. */
  static final List<Integer> IDS = List.of(1, 2, 3);

  private static final List<String> FLAGS = List.of("-Xms64m", "-Xmx1g", "-XX:+UseSerialGC");
  private static final int TICK_MS = 1_000;
  private static final long READY_SECONDS = 300;

  private final Brand brand;
  private final Path directory;
  private final Map<String, String> settings;
  private final EmbeddedZooKeeper zooKeeper;
  private final Map<Integer, ChildJvm> running = new TreeMap<>();
  private final Map<Integer, Integer> ports = new TreeMap<>();

  /**
   * Starts ZooKeeper only.
   *
   * @param directory for all data, empty; deleted by its owner
   * @param settings of every broker, beyond what tells them apart
   */
  BenchBrokers(Brand brand, Path directory, Map<String, String> settings) throws IOException {
    this.brand = brand;
    this.directory = directory;
    this.settings = settings;
    this.zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, TICK_MS);
    IDS.forEach(id -> ports.put(id, FreePorts.next()));
  }

  String zooKeeper() {
    return zooKeeper.connectString();
  }

  /** Addresses of all brokers, running or not. */
  String bootstrap() {
    return ports.values().stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
  }

  int port(int id) {
    return ports.get(id);
  }

  /** Starts all; returns when they serve. */
  void startAll() throws IOException, InterruptedException {
    for (int id : IDS) {
      start(id);
    }
  }

  /** Starts one, which keeps its port and data; returns when it serves. */
  void start(int id) throws IOException, InterruptedException {
    Path file = directory.resolve(id + ".properties");
    Properties all = new Properties();
    all.putAll(settings);
    all.put("broker.id", Integer.toString(id));
    all.put("listeners", "PLAINTEXT://127.0.0.1:" + ports.get(id));
    all.put("zookeeper.connect", zooKeeper.connectString());
    all.put("log.dirs", directory.resolve("broker-" + id).toString());
    try (Writer writer = Files.newBufferedWriter(file)) {
      all.store(writer, null);
    }
    ChildJvm jvm =
        switch (brand) {
          case KAFKA ->
              child(id, OracleBrokerMain.class, OracleBrokerMain.READY, List.of(file.toString()));
          case VITRINE ->
              child(id, VitrineMain.class, VitrineMain.READY, List.of("broker", file.toString()));
        };
    running.put(id, jvm);
    jvm.awaitReady(READY_SECONDS);
  }

  private static ChildJvm child(int id, Class<?> main, String ready, List<String> arguments)
      throws IOException {
    return ChildJvm.start(
        System.getProperty("java.class.path"), flags(id), main.getName(), ready, arguments);
  }

  private static List<String> flags(int id) {
    List<String> all = new ArrayList<>(FLAGS);
    String more = System.getProperty("broker.flags", "");
    if (!more.isBlank()) {
      all.addAll(List.of(more.replace("%d", Integer.toString(id)).split(" ")));
    }
    return all;
  }

  /** Gives the process of a broker to who ends it. */
  ChildJvm release(int id) {
    return running.remove(id);
  }

  /** CPU time all running brokers have taken since their start, in nanoseconds. */
  long cpuNanos() {
    return running.values().stream()
        .mapToLong(
            jvm ->
                ProcessHandle.of(jvm.pid())
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElseThrow()
                    .toNanos())
        .sum();
  }

  /** The last lines each running broker printed. */
  String output() {
    return running.entrySet().stream()
        .map(each -> "broker " + each.getKey() + ":\n" + each.getValue().output())
        .collect(Collectors.joining("\n"));
  }

  /** Asks each to stop and waits until it has, whatever it says. */
  void terminateAll(long seconds) throws IOException, InterruptedException {
    for (ChildJvm jvm : running.values()) {
      jvm.terminate(seconds);
    }
    running.clear();
  }

  @Override
  public void close() {
    running.values().forEach(ChildJvm::close);
    zooKeeper.close();
  }
}
