package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.util.ServiceUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ZooKeeper in this JVM on loopback: one server, or an ensemble of several that elect a leader and
 * agree on every write, each to be started, stopped and killed.
 *
 * <p>Members are numbered from 1. Ports are chosen when a member first starts and kept from then
 * on. Data lie in {@code zookeeper} for the first member and {@code zookeeper-<n>} for the others;
 * when a single server grows into an ensemble the others begin with a copy of its data, since a
 * majority of empty members would make it drop them. One lock; nothing waits for anything but disk,
 * except {@link #awaitDecision} and the end of a member.
 */
public final class EmbeddedEnsemble implements AutoCloseable {
  /** Told when a member became something else; on a thread of the member: only hand over. */
  @FunctionalInterface
  public interface Listener {
    void became(int member, MemberRole role);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedEnsemble.class);
  private static final String HOST = "127.0.0.1";

  private final Path directory;
  private final int size;
  private final int firstPort;
  private final int tickTimeMs;
  private final LongConsumer expired;
  private final Listener listener;
  private final Map<Integer, Integer> ports = new ConcurrentSkipListMap<>();
  private final Map<Integer, ZooKeeperMember> running = new TreeMap<>();
  private final Map<Long, QuorumPeer.QuorumServer> addresses;

  /** Guarded by itself; nothing else is locked or called meanwhile. */
  private final Map<Integer, MemberRole> roles = new HashMap<>();

  private EmbeddedEnsemble(
      Path directory,
      int size,
      int firstPort,
      int tickTimeMs,
      LongConsumer expired,
      Listener listener)
      throws IOException {
    this.directory = directory;
    this.size = size;
    this.firstPort = firstPort;
    this.tickTimeMs = tickTimeMs;
    this.expired = expired;
    this.listener = listener;
    this.addresses = size == 1 ? Map.of() : freeAddresses(size);
  }

  /**
   * An ensemble of which nothing runs yet.
   *
   * @param directory holds the members' directories
   * @param firstPort wished client port of member 1, the others follow; one that is taken when its
   *     member first starts, or 0, is replaced by a free one
   * @param expired hears the id of a session that has run out, before its ephemeral nodes vanish;
   *     on a server's thread: only hand over
   * @throws IOException when the data are those of another number of members
   */
  public static EmbeddedEnsemble of(
      Path directory,
      int members,
      int firstPort,
      int tickTimeMs,
      LongConsumer expired,
      Listener listener)
      throws IOException {
    if (members == 1 && Files.exists(directoryOf(directory, 2))) {
      throw new IOException(
          directory
              + " holds the data of a ZooKeeper ensemble, and its first member alone may not know"
              + " all of them: start with as many members as before (--zookeeper-members)");
    }
    growFromOne(directory, members);
    return new EmbeddedEnsemble(directory, members, firstPort, tickTimeMs, expired, listener);
  }

  /** How many members there are, running or not. */
  public int size() {
    return size;
  }

  /** The members that run. */
  public synchronized List<Integer> running() {
    return List.copyOf(running.keySet());
  }

  /**
   * Where clients connect, all members with a comma between; those that never started are missing.
   */
  public String connectString() {
    return ports.values().stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
  }

  /** Where clients reach a member; empty before it was first started. */
  public String address(int member) {
    Integer port = ports.get(member);
    return port == null ? "" : HOST + ":" + port;
  }

  public int tickTimeMs() {
    return tickTimeMs;
  }

  /** What each member is. */
  public Map<Integer, MemberRole> roles() {
    synchronized (roles) {
      Map<Integer, MemberRole> all = new TreeMap<>();
      for (int member = 1; member <= size; member++) {
        all.put(member, roles.getOrDefault(member, MemberRole.STOPPED));
      }
      return all;
    }
  }

  /** The last transaction each running member knows of. */
  public synchronized Map<Integer, Long> zxids() {
    Map<Integer, Long> all = new TreeMap<>();
    running.forEach((member, server) -> all.put(member, server.lastZxid()));
    return all;
  }

  /** Starts all members that do not run. */
  public synchronized void start() throws IOException {
    for (int member = 1; member <= size; member++) {
      if (!running.containsKey(member)) {
        start(member);
      }
    }
  }

  /**
   * Starts a member on its old port and data; a member of several serves once a majority runs.
   *
   * @throws IOException when it runs already, its port is taken or its data cannot be read
   */
  public synchronized void start(int member) throws IOException {
    if (member < 1 || member > size) {
      throw new IOException("There is no ZooKeeper member " + member + "; there are " + size + ".");
    }
    if (running.containsKey(member)) {
      throw new IOException("ZooKeeper member " + member + " is running already.");
    }
    ZooKeeperMember started = size == 1 ? standalone() : quorum(member);
    running.put(member, started);
    became(member, started.role());
  }

  private ZooKeeperMember standalone() throws IOException {
    Path data = directoryOf(directory, 1);
    try {
      return known(EmbeddedZooKeeper.start(data, wishedPort(1), tickTimeMs, expired));
    } catch (BindException e) {
      return known(EmbeddedZooKeeper.start(data, anyPortInsteadOf(1, e), tickTimeMs, expired));
    }
  }

  private EmbeddedZooKeeper known(EmbeddedZooKeeper server) {
    ports.put(1, server.port());
    return server;
  }

  private ZooKeeperMember quorum(int member) throws IOException {
    Path data = directoryOf(directory, member);
    Files.createDirectories(data);
    EmbeddedZooKeeper.prepare(data);
    // Ports that cannot be had are told by an exception; they must not end the whole program.
    ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
    NIOServerCnxnFactory connections;
    try {
      connections = EmbeddedZooKeeper.bind(wishedPort(member));
    } catch (BindException e) {
      connections = EmbeddedZooKeeper.bind(anyPortInsteadOf(member, e));
    }
    ports.put(member, connections.getLocalPort());
    try {
      return QuorumMember.start(
          member, data, connections, addresses, tickTimeMs, expired, role -> became(member, role));
    } catch (IOException | RuntimeException e) {
      connections.shutdown();
      throw e;
    }
  }

  private int wishedPort(int member) {
    return ports.getOrDefault(member, firstPort == 0 ? 0 : firstPort + member - 1);
  }

  /**
   * Only brokers of this program look for ZooKeeper, so that another port than the wished one is
   * better than none; but once brokers know an address it must not change.
   */
  private int anyPortInsteadOf(int member, BindException taken) throws BindException {
    if (ports.containsKey(member) || firstPort == 0) {
      throw taken;
    }
    LOG.warn(
        "ZooKeeper cannot take port {}, a free one is used instead: {}",
        wishedPort(member),
        taken.getMessage());
    return 0;
  }

  /** Stops a member, or drops it as the death of its process would. */
  public void stop(int member, boolean kill) throws IOException {
    ZooKeeperMember ended;
    synchronized (this) {
      ended = running.remove(member);
    }
    if (ended == null) {
      throw new IOException("ZooKeeper member " + member + " does not run.");
    }
    if (kill) {
      ended.kill();
    } else {
      ended.stop();
    }
    became(member, MemberRole.STOPPED);
  }

  /** Stops or kills all members that run. */
  public void stop(boolean kill) throws IOException {
    for (int member : running()) {
      stop(member, kill);
    }
  }

  /**
   * Waits until somebody decides: the only server, or an elected leader.
   *
   * @return whether one does within the time
   */
  public boolean awaitDecision(long timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    synchronized (roles) {
      while (roles.values().stream().noneMatch(MemberRole::decides)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(roles, left);
      }
      return true;
    }
  }

  /**
   * Ends every session there is: for servers just started on data whose clients are all known to be
   * dead. Without effect while nobody decides.
   */
  public synchronized void endSessions() {
    deciding().ifPresent(ZooKeeperMember::endSessions);
  }

  /** Ends one session as if it had run out. Without effect while nobody decides. */
  public synchronized void endSession(long sessionId) {
    deciding().ifPresent(member -> member.endSession(sessionId));
  }

  /**
   * What ZooKeeper holds where somebody looks; empty while nobody decides. Reads memory only, and
   * changes nothing.
   */
  public Optional<ZooKeeperContents> look(ZooKeeperLook look) {
    Map<Integer, ZooKeeperServer> servers = new TreeMap<>();
    OptionalInt decides;
    synchronized (this) {
      running.forEach(
          (member, server) -> server.serving().ifPresent(each -> servers.put(member, each)));
      decides =
          servers.keySet().stream()
              .filter(member -> running.get(member).role().decides())
              .mapToInt(Integer::intValue)
              .findFirst();
    }
    return decides.isEmpty()
        ? Optional.empty()
        : Optional.of(new TreeReader(decides.getAsInt(), servers).read(look));
  }

  /**
   * Takes {@code /controller} away, so that the brokers elect another controller, or the same
   * again. Blocks.
   *
   * @throws IOException when nobody is controller or ZooKeeper does not answer
   */
  public void removeControllerNode() throws IOException, InterruptedException {
    ControllerNodeRemoval.run(connectString());
  }

  private Optional<ZooKeeperMember> deciding() {
    return running.values().stream().filter(member -> member.role().decides()).findFirst();
  }

  @Override
  public void close() {
    for (int member : running()) {
      try {
        stop(member, false);
      } catch (IOException e) {
        LOG.debug("member {} was gone already", member);
      }
    }
  }

  // ---- roles ---------------------------------------------------------------------------------

  private void became(int member, MemberRole role) {
    synchronized (roles) {
      if (roles.put(member, role) == role) {
        return;
      }
      roles.notifyAll();
    }
    listener.became(member, role);
  }

  // ---- directories and ports -----------------------------------------------------------------

  private static Path directoryOf(Path parent, int member) {
    return parent.resolve(member == 1 ? "zookeeper" : "zookeeper-" + member);
  }

  /** Members that never were begin with what the first one knows. */
  private static void growFromOne(Path directory, int members) throws IOException {
    Path first = directoryOf(directory, 1);
    if (members == 1 || !Files.exists(first)) {
      return;
    }
    for (int member = 2; member <= members; member++) {
      if (Files.exists(directoryOf(directory, member))) {
        return;
      }
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(first)) {
      files = all.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (int member = 2; member <= members; member++) {
      Path copy = directoryOf(directory, member);
      for (Path file : files) {
        Files.copy(file, copy.resolve(first.relativize(file).toString()));
      }
    }
  }

  /** Ports for votes and for agreement that were free a moment ago, for all members. */
  private static Map<Long, QuorumPeer.QuorumServer> freeAddresses(int size) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * size; i++) {
        held.add(new ServerSocket(0, 1, loopback));
      }
      return IntStream.rangeClosed(1, size)
          .boxed()
          .collect(
              Collectors.toMap(
                  Integer::longValue,
                  member ->
                      QuorumMember.addresses(
                          member,
                          new InetSocketAddress(loopback, held.get(member - 1).getLocalPort()),
                          new InetSocketAddress(
                              loopback, held.get(size + member - 1).getLocalPort()))));
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
