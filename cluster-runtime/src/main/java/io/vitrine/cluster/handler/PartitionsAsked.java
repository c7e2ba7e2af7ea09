package io.vitrine.cluster.handler;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * How many partitions one request asks for, over all its topics. A topic of more would not fit into
 * a ZooKeeper node, which holds 1 MiB; without a bound a request of a few bytes would fill the
 * memory with replicas nobody can write down. Used by one thread.
 */
final class PartitionsAsked {
  /** Their shortest description, one replica each, takes 1.2 MB. */
  static final int MOST = 100_000;

  private long sum;

  /**
   * Counts the new ones of one more topic.
   *
   * @param partitions how many; 0 or less, which also stands for the broker's default, are none
   * @return POLICY_VIOLATION when these are too many, or too many with those before
   */
  ApiError add(int partitions) {
    long more = Math.max(0, partitions);
    if (sum + more > MOST) {
      return new ApiError(
          Errors.POLICY_VIOLATION,
          "Excessively large number of partitions per request: more than " + MOST + ".");
    }
    sum += more;
    return ApiError.NONE;
  }
}
