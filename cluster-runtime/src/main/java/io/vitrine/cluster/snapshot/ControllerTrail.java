package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ControllerState;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What controllers did lately, each list newest first and no longer than {@value #KEPT}.
 *
 * <p>Zombies are among them: whoever still gives orders, and what brokers answered, is kept by the
 * broker it came from, whether it was in office or not.
 *
 * @param events what an event thread is done with
 * @param orders batches sent to brokers
 * @param refused those that were refused, which stay here while others push them out of {@code
 *     orders}
 * @param elections states of partitions written to ZooKeeper, those only read at a fail-over not
 *     among them
 */
public record ControllerTrail(
    List<Done> events, List<Order> orders, List<Order> refused, List<Election> elections) {
  /** How much of each is kept. */
  public static final int KEPT = 64;

  public ControllerTrail {
    events = List.copyOf(events);
    orders = List.copyOf(orders);
    refused = List.copyOf(refused);
    elections = List.copyOf(elections);
  }

  /**
   * An event the event thread is done with.
   *
   * @param sequence of its end in the stream of events, which makes it unique
   * @param event Kafka's name of it
   * @param queuedNanos how long it waited
   * @param tookNanos how long it was worked on
   * @param waiting events that waited behind it when it was done
   */
  public record Done(
      long sequence,
      long wallMs,
      int controller,
      String event,
      ControllerState state,
      long queuedNanos,
      long tookNanos,
      int waiting) {}

  /** What became of an order. */
  public enum Fate {
    /** It waits for its answer. */
    OPEN,
    ANSWERED,
    /** The broker answered with an error. */
    REFUSED,
    /** The broker or the controller went before the answer came. */
    DROPPED
  }

  /**
   * A batch of orders to one broker.
   *
   * @param sequence of its sending, which makes it unique
   * @param epoch the controller epoch it was given under, 0 when that is not known
   * @param tookNanos from sending to answer, -1 without one
   * @param error Kafka's name of what it was refused with, empty when it was not
   */
  public record Order(
      long sequence,
      long wallMs,
      int controller,
      int epoch,
      int broker,
      String api,
      int partitions,
      Fate fate,
      long tookNanos,
      String error) {}

  /**
   * A partition's state as it was written.
   *
   * @param previousLeader who led before, -1 nobody or not known
   * @param leader who leads now, -1 nobody
   */
  public record Election(
      long sequence,
      long wallMs,
      TopicPartition partition,
      ElectionReason reason,
      int previousLeader,
      int leader,
      int leaderEpoch,
      List<Integer> isr) {
    public Election {
      isr = List.copyOf(isr);
    }
  }

  /** Nothing was ever done. */
  public static ControllerTrail none() {
    return new ControllerTrail(List.of(), List.of(), List.of(), List.of());
  }
}
