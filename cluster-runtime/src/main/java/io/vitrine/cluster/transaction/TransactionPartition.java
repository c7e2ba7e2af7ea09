package io.vitrine.cluster.transaction;

import io.vitrine.cluster.coordinator.CoordinatorState;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transactional ids of one partition of {@code __transaction_state}. Safe from any thread. */
final class TransactionPartition implements CoordinatorState {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionPartition.class);

  private final int number;
  private final int leaderEpoch;
  private final BiConsumer<TransactionPartition, TransactionEntry> unfinished;
  private final Map<String, TransactionEntry> entries = new ConcurrentHashMap<>();
  private volatile boolean active = true;

  /**
   * @param leaderEpoch in which this broker leads it: the coordinator epoch of markers
   * @param unfinished hears of ids whose end other leaders may not know, once all is loaded
   */
  TransactionPartition(
      int number, int leaderEpoch, BiConsumer<TransactionPartition, TransactionEntry> unfinished) {
    this.number = number;
    this.leaderEpoch = leaderEpoch;
    this.unfinished = unfinished;
  }

  int number() {
    return number;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  /** Whether this broker still coordinates its ids. */
  boolean isActive() {
    return active;
  }

  Optional<TransactionEntry> entry(String transactionalId) {
    return Optional.ofNullable(entries.get(transactionalId));
  }

  /** The entry of an id, this one if there was none. */
  TransactionEntry entryOr(String transactionalId, TransactionEntry created) {
    TransactionEntry before = entries.putIfAbsent(transactionalId, created);
    return before == null ? created : before;
  }

  Collection<TransactionEntry> entries() {
    return entries.values();
  }

  void forget(String transactionalId) {
    entries.remove(transactionalId);
  }

  // ---- loading ---------------------------------------------------------------------------------

  @Override
  public void replay(RecordBatch batch, Record record) {
    if (batch.isControlBatch()) {
      return;
    }
    if (!record.hasKey()) {
      throw new IllegalStateException("transaction state without a key at " + record.offset());
    }
    Optional<String> id = TransactionRecords.readKey(record.key());
    if (id.isEmpty()) {
      LOG.warn("offset {} of transaction state {} has a key of a later version", record, number);
    } else if (record.hasValue()) {
      entries.put(
          id.get(), new TransactionEntry(TransactionRecords.readValue(id.get(), record.value())));
    } else {
      entries.remove(id.get());
    }
  }

  @Override
  public void loaded() {
    for (TransactionEntry entry : entries.values()) {
      if (entry.current().state().isPreparing()) {
        entry.resume();
        unfinished.accept(this, entry);
      }
    }
  }

  @Override
  public void unloaded() {
    active = false;
  }
}
