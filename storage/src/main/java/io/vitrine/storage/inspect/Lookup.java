package io.vitrine.storage.inspect;

import io.vitrine.storage.inspect.LookupStep.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

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

  private Explained explained() {
    return new Explained(
        found < 0 ? OptionalLong.empty() : OptionalLong.of(found), List.copyOf(steps));
  }

  private void say(Kind kind, String text) {
    steps.add(new LookupStep(kind, text));
  }

  private void byOffset(long offset) throws IOException {
    List<SegmentView> segments = partition.inUse();
    int at = floor(segments.size(), i -> segments.get(i).baseOffset(), offset);
    if (at < 0) {
      say(
          Kind.NOT_FOUND,
          segments.isEmpty()
              ? "there is no segment"
              : "the first segment begins at " + segments.get(0).baseOffset());
      return;
    }
    while (at < segments.size()) {
      SegmentView segment = segments.get(at);
      say(
          Kind.SEGMENT,
          "segment "
              + segment.baseOffset()
              + " is the last one that begins at or before "
              + offset);
      if (scan(segment, searchOffsetIndex(segment, offset), offset, -1)) {
        return;
      }
      at++;
    }
    say(Kind.NOT_FOUND, "the log ends before offset " + offset);
  }

  private void byTimestamp(long timestampMs) throws IOException {
    for (SegmentView segment : partition.inUse()) {
      List<IndexReader.TimeEntry> times = IndexReader.times(segment);
      long largest = largestTimestamp(segment, times);
      if (largest < timestampMs) {
        say(
            Kind.SEGMENT,
            "segment "
                + segment.baseOffset()
                + " has nothing newer than "
                + BatchFields.time(largest));
        continue;
      }
      say(
          Kind.SEGMENT,
          "segment "
              + segment.baseOffset()
              + " is the first with a timestamp of at least "
              + BatchFields.time(timestampMs)
              + ": its largest is "
              + BatchFields.time(largest));
      int at =
          search(
              Kind.TIME_INDEX,
              times.size(),
              i -> times.get(i).timestampMs(),
              timestampMs,
              i -> times.get(i).timestampMs() + " → offset " + times.get(i).offset());
      long from = at < 0 ? segment.baseOffset() : times.get(at).offset();
      if (!scan(segment, searchOffsetIndex(segment, from), -1, timestampMs)) {
        say(Kind.NOT_FOUND, "no record there is that new");
      }
      return;
    }
    say(Kind.NOT_FOUND, "no segment has a timestamp that new");
  }

  /** Of the time index and of the batches behind its last entry, as for an active segment. */
  private static long largestTimestamp(SegmentView segment, List<IndexReader.TimeEntry> times)
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
    int at =
        search(
            Kind.OFFSET_INDEX,
            entries.size(),
            i -> entries.get(i).offset(),
            offset,
            i -> entries.get(i).offset() + " → position " + entries.get(i).position());
    long position = at < 0 ? 0 : entries.get(at).position();
    say(Kind.OFFSET_INDEX, "the scan begins at position " + position);
    return position;
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

  private int search(
      Kind kind, int size, IntFunction<Long> key, long target, IntFunction<String> entry) {
    if (size == 0) {
      say(kind, "the index has no entries");
      return -1;
    }
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      boolean below = key.apply(middle) <= target;
      say(
          kind,
          "entries "
              + low
              + " to "
              + high
              + ": entry "
              + middle
              + ", "
              + entry.apply(middle)
              + ", is "
              + (below ? "not above " : "above ")
              + target);
      if (below) {
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
            Kind.SCAN,
            "batch at position "
                + batch.position()
                + ", "
                + batch.header().sizeBytes()
                + " bytes, offsets "
                + batch.header().baseOffset()
                + " to "
                + batch.header().lastOffset()
                + (here ? ": this one" : ": go on"));
        if (here && foundIn(walk, batch, offset, timestampMs)) {
          return true;
        }
        next = walk.next();
      }
      walk.damage().ifPresent(damage -> say(Kind.NOT_FOUND, damage.reason()));
      return false;
    }
  }

  private boolean foundIn(BatchWalk walk, BatchView batch, long offset, long timestampMs)
      throws IOException {
    for (RecordView record : walk.records(batch, partition.topic())) {
      if (timestampMs < 0 ? record.offset() >= offset : record.timestampMs() >= timestampMs) {
        found = record.offset();
        say(
            Kind.FOUND,
            "record at offset "
                + record.offset()
                + ", timestamp "
                + BatchFields.time(record.timestampMs())
                + ", key "
                + record.key());
        return true;
      }
    }
    return false;
  }
}
