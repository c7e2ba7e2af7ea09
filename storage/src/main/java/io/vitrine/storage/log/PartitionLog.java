package io.vitrine.storage.log;

import io.vitrine.storage.checkpoint.PartitionMetadata;
import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.epoch.EpochEntry;
import io.vitrine.storage.epoch.LeaderEpochCache;
import io.vitrine.storage.producer.BatchMetadata;
import io.vitrine.storage.producer.ProducerSnapshots;
import io.vitrine.storage.producer.ProducerStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;

/**
 * One partition's log in one directory.
 *
 * <p>Owns the segments, the leader-epoch cache, the producer states and the high watermark. One
 * lock guards every change; reads take no lock: they see what is below {@link #logEndOffset()},
 * which is raised after the bytes are in the file. A disk error fails the call with {@link
 * KafkaStorageException} and takes the log directory offline.
 */
public final class PartitionLog {
  private static final byte[] NO_BYTES = {};

  private final ReentrantLock lock = new ReentrantLock();
  private final TopicPartition partition;
  private final Path logDirectory;
  private final LogContext context;
  private final LogSegments segments;
  private final LeaderEpochCache epochs;
  private final ProducerStates producers;
  private final ProducerSnapshots snapshots;
  private volatile Path directory;
  private volatile LogSettings settings;
  private volatile Uuid topicId;
  private volatile long logStartOffset;
  private volatile long highWatermark;
  private volatile long recoveryPoint;
  private volatile long firstUnstableOffset = Long.MAX_VALUE;
  private volatile BoundPosition boundPosition = new BoundPosition(-1, -1, 0);
  private volatile BoundPosition end;
  private volatile boolean closed;
  private long unflushedMessages;
  private long lastFlushMs;

  /** Where an offset that bounds reads lies; remembered since it is asked for on every fetch. */
  private record BoundPosition(long offset, long segmentBase, int position) {}

  PartitionLog(LogLoader.Loaded loaded, LogContext context) {
    this.partition = loaded.partition();
    this.logDirectory = loaded.directory().getParent();
    this.directory = loaded.directory();
    this.context = context;
    this.settings = loaded.settings();
    this.segments = loaded.segments();
    this.epochs = loaded.epochs();
    this.producers = loaded.producers();
    this.snapshots = loaded.snapshots();
    this.topicId = loaded.topicId().orElse(null);
    this.logStartOffset = loaded.logStartOffset();
    endAtActive(loaded.logEndOffset());
    this.recoveryPoint = loaded.recoveryPoint();
    this.highWatermark =
        Math.max(logStartOffset, Math.min(loaded.highWatermark(), loaded.logEndOffset()));
    this.lastFlushMs = context.clock().millis();
    noteUnstable();
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
    return logStartOffset;
  }

  /** The offset the next record gets. */
  public long logEndOffset() {
    return end.offset();
  }

  public long highWatermark() {
    return highWatermark;
  }

  /** Below it no transaction is open: the high watermark, or the first open one's first offset. */
  public long lastStableOffset() {
    return Math.min(highWatermark, firstUnstableOffset);
  }

  /** All below it is on the device. */
  public long recoveryPoint() {
    return recoveryPoint;
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
   * Appends a produced batch: checks it, gives it the next offsets and this leader epoch, in place.
   *
   * @throws org.apache.kafka.common.errors.ApiException the error the producer gets
   */
  public AppendResult appendAsLeader(MemoryRecords records, int leaderEpoch, Origin origin) {
    LogSettings now = settings;
    LeaderAppendCheck check = new LeaderAppendCheck(partition, now, origin);
    MutableRecordBatch batch = check.onlyBatch(records);
    return changing(
        () -> {
          Optional<BatchMetadata> duplicate = checkProducer(batch, origin);
          if (duplicate.isPresent()) {
            return new AppendResult(
                duplicate.get().firstOffset(),
                duplicate.get().lastOffset(),
                -1,
                logStartOffset,
                batch.sizeInBytes(),
                true,
                leaderEpoch);
          }
          long nowMs = context.clock().millis();
          long first = logEndOffset();
          long stamped = check.checkRecordsAndStamp(batch, first, leaderEpoch, nowMs);
          ByteBuffer bytes = records.buffer().duplicate();
          List<BatchHeader> headers = List.of(BatchHeader.parse(bytes));
          assignEpoch(leaderEpoch, first);
          write(bytes, headers, nowMs);
          return new AppendResult(
              first,
              logEndOffset() - 1,
              stamped,
              logStartOffset,
              batch.sizeInBytes(),
              false,
              leaderEpoch);
        });
  }

  /**
   * Appends what a leader sent, byte for byte.
   *
   * @throws CorruptRecordException when a batch is damaged
   * @throws OffsetOutOfRangeException when it does not begin at or after the log's end
   */
  public AppendResult appendAsFollower(MemoryRecords records) {
    List<BatchHeader> headers = headersOf(records);
    return changing(
        () -> {
          if (headers.isEmpty()) {
            return new AppendResult(
                logEndOffset(), logEndOffset() - 1, -1, logStartOffset, 0, false, -1);
          }
          BatchHeader first = headers.get(0);
          if (first.baseOffset() < logEndOffset()) {
            throw new OffsetOutOfRangeException(
                "batch at offset "
                    + first.baseOffset()
                    + " for "
                    + partition
                    + ", whose log ends at "
                    + logEndOffset());
          }
          for (BatchHeader header : headers) {
            assignEpoch(header.leaderEpoch(), header.baseOffset());
          }
          int length = headers.stream().mapToInt(BatchHeader::sizeBytes).sum();
          ByteBuffer bytes = records.buffer().duplicate();
          write(bytes.limit(bytes.position() + length), headers, context.clock().millis());
          int lastEpoch = headers.get(headers.size() - 1).leaderEpoch();
          return new AppendResult(
              first.baseOffset(), logEndOffset() - 1, -1, logStartOffset, length, false, lastEpoch);
        });
  }

  private List<BatchHeader> headersOf(MemoryRecords records) {
    List<BatchHeader> headers = new ArrayList<>();
    ByteBuffer bytes = records.buffer().duplicate();
    for (MutableRecordBatch batch : records.batches()) {
      batch.ensureValid();
      BatchHeader header = BatchHeader.parse(bytes);
      bytes.position(bytes.position() + header.sizeBytes());
      headers.add(header);
    }
    return headers;
  }

  private Optional<BatchMetadata> checkProducer(MutableRecordBatch batch, Origin origin) {
    if (origin != Origin.CLIENT || !batch.hasProducerId()) {
      return Optional.empty();
    }
    return producers.check(
        batch.producerId(),
        batch.producerEpoch(),
        batch.baseSequence(),
        batch.lastSequence(),
        logEndOffset());
  }

  private void assignEpoch(int epoch, long offset) throws IOException {
    if (epoch >= 0 && epoch > epochs.latest().orElse(-1)) {
      epochs.assign(epoch, offset);
    }
  }

  private void write(ByteBuffer bytes, List<BatchHeader> headers, long nowMs) throws IOException {
    BatchHeader last = headers.get(headers.size() - 1);
    LogSegment active = segments.active();
    long newest = headers.stream().mapToLong(BatchHeader::maxTimestampMs).max().orElse(-1);
    active.activate();
    if (active.mustRollBefore(bytes.remaining(), last.lastOffset(), newest, nowMs, settings)) {
      active = rollTo(headers.get(0).baseOffset());
    }
    active.append(bytes, headers);
    for (BatchHeader header : headers) {
      countIn(producers, header, bytesOf(header, active));
    }
    noteUnstable();
    unflushedMessages += last.nextOffset() - logEndOffset();
    endAtActive(last.nextOffset());
    if (unflushedMessages >= settings.flushMessages()) {
      flushTo(logEndOffset());
    }
  }

  /** The bytes of a control batch just written; nobody needs those of the others. */
  private static ByteBuffer bytesOf(BatchHeader header, LogSegment segment) throws IOException {
    if (!header.control()) {
      return ByteBuffer.wrap(NO_BYTES);
    }
    return LogLoader.controlBatch(segment, header);
  }

  static void countIn(ProducerStates producers, BatchHeader header, ByteBuffer control) {
    if (!header.hasProducerId()) {
      producers.advanceTo(header.nextOffset());
    } else if (header.control()) {
      producers.transactionEnded(
          header.producerId(),
          header.producerEpoch(),
          LogLoader.coordinatorEpoch(control),
          header.lastOffset(),
          header.maxTimestampMs());
    } else {
      producers.appended(
          header.producerId(),
          header.producerEpoch(),
          new BatchMetadata(
              header.lastSequence(),
              header.lastOffset(),
              header.lastOffsetDelta(),
              header.maxTimestampMs()),
          header.transactional());
    }
  }

  private void noteUnstable() {
    firstUnstableOffset = producers.firstUnstableOffset().orElse(Long.MAX_VALUE);
  }

  // ---- read ----------------------------------------------------------------------------------

  /**
   * Finds bytes for a fetch.
   *
   * @param atLeastOneBatch the first batch comes whole, even if it is larger than the limit
   * @throws OffsetOutOfRangeException below the log start or beyond the log end
   */
  public LogRead read(long offset, int maxBytes, ReadBound bound, boolean atLeastOneBatch) {
    ensureOpen();
    long end = logEndOffset();
    long start = logStartOffset;
    if (offset > end || offset < start) {
      throw new OffsetOutOfRangeException(
          "offset "
              + offset
              + " of "
              + partition
              + " is not within "
              + start
              + " and "
              + end
              + ", where its log is");
    }
    long limit =
        switch (bound) {
          case LOG_END -> end;
          case HIGH_WATERMARK -> highWatermark;
          case LAST_STABLE -> lastStableOffset();
        };
    if (offset >= limit) {
      return nothing(offset);
    }
    try {
      return readBelow(offset, maxBytes, limit, atLeastOneBatch);
    } catch (IOException e) {
      throw failed("reading " + partition, e);
    } catch (UncheckedIOException e) {
      throw failed("reading " + partition, e.getCause());
    }
  }

  private LogRead readBelow(long offset, int maxBytes, long limit, boolean atLeastOneBatch)
      throws IOException {
    LogSegment segment = segments.floor(offset);
    while (segment != null) {
      LogSegment.BatchPosition found = segment.find(offset);
      if (found != null) {
        int end = endPosition(segment, limit);
        int available = Math.max(0, end - found.position());
        int wanted = atLeastOneBatch ? Math.max(maxBytes, found.sizeBytes()) : maxBytes;
        int size = Math.min(available, Math.max(0, wanted));
        LogSlice slice = size == 0 ? LogSlice.EMPTY : segment.slice(found.position(), size);
        if (slice == null) {
          return nothing(offset);
        }
        return new LogRead(
            slice,
            offset,
            segment.baseOffset(),
            found.position(),
            size < found.sizeBytes(),
            highWatermark,
            logStartOffset,
            logEndOffset(),
            lastStableOffset());
      }
      segment = segments.after(segment);
    }
    return nothing(offset);
  }

  /** Where the bytes below an offset end in a segment. */
  private int endPosition(LogSegment segment, long limit) throws IOException {
    LogSegment next = segments.after(segment);
    if (next != null && next.baseOffset() <= limit) {
      return segment.sizeBytes();
    }
    // A file's size may include a batch that is being appended: offset and position of the end are
    // read as one.
    BoundPosition logEnd = end;
    if (logEnd.offset() == limit && logEnd.segmentBase() == segment.baseOffset()) {
      return logEnd.position();
    }
    BoundPosition known = boundPosition;
    if (known.offset() == limit && known.segmentBase() == segment.baseOffset()) {
      return known.position();
    }
    LogSegment.BatchPosition found = segment.find(limit);
    int position = found == null ? segment.sizeBytes() : found.position();
    boundPosition = new BoundPosition(limit, segment.baseOffset(), position);
    return position;
  }

  private LogRead nothing(long offset) {
    return new LogRead(
        LogSlice.EMPTY,
        offset,
        segments.floor(offset).baseOffset(),
        0,
        false,
        highWatermark,
        logStartOffset,
        logEndOffset(),
        lastStableOffset());
  }

  /** The first record with at least this timestamp. */
  public Optional<TimestampOffset> offsetForTimestamp(long timestampMs) {
    ensureOpen();
    try {
      for (LogSegment segment : segments.all()) {
        TimestampOffset found = segment.findByTimestamp(timestampMs, logStartOffset);
        if (found != null) {
          return Optional.of(found);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failed("looking for a timestamp in " + partition, e);
    } catch (UncheckedIOException e) {
      throw failed("looking for a timestamp in " + partition, e.getCause());
    }
  }

  /** The record with the largest timestamp. */
  public Optional<TimestampOffset> offsetOfMaxTimestamp() {
    long largest = -1;
    for (LogSegment segment : segments.all()) {
      largest = Math.max(largest, segment.maxTimestamp().timestamp());
    }
    return largest < 0 ? Optional.empty() : offsetForTimestamp(largest);
  }

  // ---- offsets and epochs --------------------------------------------------------------------

  /** Sets the high watermark, kept within log start and log end. */
  public void updateHighWatermark(long offset) {
    lock.lock();
    try {
      highWatermark = Math.max(logStartOffset, Math.min(offset, logEndOffset()));
    } finally {
      lock.unlock();
    }
  }

  /** Raises the log start; nothing happens when it is there already. */
  public void maybeIncrementLogStartOffset(long offset) {
    change(
        () -> {
          if (offset > highWatermark) {
            throw new OffsetOutOfRangeException(
                "log start "
                    + offset
                    + " of "
                    + partition
                    + " cannot be above its high watermark "
                    + highWatermark);
          }
          if (offset > logStartOffset) {
            logStartOffset = offset;
            epochs.truncateFromStart(offset);
          }
        });
  }

  public OptionalInt latestEpoch() {
    return epochs.latest();
  }

  /** Notes that a leader epoch begins at an offset. */
  public void assignEpochStart(int epoch, long startOffset) {
    change(() -> assignEpoch(epoch, startOffset));
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
        changing(
            () -> {
              if (offset >= logEndOffset()) {
                epochs.truncateFromEnd(offset);
                return false;
              }
              from[0] = logEndOffset();
              if (segments.first().baseOffset() > offset) {
                startAfresh(offset);
              } else {
                cutSegments(offset);
              }
              return true;
            });
    if (cut) {
      context.listener().truncated(partition, from[0], offset);
    }
    return cut;
  }

  private void cutSegments(long offset) throws IOException {
    for (LogSegment segment : List.copyOf(segments.from(offset))) {
      if (segment.baseOffset() > offset
          || segment.baseOffset() == offset && segment != segments.first()) {
        segments.remove(segment);
        discard(List.of(segment));
      }
    }
    LogSegment active = segments.active();
    active.truncateTo(offset);
    active.activate();
    endAt(offset);
    rebuildProducers();
  }

  /** Throws everything away and begins at an offset. */
  public void truncateFullyAndStartAt(long offset) {
    long[] from = new long[1];
    change(
        () -> {
          from[0] = logEndOffset();
          startAfresh(offset);
        });
    context.listener().truncated(partition, from[0], offset);
  }

  private void startAfresh(long offset) throws IOException {
    List<LogSegment> all = List.copyOf(segments.all());
    for (LogSegment segment : all) {
      segments.remove(segment);
    }
    discard(all);
    segments.add(newSegment(offset));
    epochs.clear();
    snapshots.deleteAll(offset);
    producers.reset(offset);
    noteUnstable();
    logStartOffset = offset;
    endAtActive(offset);
    highWatermark = offset;
    recoveryPoint = Math.min(recoveryPoint, offset);
    boundPosition = new BoundPosition(-1, -1, 0);
  }

  private void endAt(long offset) throws IOException {
    epochs.truncateFromEnd(offset);
    endAtActive(offset);
    logStartOffset = Math.min(logStartOffset, offset);
    highWatermark = Math.min(highWatermark, offset);
    recoveryPoint = Math.min(recoveryPoint, offset);
    boundPosition = new BoundPosition(-1, -1, 0);
  }

  private void endAtActive(long offset) {
    LogSegment active = segments.active();
    end = new BoundPosition(offset, active.baseOffset(), active.sizeBytes());
  }

  private void rebuildProducers() throws IOException {
    LogLoader.loadProducers(segments, producers, snapshots, logStartOffset, logEndOffset());
    noteUnstable();
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
      segments.remove(before);
      discard(List.of(before));
    } else {
      before.seal();
      producers.advanceTo(baseOffset);
      snapshots.take(producers);
    }
    LogSegment active = newSegment(baseOffset);
    segments.add(active);
    context.scheduler().execute(() -> flushInBackground(baseOffset));
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
    if (logEndOffset() > recoveryPoint && idle >= settings.flushMs()) {
      flush();
    }
  }

  private void flushInBackground(long upTo) {
    if (!closed && recoveryPoint < upTo) {
      try {
        syncSegments(recoveryPoint, upTo);
        lock.lock();
        try {
          recoveryPoint = Math.max(recoveryPoint, Math.min(upTo, logEndOffset()));
        } finally {
          lock.unlock();
        }
      } catch (IOException e) {
        if (!closed) {
          failed("flushing " + partition, e);
        }
      }
    }
  }

  private void flushTo(long upTo) throws IOException {
    syncSegments(recoveryPoint, upTo);
    recoveryPoint = upTo;
    unflushedMessages = 0;
    lastFlushMs = context.clock().millis();
  }

  private void syncSegments(long from, long upTo) throws IOException {
    for (LogSegment segment : segments.from(from)) {
      if (segment.baseOffset() < upTo) {
        segment.flush();
      }
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
                  segments(), logStartOffset, highWatermark, settings, context.clock().millis());
          if (choice.count() == 0) {
            return;
          }
          reason.append(choice.reason());
          List<LogSegment> victims = segments.all().stream().limit(choice.count()).toList();
          if (victims.size() == segments.all().size()) {
            rollTo(logEndOffset());
          }
          for (LogSegment victim : victims) {
            segments.remove(victim);
            bases.add(victim.baseOffset());
          }
          logStartOffset = Math.max(logStartOffset, segments.first().baseOffset());
          epochs.truncateFromStart(logStartOffset);
          discard(victims);
        });
    if (!bases.isEmpty()) {
      context.listener().segmentsDeleted(partition, bases, reason.toString());
    }
    return bases.size();
  }

  /** Forgets idle producers. */
  public void expireProducers(long idleMs) {
    change(() -> producers.expire(context.clock().millis(), idleMs));
  }

  /** Renames the files away now and unlinks them after {@code file.delete.delay.ms}. */
  private void discard(List<LogSegment> victims) throws IOException {
    List<Path> renamed = new ArrayList<>();
    for (LogSegment victim : victims) {
      snapshots.delete(victim.baseOffset());
      renamed.addAll(victim.markDeleted());
    }
    context
        .scheduler()
        .schedule(() -> unlink(renamed), settings.fileDeleteDelayMs(), TimeUnit.MILLISECONDS);
  }

  private void unlink(List<Path> files) {
    try {
      for (Path file : files) {
        context.files().delete(file);
      }
    } catch (IOException e) {
      failed("deleting files of " + partition, e);
    }
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Closes cleanly: flushed, a producer snapshot at the end, indexes trimmed. */
  public void close() {
    change(
        () -> {
          flushTo(logEndOffset());
          producers.advanceTo(logEndOffset());
          snapshots.take(producers);
          closed = true;
          for (LogSegment segment : segments.all()) {
            segment.close();
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
      for (LogSegment segment : segments.all()) {
        try {
          segment.abandon();
        } catch (IOException ignoredOnTheWayOut) {
          // The process would be gone by now; the next start recovers.
          continue;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Moves the directory under another name, for deletion; the log is closed by it. */
  public void renameAndClose(Path newDirectory) {
    change(
        () -> {
          closed = true;
          for (LogSegment segment : segments.all()) {
            segment.abandon();
          }
          context.files().rename(directory, newDirectory);
          directory = newDirectory;
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
    lock.lock();
    try {
      ensureOpen();
      return change.run();
    } catch (IOException e) {
      throw failed("writing " + partition, e);
    } catch (UncheckedIOException e) {
      throw failed("writing " + partition, e.getCause());
    } finally {
      lock.unlock();
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
