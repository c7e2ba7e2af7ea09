package io.vitrine.cluster.snapshot;

/**
 * A controller's orders to one broker since it knows this life of the broker.
 *
 * @param sent batches, one a LeaderAndIsr, UpdateMetadata or StopReplica
 * @param answered those that were answered, well or with an error
 * @param refused those that were answered with an error
 */
public record OrdersView(long sent, long answered, long refused) {
  static final OrdersView NONE = new OrdersView(0, 0, 0);

  /** Batches that wait for their answer. */
  public long open() {
    return sent - answered;
  }
}
