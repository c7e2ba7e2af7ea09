package io.vitrine.cluster.replica;

/**
 * Hears of every use of a topic's partitions here, one call a partition where nothing else is said.
 * Called where records pass, from any thread: an implementation counts, and neither blocks nor
 * throws.
 */
public interface Traffic {
  /** Somebody wants to append. */
  default void produceAsked(String topic) {}

  /** That failed for a reason that lies with the records, or for none that is known. */
  default void produceFailed(String topic) {}

  /** Records were appended as leader. */
  default void appended(String topic, long records, long bytes) {}

  /** Records were too large. */
  default void rejected(String topic, long bytes) {}

  /** Records were appended as follower. */
  default void replicated(String topic, long bytes) {}

  /** Somebody wants to read so many of its partitions. */
  default void fetchAsked(String topic, int partitions) {}

  /** That failed for no reason that is known. */
  default void fetchFailed(String topic) {}

  /** Records go out to a follower or a consumer. */
  default void fetched(String topic, long bytes, boolean toFollower) {}

  /** Nobody counts. */
  static Traffic uncounted() {
    return new Traffic() {};
  }
}
