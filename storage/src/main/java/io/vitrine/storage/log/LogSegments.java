package io.vitrine.storage.log;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The segments of a log by base offset. Written under the log's lock, read by anyone. */
final class LogSegments {
  private final ConcurrentSkipListMap<Long, LogSegment> byBase = new ConcurrentSkipListMap<>();

  void add(LogSegment segment) {
    byBase.put(segment.baseOffset(), segment);
  }

  void remove(LogSegment segment) {
    byBase.remove(segment.baseOffset(), segment);
  }

  void clear() {
    byBase.clear();
  }

  boolean contains(LogSegment segment) {
    return byBase.get(segment.baseOffset()) == segment;
  }

  /** From the one that holds an offset on, up to the last whose base is below another. */
  List<LogSegment> between(long from, long upTo) {
    if (from >= upTo) {
      return List.of();
    }
    return from(from).stream().filter(segment -> segment.baseOffset() < upTo).toList();
  }

  boolean isEmpty() {
    return byBase.isEmpty();
  }

  LogSegment active() {
    return byBase.lastEntry().getValue();
  }

  LogSegment first() {
    return byBase.firstEntry().getValue();
  }

  /** The segment an offset lies in; the first one for offsets before it. */
  LogSegment floor(long offset) {
    Map.Entry<Long, LogSegment> entry = byBase.floorEntry(offset);
    return entry == null ? first() : entry.getValue();
  }

  /** The next segment; null after the active one. */
  LogSegment after(LogSegment segment) {
    Map.Entry<Long, LogSegment> entry = byBase.higherEntry(segment.baseOffset());
    return entry == null ? null : entry.getValue();
  }

  /** Oldest first; a live view. */
  Collection<LogSegment> all() {
    return byBase.values();
  }

  /** From the one that holds an offset on; a live view. */
  Collection<LogSegment> from(long offset) {
    Long floor = byBase.floorKey(offset);
    return floor == null ? byBase.values() : byBase.tailMap(floor, true).values();
  }
}
