package io.vitrine.cluster.replica;

import io.vitrine.storage.log.VerificationGuard;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies transactions before they begin in partitions this broker leads, unless {@code
 * transaction.partition.verification.enable} is off. Safe from any thread; a coordinator's answer
 * is followed up on {@code broker-<id>-verified}, which lives while there is something to do.
 */
final class TransactionVerifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionVerifier.class);
  private static final int THREAD_IDLE_SECONDS = 10;

  private volatile boolean enabled;
  private final HostedPartitions partitions;
  private final TransactionCoordinators coordinators;
  private final ThreadPoolExecutor followUps;

  TransactionVerifier(
      int brokerId,
      boolean enabled,
      HostedPartitions partitions,
      TransactionCoordinators coordinators) {
    this.enabled = enabled;
    this.partitions = partitions;
    this.coordinators = coordinators;
    this.followUps =
        new ThreadPoolExecutor(
            1,
            1,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "broker-" + brokerId + "-verified"),
            (task, ended) -> LOG.debug("broker={} ends, an answer comes too late", brokerId));
    followUps.allowCoreThreadTimeOut(true);
  }

  boolean isEnabled() {
    return enabled;
  }

  /** See {@link ReplicaManager#verifyTransactions}. */
  void enable(boolean on) {
    enabled = on;
  }

  /** See {@link ReplicaManager#verify}. */
  void verify(TransactionalBatches batches, Consumer<Verified> callback) {
    Verified begun = begin(batches);
    if (begun.guards().isEmpty()) {
      callback.accept(begun);
    } else {
      confirm(batches, begun, callback);
    }
  }

  /** Takes the guards of the partitions in which the transaction is not open yet. */
  Verified begin(TransactionalBatches batches) {
    if (!enabled || batches.transactionalId() == null) {
      return Verified.NOTHING;
    }
    Map<TopicPartition, VerificationGuard> guards = new HashMap<>();
    Map<TopicPartition, Errors> refused = new HashMap<>();
    batches
        .firstSequences()
        .forEach(
            (partition, sequence) -> {
              try {
                VerificationGuard guard =
                    partitions
                        .getOrThrow(partition)
                        .leaderWrites()
                        .beginVerification(batches.producerId(), batches.producerEpoch(), sequence);
                if (guard != VerificationGuard.NONE) {
                  guards.put(partition, guard);
                }
              } catch (ApiException e) {
                refused.put(partition, Errors.forException(e));
              }
            });
    return new Verified(refused, guards);
  }

  /** Asks the coordinator about the partitions for which there are guards. */
  void confirm(TransactionalBatches batches, Verified begun, Consumer<Verified> callback) {
    coordinators.ask(
        batches,
        begun.guards().keySet(),
        unverified ->
            followUps.execute(
                () -> {
                  Map<TopicPartition, Errors> refused = new HashMap<>(begun.refused());
                  refused.putAll(unverified);
                  callback.accept(new Verified(refused, begun.guards()));
                }));
  }

  @Override
  public void close() {
    coordinators.close();
    followUps.shutdownNow();
  }
}
