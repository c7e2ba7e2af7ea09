package io.vitrine.console.axis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One broker's end and what followed, as far as it is told.
 *
 * @param broker who ended
 * @param ending how
 * @param startNanos monotonic time of the kill, or of the beginning of the controlled shutdown
 * @param wasController whether the controller had to be elected anew as well
 * @param newLeader the broker whose leadership was ready last, -1 none yet
 * @param partitionsLed how many partitions the broker led when it ended
 * @param times monotonic time of each step that happened; a step that did not happen is absent
 * @param over whether nothing more will be added: the broker is being started again or clients are
 *     served again
 */
public record FailoverStory(
    int broker,
    Ending ending,
    long startNanos,
    boolean wasController,
    int newLeader,
    int partitionsLed,
    Map<Step, Long> times,
    boolean over) {
  public FailoverStory {
    times = Map.copyOf(times);
  }

  /** How a broker ends. */
  public enum Ending {
    KILLED,
    STOPPED
  }

  /** What happens after a broker's end. The order is the usual one, not a promise. */
  public enum Step {
    /** A client of the broker got its first error. */
    CLIENT_ERROR,
    /** ZooKeeper ended the session; the broker's node is gone. */
    SESSION_LOST,
    /** Another broker became controller, because the one that ended was it. */
    CONTROLLER_ELECTED,
    /** The controller saw that the broker is gone, or was asked to move its leaders. */
    CONTROLLER_NOTICES,
    /** The last of the new leaders stands in ZooKeeper. */
    ELECTED,
    /** The first orders went out to the brokers. */
    ORDERS_SENT,
    /** The last of the new leaders serves. */
    LEADER_READY,
    /** Acknowledgements flow again. */
    CLIENT_SUCCESS
  }

  /** The parts of the outage. */
  public enum Phase {
    DETECTION,
    ELECTION,
    PROPAGATION,
    CLIENT_RECOVERY,
    TOTAL
  }

  /**
   * One part of the outage.
   *
   * @param fromNanos monotonic time of its beginning
   * @param toNanos and of its end, not before the beginning
   */
  public record Bracket(Phase phase, long fromNanos, long toNanos) {
    /** How long it took, in milliseconds, rounded. */
    public long millis() {
      return Math.round((toNanos - fromNanos) / 1e6);
    }
  }

  /** When a step happened. */
  public OptionalLong at(Step step) {
    Long nanos = times.get(step);
    return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  /** The steps that happened, in the order they did. */
  public List<Step> stepsInOrder() {
    return times.entrySet().stream()
        .sorted(Map.Entry.<Step, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The parts that are complete, in order of time; the total last. */
  public List<Bracket> brackets() {
    List<Bracket> found = new ArrayList<>();
    Long notices = times.get(Step.CONTROLLER_NOTICES);
    Long elected = times.get(Step.ELECTED);
    Long ready = times.get(Step.LEADER_READY);
    Long success = times.get(Step.CLIENT_SUCCESS);
    bracket(Phase.DETECTION, startNanos, notices).ifPresent(found::add);
    bracket(Phase.ELECTION, notices, elected).ifPresent(found::add);
    bracket(Phase.PROPAGATION, elected, ready).ifPresent(found::add);
    bracket(Phase.CLIENT_RECOVERY, ready, success).ifPresent(found::add);
    bracket(Phase.TOTAL, startNanos, success != null ? success : ready).ifPresent(found::add);
    return found;
  }

  /** This part, when it is complete. */
  public Optional<Bracket> bracket(Phase phase) {
    return brackets().stream().filter(b -> b.phase() == phase).findFirst();
  }

  private static Optional<Bracket> bracket(Phase phase, Long from, Long to) {
    return from == null || to == null || to < from
        ? Optional.empty()
        : Optional.of(new Bracket(phase, from, to));
  }
}
