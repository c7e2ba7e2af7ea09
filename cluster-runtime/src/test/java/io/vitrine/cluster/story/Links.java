package io.vitrine.cluster.story;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The network of a cluster whose brokers are processes: one {@link Link} from each broker to each
 * broker, from each broker to ZooKeeper, and from clients to each broker.
 *
 * <p>Every broker is registered as {@code localhost} with its port, and listens on an address of
 * its own. What {@code localhost} means is told to each process apart, by a hosts file: for broker
 * 1 it is 127.1.1.1, where the links of broker 1 begin; for clients, who are told nothing, it is
 * 127.0.0.1, where theirs begin. All of 127.0.0.0/8 is loopback on Linux only.
 */
final class Links implements AutoCloseable {
  private static final String HOST = "localhost";

  private final Path directory;
  private final List<Integer> ids;
  private final Map<Integer, Link> toZooKeeper = new TreeMap<>();
  private final Map<Integer, Link> fromClients = new TreeMap<>();
  private final Map<Integer, Map<Integer, Link>> between = new TreeMap<>();

  /**
   * Lays the links to ZooKeeper; those to a broker are laid with {@link #lay}.
   *
   * @param directory where hosts files are put
   * @param ids of all brokers there will be
   * @param zooKeeper where it listens
   */
  Links(Path directory, List<Integer> ids, InetSocketAddress zooKeeper) throws IOException {
    this.directory = directory;
    this.ids = List.copyOf(ids);
    for (int id : ids) {
      between.put(id, new TreeMap<>());
      toZooKeeper.put(id, new Link(id + "-zookeeper", at(clientsAddress(), 0), zooKeeper));
      Files.writeString(hosts(id), entrance(id).getHostAddress() + " " + HOST + "\n");
    }
  }

  /** Lays the links to a broker that is going to listen to this port; done once a broker. */
  void lay(int brokerId, int port) throws IOException {
    if (fromClients.containsKey(brokerId)) {
      return;
    }
    InetSocketAddress broker = at(own(brokerId), port);
    fromClients.put(brokerId, new Link("clients-" + brokerId, at(clientsAddress(), port), broker));
    for (int from : ids) {
      between
          .get(from)
          .put(brokerId, new Link(from + "-" + brokerId, at(entrance(from), port), broker));
    }
  }

  /** Settings that make a broker use its links. */
  Map<String, String> settings(int brokerId, int port) throws IOException {
    return Map.of(
        "listeners", "PLAINTEXT://" + own(brokerId).getHostAddress() + ":" + port,
        "advertised.listeners", "PLAINTEXT://" + HOST + ":" + port,
        "zookeeper.connect", "127.0.0.1:" + toZooKeeper(brokerId).port());
  }

  /** What its JVM must be told. */
  List<String> jvmFlags(int brokerId) {
    return List.of("-Djdk.net.hosts.file=" + hosts(brokerId));
  }

  Link toZooKeeper(int brokerId) {
    return toZooKeeper.get(brokerId);
  }

  Link fromClients(int brokerId) {
    return fromClients.get(brokerId);
  }

  /** Both links between two brokers. */
  List<Link> between(int brokerId, int other) {
    return List.of(between.get(brokerId).get(other), between.get(other).get(brokerId));
  }

  /** All links between a broker and other brokers. */
  List<Link> toBrokers(int brokerId) {
    List<Link> all = new ArrayList<>();
    for (int other : ids) {
      if (other != brokerId) {
        all.addAll(between(brokerId, other));
      }
    }
    return all;
  }

  /** All links a broker has with others than itself. */
  List<Link> of(int brokerId) {
    List<Link> all = toBrokers(brokerId);
    all.add(toZooKeeper(brokerId));
    all.add(fromClients(brokerId));
    return all;
  }

  @Override
  public void close() {
    toZooKeeper.values().forEach(Link::close);
    fromClients.values().forEach(Link::close);
    between.values().forEach(row -> row.values().forEach(Link::close));
  }

  private Path hosts(int brokerId) {
    return directory.resolve("hosts-" + brokerId);
  }

  private static InetSocketAddress at(InetAddress address, int port) {
    return new InetSocketAddress(address, port);
  }

  private static InetAddress clientsAddress() throws UnknownHostException {
    return address(0, 0, 1);
  }

  /** Where the links of a broker to all brokers begin. */
  private static InetAddress entrance(int brokerId) throws UnknownHostException {
    return address(1, brokerId, 1);
  }

  /** Where a broker listens. */
  private static InetAddress own(int brokerId) throws UnknownHostException {
    return address(2, brokerId, 1);
  }

  private static InetAddress address(int b, int c, int d) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, (byte) b, (byte) c, (byte) d});
  }
}
