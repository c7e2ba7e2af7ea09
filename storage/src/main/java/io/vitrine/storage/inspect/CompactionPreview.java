package io.vitrine.storage.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What a pass of the cleaner would do to a partition as its files stand, record by record.
 *
 * <p>The newest offset of every key of the dirty part is found first; then each record up to the
 * end of what may be cleaned gets its verdict by the cleaner's rules. Nothing is written. Files do
 * not tell of open transactions and compaction lags, so the active segment is the only fence. At
 * most {@value #MAX_RECORDS} records are judged; beyond, the preview says that it is not complete.
 *
 * @param dirtyFrom first offset the map of newest offsets is made of
 * @param end the first offset that may not be cleaned
 * @param fates of the records, in offset order
 * @param bytesBefore of the records that were judged, without batch headers
 * @param bytesAfter of those that stay
 * @param complete whether every record was judged
 */
public record CompactionPreview(
    long dirtyFrom,
    long end,
    List<Fate> fates,
    long bytesBefore,
    long bytesAfter,
    boolean complete) {
  /** The most records that are judged. */
  public static final int MAX_RECORDS = 200_000;

  public CompactionPreview {
    fates = List.copyOf(fates);
  }

  /** What becomes of a record. */
  public enum Verdict {
    /** No newer one of its key is known. */
    NEWEST(true),
    /** A tombstone whose time has not run out, or has not begun to run. */
    TOMBSTONE(true),
    /** The end of a transaction. */
    MARKER(true),
    /** A newer record has its key. */
    SUPERSEDED(false),
    /** A tombstone whose time has run out. */
    TOMBSTONE_OVER(false),
    /** Of an aborted transaction. */
    ABORTED(false),
    /** Has no key. */
    NO_KEY(false);

    private final boolean stays;

    Verdict(boolean stays) {
      this.stays = stays;
    }

    /** Whether the record stays. */
    public boolean stays() {
      return stays;
    }
  }

  /**
   * A record and what becomes of it.
   *
   * @param segment base offset of its segment
   * @param position of its batch
   * @param value in words, {@code null} for a tombstone
   * @param newer the offset that supersedes it, -1 none
   * @param untilMs when a tombstone that stays may go, -1 not stamped yet or no tombstone
   */
  public record Fate(
      long segment,
      long position,
      long offset,
      String key,
      String value,
      int sizeBytes,
      Verdict verdict,
      long newer,
      long untilMs) {}

  /**
   * A preview.
   *
   * @param dirtyFrom of the cleaner's checkpoint, 0 when it has none
   * @param nowMs wall-clock time of the pass
   * @param goOn asked before each segment; false ends it early
   */
  public static CompactionPreview of(
      PartitionView partition, long dirtyFrom, long nowMs, BooleanSupplier goOn)
      throws IOException {
    List<SegmentView> all = partition.inUse();
    if (all.isEmpty()) {
      return new CompactionPreview(0, 0, List.of(), 0, 0, true);
    }
    long end = all.get(all.size() - 1).baseOffset();
    List<SegmentView> segments = all.subList(0, all.size() - 1);
    Pass pass = new Pass(Math.max(dirtyFrom, all.get(0).baseOffset()), end, nowMs);
    try {
      for (SegmentView segment : segments) {
        pass.aborted.addAll(IndexReader.aborted(segment));
      }
      for (SegmentView segment : segments) {
        if (!goOn.getAsBoolean() || !pass.learn(segment)) {
          break;
        }
      }
      for (SegmentView segment : segments) {
        if (!goOn.getAsBoolean() || !pass.judge(segment)) {
          break;
        }
      }
    } catch (KafkaException e) {
      throw new IOException("the log cannot be read: " + e.getMessage(), e);
    }
    return new CompactionPreview(
        pass.dirtyFrom, end, pass.fates, pass.before, pass.after, pass.complete);
  }

  /** The state of one preview. */
  private static final class Pass {
    private final long dirtyFrom;
    private final long end;
    private final long nowMs;
    private final List<IndexReader.Aborted> aborted = new ArrayList<>();
    private final Map<ByteBuffer, Long> newest = new HashMap<>();
    private final List<Fate> fates = new ArrayList<>();
    private long before;
    private long after;
    private int learned;
    private boolean complete = true;

    Pass(long dirtyFrom, long end, long nowMs) {
      this.dirtyFrom = dirtyFrom;
      this.end = end;
      this.nowMs = nowMs;
    }

    /** Whether to go on. */
    boolean learn(SegmentView segment) throws IOException {
      try (FileRecords log = FileRecords.open(segment.log().toFile(), false)) {
        for (RecordBatch batch : log.batches()) {
          if (batch.lastOffset() < dirtyFrom || batch.isControlBatch() || isAborted(batch)) {
            continue;
          }
          for (Record record : batch) {
            if (++learned > MAX_RECORDS) {
              complete = false;
              return false;
            }
            if (record.hasKey() && record.offset() >= dirtyFrom && record.offset() < end) {
              newest.put(copy(record.key()), record.offset());
            }
          }
        }
        return true;
      }
    }

    boolean judge(SegmentView segment) throws IOException {
      try (FileRecords log = FileRecords.open(segment.log().toFile(), false)) {
        for (FileChannelRecordBatch batch : log.batches()) {
          boolean gone = isAborted(batch);
          OptionalLong horizon = batch.deleteHorizonMs();
          for (Record record : batch) {
            if (fates.size() == MAX_RECORDS) {
              complete = false;
              return false;
            }
            Fate fate = fate(segment, batch, record, gone, horizon);
            fates.add(fate);
            before += fate.sizeBytes();
            after += fate.verdict().stays() ? fate.sizeBytes() : 0;
          }
        }
        return true;
      }
    }

    private Fate fate(
        SegmentView segment,
        FileChannelRecordBatch batch,
        Record record,
        boolean gone,
        OptionalLong horizon) {
      long newer = -1;
      long until = -1;
      Verdict verdict;
      if (batch.isControlBatch()) {
        verdict = Verdict.MARKER;
      } else if (gone) {
        verdict = Verdict.ABORTED;
      } else if (!record.hasKey()) {
        verdict = Verdict.NO_KEY;
      } else {
        Long last = newest.get(record.key());
        if (last != null && last > record.offset()) {
          verdict = Verdict.SUPERSEDED;
          newer = last;
        } else if (record.hasValue()) {
          verdict = Verdict.NEWEST;
        } else if (horizon.isPresent() && nowMs >= horizon.getAsLong()) {
          verdict = Verdict.TOMBSTONE_OVER;
        } else {
          verdict = Verdict.TOMBSTONE;
          until = horizon.orElse(-1);
        }
      }
      return new Fate(
          segment.baseOffset(),
          batch.position(),
          record.offset(),
          batch.isControlBatch() ? "" : Words.of(record.key()),
          batch.isControlBatch() ? "" : Words.of(record.value()),
          record.sizeInBytes(),
          verdict,
          newer,
          until);
    }

    private boolean isAborted(RecordBatch batch) {
      return batch.isTransactional()
          && !batch.isControlBatch()
          && aborted.stream()
              .anyMatch(
                  a ->
                      a.producerId() == batch.producerId()
                          && a.firstOffset() <= batch.baseOffset()
                          && batch.baseOffset() <= a.lastOffset());
    }

    private static ByteBuffer copy(ByteBuffer key) {
      byte[] bytes = new byte[key.remaining()];
      key.duplicate().get(bytes);
      return ByteBuffer.wrap(bytes);
    }
  }
}
