package io.vitrine.cluster.replica;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Which replica a consumer should read from (KIP-392, {@code replica.selector.class}). Pure.
 *
 * @param rackOf the rack of a live broker, as the metadata have it
 */
record ReadReplicas(boolean byRack, IntFunction<Optional<String>> rackOf) {
  /**
   * A follower that a consumer should turn to instead of the leader: one of the ISR in its rack
   * that has the offset, the one with most records, where the leader is in another rack.
   *
   * @param rack the consumer's, empty when it told none
   */
  OptionalInt preferred(String rack, LeaderState leader, long fetchOffset) {
    if (!byRack || rack.isEmpty() || inRack(leader.leader(), rack)) {
      return OptionalInt.empty();
    }
    List<Integer> isr = leader.isr().isr();
    return leader.followers().stream()
        .filter(follower -> isr.contains(follower.brokerId()) && has(follower, fetchOffset))
        .filter(follower -> inRack(follower.brokerId(), rack))
        .max(
            Comparator.comparingLong((RemoteReplica follower) -> follower.progress().logEndOffset())
                .thenComparingLong(follower -> follower.progress().lastCaughtUpMs())
                .thenComparingInt(RemoteReplica::brokerId))
        .map(follower -> OptionalInt.of(follower.brokerId()))
        .orElse(OptionalInt.empty());
  }

  private static boolean has(RemoteReplica follower, long offset) {
    FollowerProgress progress = follower.progress();
    return progress.logEndOffset() >= offset && progress.logStartOffset() <= offset;
  }

  private boolean inRack(int broker, String rack) {
    return rackOf.apply(broker).filter(rack::equals).isPresent();
  }
}
