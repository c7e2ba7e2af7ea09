package io.vitrine.storage;

import io.vitrine.storage.compaction.LogCleaner;
import io.vitrine.storage.log.LogContext;
import java.io.IOException;
import java.nio.file.Path;

/** Told of what happens to the logs; an implementation only hands over. */
public interface LogObserver extends LogContext.Listener, LogCleaner.Listener {
  /** A log directory is offline from now on; told once. */
  default void logDirectoryFailed(Path directory, IOException cause) {}
}
