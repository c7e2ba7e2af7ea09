package io.vitrine.storage.log;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.StoredFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes several segments of one whose offsets lie too far from its base for an index, as compaction
 * before Kafka 1.1 could leave (KAFKA-6264).
 *
 * <p>Only {@code .log} files are written; whoever opens them rebuilds the indexes. Crash order, as
 * of every swap: all parts are written and forced to the device as {@code .cleaned}; renamed to
 * {@code .swap} from the last to the first, so that one of them above a {@code .cleaned} is known
 * to be undecided; then the old files are renamed away, and the parts get their names.
 */
final class SegmentSplit {
  private static final int COPY_BYTES = 1 << 20;

  private final FileAccess files;
  private final Path directory;
  private final long baseOffset;
  private final List<Part> parts;

  /** The bytes of the old segment that become a segment. */
  private record Part(long baseOffset, int from, int to) {}

  /** Met in a segment that has to be split before it can be recovered. */
  static final class NeededException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient SegmentSplit split;

    NeededException(SegmentSplit split) {
      super("offsets of segment " + split.baseOffset + " lie too far from its base");
      this.split = split;
    }

    SegmentSplit split() {
      return split;
    }
  }

  private SegmentSplit(FileAccess files, Path directory, long baseOffset, List<Part> parts) {
    this.files = files;
    this.directory = directory;
    this.baseOffset = baseOffset;
    this.parts = parts;
  }

  /** Whether an offset is beyond what an index of a segment with this base can hold. */
  static boolean tooFar(long offset, long baseOffset) {
    return offset - baseOffset > Integer.MAX_VALUE;
  }

  /**
   * Looks how a segment would be split. Bytes behind the last sound batch stay with the last part,
   * for recovery to cut.
   *
   * @param log the {@code .log} file, opened
   * @throws NeededException with the split, unless it makes no sense: offsets that do not rise, or
   *     a part where another segment is, come from damage
   */
  static void require(
      FileAccess files, Path directory, long baseOffset, StoredFile log, int sizeBytes)
      throws IOException {
    List<Part> parts = new ArrayList<>();
    BatchScanner scanner = BatchScanner.sequential(log, baseOffset, 0, sizeBytes);
    long base = -1;
    long next = baseOffset;
    int from = 0;
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      if (batch.baseOffset() < next) {
        return;
      }
      if (base < 0) {
        base = batch.baseOffset();
      } else if (tooFar(batch.lastOffset(), base)) {
        parts.add(new Part(base, from, scanner.position()));
        base = batch.baseOffset();
        from = scanner.position();
      }
      next = batch.nextOffset();
      scanner.skip(batch);
    }
    parts.add(new Part(base, from, sizeBytes));
    SegmentSplit split = new SegmentSplit(files, directory, baseOffset, parts);
    for (Part part : parts) {
      if (part.baseOffset() != baseOffset && !split.free(part, log)) {
        return;
      }
    }
    throw new NeededException(split);
  }

  /** Whether no segment is where a part is to be, or this very part, from a split cut off. */
  private boolean free(Part part, StoredFile log) throws IOException {
    Path place = LogFiles.of(directory, part.baseOffset(), LogFiles.LOG);
    if (!files.exists(place)) {
      return true;
    }
    try (StoredFile there = files.open(place)) {
      if (there.size() != part.to() - part.from()) {
        return false;
      }
      for (long at = part.from(); at < part.to(); at += COPY_BYTES) {
        int count = (int) Math.min(COPY_BYTES, part.to() - at);
        if (!piece(log, at, count).equals(piece(there, at - part.from(), count))) {
          return false;
        }
      }
      return true;
    }
  }

  private static ByteBuffer piece(StoredFile file, long at, int count) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(count);
    if (file.read(piece, at) < count) {
      throw new EOFException("a segment ends before byte " + (at + count));
    }
    return piece.flip();
  }

  long baseOffset() {
    return baseOffset;
  }

  /** Whether one of the parts has the old segment's base. */
  boolean keepsBase() {
    return parts.get(0).baseOffset() == baseOffset;
  }

  /**
   * Splits the segment, which nobody has open.
   *
   * @return the old files under the names they wait for their end with
   */
  List<Path> run() throws IOException {
    Path log = LogFiles.of(directory, baseOffset, LogFiles.LOG);
    long modifiedMs = files.lastModifiedMs(log);
    try (StoredFile source = files.open(log)) {
      for (Part part : parts) {
        copy(source, part, modifiedMs);
      }
    }
    for (int i = parts.size() - 1; i >= 0; i--) {
      rename(parts.get(i), LogFiles.CLEANED, LogFiles.SWAP);
    }
    List<Path> renamed = new ArrayList<>();
    for (String kind : LogFiles.SEGMENT_FILES) {
      Path old = LogFiles.of(directory, baseOffset, kind);
      if (files.exists(old)) {
        Path away = LogFiles.of(directory, baseOffset, kind + LogFiles.DELETED);
        files.rename(old, away);
        renamed.add(away);
      }
    }
    for (Part part : parts) {
      rename(part, LogFiles.SWAP, "");
    }
    return renamed;
  }

  private void copy(StoredFile source, Part part, long modifiedMs) throws IOException {
    Path target = LogFiles.of(directory, part.baseOffset(), LogFiles.LOG + LogFiles.CLEANED);
    files.delete(target);
    try (StoredFile copy = files.open(target)) {
      for (long at = part.from(); at < part.to(); at += COPY_BYTES) {
        int count = (int) Math.min(COPY_BYTES, part.to() - at);
        copy.write(piece(source, at, count), at - part.from());
      }
      copy.sync();
    }
    files.setLastModifiedMs(target, modifiedMs);
  }

  private void rename(Part part, String from, String to) throws IOException {
    files.rename(
        LogFiles.of(directory, part.baseOffset(), LogFiles.LOG + from),
        LogFiles.of(directory, part.baseOffset(), LogFiles.LOG + to));
  }
}
