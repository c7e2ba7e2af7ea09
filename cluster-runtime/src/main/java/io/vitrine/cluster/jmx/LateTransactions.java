package io.vitrine.cluster.jmx;

import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.producer.ActiveProducer;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether a partition's last stable offset is held back by a transaction that should have
 * ended long ago, as Kafka tells it: its producer has been silent for five minutes more than the
 * longest time-out a transaction may have.
 *
 * @param maxTimeoutMs {@code transaction.max.timeout.ms}
 */
public record LateTransactions(int maxTimeoutMs, InstantSource clock) {
  private static final long BUFFER_MS = TimeUnit.MINUTES.toMillis(5);

  boolean in(PartitionLog log) {
    return log.activeProducers().stream()
        .filter(producer -> producer.transactionStartOffset() >= 0)
        .min(Comparator.comparingLong(ActiveProducer::transactionStartOffset))
        .filter(oldest -> clock.millis() - oldest.lastTimestampMs() > maxTimeoutMs + BUFFER_MS)
        .isPresent();
  }
}
