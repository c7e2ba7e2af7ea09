package io.vitrine.storage.log;

import io.vitrine.storage.checkpoint.PartitionMetadata;
import io.vitrine.storage.epoch.LeaderEpochCache;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.producer.ProducerSnapshots;
import io.vitrine.storage.producer.ProducerStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of one log, and after a crash makes them whole again.
 *
 * <p>Crash order: leftovers of interrupted work go first; then, unless the directory was stopped
 * cleanly, every segment from the recovery point on is read batch by batch, its indexes rebuilt,
 * and the log cut at the first byte that is no sound batch, with all later segments; at last
 * producer states are replayed and the epoch cache is cut to what is there.
 */
final class LogLoader {
  private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);

  private final TopicPartition partition;
  private final Path directory;
  private final LogSettings settings;
  private final PartitionLog.Checkpointed checkpointed;
  private final boolean clean;
  private final LogContext context;
  private final FileAccess files;
  private final LogSegments segments = new LogSegments();

  /** What a log starts with. */
  record Loaded(
      TopicPartition partition,
      Path directory,
      LogSettings settings,
      LogSegments segments,
      LeaderEpochCache epochs,
      ProducerStates producers,
      ProducerSnapshots snapshots,
      Optional<Uuid> topicId,
      long logStartOffset,
      long logEndOffset,
      long recoveryPoint,
      long highWatermark) {}

  LogLoader(
      TopicPartition partition,
      Path directory,
      LogSettings settings,
      PartitionLog.Checkpointed checkpointed,
      boolean clean,
      LogContext context) {
    this.partition = partition;
    this.directory = directory;
    this.settings = settings;
    this.checkpointed = checkpointed;
    this.clean = clean;
    this.context = context;
    this.files = context.files();
  }

  Loaded load() throws IOException {
    try {
      return loadOrFail();
    } catch (UncheckedIOException e) {
      abandonAll();
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      abandonAll();
      throw e;
    }
  }

  private void abandonAll() throws IOException {
    for (LogSegment segment : segments.all()) {
      segment.abandon();
    }
  }

  private Loaded loadOrFail() throws IOException {
    files.createDirectories(directory);
    finishInterruptedWork();
    openSegments();
    LeaderEpochCache epochs = LeaderEpochCache.open(files, directory);
    epochs.ensureFile();
    if (!clean) {
      recover(epochs);
    }
    if (segments.isEmpty()) {
      segments.add(newSegment(checkpointed.logStartOffset()));
    }
    long logEnd = segments.active().nextOffset();
    long logStart = Math.max(checkpointed.logStartOffset(), segments.first().baseOffset());
    if (logEnd < logStart) {
      LOG.warn(
          "{} ends at {} before its start {}: begins empty there", partition, logEnd, logStart);
      dropAll();
      segments.add(newSegment(logStart));
      epochs.clear();
      logEnd = logStart;
    }
    epochs.truncateFromEnd(logEnd);
    epochs.truncateFromStart(logStart);
    ProducerStates producers = new ProducerStates(partition);
    ProducerSnapshots snapshots = ProducerSnapshots.open(files, directory);
    snapshots.retainOnly(
        segments.all().stream().map(LogSegment::baseOffset).collect(Collectors.toSet()));
    loadProducers(segments, producers, snapshots, logStart, logEnd);
    if (segments.active().sizeBytes() > 0) {
      segments.active().activate();
    }
    return new Loaded(
        partition,
        directory,
        settings,
        segments,
        epochs,
        producers,
        snapshots,
        PartitionMetadata.read(files, directory),
        logStart,
        logEnd,
        clean ? logEnd : Math.min(checkpointed.recoveryPoint(), logEnd),
        checkpointed.highWatermark());
  }

  /** Deletes what a crash left half done, and completes swaps that were decided. */
  private void finishInterruptedWork() throws IOException {
    for (Path file : files.list(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(LogFiles.DELETED)
          || name.endsWith(LogFiles.CLEANED)
          || name.endsWith(LogFiles.TEMPORARY)) {
        files.delete(file);
      } else if (name.endsWith(LogFiles.SWAP)) {
        files.rename(
            file, file.resolveSibling(name.substring(0, name.length() - LogFiles.SWAP.length())));
      }
    }
  }

  private void openSegments() throws IOException {
    List<Path> all = files.list(directory);
    for (Path file : all) {
      if (file.toString().endsWith(LogFiles.LOG) && LogFiles.baseOffset(file) >= 0) {
        LogSegment segment = newSegment(LogFiles.baseOffset(file));
        segments.add(segment);
        if (clean) {
          if (segment.indexesSound()) {
            segment.trustIndexes();
          } else {
            LOG.warn("indexes of {} are missing or point beyond it: rebuilt", file);
            segment.recover((batch, position) -> {});
          }
        }
      }
    }
    for (Path file : all) {
      String name = file.getFileName().toString();
      boolean index = name.endsWith(LogFiles.INDEX) || name.endsWith(LogFiles.TIME_INDEX);
      Path log = directory.resolve(name.replaceFirst("\\.[a-z]+$", LogFiles.LOG));
      if (index && !files.exists(log)) {
        files.delete(file);
      }
    }
  }

  private void recover(LeaderEpochCache epochs) throws IOException {
    long startMs = context.clock().millis();
    long bytesCut = 0;
    boolean broken = false;
    long expected = -1;
    for (LogSegment segment : List.copyOf(segments.all())) {
      LogSegment next = segments.after(segment);
      boolean before = next != null && next.baseOffset() <= checkpointed.recoveryPoint();
      if (!broken && before && segment.indexesSound()) {
        segment.trustIndexes();
        continue;
      }
      if (broken || expected > segment.baseOffset()) {
        bytesCut += segment.sizeBytes();
        segments.remove(segment);
        drop(segment);
        broken = true;
        continue;
      }
      long cut = segment.recover((batch, position) -> noteEpoch(epochs, batch));
      bytesCut += cut;
      broken = cut > 0;
      expected = segment.nextOffset();
      if (segments.after(segment) != null) {
        segment.seal();
      }
    }
    long end = segments.isEmpty() ? checkpointed.logStartOffset() : segments.active().nextOffset();
    if (bytesCut > 0) {
      LOG.warn("{}: recovery cut {} bytes, the log ends at {}", partition, bytesCut, end);
    }
    context.listener().recovered(partition, context.clock().millis() - startMs, bytesCut, end);
  }

  private static void noteEpoch(LeaderEpochCache epochs, BatchHeader batch) {
    if (batch.leaderEpoch() >= 0 && batch.leaderEpoch() > epochs.latest().orElse(-1)) {
      try {
        epochs.assign(batch.leaderEpoch(), batch.baseOffset());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private LogSegment newSegment(long baseOffset) throws IOException {
    return new LogSegment(context, directory, baseOffset, "", settings);
  }

  private void dropAll() throws IOException {
    for (LogSegment segment : List.copyOf(segments.all())) {
      segments.remove(segment);
      drop(segment);
    }
  }

  private void drop(LogSegment segment) throws IOException {
    for (Path file : segment.markDeleted()) {
      files.delete(file);
    }
  }

  /**
   * Fills the producer states from the newest snapshot and the batches after it, and keeps the
   * result, so that the next start need not read them again.
   */
  static void loadProducers(
      LogSegments segments,
      ProducerStates producers,
      ProducerSnapshots snapshots,
      long logStart,
      long logEnd)
      throws IOException {
    long from = snapshots.loadNewest(producers, logStart, logEnd).orElse(logStart);
    if (from < logEnd) {
      for (LogSegment segment : segments.from(from)) {
        LogSegment.BatchPosition start = segment.find(from);
        if (start == null) {
          continue;
        }
        segment.forEachBatch(
            start.position(),
            (batch, position) -> {
              if (batch.baseOffset() >= from) {
                PartitionLog.countIn(producers, batch, control(segment, batch, position));
              }
            });
      }
    }
    producers.advanceTo(logEnd);
    snapshots.take(producers);
  }

  private static ByteBuffer control(LogSegment segment, BatchHeader batch, int position) {
    if (!batch.control()) {
      return ByteBuffer.allocate(0);
    }
    try {
      return controlBatch(segment, batch, position);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a control batch that was just appended. */
  static ByteBuffer controlBatch(LogSegment segment, BatchHeader batch) throws IOException {
    LogSegment.BatchPosition found = segment.find(batch.baseOffset());
    return controlBatch(segment, batch, found.position());
  }

  private static ByteBuffer controlBatch(LogSegment segment, BatchHeader batch, int position)
      throws IOException {
    try (LogSlice slice = segment.slice(position, batch.sizeBytes())) {
      return slice.toMemory().buffer();
    }
  }

  /** The coordinator epoch in a transaction's end marker, -1 when the batch is no such marker. */
  static int coordinatorEpoch(ByteBuffer controlBatch) {
    for (Record record : MemoryRecords.readableRecords(controlBatch).records()) {
      short type = ControlRecordType.parseTypeId(record.key());
      if (type == 0 || type == 1) {
        return EndTransactionMarker.deserialize(record).coordinatorEpoch();
      }
    }
    return -1;
  }
}
