package io.vitrine.storage.file;

import java.io.IOException;
import java.nio.file.Path;

/** A log directory is in use by another broker or process. */
public final class DirectoryLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  public DirectoryLockedException(Path directory) {
    super(
        "log directory "
            + directory
            + " is in use by another broker or program (it holds "
            + directory.resolve(".lock")
            + "): stop that one, or choose another directory in log.dirs");
  }
}
