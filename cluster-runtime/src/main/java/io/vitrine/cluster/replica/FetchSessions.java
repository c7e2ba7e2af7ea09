package io.vitrine.cluster.replica;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * The fetch sessions of one broker, in a limited number of slots.
 *
 * <p>When all slots are taken, a session idle for {@value #EVICTION_MS} ms makes room; else a newer
 * session with fewer partitions yields to a larger one, and a consumer's to a follower's. Who gets
 * no slot fetches in full each time. Guarded by this object's monitor, taken before a session's.
 */
public final class FetchSessions {
  private static final long EVICTION_MS = 120_000;
  private static final short FIRST_WITH_TOPIC_IDS = 13;

  private final int slots;
  private final LongSupplier nowMs;
  private final Random random;
  private final Map<Integer, FetchSession> sessions = new HashMap<>();
  private long evictions;

  /**
   * @param slots {@code max.incremental.fetch.session.cache.slots}
   * @param nowMs monotonic milliseconds
   * @param random chooses ids
   */
  public FetchSessions(int slots, LongSupplier nowMs, Random random) {
    this.slots = slots;
    this.nowMs = nowMs;
    this.random = random;
  }

  /** How many sessions there are. */
  public synchronized int size() {
    return sessions.size();
  }

  /** How many partitions are remembered in all of them. */
  public synchronized int partitions() {
    return sessions.values().stream().mapToInt(FetchSession::size).sum();
  }

  /** How many had to make room for others so far. */
  public synchronized long evictions() {
    return evictions;
  }

  /** Finds out what a fetch asks for in all, with its session if it has one. */
  public FetchContext open(FetchRequest request, Map<Uuid, String> topicNames) {
    FetchMetadata metadata = request.metadata();
    Map<TopicIdPartition, FetchRequest.PartitionData> asked = request.fetchData(topicNames);
    boolean usesTopicIds = request.version() >= FIRST_WITH_TOPIC_IDS;
    if (metadata.isFull()) {
      remove(metadata.sessionId());
      boolean wantsSession = metadata.epoch() != FetchMetadata.FINAL_EPOCH;
      return wantsSession
          ? new FetchContext.Full(this, asked, usesTopicIds, request.isFromFollower())
          : new FetchContext.Sessionless(asked);
    }
    FetchSession session = find(metadata.sessionId());
    if (session == null) {
      return new FetchContext.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
    Errors error =
        session.update(
            metadata.epoch(),
            usesTopicIds,
            asked,
            request.forgottenTopics(topicNames),
            nowMs.getAsLong());
    if (error != Errors.NONE) {
      return new FetchContext.Refused(error);
    }
    if (session.size() == 0) {
      remove(session.id());
      return new FetchContext.Sessionless(asked);
    }
    return new FetchContext.Incremental(session, metadata.epoch(), topicNames);
  }

  private synchronized FetchSession find(int id) {
    return sessions.get(id);
  }

  private synchronized void remove(int id) {
    sessions.remove(id);
  }

  /**
   * Begins a session with what a full fetch asked and is told.
   *
   * @return its id, or 0 when there is no room
   */
  synchronized int begin(
      boolean privileged,
      boolean usesTopicIds,
      Map<TopicIdPartition, FetchRequest.PartitionData> asked,
      Map<TopicIdPartition, PartitionData> answer) {
    long now = nowMs.getAsLong();
    if (sessions.size() >= slots && !makeRoom(privileged, answer.size(), now)) {
      return FetchMetadata.INVALID_SESSION_ID;
    }
    int id;
    do {
      id = 1 + random.nextInt(Integer.MAX_VALUE - 1);
    } while (sessions.containsKey(id));
    FetchSession session = new FetchSession(id, privileged, usesTopicIds, now);
    session.begin(asked, answer);
    sessions.put(id, session);
    return id;
  }

  private boolean makeRoom(boolean privileged, int size, long now) {
    List<FetchSession> all = List.copyOf(sessions.values());
    FetchSession victim =
        all.stream()
            .filter(session -> now - session.lastUsedMs() > EVICTION_MS)
            .min(Comparator.comparingLong(FetchSession::lastUsedMs))
            .orElse(null);
    if (victim == null) {
      victim =
          all.stream()
              .filter(session -> mayYield(session, privileged, now))
              .min(
                  Comparator.comparing(FetchSession::privileged)
                      .thenComparingInt(FetchSession::size)
                      .thenComparingInt(FetchSession::id))
              .filter(session -> yields(session, privileged, size))
              .orElse(null);
    }
    boolean gone = victim != null && sessions.remove(victim.id()) != null;
    if (gone) {
      evictions++;
    }
    return gone;
  }

  /** A young session yields to nobody, but a consumer's of any age to a follower's. */
  private static boolean mayYield(FetchSession session, boolean toPrivileged, long now) {
    return now - session.creationMs() > EVICTION_MS || toPrivileged && !session.privileged();
  }

  private static boolean yields(FetchSession session, boolean toPrivileged, int toSize) {
    if (session.privileged() != toPrivileged) {
      return toPrivileged;
    }
    return session.size() < toSize;
  }
}
