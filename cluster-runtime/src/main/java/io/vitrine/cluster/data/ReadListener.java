package io.vitrine.cluster.data;

import java.util.List;

/** Hears of a reading, on its thread; what it does keeps the reading waiting. */
@FunctionalInterface
public interface ReadListener {
  /**
   * Called with every few records, several times a second when there are none, and last with a
   * state that has ended.
   *
   * @param records in the order of each partition
   */
  void read(List<DataRecord> records, ReadProgress progress);
}
