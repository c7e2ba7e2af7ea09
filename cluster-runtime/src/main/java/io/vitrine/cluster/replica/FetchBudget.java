package io.vitrine.cluster.replica;

/**
 * The bytes a fetch may still return, spent in the order of its partitions. One thread.
 *
 * <p>Until something was found the first batch comes whole, whatever its size, so that a consumer
 * never stands still before a large one.
 */
final class FetchBudget {
  private int leftBytes;
  private boolean foundNothing = true;

  FetchBudget(int maxBytes) {
    this.leftBytes = maxBytes;
  }

  int forPartition(int partitionMaxBytes) {
    return Math.min(partitionMaxBytes, leftBytes);
  }

  boolean atLeastOneBatch() {
    return foundNothing;
  }

  void spend(int sizeBytes) {
    leftBytes = Math.max(0, leftBytes - sizeBytes);
    if (sizeBytes > 0) {
      foundNothing = false;
    }
  }
}
