package io.vitrine.cluster.handler;

import java.util.Collection;

/** Hears of transactions whose offsets were to be committed with them. */
@FunctionalInterface
public interface MarkerListener {
  /**
   * The marker that ends a producer's transaction is in these partitions of {@code
   * __consumer_offsets}, on all of their ISR.
   */
  void transactionEnded(long producerId, Collection<Integer> offsetsPartitions, boolean committed);
}
