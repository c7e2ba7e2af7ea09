package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.kafka.common.protocol.Errors;

/** Who belongs to the ISR, and what follows from the controller's answer. Pure functions. */
final class IsrDecisions {
  private IsrDecisions() {}

  /**
   * Members of the ISR that lag: their log ends elsewhere than the leader's <b>and</b> they have
   * not been caught up for the lag time. Empty while a change is under way.
   */
  static List<Integer> outOfSync(
      IsrState state,
      List<RemoteReplica> followers,
      long leaderEnd,
      long nowMs,
      long lagTimeMaxMs) {
    if (state instanceof IsrState.Pending) {
      return List.of();
    }
    List<Integer> found = List.of();
    for (RemoteReplica follower : followers) {
      if (state.isr().contains(follower.brokerId())
          && !follower.progress().isCaughtUp(leaderEnd, nowMs, lagTimeMaxMs)) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(follower.brokerId());
      }
    }
    return found;
  }

  /**
   * Whether a follower may join: it has all that was acknowledged and all this leader began with,
   * its broker is alive, and no change is under way.
   */
  static boolean mayJoin(
      IsrState state,
      RemoteReplica follower,
      long highWatermark,
      long epochStartOffset,
      IntPredicate alive) {
    long followerEnd = follower.progress().logEndOffset();
    return state instanceof IsrState.Committed
        && !state.isr().contains(follower.brokerId())
        && followerEnd >= highWatermark
        && followerEnd >= epochStartOffset
        && alive.test(follower.brokerId());
  }

  /** What a leader does after the controller refused a change. */
  enum AfterError {
    /** It was certainly not made: as before. */
    BACK_TO_COMMITTED,
    /** It may have been made, or this leader is out of date: stay pending until the next order. */
    AWAIT_ORDER,
    RETRY
  }

  static AfterError afterError(Errors error) {
    return switch (error) {
      case OPERATION_NOT_ATTEMPTED, INELIGIBLE_REPLICA -> AfterError.BACK_TO_COMMITTED;
      case UNKNOWN_TOPIC_OR_PARTITION,
          UNKNOWN_TOPIC_ID,
          FENCED_LEADER_EPOCH,
          INVALID_UPDATE_VERSION,
          INVALID_REQUEST,
          NEW_LEADER_ELECTED ->
          AfterError.AWAIT_ORDER;
      default -> AfterError.RETRY;
    };
  }
}
