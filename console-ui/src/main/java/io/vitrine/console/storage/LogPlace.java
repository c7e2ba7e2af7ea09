package io.vitrine.console.storage;

import java.nio.file.Path;

/**
 * A directory with logs in it.
 *
 * @param brokerId whose log directory it is, -1 for a folder from disk
 * @param online whether its broker can use it; true for a folder
 * @param freeBytes on its file system, -1 unknown
 */
record LogPlace(int brokerId, Path path, boolean online, long freeBytes) {
  /** A folder from disk. */
  static LogPlace folder(Path path) {
    return new LogPlace(-1, path, true, -1);
  }

  /** Whether no broker is known to run on it. */
  boolean isFolder() {
    return brokerId < 0;
  }

  boolean same(LogPlace other) {
    return other != null && brokerId == other.brokerId && path.equals(other.path);
  }
}
