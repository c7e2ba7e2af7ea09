package io.vitrine.storage.log;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;

/**
 * Producers whose first batch of a transaction waits for the word of the coordinator. Guarded by
 * the log's lock. Source: KIP-890.
 *
 * <p>Of each the lowest sequence is kept: when that batch has to be sent again, a later one must
 * not come before it.
 */
final class Verifications {
  private final Map<Long, Waiting> waiting = new HashMap<>();

  private static final class Waiting {
    private final VerificationGuard guard = new VerificationGuard();
    private final long sinceMs;
    private short epoch;
    private int lowestSequence;

    private Waiting(long sinceMs, short epoch, int sequence) {
      this.sinceMs = sinceMs;
      this.epoch = epoch;
      this.lowestSequence = sequence;
    }
  }

  /** The guard for a producer's next append, the same one until {@link #appended}. */
  VerificationGuard begin(long producerId, short epoch, int sequence, long nowMs) {
    Waiting entry = waiting.computeIfAbsent(producerId, id -> new Waiting(nowMs, epoch, sequence));
    if (epoch > entry.epoch) {
      entry.epoch = epoch;
      entry.lowestSequence = sequence;
    } else if (epoch == entry.epoch) {
      entry.lowestSequence = Math.min(entry.lowestSequence, sequence);
    }
    return entry.guard;
  }

  /**
   * Checks the guard of an append that would open a transaction.
   *
   * @throws InvalidTxnStateException when it is not the one that was given out last
   */
  void check(long producerId, VerificationGuard guard) {
    if (guard == VerificationGuard.NOT_REQUIRED) {
      return;
    }
    Waiting entry = waiting.get(producerId);
    if (entry == null || entry.guard != guard) {
      throw new InvalidTxnStateException("the records belong to no open transaction");
    }
  }

  /**
   * Checks that no earlier batch of the producer has yet to come.
   *
   * @throws OutOfOrderSequenceException when one has
   */
  void checkSequence(long producerId, int sequence) {
    Waiting entry = waiting.get(producerId);
    if (entry != null && sequence > entry.lowestSequence) {
      throw new OutOfOrderSequenceException(
          "producer "
              + producerId
              + " sent sequence "
              + sequence
              + ", "
              + entry.lowestSequence
              + " must come first");
    }
  }

  /** The producer's transaction is open in the log now, or ended: guards are void. */
  void appended(long producerId) {
    waiting.remove(producerId);
  }

  void expire(long nowMs, long idleMs) {
    waiting.values().removeIf(entry -> nowMs - entry.sinceMs >= idleMs);
  }
}
