package io.vitrine.storage.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks one segment: every batch with its checksum, every index entry against the batches. */
final class SegmentCheck {
  private SegmentCheck() {}

  static List<Damage> of(SegmentView segment) throws IOException {
    List<Damage> damages = new ArrayList<>();
    Map<Integer, Long> indexed = new HashMap<>();
    for (IndexReader.OffsetEntry entry : IndexReader.offsets(segment)) {
      indexed.put(entry.position(), entry.offset());
    }
    Map<Integer, Long> unseen = new HashMap<>(indexed);
    long largest = -1;
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      Optional<BatchView> next = walk.next();
      while (next.isPresent() && damages.isEmpty()) {
        BatchView batch = next.get();
        walk.check(batch).ifPresent(damages::add);
        Long offset = indexed.get((int) batch.position());
        if (offset != null && offset == batch.header().lastOffset()) {
          unseen.remove((int) batch.position());
        }
        largest = Math.max(largest, batch.header().maxTimestampMs());
        next = walk.next();
      }
      if (damages.isEmpty()) {
        walk.damage().ifPresent(damages::add);
      }
    }
    if (damages.isEmpty()) {
      unseen.forEach(
          (position, offset) ->
              damages.add(
                  new Damage(
                      segment.beside(".index"),
                      entryAt(segment, position),
                      "an entry says that the batch that ends with offset "
                          + offset
                          + " begins at "
                          + position
                          + ", which none does")));
      checkTimes(segment, largest, damages);
    }
    return damages;
  }

  private static long entryAt(SegmentView segment, int position) {
    try {
      List<IndexReader.OffsetEntry> entries = IndexReader.offsets(segment);
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).position() == position) {
          return (long) i * IndexReader.OFFSET_ENTRY;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static void checkTimes(SegmentView segment, long largest, List<Damage> damages)
      throws IOException {
    long before = Long.MIN_VALUE;
    List<IndexReader.TimeEntry> times = IndexReader.times(segment);
    for (int i = 0; i < times.size(); i++) {
      long timestamp = times.get(i).timestampMs();
      if (timestamp <= before || timestamp > largest) {
        damages.add(
            new Damage(
                segment.beside(".timeindex"),
                (long) i * IndexReader.TIME_ENTRY,
                timestamp <= before
                    ? "timestamp " + timestamp + " does not rise"
                    : "timestamp " + timestamp + " is larger than any of the segment, " + largest));
        return;
      }
      before = timestamp;
    }
  }
}
