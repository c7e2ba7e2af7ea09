package io.vitrine.cluster.handler;

import io.vitrine.cluster.zookeeper.ZkException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.PolicyViolationException;

/** What went wrong inside a future. */
final class Failures {
  private Failures() {}

  /**
   * The error itself, without the wrapping of futures. That something does not fit into ZooKeeper
   * is the fault of who wants it there, and an error of the protocol.
   */
  static Throwable cause(Throwable error) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ZkException refused && refused.code() == ZkException.Code.TOO_LARGE
        ? new PolicyViolationException("more than fits into a ZooKeeper node", refused)
        : cause;
  }
}
