package io.vitrine.cluster.testing;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.event.FailoverStep;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** How controllers go about it in the last chapter of {@link SampleSnapshots}. */
final class SampleControllers {
  private static final long MILLI = 1_000_000;

  private final BiConsumer<Integer, ClusterEvent> told;
  private final LongConsumer pass;
  private final LongSupplier now;

  /**
   * @param told broker and event
   * @param pass lets milliseconds pass
   * @param now milliseconds since the beginning
   */
  SampleControllers(BiConsumer<Integer, ClusterEvent> told, LongConsumer pass, LongSupplier now) {
    this.told = told;
    this.pass = pass;
    this.now = now;
  }

  /** A step of a fail-over: what is told meanwhile, and so much time besides. */
  void step(int broker, int epoch, FailoverStep step, long ms, Runnable work) {
    long start = now.getAsLong();
    work.run();
    pass.accept(ms);
    told.accept(
        broker, new ClusterEvent.FailoverStepDone(epoch, step, (now.getAsLong() - start) * MILLI));
  }

  /**
   * A controller's thread works on an event and is done with it.
   *
   * @param ms beside the time of the work itself
   */
  void work(
      int broker, String event, ControllerState state, long queuedMs, long ms, Runnable work) {
    int behind = (int) (queuedMs / 3);
    told.accept(
        broker, new ClusterEvent.ControllerEventBegun(event, state, queuedMs * MILLI, behind));
    long start = now.getAsLong();
    work.run();
    pass.accept(ms);
    told.accept(
        broker,
        new ClusterEvent.ControllerEventEnded(
            event, state, (now.getAsLong() - start) * MILLI, behind / 2));
  }

  /** A broker carries an order out. */
  void order(int controller, int broker, String api, int partitions, long tookMs) {
    told.accept(controller, new ClusterEvent.OrdersSent(broker, api, partitions));
    pass.accept(tookMs);
    told.accept(controller, new ClusterEvent.OrdersAnswered(broker, api, ""));
  }

  /** A broker refuses the order of one whose time is over. */
  void refuse(int zombie, int broker, String api, int partitions) {
    told.accept(zombie, new ClusterEvent.OrdersSent(broker, api, partitions));
    pass.accept(3);
    told.accept(zombie, new ClusterEvent.OrdersAnswered(broker, api, "STALE_CONTROLLER_EPOCH"));
  }

  /** An order that waits for its answer. */
  void open(int controller, int broker, String api, int partitions) {
    told.accept(controller, new ClusterEvent.OrdersSent(broker, api, partitions));
  }
}
