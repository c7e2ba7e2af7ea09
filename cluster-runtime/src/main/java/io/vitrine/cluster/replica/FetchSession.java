package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * What a fetcher asks for again and again, so that it only has to name what changes (KIP-227).
 *
 * <p>Owned by this object's monitor. The partitions stand in the order of answering: one whose
 * records were sent moves to the end, so that none starves.
 */
final class FetchSession {
  private final int id;
  private final boolean privileged;
  private final boolean usesTopicIds;
  private final long creationMs;
  private final Map<Key, Cached> partitions = new LinkedHashMap<>();
  private long lastUsedMs;
  private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);

  /** A partition by its topic's id, or by name for clients that know no ids. */
  private record Key(Object topic, int partition) {
    static Key of(TopicIdPartition id) {
      boolean named = id.topicId().equals(Uuid.ZERO_UUID);
      return new Key(named ? id.topic() : id.topicId(), id.partition());
    }
  }

  /** A partition, what is asked of it, and what was last said of it. */
  private static final class Cached {
    private TopicIdPartition id;
    private FetchRequest.PartitionData asked;
    private long highWatermark = -1;
    private long logStartOffset = -1;

    Cached(TopicIdPartition id, FetchRequest.PartitionData asked) {
      this.id = id;
      this.asked = asked;
    }

    boolean wouldBeNews(PartitionData said) {
      return FetchResponse.recordsSize(said) > 0
          || highWatermark != said.highWatermark()
          || logStartOffset != said.logStartOffset()
          || FetchResponse.isPreferredReplica(said)
          || FetchResponse.isDivergingEpoch(said)
          || said.errorCode() != Errors.NONE.code();
    }

    /** Takes in what is about to be said; false when that is nothing new. */
    boolean isNews(PartitionData said) {
      boolean news = wouldBeNews(said);
      // After an error the next good answer is news again.
      highWatermark = said.errorCode() == Errors.NONE.code() ? said.highWatermark() : -1;
      logStartOffset = said.logStartOffset();
      return news;
    }
  }

  /**
   * @param privileged of a follower
   */
  FetchSession(int id, boolean privileged, boolean usesTopicIds, long nowMs) {
    this.id = id;
    this.privileged = privileged;
    this.usesTopicIds = usesTopicIds;
    this.creationMs = nowMs;
    this.lastUsedMs = nowMs;
  }

  int id() {
    return id;
  }

  boolean privileged() {
    return privileged;
  }

  long creationMs() {
    return creationMs;
  }

  synchronized long lastUsedMs() {
    return lastUsedMs;
  }

  synchronized int size() {
    return partitions.size();
  }

  /** Takes in what a full fetch asked and was told. */
  synchronized void begin(
      Map<TopicIdPartition, FetchRequest.PartitionData> asked,
      Map<TopicIdPartition, PartitionData> answer) {
    answer.forEach(
        (id, said) -> {
          Cached cached = new Cached(id, asked.get(id));
          cached.isNews(said);
          partitions.put(Key.of(id), cached);
        });
  }

  /**
   * Takes in what an incremental fetch changes and moves to the next epoch.
   *
   * @return NONE, or why the fetch does not fit the session
   */
  synchronized Errors update(
      int requestEpoch,
      boolean requestUsesTopicIds,
      Map<TopicIdPartition, FetchRequest.PartitionData> changed,
      List<TopicIdPartition> forgotten,
      long nowMs) {
    if (requestEpoch != epoch) {
      return Errors.INVALID_FETCH_SESSION_EPOCH;
    }
    if (requestUsesTopicIds != usesTopicIds) {
      return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
    }
    changed.forEach(
        (id, asked) -> {
          Cached cached = partitions.get(Key.of(id));
          if (cached == null) {
            partitions.put(Key.of(id), new Cached(id, asked));
          } else {
            cached.asked = asked;
          }
        });
    forgotten.forEach(id -> partitions.remove(Key.of(id)));
    lastUsedMs = nowMs;
    epoch = FetchMetadata.nextEpoch(epoch);
    return Errors.NONE;
  }

  /**
   * Everything that is asked for now; the names of topics are looked up where they were missing.
   */
  synchronized List<FetchItem> items(Map<Uuid, String> topicNames) {
    List<FetchItem> items = new ArrayList<>(partitions.size());
    for (Cached cached : partitions.values()) {
      if (cached.id.topic() == null) {
        Optional.ofNullable(topicNames.get(cached.id.topicId()))
            .ifPresent(
                name ->
                    cached.id =
                        new TopicIdPartition(
                            cached.id.topicId(), new TopicPartition(name, cached.id.partition())));
      }
      items.add(new FetchItem(cached.id, cached.asked));
    }
    return items;
  }

  /** Whether the session has not moved on since that request. */
  synchronized boolean isAt(int requestEpoch) {
    return epoch == FetchMetadata.nextEpoch(requestEpoch);
  }

  /** What of an answer would be news; empty when the session has moved on. Changes nothing. */
  synchronized Map<TopicIdPartition, PartitionData> news(
      int requestEpoch, Map<TopicIdPartition, PartitionData> answer) {
    Map<TopicIdPartition, PartitionData> news = new LinkedHashMap<>();
    if (isAt(requestEpoch)) {
      answer.forEach(
          (id, said) -> {
            Cached cached = partitions.get(Key.of(id));
            if (cached != null && cached.wouldBeNews(said)) {
              news.put(id, said);
            }
          });
    }
    return news;
  }

  /**
   * Takes in what is about to be answered.
   *
   * @param requestEpoch of the request that is answered
   * @return what of it is news; empty when the answer must not be given: the session has moved on
   */
  synchronized Optional<LinkedHashMap<TopicIdPartition, PartitionData>> tell(
      int requestEpoch, Map<TopicIdPartition, PartitionData> answer) {
    if (!isAt(requestEpoch)) {
      return Optional.empty();
    }
    LinkedHashMap<TopicIdPartition, PartitionData> news = new LinkedHashMap<>();
    answer.forEach(
        (id, said) -> {
          Key key = Key.of(id);
          Cached cached = partitions.get(key);
          if (cached != null && cached.isNews(said)) {
            news.put(id, said);
            if (FetchResponse.recordsSize(said) > 0) {
              partitions.remove(key);
              partitions.put(key, cached);
            }
          }
        });
    return Optional.of(news);
  }
}
