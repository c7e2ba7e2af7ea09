package io.vitrine.cluster.replica;

/**
 * Hears of every use of a topic's partitions here, one call a partition where nothing else is said,
 * and of what goes wrong with them. Called where records pass, from any thread: an implementation
 * counts, and neither blocks nor throws.
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

  /** Of the records appended as leader, those that came in an older format. */
  default void convertedIn(String topic, long records) {}

  /** Of the records that go out, those that are written anew in an older format. */
  default void convertedOut(String topic, long records) {}

  /** Records were appended as follower. */
  default void replicated(String topic, long bytes) {}

  /** Somebody wants to read so many of its partitions. */
  default void fetchAsked(String topic, int partitions) {}

  /** That failed for no reason that is known. */
  default void fetchFailed(String topic) {}

  /** Records go out to a follower or a consumer. */
  default void fetched(String topic, long bytes, boolean toFollower) {}

  /** Of the records appended as follower, those of a replica a reassignment brought here. */
  default void reassignedIn(long bytes) {}

  /** Of the records that go out to followers, those of a replica a reassignment makes. */
  default void reassignedOut(long bytes) {}

  /** A fetch found nothing in its time. */
  default void fetchExpired(boolean ofFollower) {}

  /** The controller, or the way to it, did not let the ISR of a partition be changed. */
  default void isrChangeRefused() {}

  /** Nobody counts. */
  static Traffic uncounted() {
    return new Traffic() {};
  }
}
