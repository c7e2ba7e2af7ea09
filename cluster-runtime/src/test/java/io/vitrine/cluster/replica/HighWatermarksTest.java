package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HighWatermarksTest {
  private static final long NOW_MS = 100_000;
  private static final long LAG_MS = 30_000;
  private static final IntPredicate ALL = id -> true;

  private static RemoteReplica replica(int id, long logEnd, long caughtUpAgoMs) {
    return new RemoteReplica(
        id, new FollowerProgress(0, logEnd, logEnd, NOW_MS, NOW_MS - caughtUpAgoMs, -1));
  }

  private static IsrState committed(Integer... isr) {
    return new IsrState.Committed(List.of(isr));
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        arguments(
            "smallest of leader and ISR",
            5,
            committed(1, 2, 3),
            1,
            List.of(replica(2, 8, 0), replica(3, 7, 0)),
            ALL,
            7L),
        arguments("never backwards", 9, committed(1, 2), 1, List.of(replica(2, 4, 0)), ALL, 9L),
        arguments("leader alone", 5, committed(1), 1, List.of(replica(2, 3, 60_000)), ALL, 10L),
        arguments(
            "frozen below min ISR", 5, committed(1), 2, List.of(replica(2, 3, 60_000)), ALL, 5L),
        arguments(
            "min ISR is capped by the number of replicas",
            5,
            committed(1, 2),
            3,
            List.of(replica(2, 8, 0)),
            ALL,
            8L),
        arguments(
            "a pending expansion counts",
            5,
            new IsrState.Committed(List.of(1)).expand(2),
            1,
            List.of(replica(2, 6, 60_000)),
            ALL,
            6L),
        arguments(
            "a pending expansion does not lift the freeze",
            5,
            new IsrState.Committed(List.of(1)).expand(2),
            2,
            List.of(replica(2, 6, 0)),
            ALL,
            5L),
        arguments(
            "a pending shrink still counts",
            5,
            new IsrState.Committed(List.of(1, 2)).shrink(List.of(2)),
            1,
            List.of(replica(2, 6, 60_000)),
            ALL,
            6L),
        arguments(
            "a caught-up follower outside the ISR holds it back",
            5,
            committed(1),
            1,
            List.of(replica(2, 6, 1_000)),
            ALL,
            6L),
        arguments(
            "but not when its broker is dead",
            5,
            committed(1),
            1,
            List.of(replica(2, 6, 1_000)),
            (IntPredicate) id -> false,
            10L),
        arguments(
            "an ISR member nothing is known of stops it",
            5,
            committed(1, 2),
            1,
            List.of(new RemoteReplica(2, FollowerProgress.atNewLeader(true, NOW_MS))),
            ALL,
            5L));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void ofLeader(
      String name,
      long current,
      IsrState isr,
      int minIsr,
      List<RemoteReplica> followers,
      IntPredicate alive,
      long expected) {
    assertThat(HighWatermarks.ofLeader(current, 10, isr, minIsr, followers, NOW_MS, LAG_MS, alive))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("followerCases")
  void ofFollower(long leader, long ownEnd, long expected) {
    assertThat(HighWatermarks.ofFollower(leader, ownEnd)).isEqualTo(expected);
  }

  static Stream<Arguments> followerCases() {
    return Stream.of(arguments(5L, 9L, 5L), arguments(9L, 5L, 5L));
  }
}
