package io.vitrine.cluster.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a group has come: what is committed, what is on its way into the log, and what waits for
 * the end of a transaction. Guarded by the group's lock.
 */
final class GroupOffsets {
  private final Map<TopicPartition, StoredOffset> committed = new HashMap<>();
  private final Map<TopicPartition, CommittedOffset> underWay = new HashMap<>();

  /** What {@link #all} last gave; null when it has changed since. */
  private Map<TopicPartition, Long> all;

  /** By producer id. */
  private final Map<Long, Map<TopicPartition, StoredOffset>> transactional = new HashMap<>();

  /** What was read from the log. */
  void load(
      Map<TopicPartition, StoredOffset> stored,
      Map<Long, Map<TopicPartition, StoredOffset>> openTransactions) {
    all = null;
    committed.putAll(stored);
    openTransactions.forEach((producer, each) -> transactional.put(producer, new HashMap<>(each)));
  }

  Optional<CommittedOffset> get(TopicPartition partition) {
    return Optional.ofNullable(committed.get(partition)).map(StoredOffset::committed);
  }

  /** Every committed offset; immutable, and the same one while nothing changes. */
  Map<TopicPartition, Long> all() {
    if (all == null) {
      Map<TopicPartition, Long> now = new HashMap<>();
      committed.forEach((partition, stored) -> now.put(partition, stored.committed().offset()));
      all = Map.copyOf(now);
    }
    return all;
  }

  /** Partitions with a committed offset; a copy. */
  Set<TopicPartition> partitions() {
    return new HashSet<>(committed.keySet());
  }

  int size() {
    return committed.size();
  }

  boolean isEmpty() {
    return committed.isEmpty() && underWay.isEmpty() && transactional.isEmpty();
  }

  /** Whether the committed offset may be another in a moment. */
  boolean isUnstable(TopicPartition partition) {
    return underWay.containsKey(partition)
        || transactional.values().stream().anyMatch(each -> each.containsKey(partition));
  }

  // ---- commits -------------------------------------------------------------------------------

  void begin(Map<TopicPartition, CommittedOffset> offsets) {
    underWay.putAll(offsets);
  }

  /** They are in the log, in a batch that begins there. */
  void appended(Map<TopicPartition, CommittedOffset> offsets, long batchOffset) {
    offsets.forEach(
        (partition, offset) -> {
          // It is under way no more when its topic was deleted meanwhile.
          if (underWay.containsKey(partition)) {
            keepNewer(partition, new StoredOffset(batchOffset, offset));
          }
          underWay.remove(partition, offset);
        });
  }

  void failed(Map<TopicPartition, CommittedOffset> offsets) {
    offsets.forEach(underWay::remove);
  }

  private void keepNewer(TopicPartition partition, StoredOffset offset) {
    StoredOffset current = committed.get(partition);
    if (current == null || current.isOlderThan(offset)) {
      all = null;
      committed.put(partition, offset);
    }
  }

  // ---- commits in transactions ---------------------------------------------------------------

  void begin(long producerId, Map<TopicPartition, CommittedOffset> offsets) {
    Map<TopicPartition, StoredOffset> pending =
        transactional.computeIfAbsent(producerId, id -> new HashMap<>());
    offsets.forEach(
        (partition, offset) ->
            pending.put(partition, new StoredOffset(StoredOffset.NOT_APPENDED, offset)));
  }

  void appended(long producerId, Map<TopicPartition, CommittedOffset> offsets, long batchOffset) {
    Map<TopicPartition, StoredOffset> pending = transactional.get(producerId);
    if (pending != null) {
      offsets.forEach(
          (partition, offset) ->
              pending.computeIfPresent(
                  partition,
                  (tp, before) ->
                      before.committed().equals(offset)
                          ? new StoredOffset(batchOffset, offset)
                          : before));
    }
  }

  void failed(long producerId, Map<TopicPartition, CommittedOffset> offsets) {
    Map<TopicPartition, StoredOffset> pending = transactional.get(producerId);
    if (pending != null) {
      offsets.keySet().forEach(pending::remove);
      if (pending.isEmpty()) {
        transactional.remove(producerId);
      }
    }
  }

  /** The marker of a transaction is in the log. */
  void completed(long producerId, boolean commit) {
    Map<TopicPartition, StoredOffset> pending = transactional.remove(producerId);
    if (commit && pending != null) {
      pending.forEach(
          (partition, offset) -> {
            if (!offset.isAppended()) {
              throw new IllegalStateException(
                  "producer " + producerId + " committed an offset that is not in the log");
            }
            keepNewer(partition, offset);
          });
    }
  }

  // ---- removal -------------------------------------------------------------------------------

  /**
   * Forgets partitions.
   *
   * @return those that had a committed offset, for which tombstones are to be written
   */
  List<TopicPartition> remove(Collection<TopicPartition> partitions) {
    all = null;
    List<TopicPartition> removed = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      underWay.remove(partition);
      transactional.values().forEach(each -> each.remove(partition));
      if (committed.remove(partition) != null) {
        removed.add(partition);
      }
    }
    return removed;
  }

  /** Forgets what is not committed yet. */
  void abandonPending() {
    underWay.clear();
    transactional.clear();
  }

  /**
   * Forgets what is old enough and not being committed anew.
   *
   * @param since from when an offset's age counts, in milliseconds of the wall clock
   * @param subscribed topics somebody consumes
   */
  List<TopicPartition> removeExpired(
      long nowMs, long retentionMs, ToLongFunction<CommittedOffset> since, Set<String> subscribed) {
    all = null;
    List<TopicPartition> expired = new ArrayList<>();
    committed.forEach(
        (partition, stored) -> {
          CommittedOffset offset = stored.committed();
          boolean old =
              offset.expireTimestampMs().isPresent()
                  ? nowMs >= offset.expireTimestampMs().getAsLong()
                  : nowMs - since.applyAsLong(offset) >= retentionMs;
          if (old && !subscribed.contains(partition.topic()) && !underWay.containsKey(partition)) {
            expired.add(partition);
          }
        });
    committed.keySet().removeAll(expired);
    return expired;
  }
}
