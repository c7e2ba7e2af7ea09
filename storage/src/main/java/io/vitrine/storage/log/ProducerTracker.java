package io.vitrine.storage.log;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.index.AbortedTransaction;
import io.vitrine.storage.producer.BatchMetadata;
import io.vitrine.storage.producer.CompletedTransaction;
import io.vitrine.storage.producer.ProducerBatch;
import io.vitrine.storage.producer.ProducerSnapshots;
import io.vitrine.storage.producer.ProducerStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * The producers of a log as its batches tell them, with their snapshots on disk.
 *
 * <p>Guarded by the log's lock.
 */
final class ProducerTracker {
  private static final int NO_SEQUENCE = -1;
  private static final ByteBuffer NOT_NEEDED = ByteBuffer.allocate(0);

  private final LogContext context;
  private final FileAccess files;
  private final ProducerStates states;
  private final ProducerSnapshots snapshots;
  private final Verifications verifications = new Verifications();

  ProducerTracker(TopicPartition partition, Path directory, LogContext context) throws IOException {
    this.context = context;
    this.files = context.files();
    this.states = new ProducerStates(partition);
    this.snapshots = ProducerSnapshots.open(files, directory);
  }

  ProducerStates states() {
    return states;
  }

  /** Follows a rename of the directory. */
  void movedTo(Path directory) {
    snapshots.movedTo(directory);
  }

  // ---- appends -------------------------------------------------------------------------------

  /**
   * Checks a leader's append against what is known of the producer.
   *
   * @param batch with its final offsets
   * @param bytes of the batch
   * @param guard looked at when the batch would open a transaction
   * @return the earlier batch it repeats, if it does
   */
  Optional<BatchMetadata> check(
      BatchHeader batch, ByteBuffer bytes, Origin origin, VerificationGuard guard) {
    if (!batch.hasProducerId()) {
      return Optional.empty();
    }
    if (batch.control()) {
      EndMarkers.parse(batch, bytes).ifPresent(states::check);
      return Optional.empty();
    }
    ProducerBatch producerBatch = producerBatch(batch);
    if (origin == Origin.CLIENT) {
      Optional<BatchMetadata> duplicate = states.duplicateOf(producerBatch);
      if (duplicate.isPresent()) {
        return duplicate;
      }
    }
    if (batch.transactional() && !states.hasOpenTransaction(batch.producerId())) {
      states.checkEpoch(producerBatch);
      verifications.check(batch.producerId(), guard);
    }
    states.check(producerBatch, origin == Origin.CLIENT);
    if (origin == Origin.CLIENT) {
      verifications.checkSequence(batch.producerId(), batch.baseSequence());
    }
    return Optional.empty();
  }

  /**
   * The guard the first batch of a producer's transaction needs, {@link VerificationGuard#NONE}
   * when its transaction is open already.
   */
  VerificationGuard beginVerification(long producerId, short epoch, int sequence) {
    return states.hasOpenTransaction(producerId)
        ? VerificationGuard.NONE
        : verifications.begin(producerId, epoch, sequence, context.clock().millis());
  }

  /** Forgets producers idle for longer than {@code producer.id.expiration.ms}. */
  void expire() {
    long nowMs = context.clock().millis();
    states.expire(nowMs, context.producerIdExpirationMs().getAsLong());
    verifications.expire(nowMs, context.producerIdExpirationMs().getAsLong());
  }

  /** Counts in batches that were written to a segment, one after the other from a position on. */
  void appended(List<BatchHeader> batches, ByteBuffer bytes, LogSegment segment)
      throws IOException {
    int at = bytes.position();
    for (BatchHeader batch : batches) {
      countIn(batch, batch.control() ? bytes.slice(at, batch.sizeBytes()) : NOT_NEEDED, segment);
      at += batch.sizeBytes();
    }
  }

  /**
   * Counts in one batch, and notes in the segment's index if it aborts a transaction.
   *
   * @param bytes of the batch, looked at when it is a control batch
   */
  private void countIn(BatchHeader batch, ByteBuffer bytes, LogSegment segment) throws IOException {
    if (batch.hasProducerId()) {
      if (batch.control()) {
        Optional<CompletedTransaction> completed =
            EndMarkers.parse(batch, bytes).flatMap(states::appended);
        if (completed.isPresent()) {
          complete(completed.get(), segment);
        }
      } else {
        states.appended(producerBatch(batch));
      }
      if (batch.transactional()) {
        verifications.appended(batch.producerId());
      }
    }
    states.advanceTo(batch.nextOffset());
  }

  private void complete(CompletedTransaction completed, LogSegment segment) throws IOException {
    if (completed.aborted() && segment != null) {
      segment
          .transactions()
          .append(
              new AbortedTransaction(
                  completed.producerId(),
                  completed.firstOffset(),
                  completed.lastOffset(),
                  states.lastStableOffset(completed)));
    }
    states.complete(completed);
  }

  private static ProducerBatch producerBatch(BatchHeader batch) {
    return new ProducerBatch(
        batch.producerId(),
        batch.producerEpoch(),
        batch.baseSequence(),
        batch.baseSequence() < 0 ? NO_SEQUENCE : batch.lastSequence(),
        batch.baseOffset(),
        batch.lastOffset(),
        batch.maxTimestampMs(),
        batch.transactional());
  }

  // ---- rebuilding ----------------------------------------------------------------------------

  /** Counts in a batch that recovery found sound, at its place in the segment. */
  void recovered(BatchHeader batch, int position, LogSegment segment) {
    try {
      countIn(batch, controlBytes(batch, position, segment), segment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes the states those at an offset: from the newest snapshot at or below it and the batches
   * after that. Snapshots are kept at the bases of the last two segments and at the offset, so that
   * the next time less need be read. What is known of the last batches and still in the log stays
   * known, though snapshots do not hold it.
   *
   * @param afterCleanStop a log that was closed cleanly and has no snapshot has no producers
   */
  void rebuild(LogSegments segments, long logStart, long upTo, boolean afterCleanStop)
      throws IOException {
    Collection<Long> keptAt = snapshotOffsets(segments, upTo);
    if (afterCleanStop && snapshots.newest().isEmpty()) {
      for (long offset : keptAt) {
        states.advanceTo(offset);
        snapshots.take(states);
      }
      return;
    }
    boolean nothingToLose = states.isEmpty() && states.endOffset() >= upTo;
    ProducerStates.Recent recent = states.recent(upTo);
    snapshots.reload(
        states,
        logStart,
        upTo,
        context.clock().millis(),
        context.producerIdExpirationMs().getAsLong());
    if (upTo > states.endOffset() && !nothingToLose) {
      for (LogSegment segment : segments.from(states.endOffset())) {
        if (segment.baseOffset() >= upTo) {
          break;
        }
        long from = Math.max(Math.max(segment.baseOffset(), states.endOffset()), logStart);
        states.advanceTo(from);
        if (keptAt.contains(segment.baseOffset())) {
          snapshots.take(states);
        }
        replay(segment, from, upTo);
      }
    }
    states.recall(recent);
    states.advanceTo(upTo);
    snapshots.take(states);
  }

  private void replay(LogSegment segment, long from, long upTo) throws IOException {
    LogSegment.BatchPosition start = segment.find(from);
    if (start == null) {
      return;
    }
    segment.forEachBatch(
        start.position(),
        (batch, position) -> {
          if (batch.lastOffset() < upTo) {
            try {
              countIn(batch, controlBytes(batch, position, segment), null);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  private static Collection<Long> snapshotOffsets(LogSegments segments, long upTo) {
    List<Long> bases =
        segments.all().stream().map(LogSegment::baseOffset).collect(Collectors.toList());
    List<Long> offsets =
        new ArrayList<>(bases.subList(Math.max(0, bases.size() - 2), bases.size()));
    offsets.add(upTo);
    return offsets;
  }

  private static ByteBuffer controlBytes(BatchHeader batch, int position, LogSegment segment)
      throws IOException {
    if (!batch.hasProducerId() || !batch.control()) {
      return NOT_NEEDED;
    }
    try (LogSlice slice = segment.slice(position, batch.sizeBytes())) {
      return slice.toMemory().buffer();
    }
  }

  // ---- snapshots -----------------------------------------------------------------------------

  /** Keeps the states as they are at an offset; forced to the device by whoever asks for it. */
  Optional<Path> snapshotAt(long offset) throws IOException {
    states.advanceTo(offset);
    return snapshots.take(states);
  }

  /** Deletes snapshots no segment needs. */
  void retainOnly(LogSegments segments) throws IOException {
    snapshots.retainOnly(
        segments.all().stream()
            .map(LogSegment::baseOffset)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Renames the snapshot at a segment's base away. */
  Optional<Path> markSnapshotDeleted(long baseOffset) throws IOException {
    return snapshots.markDeleted(baseOffset);
  }

  /** Forgets everything; the log begins anew at an offset. */
  void startAfresh(long offset) throws IOException {
    snapshots.deleteAll();
    states.reset(offset);
  }

  void logStartMoved(long logStart) {
    snapshots.logStartMoved(states, logStart);
  }
}
