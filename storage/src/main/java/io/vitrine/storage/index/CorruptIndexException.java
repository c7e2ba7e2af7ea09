package io.vitrine.storage.index;

import java.io.IOException;

/** An index file holds what nobody can have written; recovery rebuilds it from the segment. */
public final class CorruptIndexException extends IOException {
  private static final long serialVersionUID = 1L;

  public CorruptIndexException(String message) {
    super(message);
  }
}
