package io.vitrine.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ensemble of three real members: leaders, the loss of the quorum and its return. */
class EmbeddedEnsembleTest {
  private static final int TICK_MS = 500;
  private static final int SESSION_MS = 6_000;

  @TempDir Path directory;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @Test
  void aMajorityServesOnWhenTheLeaderDies() throws Exception {
    try (EmbeddedEnsemble ensemble = ensemble(3)) {
      ensemble.start();
      assertThat(ensemble.awaitDecision(60, TimeUnit.SECONDS)).isTrue();
      try (ZooKeeperSession session = connect(ensemble, new SessionListener() {})) {
        final long before = session.sessionId();
        session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join();
        awaitRoles(ensemble, MemberRole.LEADER, 1, MemberRole.FOLLOWER, 2);

        int leader = leader(ensemble);
        ensemble.stop(leader, true);
        assertThat(ensemble.roles()).containsEntry(leader, MemberRole.STOPPED);
        awaitRoles(ensemble, MemberRole.LEADER, 1, MemberRole.FOLLOWER, 1);
        assertThat(session.set("/e", bytes("2"), 0).get(30, TimeUnit.SECONDS).version())
            .isEqualTo(1);
        assertThat(session.sessionId()).isEqualTo(before);

        ensemble.start(leader);
        awaitRoles(ensemble, MemberRole.LEADER, 1, MemberRole.FOLLOWER, 2);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> Set.copyOf(ensemble.zxids().values()).size() == 1);
        assertThat(heard).contains(leader + " STOPPED", leader + " LEADER", leader + " FOLLOWER");
      }
    }
  }

  @Test
  void withoutAQuorumNothingIsDoneAndSessionsWait() throws Exception {
    try (EmbeddedEnsemble ensemble = ensemble(3)) {
      ensemble.start();
      assertThat(ensemble.awaitDecision(60, TimeUnit.SECONDS)).isTrue();
      List<String> told = new CopyOnWriteArrayList<>();
      SessionListener listener =
          new SessionListener() {
            @Override
            public void suspended() {
              told.add("suspended");
            }

            @Override
            public void resumed() {
              told.add("resumed");
            }

            @Override
            public void expired() {
              told.add("expired");
            }
          };
      try (ZooKeeperSession session = connect(ensemble, listener)) {
        NodeStat made = session.create("/e", bytes("1"), CreateMode.EPHEMERAL).join().stat();
        ensemble.stop(1, false);
        ensemble.stop(2, true);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> ensemble.roles().get(3) == MemberRole.LOOKING);
        await().atMost(Duration.ofSeconds(30)).until(() -> told.contains("suspended"));
        CompletableFuture<ZkResult> waiting =
            session.create("/late", bytes("1"), CreateMode.PERSISTENT);

        ensemble.start(1);
        assertThat(waiting.get(60, TimeUnit.SECONDS).path()).isEqualTo("/late");
        await().atMost(Duration.ofSeconds(30)).until(() -> told.contains("resumed"));
        assertThat(told).doesNotContain("expired");
        assertThat(session.get("/e").join().orElseThrow().stat().czxid()).isEqualTo(made.czxid());
      }
    }
  }

  @Test
  void oneServerGrowsIntoAnEnsembleWithAllItKnows() throws Exception {
    try (EmbeddedEnsemble one = ensemble(1)) {
      one.start();
      assertThat(one.roles()).isEqualTo(Map.of(1, MemberRole.STANDALONE));
      try (ZooKeeperSession session = connect(one, new SessionListener() {})) {
        session.create("/kept", bytes("1"), CreateMode.PERSISTENT).join();
      }
    }
    try (EmbeddedEnsemble three = ensemble(3)) {
      three.start();
      assertThat(three.awaitDecision(60, TimeUnit.SECONDS)).isTrue();
      try (ZooKeeperSession session = connect(three, new SessionListener() {})) {
        assertThat(session.get("/kept").join().orElseThrow().text()).isEqualTo("1");
      }
    }
    assertThatThrownBy(() -> ensemble(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--zookeeper-members");
  }

  private EmbeddedEnsemble ensemble(int members) throws IOException {
    return EmbeddedEnsemble.of(
        directory,
        members,
        0,
        TICK_MS,
        session -> {},
        (member, role) -> heard.add(member + " " + role));
  }

  private static int leader(EmbeddedEnsemble ensemble) {
    return ensemble.roles().entrySet().stream()
        .filter(member -> member.getValue() == MemberRole.LEADER)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static void awaitRoles(
      EmbeddedEnsemble ensemble, MemberRole one, int ones, MemberRole other, int others) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                ensemble.roles().values().stream().filter(one::equals).count() == ones
                    && ensemble.roles().values().stream().filter(other::equals).count() == others);
  }

  private static ZooKeeperSession connect(EmbeddedEnsemble ensemble, SessionListener listener)
      throws Exception {
    return CuratorSession.connect(
        new ZooKeeperSettings(ensemble.connectString(), SESSION_MS, 30_000), "test-", listener);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
