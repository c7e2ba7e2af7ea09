package io.vitrine.cluster.handler;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong inside a future. */
final class Failures {
  private Failures() {}

  /** The error itself, without the wrapping of futures. */
  static Throwable cause(Throwable error) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
