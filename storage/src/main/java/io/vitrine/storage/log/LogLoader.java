package io.vitrine.storage.log;

import io.vitrine.storage.checkpoint.PartitionMetadata;
import io.vitrine.storage.epoch.LeaderEpochCache;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.producer.ProducerSnapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of one log, and after a crash makes them whole again.
 *
 * <p>Crash order: leftovers of interrupted work go first; then, unless the directory was stopped
 * cleanly, every segment from the recovery point on is read batch by batch, its indexes rebuilt,
 * and the log cut at the first byte that is no sound batch, with all later segments; a segment with
 * offsets too far from its base is split first ({@link SegmentSplit}); at last producer states are
 * replayed and the epoch cache is cut to what is there.
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
  private final DiscardedFiles discarded;

  /** What a log starts with. */
  record Loaded(
      TopicPartition partition,
      Path directory,
      LogSettings settings,
      LogSegments segments,
      LeaderEpochCache epochs,
      ProducerTracker producers,
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
    this.discarded = new DiscardedFiles(directory.getParent(), context);
  }

  Loaded load() throws IOException {
    try {
      return loadOrFail();
    } catch (UncheckedIOException e) {
      abandonAll();
      throw e.getCause();
    } catch (IOException e) {
      abandonAll();
      throw e;
    } catch (RuntimeException e) {
      abandonAll();
      throw new IOException(directory + " cannot be understood: " + e, e);
    } catch (Error e) {
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
    LeaderEpochCache epochs = LeaderEpochCache.open(files, directory);
    epochs.ensureFile();
    openAndRecover(epochs);
    if (segments.isEmpty()) {
      segments.add(newSegment(checkpointed.logStartOffset()));
    }
    LogSegment active = segments.active();
    long logEnd = clean ? active.soundNextOffset() : active.nextOffset();
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
    ProducerTracker producers = new ProducerTracker(partition, directory, context);
    producers.retainOnly(segments);
    producers.rebuild(segments, logStart, logEnd, clean);
    segments.active().activate();
    return new Loaded(
        partition,
        directory,
        settings,
        segments,
        epochs,
        producers,
        PartitionMetadata.read(files, directory),
        logStart,
        logEnd,
        clean ? logEnd : Math.min(checkpointed.recoveryPoint(), logEnd),
        checkpointed.highWatermark());
  }

  /**
   * Deletes what a crash left half done, and completes swaps that were decided: the segments a
   * {@code .swap} file stands for go, then it takes their place. A {@code .swap} file at or above a
   * {@code .cleaned} one belongs to a swap that was not decided yet.
   */
  private void finishInterruptedWork() throws IOException {
    List<Path> swaps = new ArrayList<>();
    List<Path> cleaned = new ArrayList<>();
    for (Path file : files.list(directory)) {
      String name = file.getFileName().toString();
      boolean ofSegment = LogFiles.baseOffset(file) >= 0;
      if (name.endsWith(LogFiles.DELETED) || name.endsWith(LogFiles.TEMPORARY)) {
        files.delete(file);
      } else if (ofSegment && name.endsWith(LogFiles.CLEANED)) {
        cleaned.add(file);
      } else if (ofSegment && name.endsWith(LogFiles.SWAP)) {
        swaps.add(file);
      }
    }
    long firstCleaned =
        cleaned.stream().mapToLong(LogFiles::baseOffset).min().orElse(Long.MAX_VALUE);
    for (Path swap : List.copyOf(swaps)) {
      if (LogFiles.baseOffset(swap) >= firstCleaned) {
        files.delete(swap);
        swaps.remove(swap);
      }
    }
    for (Path each : cleaned) {
      files.delete(each);
    }
    completeSwaps(swaps);
  }

  private void completeSwaps(List<Path> swaps) throws IOException {
    long from = Long.MAX_VALUE;
    long upTo = Long.MIN_VALUE;
    for (Path swap : swaps) {
      if (swap.toString().endsWith(LogFiles.LOG + LogFiles.SWAP)) {
        long base = LogFiles.baseOffset(swap);
        LogSegment segment = new LogSegment(context, directory, base, LogFiles.SWAP, settings);
        try {
          from = Math.min(from, base);
          upTo = Math.max(upTo, segment.nextOffset());
        } finally {
          segment.abandon();
        }
      }
    }
    for (Path file : files.list(directory)) {
      long base = LogFiles.baseOffset(file);
      if (base >= from && base < upTo && !swaps.contains(file)) {
        LOG.info("{} was compacted before the crash and goes now", file);
        files.delete(file);
      }
    }
    for (Path swap : swaps) {
      String name = swap.getFileName().toString();
      files.rename(
          swap, swap.resolveSibling(name.substring(0, name.length() - LogFiles.SWAP.length())));
    }
  }

  /** Begins again after each segment that had to be split. */
  private void openAndRecover(LeaderEpochCache epochs) throws IOException {
    while (true) {
      try {
        openSegments(epochs);
        if (!clean) {
          recover(epochs);
        }
        return;
      } catch (SegmentSplit.NeededException e) {
        abandonAll();
        segments.clear();
        split(e.split());
      }
    }
  }

  private void split(SegmentSplit split) throws IOException {
    LOG.warn(
        "offsets of segment {} of {} lie too far from its base: it is split",
        split.baseOffset(),
        partition);
    List<Path> renamed = new ArrayList<>(split.run());
    if (!split.keepsBase()) {
      ProducerSnapshots.open(files, directory)
          .markDeleted(split.baseOffset())
          .ifPresent(renamed::add);
    }
    discarded.unlinkLater(renamed, settings);
  }

  private void openSegments(LeaderEpochCache epochs) throws IOException {
    List<Path> all = files.list(directory);
    for (Path file : all) {
      if (file.toString().endsWith(LogFiles.LOG) && LogFiles.baseOffset(file) >= 0) {
        LogSegment segment = newSegment(LogFiles.baseOffset(file));
        try {
          if (segments.isEmpty()) {
            // The oldest: formats rise with the offsets.
            segment.requireCurrentFormat();
          }
          if (clean) {
            trustOrRebuild(segment, epochs);
          }
        } catch (IOException | RuntimeException e) {
          segment.abandon();
          throw e;
        }
        segments.add(segment);
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
      if (before) {
        bytesCut += trustOrRebuild(segment, epochs);
        continue;
      }
      if (broken || expected > segment.baseOffset()) {
        bytesCut += segment.sizeBytes();
        segments.remove(segment);
        drop(segment);
        broken = true;
        continue;
      }
      long cut = recoverSegment(segment, epochs);
      bytesCut += cut;
      broken = cut > 0;
      expected = segment.nextOffset();
    }
    long end = segments.isEmpty() ? checkpointed.logStartOffset() : segments.active().nextOffset();
    if (bytesCut > 0) {
      LOG.warn("{}: recovery cut {} bytes, the log ends at {}", partition, bytesCut, end);
    }
    context.listener().recovered(partition, context.clock().millis() - startMs, bytesCut, end);
  }

  /** What lies below the recovery point was flushed: damage there costs nothing behind it. */
  private long trustOrRebuild(LogSegment segment, LeaderEpochCache epochs) throws IOException {
    if (segment.indexesSound()) {
      segment.trustIndexes();
      return 0;
    }
    LOG.warn(
        "indexes of segment {} of {} are missing or point beyond it: rebuilt",
        segment.baseOffset(),
        partition);
    return recoverSegment(segment, epochs);
  }

  /**
   * Rebuilds a segment's indexes with the producer states its transactions began in, and keeps the
   * states at its end for the next one.
   *
   * @return bytes cut
   */
  private long recoverSegment(LogSegment segment, LeaderEpochCache epochs) throws IOException {
    ProducerTracker producers = new ProducerTracker(partition, directory, context);
    producers.rebuild(segments, checkpointed.logStartOffset(), segment.baseOffset(), false);
    long cut =
        segment.recover(
            (batch, position) -> {
              noteEpoch(epochs, batch);
              producers.recovered(batch, position, segment);
            });
    producers.snapshotAt(producers.states().endOffset());
    return cut;
  }

  private static void noteEpoch(LeaderEpochCache epochs, BatchHeader batch) {
    try {
      epochs.assignIfNewer(batch.leaderEpoch(), batch.baseOffset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /** Renames the files of a segment away; they can be looked at until they are unlinked. */
  private void drop(LogSegment segment) throws IOException {
    List<Path> renamed = new ArrayList<>(segment.markDeleted());
    ProducerSnapshots.open(files, directory)
        .markDeleted(segment.baseOffset())
        .ifPresent(renamed::add);
    discarded.unlinkLater(renamed, settings);
  }
}
