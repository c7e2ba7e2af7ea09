package io.vitrine.storage.inspect;

import io.vitrine.storage.inspect.LookupStep.Saying;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Finds a record as a broker does, and says each step: which segment, what the binary search of the
 * index looked at, where the scan began and which batches it passed.
 */
public final class Lookup {
  private final PartitionView partition;
  private final List<LookupStep> steps = new ArrayList<>();
  private long found = -1;

  private Lookup(PartitionView partition) {
    this.partition = partition;
  }

  /**
   * A lookup that was made.
   *
   * @param offset of the record that was found
   * @param steps in their order
   */
  public record Explained(OptionalLong offset, List<LookupStep> steps) {}

  /** Looks an offset up. */
  public static Explained offset(PartitionView partition, long offset) throws IOException {
    Lookup lookup = new Lookup(partition);
    lookup.byOffset(offset);
    return lookup.explained();
  }

  /** Looks the first record with at least a timestamp up. */
  public static Explained timestamp(PartitionView partition, long timestampMs) throws IOException {
    Lookup lookup = new Lookup(partition);
    lookup.byTimestamp(timestampMs);
    return lookup.explained();
  }

  /**
   * Looks the newest record of a key up. No index knows keys, so segments are read from the newest
   * to the oldest until one has the key.
   *
   * @param key as {@link RecordView#key} says it
   * @param goOn asked before each segment; false ends the search
   */
  public static Explained key(PartitionView partition, String key, BooleanSupplier goOn)
      throws IOException {
    Lookup lookup = new Lookup(partition);
    lookup.byKey(key, goOn);
    return lookup.explained();
  }

  private Explained explained() {
    return new Explained(
        found < 0 ? OptionalLong.empty() : OptionalLong.of(found), List.copyOf(steps));
  }

  private void say(Saying saying, SegmentView segment, long at, Object... arguments) {
    steps.add(
        new LookupStep(
            saying,
            Stream.of(arguments).map(String::valueOf).toList(),
            segment == null ? -1 : segment.baseOffset(),
            at));
  }

  private void byOffset(long offset) throws IOException {
    List<SegmentView> segments = partition.inUse();
    int at = floor(segments.size(), i -> segments.get(i).baseOffset(), offset);
    if (at < 0) {
      if (segments.isEmpty()) {
        say(Saying.NO_SEGMENT, null, -1);
      } else {
        say(Saying.BEFORE_FIRST, null, -1, segments.get(0).baseOffset());
      }
      return;
    }
    while (at < segments.size()) {
      SegmentView segment = segments.get(at);
      say(Saying.SEGMENT_LAST, segment, -1, segment.baseOffset(), offset);
      if (scan(segment, searchOffsetIndex(segment, offset), offset, -1)) {
        return;
      }
      at++;
    }
    say(Saying.BEHIND_END, null, -1, offset);
  }

  private void byTimestamp(long timestampMs) throws IOException {
    for (SegmentView segment : partition.inUse()) {
      List<IndexReader.TimeEntry> times = IndexReader.times(segment);
      long largest = largestTimestamp(segment, times);
      if (largest < timestampMs) {
        say(Saying.SEGMENT_TOO_OLD, segment, -1, segment.baseOffset(), BatchFields.time(largest));
        continue;
      }
      say(
          Saying.SEGMENT_FIRST_NEW,
          segment,
          -1,
          segment.baseOffset(),
          BatchFields.time(timestampMs),
          BatchFields.time(largest));
      int at = searchTimeIndex(segment, times, timestampMs);
      long from = at < 0 ? segment.baseOffset() : times.get(at).offset();
      if (!scan(segment, searchOffsetIndex(segment, from), -1, timestampMs)) {
        say(Saying.NO_RECORD_NEW, null, -1);
      }
      return;
    }
    say(Saying.NO_SEGMENT_NEW, null, -1);
  }

  private void byKey(String key, BooleanSupplier goOn) throws IOException {
    List<SegmentView> segments = partition.inUse();
    for (int i = segments.size() - 1; i >= 0 && goOn.getAsBoolean(); i--) {
      if (readForKey(segments.get(i), key)) {
        return;
      }
    }
    say(Saying.NO_RECORD_OF_KEY, null, -1, key);
  }

  private boolean readForKey(SegmentView segment, String key) throws IOException {
    BatchView where = null;
    RecordView last = null;
    long read = 0;
    long met = 0;
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      for (Optional<BatchView> b = walk.next(); b.isPresent(); b = walk.next()) {
        for (RecordView record : walk.records(b.get(), partition.topic())) {
          read++;
          if (!b.get().header().control() && record.key().equals(key)) {
            met++;
            last = record;
            where = b.get();
          }
        }
      }
      say(Saying.SEGMENT_READ, segment, -1, segment.baseOffset(), read, met);
      walk.damage().ifPresent(d -> say(Saying.DAMAGED, segment, d.position(), d.reason()));
    }
    if (last == null) {
      return false;
    }
    found = last.offset();
    say(
        Saying.FOUND,
        segment,
        where.position(),
        last.offset(),
        BatchFields.time(last.timestampMs()),
        last.key());
    return true;
  }

  /** Of the time index and of the batches behind its last entry, as for an active segment. */
  static long largestTimestamp(SegmentView segment, List<IndexReader.TimeEntry> times)
      throws IOException {
    long largest = times.isEmpty() ? -1 : times.get(times.size() - 1).timestampMs();
    List<IndexReader.OffsetEntry> offsets = IndexReader.offsets(segment);
    long from = offsets.isEmpty() ? 0 : offsets.get(offsets.size() - 1).position();
    try (BatchWalk walk = BatchWalk.from(segment.log(), segment.baseOffset(), from)) {
      Optional<BatchView> batch = walk.next();
      while (batch.isPresent()) {
        largest = Math.max(largest, batch.get().header().maxTimestampMs());
        batch = walk.next();
      }
    }
    return largest;
  }

  private long searchOffsetIndex(SegmentView segment, long offset) throws IOException {
    List<IndexReader.OffsetEntry> entries = IndexReader.offsets(segment);
    if (entries.isEmpty()) {
      say(Saying.OFFSET_EMPTY, segment, -1);
    }
    int at =
        search(
            entries.size(),
            i -> entries.get(i).offset(),
            offset,
            (low, high, i) ->
                say(
                    entries.get(i).offset() <= offset
                        ? Saying.OFFSET_NOT_ABOVE
                        : Saying.OFFSET_ABOVE,
                    segment,
                    (long) i * IndexReader.OFFSET_ENTRY,
                    low,
                    high,
                    i,
                    entries.get(i).offset(),
                    entries.get(i).position(),
                    offset));
    long position = at < 0 ? 0 : entries.get(at).position();
    say(Saying.SCAN_BEGINS, segment, at < 0 ? -1 : (long) at * IndexReader.OFFSET_ENTRY, position);
    return position;
  }

  private int searchTimeIndex(
      SegmentView segment, List<IndexReader.TimeEntry> times, long timestampMs) {
    if (times.isEmpty()) {
      say(Saying.TIME_EMPTY, segment, -1);
    }
    return search(
        times.size(),
        i -> times.get(i).timestampMs(),
        timestampMs,
        (low, high, i) ->
            say(
                times.get(i).timestampMs() <= timestampMs
                    ? Saying.TIME_NOT_ABOVE
                    : Saying.TIME_ABOVE,
                segment,
                (long) i * IndexReader.TIME_ENTRY,
                low,
                high,
                i,
                times.get(i).timestampMs(),
                times.get(i).offset(),
                timestampMs));
  }

  private static int floor(int size, IntFunction<Long> key, long target) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (key.apply(middle) <= target) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Hears of an entry a binary search looks at. */
  private interface Probe {
    void seen(int low, int high, int middle);
  }

  private static int search(int size, IntFunction<Long> key, long target, Probe probe) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      probe.seen(low, high, middle);
      if (key.apply(middle) <= target) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Walks batches from a position to the wanted offset or timestamp, whichever is not -1. */
  private boolean scan(SegmentView segment, long position, long offset, long timestampMs)
      throws IOException {
    try (BatchWalk walk = BatchWalk.from(segment.log(), segment.baseOffset(), position)) {
      Optional<BatchView> next = walk.next();
      while (next.isPresent()) {
        BatchView batch = next.get();
        boolean here =
            timestampMs < 0
                ? batch.header().lastOffset() >= offset
                : batch.header().maxTimestampMs() >= timestampMs;
        say(
            here ? Saying.BATCH_HERE : Saying.BATCH_PASSED,
            segment,
            batch.position(),
            batch.position(),
            batch.header().sizeBytes(),
            batch.header().baseOffset(),
            batch.header().lastOffset());
        if (here && foundIn(walk, segment, batch, offset, timestampMs)) {
          return true;
        }
        next = walk.next();
      }
      walk.damage()
          .ifPresent(damage -> say(Saying.DAMAGED, segment, damage.position(), damage.reason()));
      return false;
    }
  }

  private boolean foundIn(
      BatchWalk walk, SegmentView segment, BatchView batch, long offset, long timestampMs)
      throws IOException {
    for (RecordView record : walk.records(batch, partition.topic())) {
      if (timestampMs < 0 ? record.offset() >= offset : record.timestampMs() >= timestampMs) {
        found = record.offset();
        say(
            Saying.FOUND,
            segment,
            batch.position(),
            record.offset(),
            BatchFields.time(record.timestampMs()),
            record.key());
        return true;
      }
    }
    return false;
  }
}
