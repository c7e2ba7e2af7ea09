package io.vitrine.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What the log needs of a file system. Safe from any thread. */
public interface FileAccess {

  /** Opens for reading and writing, creating the file when it is not there. */
  StoredFile open(Path file) throws IOException;

  /** All bytes of a small file; fails when it is larger than the bound. */
  byte[] readSmall(Path file, int maxBytes) throws IOException;

  /**
   * Replaces a small file as a whole: written beside it as {@code .tmp}, synced, renamed, the
   * directory synced. After a crash the file holds either the old or the new bytes.
   */
  default void replace(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (StoredFile stored = open(temporary)) {
      stored.resize(0);
      stored.write(ByteBuffer.wrap(content), 0);
      stored.sync();
    }
    rename(temporary, file);
  }

  /** Renames within a file system, replacing the target, and syncs the directory. */
  void rename(Path from, Path to) throws IOException;

  /** Forces to the device which files a directory holds; nothing happens when it is not there. */
  void syncDirectory(Path directory) throws IOException;

  /** Deletes a file, or a directory with all in it; nothing happens when it is not there. */
  void delete(Path path) throws IOException;

  boolean exists(Path path);

  /** Whether there is a directory; false when there is nothing. */
  boolean isDirectory(Path path);

  /** The entries of a directory, sorted by name. */
  List<Path> list(Path directory) throws IOException;

  void createDirectories(Path directory) throws IOException;

  long lastModifiedMs(Path file) throws IOException;

  void setLastModifiedMs(Path file, long ms) throws IOException;

  /**
   * Takes the exclusive lock of a directory, its {@code .lock} file.
   *
   * @throws DirectoryLockedException when another process or broker holds it
   */
  AutoCloseable lock(Path directory) throws IOException;
}
