package io.vitrine.storage.compaction;

/** A pass ends before its time since its log is needed for something else. */
final class CleaningAbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CleaningAbortedException() {
    super("cleaning was aborted", null, false, false);
  }
}
