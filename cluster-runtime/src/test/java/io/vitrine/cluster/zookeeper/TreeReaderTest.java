package io.vitrine.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Session;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M01, M05, M06: the tree, its watches and the sessions, read from real servers. */
class TreeReaderTest {
  private static final int TICK_MS = 500;
  private static final int SESSION_MS = 6_000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void tellsWhatIsThereWhoOwnsItAndWhoWatchesIt(int members) throws Exception {
    try (EmbeddedEnsemble ensemble = ensemble(members)) {
      ensemble.start();
      assertThat(ensemble.awaitDecision(60, TimeUnit.SECONDS)).isTrue();
      try (ZooKeeperSession session = connect(ensemble)) {
        session.create("/p", bytes("{\"version\":1}"), CreateMode.PERSISTENT).join();
        for (int child : new int[] {10, 9, 2}) {
          session.create("/p/" + child, bytes("x"), CreateMode.PERSISTENT).join();
        }
        session.create("/p/owned", bytes("e"), CreateMode.EPHEMERAL).join();
        session.set("/p", bytes("{\"version\":2}"), 0).join();
        session.getAndWatch("/p").join();
        session.childrenAndWatch("/p").join();
        // A follower may be behind for a moment, and the leader is who is read.
        ZooKeeperContents contents = look(ensemble, Set.of("/", "/p", "/gone"), "/p", "OWN");

        long id = session.sessionId();
        assertThat(contents.listings()).containsOnlyKeys("/", "/p");
        Listing children = contents.listings().get("/p");
        assertThat(children.nodes())
            .extracting(Znode::name)
            .containsExactly("2", "9", "10", "owned");
        assertThat(children.nodes().get(3).owner()).isEqualTo(id);
        assertThat(children.nodes().get(3).ephemeral()).isTrue();
        assertThat(children.nodes().get(0).ephemeral()).isFalse();
        ZooKeeperContents.Body body = contents.chosen().orElseThrow();
        assertThat(body.text()).isEqualTo("{\"version\":2}");
        assertThat(body.node().version()).isEqualTo(1);
        assertThat(body.node().childrenVersion()).isEqualTo(4);
        assertThat(body.node().children()).isEqualTo(4);
        assertThat(body.node().dataWatchers()).containsExactly(id);
        assertThat(body.node().childWatchers()).containsExactly(id);
        assertThat(contents.found()).extracting(Znode::path).containsExactly("/p/owned");
        Session counted =
            contents.sessions().stream().filter(s -> s.id() == id).findFirst().orElseThrow();
        assertThat(counted.timeoutMs()).isEqualTo(SESSION_MS);
        assertThat(counted.leftMs()).isBetween(0L, SESSION_MS + 2L * TICK_MS);
        assertThat(counted.member()).isBetween(1, members);
        assertThat(counted.address()).startsWith("127.0.0.1:");
        assertThat(counted.ephemerals()).isEqualTo(1);
      }
    }
  }

  @Test
  void lookingChangesNothingAndArmsNoWatch() throws Exception {
    try (EmbeddedEnsemble ensemble = ensemble(1)) {
      ensemble.start();
      try (ZooKeeperSession session = connect(ensemble)) {
        session.create("/p", bytes("1"), CreateMode.PERSISTENT).join();
        ZooKeeperContents first = look(ensemble, Set.of("/"), "/p", "");
        ZooKeeperContents second = look(ensemble, Set.of("/"), "/p", "");
        assertThat(second.zxid()).isEqualTo(first.zxid());
        assertThat(second.listings()).isEqualTo(first.listings());
        assertThat(second.chosen().orElseThrow().node().dataWatchers()).isEmpty();
        assertThat(second.sessions()).hasSize(1);
      }
    }
  }

  @Test
  void moreChildrenThanCanBeToldAreCounted() throws Exception {
    int many = ZooKeeperContents.LISTED + 5;
    try (EmbeddedEnsemble ensemble = ensemble(1)) {
      ensemble.start();
      try (ZooKeeperSession session = connect(ensemble)) {
        session.create("/many", bytes(""), CreateMode.PERSISTENT).join();
        List<ZkOp> ops =
            IntStream.range(0, many)
                .mapToObj(
                    i -> (ZkOp) new ZkOp.Create("/many/" + i, bytes(""), CreateMode.PERSISTENT))
                .toList();
        session.multi(ops).join();
        ZooKeeperContents contents = look(ensemble, Set.of("/many"), "", "/many/");
        assertThat(contents.listings().get("/many").nodes()).hasSize(ZooKeeperContents.LISTED);
        assertThat(contents.listings().get("/many").hidden()).isEqualTo(5);
        assertThat(contents.found()).hasSize(ZooKeeperContents.LISTED);
        assertThat(contents.foundMore()).isTrue();
      }
    }
  }

  @Test
  void nothingCanBeKnownWhileNobodyServes() throws Exception {
    try (EmbeddedEnsemble ensemble = ensemble(1)) {
      assertThat(ensemble.look(new ZooKeeperLook(Set.of("/"), "/", ""))).isEmpty();
    }
  }

  private static ZooKeeperContents look(
      EmbeddedEnsemble ensemble, Set<String> open, String chosen, String find) {
    return ensemble.look(new ZooKeeperLook(open, chosen, find)).orElseThrow();
  }

  private EmbeddedEnsemble ensemble(int members) throws Exception {
    return EmbeddedEnsemble.of(directory, members, 0, TICK_MS, session -> {}, (member, role) -> {});
  }

  private static ZooKeeperSession connect(EmbeddedEnsemble ensemble) throws Exception {
    return CuratorSession.connect(
        new ZooKeeperSettings(ensemble.connectString(), SESSION_MS, 30_000),
        "test-",
        new SessionListener() {});
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
