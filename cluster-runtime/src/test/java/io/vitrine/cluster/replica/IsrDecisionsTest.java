package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.replica.IsrDecisions.AfterError;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsrDecisionsTest {
  private static final long LAG_MS = 1_000;
  private static final IsrState.Committed BOTH = new IsrState.Committed(List.of(1, 2));

  private static RemoteReplica follower(long logEnd, long caughtUpMs) {
    return new RemoteReplica(2, new FollowerProgress(0, logEnd, 10, 0, caughtUpMs, -1));
  }

  @ParameterizedTest(name = "log end {0} of 10, caught up at {1}, now {2}: out {3}")
  @CsvSource({
    "10, 0, 5000, false", // silent but equal stays
    "9, 0, 1000, false", // behind, but not for long enough
    "9, 0, 1001, true",
    "11, 0, 1001, true", // beyond the leader's end is elsewhere too
    "-1, 500, 1000, false"
  })
  void outOfSyncNeedsLagAndTime(long logEnd, long caughtUpMs, long nowMs, boolean out) {
    List<Integer> found =
        IsrDecisions.outOfSync(BOTH, List.of(follower(logEnd, caughtUpMs)), 10, nowMs, LAG_MS);
    assertThat(found).isEqualTo(out ? List.of(2) : List.of());
  }

  @Test
  void nobodyIsOutWhileAChangeIsUnderWayOrWhoIsNoMember() {
    List<RemoteReplica> late = List.of(follower(0, 0));
    assertThat(IsrDecisions.outOfSync(BOTH.expand(3), late, 10, 9_999, LAG_MS)).isEmpty();
    IsrState alone = new IsrState.Committed(List.of(1));
    assertThat(IsrDecisions.outOfSync(alone, late, 10, 9_999, LAG_MS)).isEmpty();
  }

  @ParameterizedTest(name = "log end {0}, high watermark {1}, epoch start {2}, alive {3}: {4}")
  @CsvSource({
    "7, 7, 5, true, true",
    "6, 7, 5, true, false",
    "7, 7, 8, true, false", // nothing of this leader's epoch yet
    "7, 7, 5, false, false",
    "-1, 0, 0, true, false"
  })
  void joins(long logEnd, long highWatermark, long epochStart, boolean alive, boolean joins) {
    IsrState alone = new IsrState.Committed(List.of(1));
    assertThat(
            IsrDecisions.mayJoin(
                alone, follower(logEnd, 0), highWatermark, epochStart, id -> alive))
        .isEqualTo(joins);
  }

  @Test
  void aMemberOrAPendingOneDoesNotJoinAgain() {
    assertThat(IsrDecisions.mayJoin(BOTH, follower(9, 0), 0, 0, id -> true)).isFalse();
    IsrState pending = new IsrState.Committed(List.of(1)).expand(2);
    assertThat(IsrDecisions.mayJoin(pending, follower(9, 0), 0, 0, id -> true)).isFalse();
  }

  @Test
  void aNewcomerStandsLast() {
    assertThat(new IsrState.Committed(List.of(3, 1)).expand(2).proposed()).containsExactly(3, 1, 2);
    assertThat(new IsrState.Committed(List.of(3, 1, 2)).shrink(List.of(1)).proposed())
        .containsExactly(3, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "OPERATION_NOT_ATTEMPTED, BACK_TO_COMMITTED",
    "INELIGIBLE_REPLICA, BACK_TO_COMMITTED",
    "UNKNOWN_TOPIC_OR_PARTITION, AWAIT_ORDER",
    "UNKNOWN_TOPIC_ID, AWAIT_ORDER",
    "FENCED_LEADER_EPOCH, AWAIT_ORDER",
    "INVALID_UPDATE_VERSION, AWAIT_ORDER",
    "INVALID_REQUEST, AWAIT_ORDER",
    "NOT_CONTROLLER, RETRY",
    "UNKNOWN_SERVER_ERROR, RETRY"
  })
  void afterError(Errors error, AfterError expected) {
    assertThat(IsrDecisions.afterError(error)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "asked for {0} of {1}, last time the end was {2}: caught up at {3}")
  @CsvSource({
    "10, 10, 8, 2000", // has everything now
    "8, 10, 8, 1000", // had everything at the fetch before
    "7, 10, 8, 500"
  })
  void caughtUpTime(long offset, long leaderEnd, long lastEnd, long expectedMs) {
    FollowerProgress before = new FollowerProgress(0, 5, lastEnd, 1_000, 500, -1);
    FollowerProgress after = before.fetched(offset, 0, 2_000, leaderEnd, 7);
    assertThat(after.lastCaughtUpMs()).isEqualTo(expectedMs);
    assertThat(after.lastFetchMs()).isEqualTo(2_000);
    assertThat(after.logEndOffset()).isEqualTo(offset);
    assertThat(after.lastFetchLeaderEndOffset()).isEqualTo(10);
  }
}
