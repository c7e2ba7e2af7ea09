package io.vitrine.cluster.transaction;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * What requests do to a transactional id, as pure functions. An id whose next state is being
 * written answers CONCURRENT_TRANSACTIONS, so that the client comes again.
 */
final class Decisions {
  private Decisions() {}

  private static Decision answer(Errors error) {
    return new Decision.Answer(error);
  }

  // ---- InitProducerId --------------------------------------------------------------------------

  /**
   * @param expected what the producer had before, when it goes on after an error (KIP-360)
   * @param newProducerId to be used if there is no epoch left; empty when none was fetched yet
   */
  static Decision initialize(
      Standing standing,
      int timeoutMs,
      Optional<ProducerIdAndEpoch> expected,
      OptionalLong newProducerId,
      long nowMs) {
    Transaction current = standing.current();
    if (standing.busy()) {
      return answer(Errors.CONCURRENT_TRANSACTIONS);
    }
    if (expected.isPresent() && !isKnown(current, expected.get())) {
      return answer(Errors.PRODUCER_FENCED);
    }
    return switch (current.state()) {
      case PREPARE_COMMIT, PREPARE_ABORT -> answer(Errors.CONCURRENT_TRANSACTIONS);
      case ONGOING -> fence(standing, nowMs);
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT ->
          begin(current, timeoutMs, expected, newProducerId, nowMs);
      case DEAD, PREPARE_EPOCH_FENCE ->
          throw new IllegalStateException(current + " is never written");
    };
  }

  /** It had this id, or the one before until that was used up, or the coordinator just forgot. */
  private static boolean isKnown(Transaction current, ProducerIdAndEpoch expected) {
    return current.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH
        || expected.producerId == current.producerId()
        || (expected.producerId == current.lastProducerId()
            && Transaction.isExhausted(expected.epoch));
  }

  private static Decision begin(
      Transaction current,
      int timeoutMs,
      Optional<ProducerIdAndEpoch> expected,
      OptionalLong newProducerId,
      long nowMs) {
    short epoch = current.producerEpoch();
    if (Transaction.isExhausted(epoch)
        && expected.map(producer -> producer.epoch == epoch).orElse(true)) {
      if (newProducerId.isEmpty()) {
        return new Decision.NewProducerId();
      }
      short lastEpoch = expected.isPresent() ? epoch : RecordBatch.NO_PRODUCER_EPOCH;
      return new Decision.Write(
          current.rotated(newProducerId.getAsLong(), lastEpoch, timeoutMs, nowMs));
    }
    short next = (short) (epoch + 1);
    if (expected.isEmpty()) {
      return new Decision.Write(
          current.initialized(next, RecordBatch.NO_PRODUCER_EPOCH, timeoutMs, nowMs));
    }
    if (epoch == RecordBatch.NO_PRODUCER_EPOCH || expected.get().epoch == epoch) {
      return new Decision.Write(current.initialized(next, epoch, timeoutMs, nowMs));
    }
    if (expected.get().epoch == current.lastProducerEpoch()) {
      // The answer to the same request was lost: the producer has its new epoch already.
      return new Decision.Write(
          current.initialized(epoch, current.lastProducerEpoch(), timeoutMs, nowMs));
    }
    return answer(Errors.PRODUCER_FENCED);
  }

  /** The write of an earlier epoch for nobody may have failed: then that one does again. */
  private static Decision fence(Standing standing, long nowMs) {
    Transaction current = standing.current();
    short epoch = current.producerEpoch();
    return new Decision.Fence(
        current
            .fenced(standing.fenceFailed() ? epoch : (short) (epoch + 1))
            .prepared(TransactionState.PREPARE_ABORT, nowMs));
  }

  // ---- AddPartitionsToTxn ----------------------------------------------------------------------

  static Decision addPartitions(
      Standing standing, long producerId, short epoch, Set<TopicPartition> partitions, long nowMs) {
    Transaction current = standing.current();
    if (current.producerId() != producerId) {
      return answer(Errors.INVALID_PRODUCER_ID_MAPPING);
    }
    if (current.producerEpoch() != epoch) {
      return answer(Errors.PRODUCER_FENCED);
    }
    if (standing.busy() || current.state().isPreparing()) {
      return answer(Errors.CONCURRENT_TRANSACTIONS);
    }
    if (current.state() == TransactionState.ONGOING
        && current.partitions().containsAll(partitions)) {
      return answer(Errors.NONE);
    }
    return new Decision.Write(current.withPartitions(partitions, nowMs));
  }

  /** Whether partitions belong to the open transaction; a write under way does not matter. */
  static Map<TopicPartition, Errors> verify(
      Transaction current, long producerId, short epoch, Set<TopicPartition> partitions) {
    Errors whole = Errors.NONE;
    if (current.producerId() != producerId) {
      whole = Errors.INVALID_PRODUCER_ID_MAPPING;
    } else if (current.producerEpoch() != epoch) {
      whole = Errors.PRODUCER_FENCED;
    } else if (current.state().isPreparing()) {
      whole = Errors.CONCURRENT_TRANSACTIONS;
    }
    Map<TopicPartition, Errors> answers = new HashMap<>();
    for (TopicPartition partition : partitions) {
      boolean unknown = whole == Errors.NONE && !current.partitions().contains(partition);
      answers.put(partition, unknown ? Errors.TRANSACTION_ABORTABLE : whole);
    }
    return answers;
  }

  // ---- EndTxn ----------------------------------------------------------------------------------

  static Decision end(
      Standing standing, long producerId, short epoch, TransactionResult result, long nowMs) {
    Transaction current = standing.current();
    if (current.producerId() != producerId) {
      return answer(Errors.INVALID_PRODUCER_ID_MAPPING);
    }
    if (current.producerEpoch() != epoch) {
      return answer(Errors.PRODUCER_FENCED);
    }
    if (standing.busy()) {
      return answer(Errors.CONCURRENT_TRANSACTIONS);
    }
    TransactionState preparing = TransactionState.preparing(result);
    boolean commit = result == TransactionResult.COMMIT;
    return switch (current.state()) {
      case ONGOING -> new Decision.Write(current.prepared(preparing, nowMs));
      case COMPLETE_COMMIT -> answer(commit ? Errors.NONE : Errors.INVALID_TXN_STATE);
      case COMPLETE_ABORT -> answer(commit ? Errors.INVALID_TXN_STATE : Errors.NONE);
      case PREPARE_COMMIT, PREPARE_ABORT ->
          answer(
              current.state() == preparing
                  ? Errors.CONCURRENT_TRANSACTIONS
                  : Errors.INVALID_TXN_STATE);
      case EMPTY -> answer(Errors.INVALID_TXN_STATE);
      case DEAD, PREPARE_EPOCH_FENCE ->
          throw new IllegalStateException(current + " is never written");
    };
  }

  // ---- time ------------------------------------------------------------------------------------

  /** Whether a transaction is open for longer than its producer allowed. */
  static Decision timeOut(Standing standing, long nowMs) {
    Transaction current = standing.current();
    boolean late =
        !standing.busy()
            && current.state() == TransactionState.ONGOING
            && current.startMs() + current.timeoutMs() < nowMs;
    return late ? fence(standing, nowMs) : answer(Errors.NONE);
  }

  /** Whether an id was idle for so long that it is to be forgotten. */
  static boolean isExpired(Standing standing, long expirationMs, long nowMs) {
    return !standing.busy()
        && standing.current().state().mayExpire()
        && standing.current().lastUpdateMs() <= nowMs - expirationMs;
  }
}
