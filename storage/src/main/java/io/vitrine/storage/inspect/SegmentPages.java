package io.vitrine.storage.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a segment piece by piece: the batches around a byte, and bytes. However large the segment
 * is, a piece costs a walk from the nearest entry of the offset index and no more memory than what
 * is returned. Safe from any thread.
 */
public final class SegmentPages {
  /** The most bytes {@link #bytes} returns. */
  public static final int MAX_BYTES = 64 << 10;

  private static final long BEFORE_BYTES = 32 << 10;

  private SegmentPages() {}

  /**
   * Batches that follow each other.
   *
   * @param from position of the first one
   * @param to the byte after the last one
   * @param sizeBytes of the whole log when it was read
   * @param damage what stopped the walk, when it did not stop on purpose
   */
  public record Page(
      List<BatchView> batches, long from, long to, long sizeBytes, Optional<Damage> damage) {
    public Page {
      batches = List.copyOf(batches);
    }

    /** Whether the log goes on behind this page. */
    public boolean more() {
      return damage.isEmpty() && to < sizeBytes;
    }
  }

  /**
   * The batch that holds a byte, with some before it and some behind it.
   *
   * @param most batches before and again behind
   */
  public static Page around(SegmentView segment, long position, int most) throws IOException {
    Page page = walk(segment, start(segment, position), position, most);
    // An index that points astray stops the walk where it begins: then from the beginning.
    boolean astray = page.batches().isEmpty() && page.damage().isPresent() && page.from() > 0;
    return astray ? walk(segment, 0, position, most) : page;
  }

  /** The batches from the one that begins at a position on. */
  public static Page from(SegmentView segment, long position, int most) throws IOException {
    return walk(segment, position, position, most);
  }

  private static Page walk(SegmentView segment, long start, long position, int most)
      throws IOException {
    Deque<BatchView> before = new ArrayDeque<>();
    List<BatchView> batches = new ArrayList<>();
    try (BatchWalk walk = BatchWalk.from(segment.log(), segment.baseOffset(), start)) {
      Optional<BatchView> next = walk.next();
      while (next.isPresent()) {
        if (next.get().end() <= position) {
          before.addLast(next.get());
          if (before.size() > most) {
            before.removeFirst();
          }
        } else {
          batches.add(next.get());
        }
        if (batches.size() > most) {
          break;
        }
        next = walk.next();
      }
      batches.addAll(0, before);
      return new Page(
          batches,
          batches.isEmpty() ? start : batches.get(0).position(),
          walk.position(),
          walk.sizeBytes(),
          walk.damage());
    }
  }

  /**
   * Where the batch begins that holds an offset, or the next one there is; empty behind the end.
   */
  public static OptionalLong position(SegmentView segment, long offset) throws IOException {
    long start = 0;
    for (IndexReader.OffsetEntry entry : IndexReader.offsets(segment)) {
      if (entry.offset() > offset) {
        break;
      }
      start = entry.position();
    }
    try (BatchWalk walk = BatchWalk.from(segment.log(), segment.baseOffset(), start)) {
      for (Optional<BatchView> b = walk.next(); b.isPresent(); b = walk.next()) {
        if (b.get().header().lastOffset() >= offset) {
          return OptionalLong.of(b.get().position());
        }
      }
      return OptionalLong.empty();
    }
  }

  private static long start(SegmentView segment, long position) throws IOException {
    long start = 0;
    for (IndexReader.OffsetEntry entry : IndexReader.offsets(segment)) {
      if (entry.position() > position - BEFORE_BYTES) {
        break;
      }
      start = Math.max(start, entry.position());
    }
    return start;
  }

  /** The records of a batch that begins at a position, as {@link BatchWalk#records}. */
  public static List<RecordView> records(SegmentView segment, BatchView batch, String topic)
      throws IOException {
    try (BatchWalk walk = BatchWalk.from(segment.log(), segment.baseOffset(), batch.position())) {
      return walk.records(batch, topic);
    }
  }

  /**
   * Bytes of a file; fewer than wanted at its end.
   *
   * @param count at most {@value #MAX_BYTES}
   */
  public static byte[] bytes(Path path, long position, int count) throws IOException {
    if (count > MAX_BYTES) {
      throw new IllegalArgumentException(count + " bytes are more than " + MAX_BYTES);
    }
    try (ReadOnlyFile file = new ReadOnlyFile(path)) {
      int there = (int) Math.max(0, Math.min(count, file.size() - position));
      byte[] bytes = new byte[there];
      if (there > 0) {
        file.copy(position, there).get(bytes);
      }
      return bytes;
    }
  }
}
