package io.vitrine.cluster.coordinator;

import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What one partition of an internal topic says, kept in memory while this broker leads it.
 *
 * <p>The three calls come from the runtime's loader thread, in this order, each state being used
 * once; nobody else sees the state before {@link #loaded} has returned, and nobody is given it
 * after {@link #unloaded} was due.
 */
public interface CoordinatorState {
  /**
   * Takes in one record, in the order of the log.
   *
   * @param batch whose record it is; a control batch holds the marker that ends a transaction
   * @throws RuntimeException when it means nothing to this version; the partition is not served
   *     then
   */
  void replay(RecordBatch batch, Record record);

  /** Everything was replayed; requests come from now on. */
  default void loaded() {}

  /** Somebody else leads: whoever waits here is turned away. Not called when the broker ends. */
  default void unloaded() {}
}
