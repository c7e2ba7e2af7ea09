package io.vitrine.storage.compaction;

import io.vitrine.storage.index.AbortedTransaction;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Follows the transactions of a log from batch to batch: which batches were aborted, and which end
 * markers have nothing left to end. Not thread-safe.
 */
final class TransactionTrace {
  /** Told of an aborted transaction of which batches are left, at its marker. */
  interface StillAborted {
    void note(AbortedTransaction transaction) throws IOException;
  }

  private final StillAborted stillAborted;
  private final PriorityQueue<AbortedTransaction> coming =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
  private final Map<Long, Aborted> aborted = new HashMap<>();
  private final Set<Long> committed = new HashSet<>();

  private static final class Aborted {
    final AbortedTransaction transaction;
    boolean seen;

    Aborted(AbortedTransaction transaction) {
      this.transaction = transaction;
    }
  }

  TransactionTrace(StillAborted stillAborted) {
    this.stillAborted = stillAborted;
  }

  /** Makes aborted transactions known that begin further on. */
  void add(List<AbortedTransaction> transactions) {
    coming.addAll(transactions);
  }

  /** Whether a batch of data belongs to an aborted transaction. */
  boolean abortedData(RecordBatch batch) {
    beginUpTo(batch.lastOffset());
    if (!batch.isTransactional()) {
      return false;
    }
    Aborted transaction = aborted.get(batch.producerId());
    if (transaction == null) {
      committed.add(batch.producerId());
      return false;
    }
    transaction.seen = true;
    return true;
  }

  /** Whether a control batch ends nothing of which batches are left. */
  boolean markerOfNothing(RecordBatch batch) throws IOException {
    if (batch.isCompressed()) {
      throw new CorruptRecordException(
          "the marker at offset " + batch.baseOffset() + " is compressed, which none ever is");
    }
    beginUpTo(batch.lastOffset());
    Iterator<Record> records = batch.iterator();
    if (!records.hasNext()) {
      return true;
    }
    ControlRecordType type = ControlRecordType.parse(records.next().key());
    if (type == ControlRecordType.ABORT) {
      Aborted ended = aborted.remove(batch.producerId());
      if (ended != null && ended.seen) {
        stillAborted.note(ended.transaction);
        return false;
      }
      return true;
    }
    return type == ControlRecordType.COMMIT && !committed.remove(batch.producerId());
  }

  private void beginUpTo(long offset) {
    while (!coming.isEmpty() && coming.peek().firstOffset() <= offset) {
      AbortedTransaction next = coming.poll();
      aborted.putIfAbsent(next.producerId(), new Aborted(next));
    }
  }
}
