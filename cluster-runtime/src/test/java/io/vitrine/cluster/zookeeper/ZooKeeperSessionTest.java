package io.vitrine.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M01, M05, M06: sessions, watches and conditional writes against the real server. */
class ZooKeeperSessionTest {
  private static final int TICK_MS = 100;

  /** ZooKeeper's client looks for a server once a second: a session must outlive that. */
  private static final int SESSION_MS = 2_000;

  @TempDir Path directory;
  private EmbeddedZooKeeper server;
  private final List<ZooKeeperSession> sessions = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedZooKeeper.start(directory, 0, TICK_MS);
  }

  @AfterEach
  void stop() {
    sessions.forEach(ZooKeeperSession::close);
    server.close();
  }

  @Test
  void readsWhatItWrote() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    session.create("/x", bytes("1"), CreateMode.PERSISTENT).join();
    assertThat(session.set("/x", bytes("2"), 0).join().version()).isEqualTo(1);
    NodeData data = session.get("/x").join().orElseThrow();
    assertThat(data.text()).isEqualTo("2");
    assertThat(data.stat().czxid()).isPositive();
    assertThat(session.children("/").join().orElseThrow()).contains("x");
    assertThat(session.get("/none").join()).isEmpty();
    session.delete("/x", 1).join();
    assertThat(session.existsAndWatch("/x").join()).isEmpty();
  }

  @Test
  void tellsWhyAWriteWasRefused() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    session.create("/x", bytes("1"), CreateMode.PERSISTENT).join();
    assertThat(codeOf(session.create("/x", bytes("1"), CreateMode.PERSISTENT)))
        .isEqualTo(ZkException.Code.NODE_EXISTS);
    assertThat(codeOf(session.set("/x", bytes("1"), 7))).isEqualTo(ZkException.Code.BAD_VERSION);
    assertThat(codeOf(session.set("/y", bytes("1"), -1))).isEqualTo(ZkException.Code.NO_NODE);
  }

  @Test
  void aMultiNamesTheOperationThatFailedAndChangesNothing() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    session.create("/epoch", bytes("1"), CreateMode.PERSISTENT).join();
    CompletableFuture<List<ZkResult>> refused =
        session.multi(
            List.of(
                new ZkOp.Create("/made", bytes(""), CreateMode.PERSISTENT),
                new ZkOp.Check("/epoch", 3),
                new ZkOp.Delete("/epoch", -1)));
    ZkException error = errorOf(refused);
    assertThat(error.code()).isEqualTo(ZkException.Code.BAD_VERSION);
    assertThat(error.failedOp()).isEqualTo(1);
    assertThat(error.path()).isEqualTo("/epoch");
    assertThat(session.get("/made").join()).isEmpty();

    List<ZkResult> done =
        session
            .multi(
                List.of(
                    new ZkOp.Check("/epoch", 0),
                    new ZkOp.SetData("/epoch", bytes("2"), 0),
                    new ZkOp.Create("/seq_", bytes(""), CreateMode.PERSISTENT_SEQUENTIAL)))
            .join();
    assertThat(done.get(1).stat().version()).isEqualTo(1);
    assertThat(done.get(2).path()).isEqualTo("/seq_0000000001");
  }

  @Test
  void aWatchFiresOnceAndIsArmedByTheNextRead() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    ZooKeeperSession other = connect("b", new SessionListener() {});
    List<String> fired = new CopyOnWriteArrayList<>();
    session.onWatch("/w", () -> fired.add("w"));
    session.getAndWatch("/w").join();
    other.create("/w", bytes("1"), CreateMode.PERSISTENT).join();
    await().until(() -> fired.size() == 1);
    other.set("/w", bytes("2"), -1).join();
    session.getAndWatch("/w").join();
    other.set("/w", bytes("3"), -1).join();
    await().until(() -> fired.size() == 2);
  }

  @Test
  void closingEndsEphemeralNodesAtOnce() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    ZooKeeperSession other = connect("b", new SessionListener() {});
    session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join();
    session.close();
    assertThat(other.get("/e").join()).isEmpty();
  }

  @Test
  void anAbandonedSessionRunsOutAtTheServer() {
    ZooKeeperSession session = connect("abandoned", new SessionListener() {});
    ZooKeeperSession other = connect("b", new SessionListener() {});
    session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join();
    session.abandon();
    assertThat(other.get("/e").join()).isPresent();
    long start = System.nanoTime();
    await().atMost(Duration.ofSeconds(10)).until(() -> other.get("/e").join().isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Duration.ofMillis(SESSION_MS + 3 * TICK_MS + 2_000));
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(t -> t.getName().startsWith("abandoned-")));
  }

  @Test
  void aNewSessionTakesThePlaceOfOneTheServerEnded() {
    Heard heard = new Heard();
    ZooKeeperSession session = connect("a", heard);
    long before = session.sessionId();
    session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join();
    server.endSessions();
    await().atMost(Duration.ofSeconds(20)).until(() -> heard.said.contains("renewed"));
    assertThat(heard.said).startsWith("suspended", "expired");
    assertThat(session.sessionId()).isNotEqualTo(before);
    assertThat(session.get("/e").join()).isEmpty();
  }

  @Test
  void aSessionOutlivesAServerThatIsAwayForLongerThanItsTimeout() throws Exception {
    Heard heard = new Heard();
    ZooKeeperSession session = connect("a", heard);
    long before = session.sessionId();
    session.create("/w", bytes("1"), CreateMode.PERSISTENT).join();
    NodeStat made = session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join().stat();
    List<String> fired = new CopyOnWriteArrayList<>();
    session.onWatch("/w", () -> fired.add("w"));
    session.getAndWatch("/w").join();

    int port = server.port();
    server.kill();
    await().until(() -> heard.said.contains("suspended"));
    // By the clocks of Curator and of ZooKeeper's client the session would be over, twice.
    awaitThatHasPassed(Duration.ofMillis(3 * SESSION_MS));
    CompletableFuture<NodeStat> waiting = session.set("/w", bytes("2"), -1);
    server = EmbeddedZooKeeper.start(directory, port, TICK_MS);

    await().atMost(Duration.ofSeconds(20)).until(() -> heard.said.contains("resumed"));
    assertThat(heard.said).containsOnly("suspended", "resumed");
    assertThat(session.sessionId()).isEqualTo(before);
    assertThat(session.negotiatedTimeoutMs()).isEqualTo(SESSION_MS);
    NodeStat still = session.get("/e").join().orElseThrow().stat();
    assertThat(still.ephemeralOwner()).isEqualTo(before);
    assertThat(still.czxid()).isEqualTo(made.czxid());
    assertThat(waiting.join().version()).isEqualTo(1);
    await().until(() -> !fired.isEmpty());
  }

  @Test
  void aSessionThatEndedWhileTheServerWasAwayIsToldSo() throws Exception {
    Heard heard = new Heard();
    ZooKeeperSession session = connect("a", heard);
    int port = server.port();
    server.kill();
    await().until(() -> heard.said.contains("suspended"));
    awaitThatHasPassed(Duration.ofMillis(3 * SESSION_MS));
    server = EmbeddedZooKeeper.start(directory.resolve("knows nobody"), port, TICK_MS);
    await().atMost(Duration.ofSeconds(20)).until(() -> heard.said.contains("renewed"));
    assertThat(heard.said).containsExactly("suspended", "expired", "renewed");
  }

  @Test
  void whatWasIssuedInASessionIsNotDoneInTheNext() throws Exception {
    Heard heard = new Heard();
    ZooKeeperSession session = connect("a", heard);
    int port = server.port();
    server.kill();
    await().until(() -> heard.said.contains("suspended"));
    CompletableFuture<ZkResult> late = session.create("/late", bytes("1"), CreateMode.PERSISTENT);
    CompletableFuture<List<ZkResult>> lateToo =
        session.multi(List.of(new ZkOp.Create("/later", bytes("1"), CreateMode.PERSISTENT)));
    server = EmbeddedZooKeeper.start(directory.resolve("knows nobody"), port, TICK_MS);

    assertThat(codeOf(late)).isEqualTo(ZkException.Code.SESSION_EXPIRED);
    assertThat(codeOf(lateToo)).isEqualTo(ZkException.Code.SESSION_EXPIRED);
    await().atMost(Duration.ofSeconds(20)).until(() -> heard.said.contains("renewed"));
    session.create("/now", bytes("1"), CreateMode.PERSISTENT).join();
    assertThat(session.children("/").join().orElseThrow()).contains("now").doesNotContain("late");
    assertThat(session.get("/later").join()).isEmpty();
  }

  @Test
  void aNodeOfFourMebibytesCanBeRead() {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    for (int i = 0; i < 3; i++) {
      // A server takes one mebibyte at a time; the names of many children come in one answer.
      String prefix = "/" + "long".repeat(120) + "-" + i + "-";
      List<CompletableFuture<ZkResult>> made = new ArrayList<>();
      for (int child = 0; child < 1_000; child++) {
        made.add(session.create(prefix + child, bytes(""), CreateMode.PERSISTENT));
      }
      made.forEach(CompletableFuture::join);
    }
    assertThat(session.children("/").join().orElseThrow()).hasSize(3_001);
  }

  @Test
  void whatIsMoreThanAServerTakesIsRefusedAtOnce() {
    Heard heard = new Heard();
    ZooKeeperSession session = connect("a", heard);
    byte[] much = new byte[1_048_000];
    byte[] tooMuch = new byte[0xfffff];
    session.create("/much", much, CreateMode.PERSISTENT).join();
    session.set("/much", much, -1).join();

    assertThat(codeOf(session.create("/more", tooMuch, CreateMode.PERSISTENT)))
        .isEqualTo(ZkException.Code.TOO_LARGE);
    assertThat(codeOf(session.set("/much", tooMuch, -1))).isEqualTo(ZkException.Code.TOO_LARGE);
    List<ZkOp> together =
        List.of(
            new ZkOp.SetData("/much", much, -1),
            new ZkOp.Create("/more", much, CreateMode.PERSISTENT));
    assertThat(codeOf(session.multi(together))).isEqualTo(ZkException.Code.TOO_LARGE);
    assertThat(session.get("/much").join().orElseThrow().data()).hasSize(much.length);
    assertThat(heard.said).as("the connection holds").isEmpty();
  }

  @Test
  void operationsWaitForTheConnectionToComeBack() throws Exception {
    ZooKeeperSession session = connect("a", new SessionListener() {});
    int port = server.port();
    server.stop();
    CompletableFuture<ZkResult> waiting =
        session.create("/late", bytes("1"), CreateMode.PERSISTENT);
    server = EmbeddedZooKeeper.start(directory, port, TICK_MS);
    await().atMost(Duration.ofSeconds(20)).until(waiting::isDone);
    assertThat(waiting.join().path()).isEqualTo("/late");
  }

  @Test
  void noServerIsSaidInOneLine() {
    server.close();
    assertThatThrownBy(
            () ->
                CuratorSession.connect(
                    new ZooKeeperSettings(server.connectString(), SESSION_MS, 300),
                    "a-",
                    new SessionListener() {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.connectString())
        .hasMessageContaining("zookeeper.connect");
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(
            () -> EmbeddedZooKeeper.start(directory.resolve("other"), server.port(), TICK_MS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Integer.toString(server.port()));
  }

  /** What a session's listener is told. */
  private static final class Heard implements SessionListener {
    private final List<String> said = new CopyOnWriteArrayList<>();

    @Override
    public void suspended() {
      said.add("suspended");
    }

    @Override
    public void resumed() {
      said.add("resumed");
    }

    @Override
    public void expired() {
      said.add("expired");
    }

    @Override
    public void renewed(long id) {
      said.add("renewed");
    }
  }

  private static void awaitThatHasPassed(Duration time) {
    long start = System.nanoTime();
    await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() - start > time.toNanos());
  }

  private ZooKeeperSession connect(String name, SessionListener listener) {
    try {
      ZooKeeperSession session =
          CuratorSession.connect(
              new ZooKeeperSettings(server.connectString(), SESSION_MS, 5_000),
              name + "-",
              listener);
      sessions.add(session);
      return session;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ZkException.Code codeOf(CompletableFuture<?> future) {
    return errorOf(future).code();
  }

  private static ZkException errorOf(CompletableFuture<?> future) {
    try {
      future.join();
      throw new AssertionError("was not refused");
    } catch (CompletionException e) {
      return (ZkException) e.getCause();
    }
  }
}
