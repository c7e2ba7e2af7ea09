package io.vitrine.storage.inspect;

import java.nio.file.Path;

/**
 * One segment's files.
 *
 * @param state empty for one in use, else {@code deleted}, {@code cleaned} or {@code swap}
 * @param offsetIndexBytes -1 when there is no such file, as for the others
 */
public record SegmentView(
    Path log,
    long baseOffset,
    String state,
    long sizeBytes,
    long offsetIndexBytes,
    long timeIndexBytes,
    long transactionIndexBytes,
    long lastModifiedMs) {

  /** The file beside the log with another ending. */
  public Path beside(String ending) {
    String name = log.getFileName().toString();
    return log.resolveSibling(name.replaceFirst("\\.log", ending));
  }
}
