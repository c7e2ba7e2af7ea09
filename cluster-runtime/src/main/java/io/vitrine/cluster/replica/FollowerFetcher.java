package io.vitrine.cluster.replica;

import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.log.PartitionLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies partitions from one leader's broker, on one thread: ask, append, ask again.
 *
 * <p>One lock guards which partitions are fetched and where each is; it is held while an answer is
 * taken in, not while one is awaited, so that {@link #remove} returns only when nothing of the
 * partition will be appended or cut any more. It is taken before a partition's lock. A partition
 * that fails for good is dropped until the controller's next order.
 */
final class FollowerFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerFetcher.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<TopicPartition, FetchedPartition> partitions = new LinkedHashMap<>();
  private final LeaderEndpoint leader;
  private final DelayedOperations delayed;
  private final LongSupplier nowMs;
  private final long backoffMs;
  private final Thread thread;
  private boolean ended;

  /**
   * @param leader owned by this from now on
   * @param backoffMs {@code replica.fetch.backoff.ms}
   */
  FollowerFetcher(
      String threadName,
      LeaderEndpoint leader,
      DelayedOperations delayed,
      LongSupplier nowMs,
      long backoffMs) {
    this.leader = leader;
    this.delayed = delayed;
    this.nowMs = nowMs;
    this.backoffMs = backoffMs;
    this.thread = new Thread(this::run, threadName);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
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
      changed.signal();
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

  /** Ends without waiting; {@link #join} waits. */
  void end() {
    lock.lock();
    try {
      ended = true;
      partitions.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
    leader.close();
  }

  void join(long timeoutMs) throws InterruptedException {
    if (thread != Thread.currentThread()) {
      thread.join(timeoutMs);
    }
  }

  // ---- the thread ----------------------------------------------------------------------------

  private void run() {
    try {
      Map<TopicPartition, FetchedPartition> next = next();
      while (next != null) {
        fetch(next);
        next = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("{} died", thread.getName(), e);
    }
  }

  /** Waits until something can be fetched; null at the end. */
  private Map<TopicPartition, FetchedPartition> next() throws InterruptedException {
    lock.lock();
    try {
      while (!ended) {
        truncateToHighWatermark();
        long now = nowMs.getAsLong();
        Map<TopicPartition, FetchedPartition> ready = new LinkedHashMap<>();
        long earliestMs = now + backoffMs;
        for (Map.Entry<TopicPartition, FetchedPartition> entry : partitions.entrySet()) {
          if (entry.getValue().notBeforeMs() <= now) {
            ready.put(entry.getKey(), entry.getValue());
          } else {
            earliestMs = Math.min(earliestMs, entry.getValue().notBeforeMs());
          }
        }
        if (!ready.isEmpty()) {
          return ready;
        }
        if (partitions.isEmpty()) {
          changed.await();
        } else {
          changed.await(Math.max(1, earliestMs - now), TimeUnit.MILLISECONDS);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Only logs without any epoch: with one, the leader tells where to cut. */
  private void truncateToHighWatermark() {
    for (FetchedPartition state : List.copyOf(partitions.values())) {
      if (state.truncating()) {
        guarded(
            state,
            () -> {
              state
                  .partition()
                  .truncateTo(
                      state.fetchOffset(), state.leaderEpoch(), "no epoch known: high watermark");
              moveTo(state, state.fetchOffset());
            });
      }
    }
  }

  private void fetch(Map<TopicPartition, FetchedPartition> asked) throws InterruptedException {
    Map<TopicPartition, FetchResponseData.PartitionData> answer;
    try {
      answer = leader.fetch(asked);
    } catch (RuntimeException e) {
      unanswered(asked.keySet(), e);
      return;
    }
    List<TopicPartition> rose = new ArrayList<>();
    List<FetchedPartition> outOfRange = new ArrayList<>();
    lock.lock();
    try {
      for (Map.Entry<TopicPartition, FetchResponseData.PartitionData> entry : answer.entrySet()) {
        FetchedPartition before = asked.get(entry.getKey());
        // Ordered away or cut while the answer was on its way: it is no answer any more.
        if (before != null && before.equals(partitions.get(entry.getKey()))) {
          take(before, entry.getValue(), rose, outOfRange);
        }
      }
    } finally {
      lock.unlock();
    }
    // A consumer may be reading from this follower.
    rose.forEach(delayed::changed);
    for (FetchedPartition state : outOfRange) {
      resolveOutOfRange(state);
    }
  }

  private void unanswered(Collection<TopicPartition> asked, RuntimeException e) {
    lock.lock();
    try {
      if (!ended) {
        LOG.info("{} got no answer: {}", thread.getName(), e.toString());
        asked.forEach(tp -> Optional.ofNullable(partitions.get(tp)).ifPresent(this::delay));
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- taking in an answer, under the lock ---------------------------------------------------

  private void take(
      FetchedPartition state,
      FetchResponseData.PartitionData data,
      List<TopicPartition> rose,
      List<FetchedPartition> outOfRange) {
    Errors error = Errors.forCode(data.errorCode());
    if (error == Errors.NONE) {
      guarded(state, () -> takeData(state, data, rose));
    } else if (error == Errors.OFFSET_OUT_OF_RANGE) {
      outOfRange.add(state);
    } else if (error == Errors.FENCED_LEADER_EPOCH) {
      drop(state, "the leader is in a newer epoch");
    } else {
      LOG.info("{}: {} for {}", thread.getName(), error, state.partition());
      delay(state);
    }
  }

  private void takeData(
      FetchedPartition state, FetchResponseData.PartitionData data, List<TopicPartition> rose) {
    if (FetchResponse.isDivergingEpoch(data)) {
      truncateTo(
          state, new EpochEnd(data.divergingEpoch().epoch(), data.divergingEpoch().endOffset()));
      return;
    }
    Partition partition = state.partition();
    Partition.FollowerAppend appended =
        partition.appendAsFollower(
            records(data),
            state.leaderEpoch(),
            state.fetchOffset(),
            data.highWatermark(),
            data.logStartOffset());
    if (appended.highWatermarkChanged()) {
      rose.add(partition.topicPartition());
    }
    if (appended.lastEpoch() >= 0) {
      // To the end, so that the partitions take turns when an answer cannot hold them all.
      partitions.remove(partition.topicPartition());
      partitions.put(
          partition.topicPartition(),
          state.at(appended.logEndOffset(), OptionalInt.of(appended.lastEpoch())));
    }
  }

  private static MemoryRecords records(FetchResponseData.PartitionData data) {
    return data.records() == null ? MemoryRecords.EMPTY : (MemoryRecords) data.records();
  }

  private void truncateTo(FetchedPartition state, EpochEnd leaderEnd) {
    PartitionLog log = state.partition().log().orElseThrow();
    long offset =
        Truncations.onDivergence(
            leaderEnd,
            leaderEnd.epoch() < 0 ? EpochEnd.UNDEFINED : log.endOffsetForEpoch(leaderEnd.epoch()),
            log.logEndOffset(),
            log.highWatermark());
    state
        .partition()
        .truncateTo(
            offset,
            state.leaderEpoch(),
            "leader's epoch " + leaderEnd.epoch() + " ends at " + leaderEnd.endOffset());
    moveTo(state, offset);
  }

  private void moveTo(FetchedPartition state, long offset) {
    OptionalInt latest =
        state.partition().log().map(PartitionLog::latestEpoch).orElse(OptionalInt.empty());
    partitions.put(state.partition().topicPartition(), state.at(offset, latest));
  }

  private void delay(FetchedPartition state) {
    partitions.put(
        state.partition().topicPartition(), state.delayedUntil(nowMs.getAsLong() + backoffMs));
  }

  private void drop(FetchedPartition state, String why) {
    LOG.warn(
        "{} stops fetching {} until the next order: {}", thread.getName(), state.partition(), why);
    partitions.remove(state.partition().topicPartition());
  }

  private void guarded(FetchedPartition state, Runnable work) {
    try {
      work.run();
    } catch (CorruptRecordException | org.apache.kafka.common.InvalidRecordException e) {
      LOG.error("{}: damaged records for {}", thread.getName(), state.partition(), e);
      delay(state);
    } catch (RuntimeException e) {
      LOG.error("{} cannot go on with {}", thread.getName(), state.partition(), e);
      drop(state, e.toString());
    }
  }

  // ---- out of range --------------------------------------------------------------------------

  private void resolveOutOfRange(FetchedPartition state) throws InterruptedException {
    TopicPartition tp = state.partition().topicPartition();
    int epoch = state.leaderEpoch();
    try {
      long leaderEnd = leader.offset(tp, epoch, ListOffsetsRequest.LATEST_TIMESTAMP);
      long leaderStart = leader.offset(tp, epoch, ListOffsetsRequest.EARLIEST_TIMESTAMP);
      ifUnchanged(state, () -> guarded(state, () -> moveInto(state, leaderStart, leaderEnd)));
    } catch (FencedLeaderEpochException e) {
      ifUnchanged(state, () -> drop(state, "the leader is in a newer epoch"));
    } catch (ApiException e) {
      LOG.info("{} cannot learn the leader's range of {}: {}", thread.getName(), tp, e.toString());
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
      partition.truncateTo(
          cut.offset(), state.leaderEpoch(), "leader's log ends at " + cut.offset());
      moveTo(state, cut.offset());
    } else if (step instanceof Truncations.OutOfRange.StartAt start) {
      partition.truncateFullyAndStartAt(
          start.offset(), state.leaderEpoch(), "leader's log starts at " + start.offset());
      moveTo(state, start.offset());
    } else {
      moveTo(state, ((Truncations.OutOfRange.GoOn) step).offset());
    }
  }
}
