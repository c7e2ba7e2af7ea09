package io.vitrine.cluster.supervision;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a data directory to one program at a time.
 *
 * <p>Owns an exclusive lock on {@code .vitrine.lock} in the directory, which the operating system
 * gives back when the process ends, however it ends.
 */
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory, creating it when missing.
   *
   * @throws SupervisionException when another program has it or it cannot be written; says which
   */
  static InstanceLock take(Path directory) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new SupervisionException(
          "The data directory " + directory + " is a file. Name a directory (--data).");
    }
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(".vitrine.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return new InstanceLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new SupervisionException(
          "The data directory " + directory + " cannot be used: " + FailureReason.of(e), e);
    }
    throw new SupervisionException(
        "Another Vitrine is running on the data directory "
            + directory
            + ". Close it, or start this one with another directory (--data).");
  }

  @Override
  public void close() {
    closeQuietly(channel, null);
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  private static void closeQuietly(FileChannel channel, IOException because) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        if (because != null) {
          because.addSuppressed(e);
        }
      }
    }
  }
}
