package io.vitrine.storage.log;

import io.vitrine.storage.checkpoint.PartitionMetadata;
import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.epoch.EpochEntry;
import io.vitrine.storage.epoch.LeaderEpochCache;
import io.vitrine.storage.index.AbortedTransaction;
import io.vitrine.storage.producer.ActiveProducer;
import io.vitrine.storage.producer.ProducerSnapshots;
import io.vitrine.storage.producer.ProducerStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * One partition's log in one directory.
 *
 * <p>Owns the segments, the leader-epoch cache, the producer states and the high watermark. One
 * lock guards every change; reads take no lock: they see what is below {@link #logEndOffset()},
 * which is raised after the bytes are in the file. A disk error fails the call with {@link
 * KafkaStorageException} and takes the log directory offline.
 */
public final class PartitionLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final TopicPartition partition;
  private final Path logDirectory;
  private final LogContext context;
  private final LogSegments segments;
  private final LeaderEpochCache epochs;
  private final ProducerTracker producers;
  private final LogOffsets offsets;
  private final LogReader reader;
  private final LogAppender appender;
  private final DiscardedFiles discarded;
  private volatile Path directory;
  private volatile LogSettings settings;
  private volatile Uuid topicId;
  private volatile boolean closed;
  private long lastFlushMs;

  PartitionLog(LogLoader.Loaded loaded, LogContext context) {
    this.partition = loaded.partition();
    this.logDirectory = loaded.directory().getParent();
    this.directory = loaded.directory();
    this.context = context;
    this.settings = loaded.settings();
    this.segments = loaded.segments();
    this.epochs = loaded.epochs();
    this.producers = loaded.producers();
    this.topicId = loaded.topicId().orElse(null);
    this.offsets =
        new LogOffsets(
            loaded.logStartOffset(),
            loaded.highWatermark(),
            loaded.recoveryPoint(),
            segments.active().endAt(loaded.logEndOffset()));
    this.reader = new LogReader(partition, segments, offsets);
    this.appender =
        new LogAppender(partition, context, segments, epochs, producers, offsets, this::rollTo);
    this.discarded = new DiscardedFiles(logDirectory, context);
    this.lastFlushMs = context.clock().millis();
    offsets.firstUnstable(producers.states().firstUnstableOffset());
  }

  /**
   * Opens the log of a partition directory, recovering it when it was not closed cleanly.
   *
   * @param clean whether the log directory was stopped cleanly
   * @throws IOException when the disk fails or a file cannot be understood
   */
  public static PartitionLog open(
      TopicPartition partition,
      Path directory,
      LogSettings settings,
      Checkpointed checkpointed,
      boolean clean,
      LogContext context)
      throws IOException {
    return new PartitionLog(
        new LogLoader(partition, directory, settings, checkpointed, clean, context).load(),
        context);
  }

  /** What the log directory's checkpoint files say of a log. */
  public record Checkpointed(long logStartOffset, long recoveryPoint, long highWatermark) {
    /** A log the files do not name. */
    public static final Checkpointed NOTHING = new Checkpointed(0, 0, 0);
  }

  // ---- what it is ----------------------------------------------------------------------------

  public TopicPartition topicPartition() {
    return partition;
  }

  public Optional<Uuid> topicId() {
    return Optional.ofNullable(topicId);
  }

  /**
   * Notes whose log this is.
   *
   * @throws InconsistentTopicIdException when it belongs to another topic of the same name
   */
  public void assignTopicId(Uuid id) {
    change(
        () -> {
          if (topicId == null) {
            PartitionMetadata.write(context.files(), directory, id);
            topicId = id;
          } else if (!topicId.equals(id)) {
            throw new InconsistentTopicIdException(
                "the log of " + partition + " belongs to topic id " + topicId + ", not " + id);
          }
        });
  }

  /** The partition's directory. */
  public Path directory() {
    return directory;
  }

  /** The log directory it lies in. */
  public Path logDirectory() {
    return logDirectory;
  }

  public LogSettings settings() {
    return settings;
  }

  public void updateSettings(LogSettings now) {
    settings = now;
  }

  public long logStartOffset() {
    return offsets.logStart();
  }

  /** The offset the next record gets. */
  public long logEndOffset() {
    return offsets.logEnd();
  }

  public long highWatermark() {
    return offsets.highWatermark();
  }

  /** Below it no transaction is open or unreplicated; at most the high watermark. */
  public long lastStableOffset() {
    return offsets.lastStable();
  }

  /** All below it is on the device. */
  public long recoveryPoint() {
    return offsets.recoveryPoint();
  }

  /** Bytes of all segments. */
  public long sizeBytes() {
    long sum = 0;
    for (LogSegment segment : segments.all()) {
      sum += segment.sizeBytes();
    }
    return sum;
  }

  /** The segments, oldest first. */
  public List<SegmentInfo> segments() {
    List<SegmentInfo> infos = new ArrayList<>();
    LogSegment previous = null;
    for (LogSegment segment : segments.all()) {
      if (previous != null) {
        infos.add(describe(previous, segment.baseOffset(), false));
      }
      previous = segment;
    }
    if (previous != null) {
      infos.add(describe(previous, logEndOffset(), true));
    }
    return List.copyOf(infos);
  }

  /**
   * Where segments begin, backwards from the newest one last written to by a time: what ListOffsets
   * v0 asks for. The log's end counts as one more, written now, when the last segment holds
   * anything.
   *
   * @param timestampMs {@link Long#MAX_VALUE} to begin at the end
   * @param most how many at most
   */
  public List<Long> segmentStartsBefore(long timestampMs, int most) throws IOException {
    ArrayDeque<Long> earlier = new ArrayDeque<>();
    List<Long> newestFirst = new ArrayList<>();
    LogSegment last = null;
    for (LogSegment segment : segments.all()) {
      earlier.push(Math.max(segment.baseOffset(), logStartOffset()));
      if (segment.lastModifiedMs() <= timestampMs) {
        newestFirst = new ArrayList<>(earlier);
      }
      last = segment;
    }
    if (last != null && last.sizeBytes() > 0 && context.clock().millis() <= timestampMs) {
      earlier.push(logEndOffset());
      newestFirst = new ArrayList<>(earlier);
    }
    return List.copyOf(newestFirst.subList(0, Math.max(0, Math.min(most, newestFirst.size()))));
  }

  private static SegmentInfo describe(LogSegment segment, long nextOffset, boolean active) {
    return new SegmentInfo(
        segment.baseOffset(),
        nextOffset,
        segment.sizeBytes(),
        segment.largestTimestampMs(),
        segment.offsetIndex().sizeBytes(),
        segment.timeIndex().sizeBytes(),
        active);
  }

  // ---- append --------------------------------------------------------------------------------

  /**
   * Appends a produced batch: checks it, gives it the next offsets and this leader epoch. The
   * buffer is changed, except where the topic asks for other bytes than the producer's.
   *
   * @throws org.apache.kafka.common.errors.ApiException the error the producer gets
   * @throws RecordsRejectedException when single records are at fault
   */
  public AppendResult appendAsLeader(MemoryRecords records, int leaderEpoch, Origin origin) {
    return appendAsLeader(records, leaderEpoch, origin, VerificationGuard.NOT_REQUIRED);
  }

  /**
   * The same, for records that may belong to a transaction.
   *
   * @param guard from {@link #beginVerification}, once the coordinator has confirmed the
   *     transaction; also {@link VerificationGuard#NONE} or {@link VerificationGuard#NOT_REQUIRED}
   * @throws org.apache.kafka.common.errors.InvalidTxnStateException when the guard does not allow
   *     to open the transaction
   */
  public AppendResult appendAsLeader(
      MemoryRecords records, int leaderEpoch, Origin origin, VerificationGuard guard) {
    LogSettings now = settings;
    LeaderAppendCheck check = appender.analyzed(records, now, origin);
    return changing(
        () -> {
          long before = logEndOffset();
          AppendResult result =
              appender.appendAsLeader(records, check, now, leaderEpoch, origin, guard);
          flushIfMany(before, now);
          return result;
        });
  }

  /**
   * Appends what a leader sent, byte for byte, as far as it is of the leader's epoch or an older
   * one; the rest, which a later leader must have written, is left out.
   *
   * @param leaderEpoch of the leader it was fetched from
   * @throws CorruptRecordException when a batch is damaged
   * @throws OffsetOutOfRangeException when it does not begin at or after the log's end, or its
   *     batches do not follow each other
   * @throws org.apache.kafka.common.errors.UnsupportedForMessageFormatException when a batch is of
   *     a magic before 2
   */
  public AppendResult appendAsFollower(MemoryRecords records, int leaderEpoch) {
    LogSettings now = settings;
    List<BatchHeader> headers = appender.headersOf(records, leaderEpoch);
    return changing(
        () -> {
          long before = logEndOffset();
          AppendResult result = appender.appendAsFollower(records, headers, now);
          flushIfMany(before, now);
          return result;
        });
  }

  /**
   * The guard with which a producer may open a transaction here, once its coordinator has confirmed
   * it; {@link VerificationGuard#NONE} when a transaction of the producer is open already.
   *
   * @param sequence of the first record to be appended, -1 when it is not numbered
   */
  public VerificationGuard beginVerification(long producerId, short epoch, int sequence) {
    lock.lock();
    try {
      return producers.beginVerification(producerId, epoch, sequence);
    } finally {
      lock.unlock();
    }
  }

  /** The producers known, in no order. */
  public List<ActiveProducer> activeProducers() {
    lock.lock();
    try {
      return producers.states().active();
    } finally {
      lock.unlock();
    }
  }

  /** What is known of the producers; looked at under the lock or while nobody appends. */
  ProducerStates producers() {
    return producers.states();
  }

  // ---- read ----------------------------------------------------------------------------------

  /**
   * Finds bytes for a fetch.
   *
   * @param atLeastOneBatch the first batch comes whole, even if it is larger than the limit
   * @throws OffsetOutOfRangeException below the log start or beyond the log end
   */
  public LogRead read(long offset, int maxBytes, ReadBound bound, boolean atLeastOneBatch) {
    return reading(() -> reader.read(offset, maxBytes, bound, atLeastOneBatch));
  }

  /** The first record with at least this timestamp. */
  public Optional<TimestampOffset> offsetForTimestamp(long timestampMs) {
    return reading(() -> reader.offsetForTimestamp(timestampMs));
  }

  /** The first record with the largest timestamp. */
  public Optional<TimestampOffset> offsetOfMaxTimestamp() {
    return reading(reader::offsetOfMaxTimestamp);
  }

  // ---- offsets and epochs --------------------------------------------------------------------

  /** Sets the high watermark, kept within log start and log end. */
  public void updateHighWatermark(long offset) {
    lock.lock();
    try {
      moveHighWatermark(offset);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Raises the log start; nothing happens when it is there already. Segments that lie below it go
   * with the next retention.
   *
   * @throws OffsetOutOfRangeException above the high watermark
   */
  public void maybeIncrementLogStartOffset(long offset) {
    change(
        () -> {
          if (offset > highWatermark()) {
            throw new OffsetOutOfRangeException(
                "log start "
                    + offset
                    + " of "
                    + partition
                    + " cannot be above its high watermark "
                    + highWatermark());
          }
          raiseLogStart(offset);
        });
  }

  private void raiseLogStart(long offset) throws IOException {
    if (offset > logStartOffset()) {
      offsets.raiseLogStart(offset);
      epochs.truncateFromStart(offset);
      producers.logStartMoved(offset);
      offsets.firstUnstable(producers.states().firstUnstableOffset());
    }
  }

  /**
   * Deletes the records before an offset, for whoever may ask for that.
   *
   * @param offset -1 for the high watermark
   * @return the log start now
   * @throws PolicyViolationException when {@code cleanup.policy} does not contain delete
   * @throws OffsetOutOfRangeException above the high watermark
   */
  public long deleteRecordsBefore(long offset) {
    if (!settings.delete()) {
      throw new PolicyViolationException(
          "records of " + partition + " can be deleted if cleanup.policy contains delete only");
    }
    long before = offset == -1 ? highWatermark() : offset;
    if (before < 0) {
      throw new OffsetOutOfRangeException(
          "records of " + partition + " cannot be deleted before offset " + before);
    }
    maybeIncrementLogStartOffset(before);
    return logStartOffset();
  }

  public OptionalInt latestEpoch() {
    return epochs.latest();
  }

  /** Notes that a leader epoch begins at an offset. */
  public void assignEpochStart(int epoch, long startOffset) {
    change(() -> epochs.assignIfNewer(epoch, startOffset));
  }

  public EpochEnd endOffsetForEpoch(int epoch) {
    return epochs.endOf(epoch, logEndOffset());
  }

  public List<EpochEntry> epochEntries() {
    return epochs.entries();
  }

  // ---- truncation ----------------------------------------------------------------------------

  /**
   * Cuts everything at or above an offset.
   *
   * @return false when the log ends there already
   */
  public boolean truncateTo(long offset) {
    long[] from = new long[1];
    boolean cut =
        withoutCompaction(
            offset < activeBaseOffset(),
            () ->
                changing(
                    () -> {
                      if (offset >= logEndOffset()) {
                        epochs.truncateFromEnd(logEndOffset());
                        return false;
                      }
                      from[0] = logEndOffset();
                      if (segments.first().baseOffset() > offset) {
                        startAfresh(offset);
                      } else {
                        cutSegments(offset);
                      }
                      return true;
                    }));
    if (cut) {
      context.compaction().truncated(this, offset);
      context.listener().truncated(partition, from[0], offset);
    }
    return cut;
  }

  private void cutSegments(long offset) throws IOException {
    for (LogSegment segment : List.copyOf(segments.from(offset))) {
      if (segment.baseOffset() > offset) {
        segments.remove(segment);
        discard(List.of(segment));
      }
    }
    LogSegment active = segments.active();
    active.truncateTo(offset);
    active.activate();
    epochs.truncateFromEnd(offset);
    offsets.end(segments.active().endAt(offset));
    offsets.logStart(Math.min(logStartOffset(), offset));
    offsets.recoveryPoint(Math.min(recoveryPoint(), offset));
    producers.rebuild(segments, logStartOffset(), offset, false);
    reader.forget();
    if (highWatermark() >= offset) {
      moveHighWatermark(offset);
    }
  }

  /** Throws everything away and begins at an offset. */
  public void truncateFullyAndStartAt(long offset) {
    long from =
        withoutCompaction(
            true,
            () ->
                changing(
                    () -> {
                      long end = logEndOffset();
                      startAfresh(offset);
                      return end;
                    }));
    context.compaction().truncated(this, offset);
    context.listener().truncated(partition, from, offset);
  }

  /** Waits for compaction before the log's lock is taken, which compaction needs to end. */
  private <T> T withoutCompaction(boolean needed, Supplier<T> change) {
    if (!needed) {
      return change.get();
    }
    context.compaction().pause(partition);
    try {
      return change.get();
    } finally {
      context.compaction().resume(partition);
    }
  }

  private void startAfresh(long offset) throws IOException {
    // The old ones stay listed until there is a new one: a log is never without a segment.
    List<LogSegment> before = List.copyOf(segments.all());
    for (LogSegment segment : before) {
      discarded.unlinkLater(segment.markDeleted(), settings);
    }
    segments.add(newSegment(offset));
    before.forEach(segments::remove);
    epochs.clear();
    producers.startAfresh(offset);
    offsets.end(segments.active().endAt(offset));
    offsets.logStart(offset);
    producers.logStartMoved(offset);
    offsets.recoveryPoint(Math.min(recoveryPoint(), offset));
    reader.forget();
    moveHighWatermark(offset);
  }

  private void moveHighWatermark(long offset) {
    offsets.moveHighWatermark(offset);
    producers.states().stableBelow(highWatermark());
    offsets.firstUnstable(producers.states().firstUnstableOffset());
  }

  // ---- roll, flush, retention ----------------------------------------------------------------

  /** Begins a new segment at the log's end, unless the active one is empty. */
  public void roll() {
    change(
        () -> {
          if (segments.active().sizeBytes() > 0) {
            rollTo(logEndOffset());
          }
        });
  }

  private LogSegment rollTo(long baseOffset) throws IOException {
    LogSegment before = segments.active();
    if (before.baseOffset() == baseOffset) {
      // An empty segment whose index has no room at all; its producer snapshot stays.
      segments.remove(before);
      discarded.unlinkLater(before.markDeleted(), settings);
    } else {
      before.seal();
      if (recoveryPoint() >= baseOffset) {
        // Flushed to its end already: nobody would come back for what sealing added.
        before.flush();
      }
    }
    Optional<Path> snapshot = producers.snapshotAt(baseOffset);
    LogSegment active = newSegment(baseOffset);
    segments.add(active);
    offsets.end(segments.active().endAt(logEndOffset()));
    context.scheduler().execute(() -> flushInBackground(baseOffset, snapshot));
    context.listener().segmentRolled(partition, baseOffset);
    return active;
  }

  private LogSegment newSegment(long baseOffset) throws IOException {
    return new LogSegment(context, directory, baseOffset, "", settings);
  }

  /** Forces everything to the device and moves the recovery point up. */
  public void flush() {
    change(() -> flushTo(logEndOffset()));
  }

  /** Forces to the device when {@code flush.ms} has passed since the last time. */
  public void flushIfDue() {
    long idle = context.clock().millis() - lastFlushMs;
    if (logEndOffset() > recoveryPoint() && idle >= settings.flushMs()) {
      flush();
    }
  }

  /**
   * Forces what was appended to the device, if it makes up {@code flush.messages} unflushed ones.
   */
  private void flushIfMany(long endBefore, LogSettings now) throws IOException {
    if (logEndOffset() > endBefore && logEndOffset() - recoveryPoint() >= now.flushMessages()) {
      flushTo(logEndOffset());
    }
  }

  private void flushInBackground(long upTo, Optional<Path> snapshot) {
    if (closed) {
      return;
    }
    try {
      if (snapshot.isPresent()) {
        ProducerSnapshots.flush(context.files(), snapshot.get());
      }
      if (recoveryPoint() < upTo) {
        syncSegments(recoveryPoint(), upTo);
        lock.lock();
        try {
          offsets.recoveryPoint(Math.max(recoveryPoint(), Math.min(upTo, logEndOffset())));
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException e) {
      if (!closed) {
        failed("flushing " + partition, e);
      }
    }
  }

  private void flushTo(long upTo) throws IOException {
    syncSegments(recoveryPoint(), upTo);
    offsets.recoveryPoint(upTo);
    lastFlushMs = context.clock().millis();
  }

  private void syncSegments(long from, long upTo) throws IOException {
    boolean newFiles = false;
    for (LogSegment segment : segments.from(from)) {
      if (segment.baseOffset() < upTo) {
        segment.flush();
        newFiles |= segment.baseOffset() >= from;
      }
    }
    if (newFiles) {
      context.files().syncDirectory(directory);
    }
  }

  /**
   * Deletes the oldest segments, as many as the choice says; when all go, an empty one comes first.
   *
   * @return how many
   */
  public int deleteOldSegments(SegmentChoice retention) {
    List<Long> bases = new ArrayList<>();
    StringBuilder reason = new StringBuilder();
    change(
        () -> {
          SegmentChoice.Chosen choice =
              retention.choose(
                  segments(),
                  logStartOffset(),
                  highWatermark(),
                  settings,
                  context.clock().millis());
          if (choice.count() == 0) {
            return;
          }
          reason.append(choice.reason());
          List<LogSegment> victims = segments.all().stream().limit(choice.count()).toList();
          if (victims.size() == segments.all().size()) {
            rollTo(logEndOffset());
          }
          // The start moves first, so that nobody looks for what is about to go.
          raiseLogStart(segments.after(victims.get(victims.size() - 1)).baseOffset());
          for (LogSegment victim : victims) {
            segments.remove(victim);
            bases.add(victim.baseOffset());
          }
          discard(victims);
        });
    if (!bases.isEmpty()) {
      context.listener().segmentsDeleted(partition, bases, reason.toString());
    }
    return bases.size();
  }

  /** Forgets idle producers. */
  public void expireProducers() {
    change(producers::expire);
  }

  /** Renames the files away now and unlinks them after {@code file.delete.delay.ms}. */
  private void discard(List<LogSegment> victims) throws IOException {
    List<Path> renamed = new ArrayList<>();
    try {
      for (LogSegment victim : victims) {
        producers.markSnapshotDeleted(victim.baseOffset()).ifPresent(renamed::add);
        renamed.addAll(victim.markDeleted());
      }
    } catch (IOException e) {
      // Nobody else knows of them any more.
      for (LogSegment victim : victims) {
        victim.abandon();
      }
      throw e;
    }
    discarded.unlinkLater(renamed, settings);
  }

  // ---- compaction ----------------------------------------------------------------------------

  /**
   * The segments from the one that holds an offset on, up to one whose base is not below another.
   */
  public List<SealedSegment> segmentsBetween(long from, long upTo) {
    return segments.between(from, upTo).stream().map(SealedSegment::new).toList();
  }

  /** Where the active segment begins; nothing from there on is ever compacted. */
  public long activeBaseOffset() {
    return segments.active().baseOffset();
  }

  /**
   * The aborted transactions that ended in the segment of an offset or later, within the log, and
   * began before another offset.
   */
  public List<AbortedTransaction> abortedTransactions(long from, long upTo) {
    return reading(() -> reader.abortedSince(from, upTo));
  }

  /** The last that is known of each producer, which compaction has to keep. */
  public Map<Long, ProducerStates.LastRecord> lastRecordsOfProducers() {
    return changing(() -> producers.states().lastRecords());
  }

  /** Begins a segment that is to take the place of others; what an earlier try left is removed. */
  public CleanedSegment newCleanedSegment(long baseOffset) {
    return changing(
        () -> {
          for (String kind : LogFiles.SEGMENT_FILES) {
            context.files().delete(LogFiles.of(directory, baseOffset, kind + LogFiles.CLEANED));
          }
          return new CleanedSegment(
              new LogSegment(context, directory, baseOffset, LogFiles.CLEANED, settings));
        });
  }

  /**
   * Puts a cleaned segment in the place of others.
   *
   * <p>A crash at any step leaves either the old segments or the new one: {@code .cleaned} files
   * are thrown away, {@code .swap} files replace what lies in their range of offsets.
   */
  public void replace(List<SealedSegment> old, CleanedSegment cleaned) {
    change(
        () -> {
          LogSegment fresh = cleaned.segment();
          fresh.rename(LogFiles.SWAP);
          List<LogSegment> replaced = new ArrayList<>();
          for (SealedSegment each : old) {
            if (segments.contains(each.segment())) {
              replaced.add(each.segment());
            }
          }
          segments.add(fresh);
          for (LogSegment each : replaced) {
            if (each.baseOffset() == fresh.baseOffset()) {
              discarded.unlinkLater(each.markDeleted(), settings);
            } else {
              segments.remove(each);
              discard(List.of(each));
            }
          }
          fresh.rename("");
          reader.forget();
        });
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Closes cleanly: flushed, a producer snapshot at the end, indexes trimmed. */
  public void close() {
    change(
        () -> {
          flushTo(logEndOffset());
          Optional<Path> snapshot = producers.snapshotAt(logEndOffset());
          if (snapshot.isPresent()) {
            ProducerSnapshots.flush(context.files(), snapshot.get());
          }
          closed = true;
          try {
            for (LogSegment segment : segments.all()) {
              segment.close();
            }
          } catch (IOException | UncheckedIOException e) {
            abandonSegments();
            throw e;
          }
        });
  }

  /** Lets go of the files as a crash would; nothing is flushed. */
  public void abandon() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      abandonSegments();
    } finally {
      lock.unlock();
    }
  }

  private void abandonSegments() {
    for (LogSegment segment : segments.all()) {
      try {
        segment.abandon();
      } catch (IOException ignoredOnTheWayOut) {
        // The process would be gone by now; the next start recovers.
        continue;
      }
    }
  }

  /** Moves the directory under another name, for deletion; the log is closed by it. */
  public void renameAndClose(Path newDirectory) {
    withoutCompaction(
        true,
        () ->
            changing(
                () -> {
                  closed = true;
                  for (LogSegment segment : segments.all()) {
                    segment.abandon();
                  }
                  context.files().rename(directory, newDirectory);
                  directory = newDirectory;
                  return newDirectory;
                }));
  }

  /** Moves the directory to another name in the same log directory; the log goes on there. */
  public void rename(Path newDirectory) {
    change(
        () -> {
          context.files().rename(directory, newDirectory);
          directory = newDirectory;
          segments.all().forEach(segment -> segment.movedTo(newDirectory));
          epochs.movedTo(newDirectory);
          producers.movedTo(newDirectory);
        });
  }

  // ---- inside --------------------------------------------------------------------------------

  private interface Change {
    void run() throws IOException;
  }

  private interface Changing<T> {
    T run() throws IOException;
  }

  private void change(Change change) {
    changing(
        () -> {
          change.run();
          return null;
        });
  }

  private <T> T changing(Changing<T> change) {
    return locked("writing ", change);
  }

  private <T> T locked(String doing, Changing<T> work) {
    lock.lock();
    try {
      ensureOpen();
      return work.run();
    } catch (IOException e) {
      throw failed(doing + partition, e);
    } catch (UncheckedIOException e) {
      throw failed(doing + partition, e.getCause());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads take no lock, so one that fails may have met a segment that was cut, replaced or deleted
   * meanwhile. Under the lock, where nothing moves, only the disk can fail it.
   */
  private <T> T reading(Changing<T> read) {
    ensureOpen();
    try {
      return read.run();
    } catch (IOException | UncheckedIOException e) {
      return locked("reading ", read);
    }
  }

  private void ensureOpen() {
    if (closed) {
      throw new KafkaStorageException(
          "the log of " + partition + " in " + directory + " is closed");
    }
  }

  private KafkaStorageException failed(String doing, IOException cause) {
    context.failure().failed(logDirectory, cause);
    return new KafkaStorageException(
        doing + " in " + logDirectory + " failed: " + cause.getMessage(), cause);
  }
}
