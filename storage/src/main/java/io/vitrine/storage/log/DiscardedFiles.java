package io.vitrine.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Files of a log that were renamed away and wait to be unlinked: {@code file.delete.delay.ms}
 * later, on the scheduler. Safe from any thread.
 */
final class DiscardedFiles {
  private final Path logDirectory;
  private final LogContext context;

  /**
   * @param logDirectory goes offline when a file cannot be unlinked
   */
  DiscardedFiles(Path logDirectory, LogContext context) {
    this.logDirectory = logDirectory;
    this.context = context;
  }

  void unlinkLater(List<Path> renamed, LogSettings settings) {
    context
        .scheduler()
        .schedule(() -> unlink(renamed), settings.fileDeleteDelayMs(), TimeUnit.MILLISECONDS);
  }

  private void unlink(List<Path> files) {
    try {
      for (Path file : files) {
        context.files().delete(file);
      }
    } catch (IOException e) {
      context.failure().failed(logDirectory, e);
    }
  }
}
