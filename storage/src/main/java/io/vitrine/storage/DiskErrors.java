package io.vitrine.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for disk errors whose own message is a path and nothing else. */
final class DiskErrors {
  private DiskErrors() {}

  /**
   * The error itself when it speaks for itself, else one that says what is wrong and what to do.
   */
  static IOException explained(IOException error) {
    if (!(error instanceof FileSystemException named) || named.getReason() != null) {
      return error;
    }
    String file = named.getFile();
    if (error instanceof AccessDeniedException) {
      return new IOException(
          file + " may not be read or written: give the broker's user the rights", error);
    }
    if (error instanceof NoSuchFileException) {
      return new IOException(file + " is gone: mount or restore it", error);
    }
    if (error instanceof FileAlreadyExistsException || error instanceof NotDirectoryException) {
      return new IOException(file + " is not a directory: remove it or name another one", error);
    }
    return error;
  }
}
