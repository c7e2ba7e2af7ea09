package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.log.PartitionLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies partitions from one leader's broker: ask, append, ask again, as it is driven.
 *
 * <p>One lock guards which partitions are fetched and where each is; it is held while an answer is
 * taken in, not while one is awaited, so that {@link #remove} returns only when nothing of the
 * partition will be appended or cut any more. It is taken before a partition's lock. A partition
 * that fails for good is dropped until the controller's next order.
 */
final class FollowerFetcher implements FetcherSteps {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerFetcher.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TopicPartition, FetchedPartition> partitions = new LinkedHashMap<>();
  private final LeaderEndpoint leader;
  private final InterBrokerProtocol protocol;
  private final DelayedOperations delayed;
  private final ReplicationQuota quota;
  private final LongSupplier nowMs;
  private final long backoffMs;
  private final String name;

  /** Those that failed for good; shared by all fetchers of the broker. */
  private final Set<TopicPartition> failed;

  /** Out of range for their leader; its range is asked for next, one after the other. */
  private final ArrayDeque<RangeQuestion> ranges = new ArrayDeque<>();

  // What was asked last; touched by the driver only.
  private Map<TopicPartition, FetchedPartition> asked = Map.of();
  private RangeQuestion askedRange;
  private Map<TopicPartition, FetchedPartition> askedEnds = Map.of();
  private Runnable wakeUp = () -> {};
  private boolean ended;

  /** A partition whose leader's range is being learned: first its end, then its start. */
  private record RangeQuestion(FetchedPartition state, OptionalLong leaderEnd) {}

  /**
   * @param leader owned by this from now on
   * @param protocol how logs are cut
   * @param quota bounds what is fetched of partitions that are not caught up
   * @param backoffMs {@code replica.fetch.backoff.ms}
   * @param failed takes the partitions that fail for good; of many threads
   */
  FollowerFetcher(
      String name,
      LeaderEndpoint leader,
      InterBrokerProtocol protocol,
      DelayedOperations delayed,
      ReplicationQuota quota,
      LongSupplier nowMs,
      long backoffMs,
      Set<TopicPartition> failed) {
    this.leader = leader;
    this.protocol = protocol;
    this.delayed = delayed;
    this.quota = quota;
    this.nowMs = nowMs;
    this.backoffMs = backoffMs;
    this.name = name;
    this.failed = failed;
  }

  /**
   * @param wakeUp tells the driver that there is something to ask, or that all is over
   */
  void onChange(Runnable wakeUp) {
    lock.lock();
    try {
      this.wakeUp = wakeUp;
    } finally {
      lock.unlock();
    }
  }

  /** Fetches these too; one fetched already in the same epoch goes on as it is. */
  void add(Collection<FetchedPartition> begun) {
    lock.lock();
    try {
      for (FetchedPartition state : begun) {
        TopicPartition tp = state.partition().topicPartition();
        FetchedPartition before = partitions.get(tp);
        if (before == null || before.leaderEpoch() != state.leaderEpoch()) {
          partitions.put(tp, state);
        }
      }
      wakeUp.run();
    } finally {
      lock.unlock();
    }
  }

  /** After its return nothing is appended to or cut from these any more. */
  void remove(Collection<TopicPartition> gone) {
    lock.lock();
    try {
      partitions.keySet().removeAll(gone);
    } finally {
      lock.unlock();
    }
  }

  /** Takes everything away from this one; after its return nothing is appended or cut any more. */
  List<FetchedPartition> takeAll() {
    lock.lock();
    try {
      List<FetchedPartition> all = List.copyOf(partitions.values());
      partitions.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** The controller named a topic id later than the partition's first order. */
  void updateTopicId(TopicPartition partition, Uuid id) {
    lock.lock();
    try {
      partitions.computeIfPresent(partition, (tp, state) -> state.withTopicId(id));
    } finally {
      lock.unlock();
    }
  }

  boolean isIdle() {
    lock.lock();
    try {
      return partitions.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Records the partition furthest behind lacks, as of its last answer. */
  long maxLag() {
    lock.lock();
    try {
      return partitions.values().stream().mapToLong(state -> state.lag().orElse(0)).max().orElse(0);
    } finally {
      lock.unlock();
    }
  }

  /** Ends without waiting; {@link #join} waits. */
  void end() {
    lock.lock();
    try {
      ended = true;
      partitions.clear();
      wakeUp.run();
    } finally {
      lock.unlock();
    }
    leader.close();
  }

  @Override
  public boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  // ---- questions -----------------------------------------------------------------------------

  @Override
  public CompletableFuture<AbstractResponse> ask() {
    lock.lock();
    try {
      if (ended) {
        return null;
      }
      askedRange = ranges.poll();
      if (askedRange != null) {
        return leader.offset(
            askedRange.state().partition().topicPartition(),
            askedRange.state().leaderEpoch(),
            askedRange.leaderEnd().isEmpty()
                ? ListOffsetsRequest.LATEST_TIMESTAMP
                : ListOffsetsRequest.EARLIEST_TIMESTAMP);
      }
      askedEnds = truncating();
      if (!askedEnds.isEmpty()) {
        return leader.epochEnds(askedEnds);
      }
      asked = ready();
      return asked.isEmpty() ? null : leader.fetch(asked);
    } finally {
      lock.unlock();
    }
  }

  private Map<TopicPartition, FetchedPartition> ready() {
    long now = nowMs.getAsLong();
    Map<TopicPartition, FetchedPartition> ready = new LinkedHashMap<>();
    partitions.forEach(
        (tp, state) -> {
          if (state.notBeforeMs() <= now && !state.truncating() && !throttles(state)) {
            ready.put(tp, state);
          }
        });
    return ready;
  }

  /** Left out for now; not what is caught up, or throttling would drive it out of the ISR. */
  private boolean throttles(FetchedPartition state) {
    return !state.truncating()
        && !state.caughtUp()
        && quota.isThrottled(state.partition().topicPartition())
        && quota.isExceeded();
  }

  @Override
  public OptionalLong idleMs() {
    lock.lock();
    try {
      long now = nowMs.getAsLong();
      return partitions.values().stream()
          .mapToLong(state -> throttles(state) ? backoffMs : Math.max(0, state.notBeforeMs() - now))
          .min();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void completed(AbstractResponse response, Throwable failure) {
    if (askedRange != null) {
      rangeAnswered(askedRange, response, failure);
    } else if (!askedEnds.isEmpty()) {
      endsAnswered(askedEnds, response, failure);
    } else {
      fetchAnswered(response, failure);
    }
  }

  /**
   * Partitions whose logs must be cut where the leader says. Those nobody can say it for are cut to
   * the high watermark at once.
   */
  private Map<TopicPartition, FetchedPartition> truncating() {
    if (!anyTruncates()) {
      return Map.of();
    }
    long now = nowMs.getAsLong();
    Map<TopicPartition, FetchedPartition> toAsk = new LinkedHashMap<>();
    for (Map.Entry<TopicPartition, FetchedPartition> entry : List.copyOf(partitions.entrySet())) {
      FetchedPartition state = entry.getValue();
      if (!state.truncating() || state.notBeforeMs() > now) {
        continue;
      }
      if (protocol.hasOffsetsForLeaderEpoch() && state.latestEpoch().isPresent()) {
        toAsk.put(entry.getKey(), state);
      } else {
        guarded(state, () -> truncateToHighWatermark(state));
      }
    }
    return toAsk;
  }

  /** Asked before every fetch, and hardly ever so. */
  private boolean anyTruncates() {
    for (FetchedPartition state : partitions.values()) {
      if (state.truncating()) {
        return true;
      }
    }
    return false;
  }

  private void truncateToHighWatermark(FetchedPartition state) {
    state
        .partition()
        .followerWrites()
        .truncateTo(
            state.fetchOffset(), state.leaderEpoch(), "no epoch to ask for: high watermark");
    moveTo(state, state.fetchOffset());
  }

  private void endsAnswered(
      Map<TopicPartition, FetchedPartition> question,
      AbstractResponse response,
      Throwable failure) {
    if (failure != null) {
      unanswered(question.keySet(), failure);
      return;
    }
    Map<TopicPartition, EpochEndOffset> ends = LeaderEndpoint.epochEnds(response);
    question.forEach(
        (tp, state) -> ifUnchanged(state, () -> takeEnd(state, Optional.ofNullable(ends.get(tp)))));
  }

  private void takeEnd(FetchedPartition state, Optional<EpochEndOffset> answer) {
    Errors error =
        answer.map(end -> Errors.forCode(end.errorCode())).orElse(Errors.UNKNOWN_SERVER_ERROR);
    if (error == Errors.NONE) {
      EpochEnd leaderEnd = new EpochEnd(answer.get().leaderEpoch(), answer.get().endOffset());
      guarded(state, () -> truncateTo(state, leaderEnd));
    } else if (error == Errors.FENCED_LEADER_EPOCH) {
      drop(state, "the leader is in a newer epoch");
    } else {
      LOG.info("{}: {} when asked where epochs of {} end", name, error, state.partition());
      delay(state);
    }
  }

  private void fetchAnswered(AbstractResponse response, Throwable failure) {
    Map<TopicPartition, FetchResponseData.PartitionData> answer;
    try {
      if (failure != null) {
        leader.notFetched(failure);
        unanswered(asked.keySet(), failure);
        return;
      }
      answer = leader.fetched(response);
    } catch (RuntimeException e) {
      unanswered(asked.keySet(), e);
      return;
    }
    List<TopicPartition> rose = new ArrayList<>();
    lock.lock();
    try {
      for (Map.Entry<TopicPartition, FetchResponseData.PartitionData> entry : answer.entrySet()) {
        FetchedPartition before = asked.get(entry.getKey());
        // Ordered away or cut while the answer was on its way: it is no answer any more.
        if (before != null && before.equals(partitions.get(entry.getKey()))) {
          take(before, entry.getValue(), rose);
        }
      }
    } finally {
      lock.unlock();
    }
    // A consumer may be reading from this follower.
    rose.forEach(delayed::changed);
  }

  private void unanswered(Collection<TopicPartition> asked, Throwable e) {
    lock.lock();
    try {
      if (!ended) {
        LOG.info("{} got no answer: {}", name, e.toString());
        asked.forEach(tp -> Optional.ofNullable(partitions.get(tp)).ifPresent(this::delay));
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- taking in an answer, under the lock ---------------------------------------------------

  private void take(
      FetchedPartition state, FetchResponseData.PartitionData data, List<TopicPartition> rose) {
    Errors error = Errors.forCode(data.errorCode());
    if (error == Errors.NONE) {
      guarded(state, () -> takeData(state, data, rose));
    } else if (error == Errors.OFFSET_OUT_OF_RANGE) {
      ranges.add(new RangeQuestion(state, OptionalLong.empty()));
    } else if (error == Errors.FENCED_LEADER_EPOCH) {
      drop(state, "the leader is in a newer epoch");
    } else {
      LOG.info("{}: {} for {}", name, error, state.partition());
      delay(state);
    }
  }

  private void takeData(
      FetchedPartition state, FetchResponseData.PartitionData data, List<TopicPartition> rose) {
    if (protocol.truncatesOnFetch() && FetchResponse.isDivergingEpoch(data)) {
      truncateTo(
          state, new EpochEnd(data.divergingEpoch().epoch(), data.divergingEpoch().endOffset()));
      return;
    }
    Partition partition = state.partition();
    MemoryRecords records = records(data);
    FollowerWrites.Append appended =
        partition
            .followerWrites()
            .append(
                records,
                state.leaderEpoch(),
                state.fetchOffset(),
                data.highWatermark(),
                data.logStartOffset());
    if (appended.highWatermarkChanged()) {
      rose.add(partition.topicPartition());
    }
    if (quota.isThrottled(partition.topicPartition())) {
      quota.record(records.sizeInBytes());
    }
    OptionalLong lag = OptionalLong.of(Math.max(0, data.highWatermark() - appended.logEndOffset()));
    if (appended.lastEpoch() >= 0) {
      // To the end, so that the partitions take turns when an answer cannot hold them all.
      partitions.remove(partition.topicPartition());
      partitions.put(
          partition.topicPartition(),
          state.at(appended.logEndOffset(), OptionalInt.of(appended.lastEpoch())).lagging(lag));
    } else if (state.lag().isEmpty()) {
      partitions.put(partition.topicPartition(), state.lagging(lag));
    }
  }

  private static MemoryRecords records(FetchResponseData.PartitionData data) {
    return data.records() == null ? MemoryRecords.EMPTY : (MemoryRecords) data.records();
  }

  private void truncateTo(FetchedPartition state, EpochEnd leaderEnd) {
    PartitionLog log = state.partition().log().orElseThrow();
    // What begins with a cut began at the high watermark.
    Truncations.Cut cut =
        Truncations.onDivergence(
            leaderEnd,
            leaderEnd.epoch() < 0 ? EpochEnd.UNDEFINED : log.endOffsetForEpoch(leaderEnd.epoch()),
            log.logEndOffset(),
            state.truncating() ? state.fetchOffset() : log.highWatermark());
    state
        .partition()
        .followerWrites()
        .truncateTo(
            cut.offset(),
            state.leaderEpoch(),
            "leader's epoch " + leaderEnd.epoch() + " ends at " + leaderEnd.endOffset());
    if (cut.last() || protocol.truncatesOnFetch()) {
      moveTo(state, cut.offset());
    } else {
      partitions.put(state.partition().topicPartition(), state.cutTo(cut.offset()));
    }
  }

  private void moveTo(FetchedPartition state, long offset) {
    partitions.put(state.partition().topicPartition(), state.at(offset, state.latestEpoch()));
  }

  private void delay(FetchedPartition state) {
    partitions.put(
        state.partition().topicPartition(), state.delayedUntil(nowMs.getAsLong() + backoffMs));
  }

  private void drop(FetchedPartition state, String why) {
    LOG.warn("{} stops fetching {} until the next order: {}", name, state.partition(), why);
    failed.add(state.partition().topicPartition());
    partitions.remove(state.partition().topicPartition());
  }

  private void guarded(FetchedPartition state, Runnable work) {
    try {
      work.run();
    } catch (CorruptRecordException | org.apache.kafka.common.InvalidRecordException e) {
      LOG.error("{}: damaged records for {}", name, state.partition(), e);
      delay(state);
    } catch (NotLeaderOrFollowerException e) {
      // Ordered anew while the answer was on its way; who carries the order out adds it again.
      LOG.info("{} leaves {}: {}", name, state.partition(), e.getMessage());
      partitions.remove(state.partition().topicPartition());
    } catch (RuntimeException e) {
      LOG.error("{} cannot go on with {}", name, state.partition(), e);
      drop(state, e.toString());
    }
  }

  // ---- out of range --------------------------------------------------------------------------

  private void rangeAnswered(RangeQuestion question, AbstractResponse response, Throwable failure) {
    FetchedPartition state = question.state();
    try {
      if (failure != null) {
        throw new DisconnectException("no answer about the leader's range", failure);
      }
      long offset = LeaderEndpoint.offset(response);
      if (question.leaderEnd().isEmpty()) {
        ifUnchanged(
            state, () -> ranges.addFirst(new RangeQuestion(state, OptionalLong.of(offset))));
      } else {
        long leaderEnd = question.leaderEnd().getAsLong();
        ifUnchanged(state, () -> guarded(state, () -> moveInto(state, offset, leaderEnd)));
      }
    } catch (FencedLeaderEpochException e) {
      ifUnchanged(state, () -> drop(state, "the leader is in a newer epoch"));
    } catch (ApiException e) {
      LOG.info("{} cannot learn the leader's range of {}: {}", name, state, e.toString());
      ifUnchanged(state, () -> delay(state));
    }
  }

  private void ifUnchanged(FetchedPartition state, Runnable work) {
    lock.lock();
    try {
      if (state.equals(partitions.get(state.partition().topicPartition()))) {
        work.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private void moveInto(FetchedPartition state, long leaderStart, long leaderEnd) {
    Partition partition = state.partition();
    long ownEnd = partition.log().orElseThrow().logEndOffset();
    Truncations.OutOfRange step = Truncations.onOutOfRange(ownEnd, leaderEnd, leaderStart);
    if (step instanceof Truncations.OutOfRange.CutAt cut) {
      partition
          .followerWrites()
          .truncateTo(cut.offset(), state.leaderEpoch(), "leader's log ends at " + cut.offset());
      moveTo(state, cut.offset());
    } else if (step instanceof Truncations.OutOfRange.StartAt start) {
      partition
          .followerWrites()
          .truncateFullyAndStartAt(
              start.offset(), state.leaderEpoch(), "leader's log starts at " + start.offset());
      moveTo(state, start.offset());
    } else {
      moveTo(state, ((Truncations.OutOfRange.GoOn) step).offset());
    }
  }
}
