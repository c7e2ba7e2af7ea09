package io.vitrine.cluster.supervision;

import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** One sentence or two about a failure for the person in front of the screen. Pure. */
final class FailureReason {
  private FailureReason() {}

  /** What went wrong, and what to do where that is known. */
  static String of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("no space left on device")
          || message.contains("not enough space on the disk")) {
        return "The disk is full: " + text(t) + ". Free some space, then start the broker again.";
      }
      if (t instanceof AccessDeniedException) {
        return "No permission for "
            + t.getMessage()
            + ". Give the user who runs this program the right to write there, then start again.";
      }
    }
    return text(cause);
  }

  private static String text(Throwable t) {
    String message = t.getMessage();
    return message == null || message.isBlank() ? t.getClass().getSimpleName() : message;
  }
}
