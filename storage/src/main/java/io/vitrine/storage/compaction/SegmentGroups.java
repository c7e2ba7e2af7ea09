package io.vitrine.storage.compaction;

import io.vitrine.storage.log.SealedSegment;
import java.util.ArrayList;
import java.util.List;

/** Which segments become one: neighbours that fit one segment, its indexes and its offsets. */
final class SegmentGroups {
  private SegmentGroups() {}

  /** Groups in the order of the log. */
  static List<List<SealedSegment>> of(
      List<SealedSegment> segments, int maxBytes, int maxIndexBytes, long firstUncleanableOffset) {
    List<List<SealedSegment>> groups = new ArrayList<>();
    List<SealedSegment> group = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SealedSegment next = segments.get(i);
      long lastOffset =
          (i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : firstUncleanableOffset) - 1;
      if (!group.isEmpty() && !fits(group, next, lastOffset, maxBytes, maxIndexBytes)) {
        groups.add(group);
        group = new ArrayList<>();
      }
      group.add(next);
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private static boolean fits(
      List<SealedSegment> group,
      SealedSegment next,
      long lastOffset,
      int maxBytes,
      int maxIndexBytes) {
    long bytes = next.sizeBytes();
    long offsetIndex = next.offsetIndexBytes();
    long timeIndex = next.timeIndexBytes();
    for (SealedSegment each : group) {
      bytes += each.sizeBytes();
      offsetIndex += each.offsetIndexBytes();
      timeIndex += each.timeIndexBytes();
    }
    return bytes <= maxBytes
        && offsetIndex <= maxIndexBytes
        && timeIndex <= maxIndexBytes
        && (next.sizeBytes() == 0 || lastOffset - group.get(0).baseOffset() <= Integer.MAX_VALUE);
  }
}
