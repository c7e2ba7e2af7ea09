package io.vitrine.console.shell;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.console.live.Frame;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The invitation to kill a leader: which of its steps happened.
 *
 * <p>Follows one partition and the broker that led it when it was killed. Needs no toolkit; JavaFX
 * thread only.
 */
public final class Invitation {
  /** The partition whose leader is to be killed; the demo traffic's first. */
  public static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  /** What happens, in order. */
  public enum Step {
    KILL,
    SESSION_OUT,
    NEW_LEADER,
    RESTART,
    REJOIN
  }

  private int done;
  private int victim = -1;

  /** How many steps happened; the next one is {@code Step.values()[done]}. */
  public int done() {
    return done;
  }

  /** Whether all happened. */
  public boolean complete() {
    return done == Step.values().length;
  }

  /** The broker to kill, or that was killed; -1 while nobody leads the partition. */
  public int broker(Frame frame) {
    return victim >= 0 ? victim : partition(frame).map(PartitionView::leader).orElse(-1);
  }

  /** Hears what happened. */
  public void apply(Frame frame) {
    for (StampedEvent event : frame.events()) {
      apply(event, frame);
    }
    if (next(Step.NEW_LEADER)
        && partition(frame).filter(p -> p.leader() >= 0 && p.leader() != victim).isPresent()) {
      done++;
    }
    if (next(Step.REJOIN) && partition(frame).filter(p -> p.isr().contains(victim)).isPresent()) {
      done++;
    }
  }

  private void apply(StampedEvent stamped, Frame frame) {
    ClusterEvent event = stamped.event();
    if (next(Step.KILL)
        && event instanceof ClusterEvent.BrokerKilled
        && leaderBefore(stamped, frame)) {
      victim = stamped.brokerId();
      done++;
    } else if (next(Step.SESSION_OUT)
        && event instanceof ClusterEvent.SessionExpired
        && stamped.brokerId() == victim) {
      done++;
    } else if (done >= Step.NEW_LEADER.ordinal()
        && done <= Step.RESTART.ordinal()
        && event instanceof ClusterEvent.BrokerServing
        && stamped.brokerId() == victim) {
      done = Step.REJOIN.ordinal();
    } else if (next(Step.NEW_LEADER)
        && event instanceof ClusterEvent.PartitionStateWritten written
        && written.partition().equals(PARTITION)
        && written.leader() >= 0
        && written.leader() != victim) {
      done++;
    }
  }

  /** Until its session is over a killed broker is still the leader in ZooKeeper. */
  private static boolean leaderBefore(StampedEvent killed, Frame frame) {
    if (partition(frame).filter(p -> p.leader() == killed.brokerId()).isPresent()) {
      return true;
    }
    // The frame may already hold the election that followed.
    return partition(frame)
        .filter(
            p -> p.changedNanos() > killed.nanos() && p.assignment().contains(killed.brokerId()))
        .isPresent();
  }

  private boolean next(Step step) {
    return done == step.ordinal();
  }

  private static Optional<PartitionView> partition(Frame frame) {
    return Optional.ofNullable(frame.snapshot().partitions().get(PARTITION));
  }
}
