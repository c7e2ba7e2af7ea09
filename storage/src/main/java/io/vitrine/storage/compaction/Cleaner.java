package io.vitrine.storage.compaction;

import io.vitrine.storage.log.BoundedRecords;
import io.vitrine.storage.log.CleanedSegment;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.SealedSegment;
import io.vitrine.storage.producer.ProducerStates.LastRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Cleans one log at a time: notes the newest offset of each key of the dirty part, then writes the
 * clean and the dirty part anew without the records that are superseded.
 *
 * <p>Owns its offset map and two buffers that grow to the largest batch and shrink again. Used by
 * one thread. Source: Kafka's design, section log compaction; KIP-534 for the horizon.
 */
final class Cleaner {
  /** Asked between pieces of work; throws {@link CleaningAbortedException} to end it. */
  interface Go {
    void orAbort();
  }

  private final CleanerSettings settings;
  private final Throttle throttle;
  private final InstantSource clock;
  private final OffsetMap newest;
  private final BufferSupplier decompression = BufferSupplier.create();
  private ByteBuffer readBuffer;
  private ByteBuffer writeBuffer;
  private Counts counts = new Counts();

  private static final class Counts {
    long mapBytes;
    long mapRecords;
    long bytesRead;
    long recordsRead;
    long bytesKept;
    long recordsKept;
    long withoutKey;
  }

  /**
   * What came of a pass.
   *
   * @param endOffset where the dirty part begins now
   */
  record Result(long endOffset, CleanerStats stats) {}

  Cleaner(CleanerSettings settings, Throttle throttle, InstantSource clock) {
    this.settings = settings;
    this.throttle = throttle;
    this.clock = clock;
    this.newest = new OffsetMap(settings.keysPerPass());
    restoreBuffers();
  }

  /** One pass over a log. If the map fills up, the dirty part is cleaned as far as it reaches. */
  Result clean(DirtyLog dirty, Go go) throws IOException {
    counts = new Counts();
    PartitionLog log = dirty.log();
    long startMs = clock.millis();
    try {
      mapNewest(log, dirty.firstDirtyOffset(), dirty.firstUncleanableOffset(), go);
      long mapMs = clock.millis() - startMs;
      long endOffset = newest.latestOffset() + 1;
      TransactionOutput output = new TransactionOutput();
      for (List<SealedSegment> group :
          SegmentGroups.of(
              log.segmentsBetween(0, endOffset),
              log.settings().segmentBytes(),
              log.settings().segmentIndexBytes(),
              dirty.firstUncleanableOffset())) {
        cleanGroup(dirty, group, startMs, output, go);
      }
      return new Result(endOffset, stats(mapMs, clock.millis() - startMs));
    } finally {
      newest.clear();
    }
  }

  private CleanerStats stats(long mapMs, long totalMs) {
    return new CleanerStats(
        counts.mapBytes,
        counts.mapRecords,
        newest.utilization(),
        counts.bytesRead,
        counts.recordsRead,
        counts.bytesKept,
        counts.recordsKept,
        counts.withoutKey,
        mapMs,
        totalMs);
  }

  // ---- the map -------------------------------------------------------------------------------

  private void mapNewest(PartitionLog log, long from, long upTo, Go go) throws IOException {
    List<SealedSegment> dirty = log.segmentsBetween(from, upTo);
    TransactionTrace transactions = new TransactionTrace(transaction -> {});
    transactions.add(log.abortedTransactions(from, upTo));
    boolean full = false;
    for (int i = 0; i < dirty.size() && !full; i++) {
      go.orAbort();
      long end = i + 1 < dirty.size() ? dirty.get(i + 1).baseOffset() : upTo;
      full = !mapSegment(log, dirty.get(i), from, transactions, go);
      if (!full) {
        // Offsets that compaction left no records of count as well.
        newest.latestOffset(end - 1);
      }
    }
  }

  /** False when the map is full. */
  private boolean mapSegment(
      PartitionLog log, SealedSegment segment, long from, TransactionTrace transactions, Go go)
      throws IOException {
    int position = segment.positionBefore(from);
    while (position < segment.sizeBytes()) {
      go.orAbort();
      MemoryRecords records = read(segment, position);
      int before = position;
      for (MutableRecordBatch batch : records.batches()) {
        if (!mapBatch(batch, from, transactions)) {
          return false;
        }
        if (batch.lastOffset() >= from) {
          newest.latestOffset(batch.lastOffset());
        }
      }
      position += records.validBytes();
      counts.mapBytes += records.validBytes();
      if (position == before) {
        growBuffers(log, segment, position, records);
      }
    }
    restoreBuffers();
    return true;
  }

  private boolean mapBatch(MutableRecordBatch batch, long from, TransactionTrace transactions)
      throws IOException {
    if (batch.isControlBatch()) {
      transactions.markerOfNothing(batch);
      counts.mapRecords++;
      return true;
    }
    if (transactions.abortedData(batch)) {
      counts.mapRecords += batch.countOrNull();
      return true;
    }
    try (CloseableIterator<Record> records = BoundedRecords.of(batch, decompression)) {
      while (records.hasNext()) {
        Record record = records.next();
        if (record.hasKey() && record.offset() >= from) {
          if (newest.full()) {
            return false;
          }
          newest.put(record.key(), record.offset());
        }
        counts.mapRecords++;
      }
    }
    return true;
  }

  // ---- writing anew --------------------------------------------------------------------------

  /** Where aborted transactions of which records are left are noted: the segment being written. */
  private static final class TransactionOutput {
    private CleanedSegment segment;
    private final TransactionTrace trace =
        new TransactionTrace(transaction -> segment.append(transaction));
  }

  private void cleanGroup(
      DirtyLog dirty, List<SealedSegment> group, long nowMs, TransactionOutput output, Go go)
      throws IOException {
    PartitionLog log = dirty.log();
    CleanedSegment cleaned = log.newCleanedSegment(group.get(0).baseOffset());
    output.segment = cleaned;
    try {
      Map<Long, LastRecord> producers = log.lastRecordsOfProducers();
      for (int i = 0; i < group.size(); i++) {
        SealedSegment segment = group.get(i);
        long end = i + 1 < group.size() ? group.get(i + 1).baseOffset() : segment.nextOffset();
        output.trace.add(log.abortedTransactions(segment.baseOffset(), end));
        KeepRule rule =
            new KeepRule(
                nowMs,
                log.settings().deleteRetentionMs(),
                newest,
                output.trace,
                producers,
                dirty.firstUncleanableOffset());
        copy(log, segment, cleaned, rule, go);
        counts.withoutKey += rule.recordsWithoutKey();
      }
      cleaned.finish(group.get(group.size() - 1).lastModifiedMs());
    } catch (UncheckedIOException e) {
      throw discarded(cleaned, e.getCause());
    } catch (IOException e) {
      throw discarded(cleaned, e);
    } catch (RuntimeException e) {
      throw discarded(cleaned, e);
    }
    log.replace(group, cleaned);
  }

  private static <E extends Exception> E discarded(CleanedSegment cleaned, E cause) {
    try {
      cleaned.discard();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return cause;
  }

  private void copy(PartitionLog log, SealedSegment from, CleanedSegment to, KeepRule rule, Go go)
      throws IOException {
    int position = 0;
    while (position < from.sizeBytes()) {
      go.orAbort();
      MemoryRecords records = read(from, position);
      for (MutableRecordBatch batch : records.batches()) {
        BoundedRecords.check(batch, decompression);
      }
      writeBuffer.clear();
      MemoryRecords.FilterResult kept =
          records.filterTo(
              log.topicPartition(),
              rule,
              writeBuffer,
              log.settings().maxMessageBytes(),
              decompression);
      counts.recordsRead += kept.messagesRead();
      counts.bytesRead += kept.bytesRead();
      counts.recordsKept += kept.messagesRetained();
      counts.bytesKept += kept.bytesRetained();
      position += kept.bytesRead();
      ByteBuffer output = kept.outputBuffer();
      if (output.position() > 0) {
        output.flip();
        int size = output.remaining();
        to.append(output);
        throttle.passed(size);
      }
      if (kept.bytesRead() == 0) {
        growBuffers(log, from, position, records);
      }
    }
    restoreBuffers();
  }

  // ---- buffers -------------------------------------------------------------------------------

  private MemoryRecords read(SealedSegment segment, int position) throws IOException {
    readBuffer.clear();
    segment.read(readBuffer, position);
    MemoryRecords records = MemoryRecords.readableRecords(readBuffer.flip());
    throttle.passed(records.sizeInBytes());
    return records;
  }

  /** Not even one batch fits: makes room for it, if it is one. */
  private void growBuffers(
      PartitionLog log, SealedSegment segment, int position, MemoryRecords records) {
    int largest = Math.max(log.settings().maxMessageBytes(), settings.maxMessageBytes());
    if (readBuffer.capacity() >= log.settings().maxMessageBytes()) {
      Integer next = records.firstBatchSize();
      int left = segment.sizeBytes() - position;
      if (next == null || next <= readBuffer.capacity() || next > left) {
        throw new CorruptRecordException(
            "no batch of "
                + log.topicPartition()
                + " begins at position "
                + position
                + " of segment "
                + segment.baseOffset()
                + ", of which "
                + left
                + " bytes are left");
      }
      largest = Math.max(largest, next);
    }
    int size = (int) Math.min(readBuffer.capacity() * 2L, largest);
    readBuffer = ByteBuffer.allocate(size);
    writeBuffer = ByteBuffer.allocate(size);
  }

  private void restoreBuffers() {
    if (readBuffer == null || readBuffer.capacity() > settings.bufferBytes()) {
      readBuffer = ByteBuffer.allocate(settings.bufferBytes());
      writeBuffer = ByteBuffer.allocate(settings.bufferBytes());
    }
  }
}
