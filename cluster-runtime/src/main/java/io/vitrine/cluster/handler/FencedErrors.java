package io.vitrine.cluster.handler;

import org.apache.kafka.common.protocol.Errors;

/** PRODUCER_FENCED (90), which clients know from some version of each API on. */
final class FencedErrors {
  private FencedErrors() {}

  /** The error as a client of this version understands it: before 90 there was 47. */
  static Errors told(Errors error, short version, short firstWithFenced) {
    return error == Errors.PRODUCER_FENCED && version < firstWithFenced
        ? Errors.INVALID_PRODUCER_EPOCH
        : error;
  }
}
