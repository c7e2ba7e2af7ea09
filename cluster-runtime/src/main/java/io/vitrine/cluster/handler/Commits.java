package io.vitrine.cluster.handler;

import java.util.OptionalInt;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/** What the requests that commit offsets have in common. */
final class Commits {
  private Commits() {}

  static OptionalInt epoch(int asked) {
    return asked == RecordBatch.NO_PARTITION_LEADER_EPOCH
        ? OptionalInt.empty()
        : OptionalInt.of(asked);
  }

  static String metadata(String asked) {
    return asked == null ? "" : asked;
  }

  /** The code of what went wrong, none for null. */
  static Errors errorOf(Throwable error) {
    return error == null ? Errors.NONE : Errors.forException(Failures.cause(error));
  }
}
