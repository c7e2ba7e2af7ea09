package io.vitrine.console.storage;

import io.vitrine.console.control.LookupMap.Moment;
import io.vitrine.storage.inspect.Lookup;
import io.vitrine.storage.inspect.LookupStep;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.SegmentView;
import java.util.List;
import java.util.OptionalLong;

/**
 * A lookup that can be gone through step by step. Needs no toolkit; immutable.
 *
 * @param sizes of the segments that were searched, oldest first
 * @param bases their base offsets
 */
record LookupStory(List<Long> sizes, List<Long> bases, List<LookupStep> steps, OptionalLong found) {

  static LookupStory of(PartitionView partition, Lookup.Explained lookup) {
    return new LookupStory(
        partition.inUse().stream().map(SegmentView::sizeBytes).toList(),
        partition.inUse().stream().map(SegmentView::baseOffset).toList(),
        lookup.steps(),
        lookup.offset());
  }

  /**
   * What is known after a step.
   *
   * @param step its number
   * @param offsets what the offset index is called
   * @param times what the time index is called
   */
  Moment after(int step, String offsets, String times) {
    int segment = -1;
    String index = offsets;
    int entries = 0;
    int low = 0;
    int high = -1;
    int middle = -1;
    long position = -1;
    boolean found = false;
    for (LookupStep each : steps.subList(0, step + 1)) {
      if (each.segment() >= 0 && bases.indexOf(each.segment()) != segment) {
        segment = bases.indexOf(each.segment());
        entries = 0;
        middle = -1;
        position = -1;
      }
      switch (each.saying()) {
        case TIME_NOT_ABOVE, TIME_ABOVE, OFFSET_NOT_ABOVE, OFFSET_ABOVE -> {
          String now = each.kind() == LookupStep.Kind.TIME_INDEX ? times : offsets;
          low = Integer.parseInt(each.arguments().get(0));
          high = Integer.parseInt(each.arguments().get(1));
          middle = Integer.parseInt(each.arguments().get(2));
          // A search begins with the whole index, so its first stretch tells how long that is.
          entries = now.equals(index) ? Math.max(entries, high + 1) : high + 1;
          index = now;
        }
        case SCAN_BEGINS -> position = Long.parseLong(each.arguments().get(0));
        case BATCH_PASSED, BATCH_HERE -> position = each.at();
        case FOUND -> {
          position = each.at();
          found = true;
        }
        default -> {
          // Says nothing of a place.
        }
      }
    }
    return new Moment(sizes, segment, index, entries, low, high, middle, position, found);
  }
}
