package io.vitrine.storage.file;

/** What a fault may befall. Each is one step: a crash lies between two of them. */
public enum FileOperation {
  OPEN,
  READ,
  WRITE,
  RESIZE,
  SYNC,
  RENAME,
  DELETE;

  /** Whether it leaves a trace on the disk. */
  public boolean changes() {
    return this != READ && this != SYNC;
  }
}
