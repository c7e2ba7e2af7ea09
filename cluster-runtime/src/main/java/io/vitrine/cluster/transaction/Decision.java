package io.vitrine.cluster.transaction;

import org.apache.kafka.common.protocol.Errors;

/** What is to be done about a request for a transactional id. */
sealed interface Decision {
  /** Nothing, and this is the answer; it may be NONE. */
  record Answer(Errors error) implements Decision {}

  /** The id is to become this, and the answer depends on the write. */
  record Write(Transaction next) implements Decision {}

  /**
   * Its open transaction is to be aborted with an epoch nobody is told of: the producer is fenced.
   */
  record Fence(Transaction next) implements Decision {}

  /** To be decided again with a new producer id: there is no epoch left. */
  record NewProducerId() implements Decision {}
}
