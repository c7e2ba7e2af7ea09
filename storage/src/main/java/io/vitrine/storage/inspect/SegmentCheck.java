package io.vitrine.storage.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks one segment: every batch with its checksum, every index entry against the batches. Of the
 * entries no batch belongs to the first {@value #MAX_LISTED} are named.
 */
final class SegmentCheck {
  private static final int MAX_LISTED = 100;

  private SegmentCheck() {}

  static List<Damage> of(SegmentView segment) throws IOException {
    List<Damage> damages = new ArrayList<>();
    List<IndexReader.OffsetEntry> index = IndexReader.offsets(segment);
    // By position, the numbers of entries whose batch has not been met.
    Map<Long, Integer> unseen = new HashMap<>();
    for (int i = 0; i < index.size(); i++) {
      unseen.put((long) index.get(i).position(), i);
    }
    long largest = -1;
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      Optional<BatchView> next = walk.next();
      while (next.isPresent() && damages.isEmpty()) {
        BatchView batch = next.get();
        walk.check(batch).ifPresent(damages::add);
        Integer entry = unseen.get(batch.position());
        if (entry != null && index.get(entry).offset() == batch.header().lastOffset()) {
          unseen.remove(batch.position());
        }
        largest = Math.max(largest, batch.header().maxTimestampMs());
        next = walk.next();
      }
      if (damages.isEmpty()) {
        walk.damage().ifPresent(damages::add);
      }
    }
    if (damages.isEmpty()) {
      unseen.values().stream()
          .sorted()
          .limit(MAX_LISTED)
          .forEach(entry -> damages.add(unfounded(segment, entry, index.get(entry))));
      checkTimes(segment, largest, damages);
    }
    return damages;
  }

  private static Damage unfounded(SegmentView segment, int number, IndexReader.OffsetEntry entry) {
    return new Damage(
        segment.beside(".index"),
        (long) number * IndexReader.OFFSET_ENTRY,
        "an entry says that the batch that ends with offset "
            + entry.offset()
            + " begins at "
            + entry.position()
            + ", which none does");
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
