package io.vitrine.cluster.group;

import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients of a group are told when an append to {@code __consumer_offsets} fails. */
final class AppendErrors {
  private static final Logger LOG = LoggerFactory.getLogger(AppendErrors.class);

  private AppendErrors() {}

  /** A generation could not be written: what members are told in their syncs. */
  static Errors ofGroup(Errors append) {
    return switch (append) {
      case REQUEST_TIMED_OUT -> Errors.REBALANCE_IN_PROGRESS;
      case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_FETCH_SIZE -> {
        LOG.error("a group does not fit into a record batch: {}", append.message());
        yield Errors.UNKNOWN_SERVER_ERROR;
      }
      default -> ofBoth(append);
    };
  }

  /** Offsets could not be written. */
  static Errors ofOffsets(Errors append) {
    return switch (append) {
      // Of the check with the transaction coordinator; old clients know nothing better.
      case NETWORK_EXCEPTION -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
      case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_FETCH_SIZE ->
          Errors.INVALID_COMMIT_OFFSET_SIZE;
      default -> ofBoth(append);
    };
  }

  private static Errors ofBoth(Errors append) {
    return switch (append) {
      case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          Errors.COORDINATOR_NOT_AVAILABLE;
      case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
      default -> append;
    };
  }
}
