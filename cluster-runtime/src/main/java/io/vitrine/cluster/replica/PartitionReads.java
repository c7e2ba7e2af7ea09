package io.vitrine.cluster.replica;

import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.epoch.EpochEntry;
import io.vitrine.storage.log.LogRead;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.log.TimestampOffset;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * Reads of one partition: fetches, epoch ends, offsets by time. Takes no lock of the partition: a
 * read is dropped when the role changed while it was made.
 */
final class PartitionReads {
  private static final long NO_TIMESTAMP = -1;

  private final ReplicaState state;
  private final LeaderIsr leaderIsr;

  PartitionReads(ReplicaState state, LeaderIsr leaderIsr) {
    this.state = state;
    this.leaderIsr = leaderIsr;
  }

  // ---- checks --------------------------------------------------------------------------------

  /**
   * The log, if the asker's idea of the leader epoch is right.
   *
   * @throws FencedLeaderEpochException when the asker's is older
   * @throws UnknownLeaderEpochException when it is newer
   * @throws NotLeaderOrFollowerException when this broker does not lead, or has no replica
   */
  PartitionLog logFor(Optional<Integer> currentLeaderEpoch, boolean leaderOnly) {
    return logFor(state.role(), currentLeaderEpoch, leaderOnly);
  }

  private PartitionLog logFor(
      ReplicaRole role, Optional<Integer> currentLeaderEpoch, boolean leaderOnly) {
    if (currentLeaderEpoch.isPresent()) {
      int asked = currentLeaderEpoch.get();
      if (asked < role.leaderEpoch()) {
        throw new FencedLeaderEpochException(epochMismatch(asked, role));
      }
      if (asked > role.leaderEpoch()) {
        throw new UnknownLeaderEpochException(epochMismatch(asked, role));
      }
    }
    if (leaderOnly && !(role instanceof LeaderState)) {
      throw notHere();
    }
    PartitionLog log = state.log();
    if (log == null) {
      throw notHere();
    }
    return log;
  }

  private String epochMismatch(int asked, ReplicaRole role) {
    return state.topicPartition() + " is in leader epoch " + role.leaderEpoch() + ", not " + asked;
  }

  private NotLeaderOrFollowerException notHere() {
    return new NotLeaderOrFollowerException("this broker does not lead " + state);
  }

  // ---- fetch ---------------------------------------------------------------------------------

  /**
   * Reads for a fetch.
   *
   * @param maxBytes what the budget leaves; below 0 only nothing can be read
   * @param noteProgress whether a follower's fetch counts as its progress report; not so for the
   *     second read of a fetch that waited
   */
  PartitionRead fetch(
      TopicIdPartition id,
      FetchRequest.PartitionData asked,
      FetchParameters parameters,
      int maxBytes,
      boolean atLeastOneBatch,
      boolean noteProgress) {
    return overMoves(
        () -> fetchOnce(id, asked, parameters, maxBytes, atLeastOneBatch, noteProgress));
  }

  /** A read that meets the end of a move has found the old log closed: the new one has it all. */
  private <T> T overMoves(Supplier<T> read) {
    PartitionLog before = state.log();
    try {
      return read.get();
    } catch (KafkaStorageException e) {
      PartitionLog now = state.log();
      if (before == null || now == null || now == before) {
        throw e;
      }
      return read.get();
    }
  }

  private PartitionRead fetchOnce(
      TopicIdPartition id,
      FetchRequest.PartitionData asked,
      FetchParameters parameters,
      int maxBytes,
      boolean atLeastOneBatch,
      boolean noteProgress) {
    ReplicaRole role = state.role();
    PartitionLog log = logFor(role, asked.currentLeaderEpoch, parameters.leaderOnly());
    if (parameters.fromFollower()) {
      checkAssigned((LeaderState) role, parameters.replicaId(), asked);
    }
    long leaderEnd = log.logEndOffset();
    long highWatermark = log.highWatermark();
    long lastStable = log.lastStableOffset();
    long logStart = log.logStartOffset();
    OptionalInt elsewhere = preferredReplica(role, asked, parameters);
    if (elsewhere.isPresent()) {
      return PartitionRead.empty(
          id, highWatermark, lastStable, logStart, Optional.empty(), elsewhere);
    }
    Optional<EpochEndOffset> diverging = divergence(log, asked, logStart, leaderEnd);
    if (diverging.isPresent()) {
      return PartitionRead.empty(
          id, highWatermark, lastStable, logStart, diverging, OptionalInt.empty());
    }
    LogRead read = log.read(asked.fetchOffset, maxBytes, parameters.bound(), atLeastOneBatch);
    LogSlice records = read.records();
    if (maxBytes < 0 && asked.fetchOffset < visibleEnd(log, parameters.bound())) {
      records.close();
      throw new UnknownServerException("at most " + maxBytes + " bytes asked of " + state);
    }
    if (read.firstBatchIncomplete()) {
      records.close();
      records = LogSlice.EMPTY;
    }
    if (state.role() != role) {
      records.close();
      throw notHere();
    }
    if (parameters.fromFollower() && noteProgress) {
      leaderIsr.fetched(
          parameters.replicaId(),
          role.leaderEpoch(),
          asked.fetchOffset,
          asked.logStartOffset,
          leaderEnd,
          parameters.replicaEpoch());
    }
    return new PartitionRead(
        id,
        Errors.NONE,
        records,
        highWatermark,
        lastStable,
        logStart,
        parameters.bound() == ReadBound.LAST_STABLE
            ? Optional.of(read.abortedTransactions())
            : Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  private OptionalInt preferredReplica(
      ReplicaRole role, FetchRequest.PartitionData asked, FetchParameters parameters) {
    return parameters.mayReadFromFollowers() && role instanceof LeaderState leader
        ? state.context().readReplicas().preferred(parameters.rack(), leader, asked.fetchOffset)
        : OptionalInt.empty();
  }

  private void checkAssigned(LeaderState leader, int replicaId, FetchRequest.PartitionData asked) {
    if (leader.follower(replicaId).isEmpty()) {
      String message = "broker " + replicaId + " is no replica of " + state;
      if (asked.currentLeaderEpoch.isPresent()) {
        throw new UnknownLeaderEpochException(message);
      }
      throw new NotLeaderOrFollowerException(message);
    }
  }

  /**
   * Where the fetcher's log parts from this one.
   *
   * @throws OffsetOutOfRangeException when its last epoch is not known here at all, or it asks for
   *     an offset below the log start
   */
  private Optional<EpochEndOffset> divergence(
      PartitionLog log, FetchRequest.PartitionData asked, long logStart, long logEnd) {
    if (asked.lastFetchedEpoch.isEmpty()) {
      return Optional.empty();
    }
    int lastFetched = asked.lastFetchedEpoch.get();
    EpochEnd end = log.endOffsetForEpoch(lastFetched);
    if (end.epoch() < 0 || end.endOffset() < 0) {
      throw new OffsetOutOfRangeException(
          "leader epoch " + lastFetched + " is not known for " + state.topicPartition());
    }
    if (asked.fetchOffset < logStart) {
      throw new OffsetOutOfRangeException(
          "offset "
              + asked.fetchOffset
              + " of "
              + state.topicPartition()
              + " is not within "
              + logStart
              + " and "
              + logEnd);
    }
    if (end.epoch() < lastFetched || end.endOffset() < asked.fetchOffset) {
      return Optional.of(new EpochEndOffset().setEpoch(end.epoch()).setEndOffset(end.endOffset()));
    }
    return Optional.empty();
  }

  /** How far a fetcher can see now. */
  static long visibleEnd(PartitionLog log, ReadBound bound) {
    return switch (bound) {
      case LOG_END -> log.logEndOffset();
      case HIGH_WATERMARK -> log.highWatermark();
      case LAST_STABLE -> log.lastStableOffset();
    };
  }

  // ---- epochs and times ----------------------------------------------------------------------

  /** Where a leader epoch ends here. */
  EpochEnd endOffsetForEpoch(Optional<Integer> currentLeaderEpoch, int epoch, boolean leaderOnly) {
    return logFor(currentLeaderEpoch, leaderOnly).endOffsetForEpoch(epoch);
  }

  /**
   * The offset for a timestamp, or for one of ListOffsets' special ones.
   *
   * @param isolation of a consumer; empty for a replica, which may see the log's end
   * @throws OffsetNotAvailableException when a new leader's high watermark has not yet reached the
   *     start of its epoch, and the answer would have to lie beyond it
   */
  Optional<TimestampOffset> offsetForTimestamp(
      long timestamp,
      Optional<IsolationLevel> isolation,
      Optional<Integer> currentLeaderEpoch,
      boolean leaderOnly) {
    return overMoves(() -> offsetOnce(timestamp, isolation, currentLeaderEpoch, leaderOnly));
  }

  /**
   * Offsets as ListOffsets v0 tells them, newest first: where segments begin, and for a consumer
   * nothing beyond the high watermark.
   *
   * @param timestamp -1 from the end, -2 the log's start alone, otherwise a time in ms
   */
  List<Long> segmentOffsets(long timestamp, int most, boolean consumer, boolean leaderOnly) {
    PartitionLog log = logFor(state.role(), Optional.empty(), leaderOnly);
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP) {
      return most > 0 ? List.of(log.logStartOffset()) : List.of();
    }
    long upTo = timestamp == ListOffsetsRequest.LATEST_TIMESTAMP ? Long.MAX_VALUE : timestamp;
    List<Long> found;
    try {
      found = log.segmentStartsBefore(upTo, most);
    } catch (IOException e) {
      throw new KafkaStorageException("segments of " + log.topicPartition() + " cannot be read", e);
    }
    long highWatermark = log.highWatermark();
    if (!consumer || found.stream().noneMatch(offset -> offset > highWatermark)) {
      return found;
    }
    return Stream.concat(
            Stream.of(highWatermark), found.stream().filter(offset -> offset <= highWatermark))
        .toList();
  }

  private Optional<TimestampOffset> offsetOnce(
      long timestamp,
      Optional<IsolationLevel> isolation,
      Optional<Integer> currentLeaderEpoch,
      boolean leaderOnly) {
    ReplicaRole role = state.role();
    PartitionLog log = logFor(role, currentLeaderEpoch, leaderOnly);
    long visible =
        isolation
            .map(level -> level == IsolationLevel.READ_COMMITTED)
            .map(committed -> committed ? log.lastStableOffset() : log.highWatermark())
            .orElse(log.logEndOffset());
    boolean lagging =
        isolation.isPresent()
            && role instanceof LeaderState leader
            && leader.epochStartOffset() > log.highWatermark();
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
        || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
      return Optional.of(earliest(log));
    }
    Optional<TimestampOffset> found = Optional.empty();
    if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      if (!lagging) {
        found = Optional.of(at(visible, OptionalInt.of(role.leaderEpoch())));
      }
    } else {
      found = byTime(log, timestamp).filter(offset -> offset.offset() < visible);
    }
    if (found.isEmpty() && lagging) {
      throw new OffsetNotAvailableException(
          "the high watermark "
              + log.highWatermark()
              + " of "
              + state.topicPartition()
              + " has not reached the start of its leader's epoch");
    }
    return found;
  }

  private static Optional<TimestampOffset> byTime(PartitionLog log, long timestamp) {
    if (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP) {
      // Nothing is tiered.
      return Optional.of(at(-1, OptionalInt.of(-1)));
    }
    return timestamp == ListOffsetsRequest.MAX_TIMESTAMP
        ? log.offsetOfMaxTimestamp()
        : log.offsetForTimestamp(timestamp);
  }

  private static TimestampOffset earliest(PartitionLog log) {
    long start = log.logStartOffset();
    List<EpochEntry> epochs = log.epochEntries();
    boolean known = !epochs.isEmpty() && epochs.get(0).startOffset() <= start;
    return at(start, known ? OptionalInt.of(epochs.get(0).epoch()) : OptionalInt.empty());
  }

  private static TimestampOffset at(long offset, OptionalInt epoch) {
    return new TimestampOffset(NO_TIMESTAMP, offset, epoch);
  }
}
