package io.vitrine.cluster.data;

import java.util.List;
import java.util.Optional;

/**
 * A record to be written. The arrays are shared, not copied.
 *
 * @param partition the key decides, or the producer when there is none, when empty
 * @param timestampMs the producer's clock when empty
 * @param key null when there is none
 * @param value null for a tombstone
 */
public record NewRecord(
    Optional<Integer> partition,
    Optional<Long> timestampMs,
    byte[] key,
    byte[] value,
    List<DataRecord.Header> headers) {
  public NewRecord {
    headers = List.copyOf(headers);
  }

  /** A record that was read, to be written again with the time of now. */
  public static NewRecord of(DataRecord record) {
    return new NewRecord(
        Optional.empty(), Optional.empty(), record.key(), record.value(), record.headers());
  }
}
