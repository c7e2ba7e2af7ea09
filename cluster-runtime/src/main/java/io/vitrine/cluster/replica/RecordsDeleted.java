package io.vitrine.cluster.replica;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/**
 * What became of one partition's DeleteRecords.
 *
 * @param lowWatermark the smallest log start of its live replicas, -1 after an error or when a
 *     replica's is not known yet
 */
public record RecordsDeleted(Errors error, long lowWatermark) {
  static RecordsDeleted failed(Errors error) {
    return new RecordsDeleted(error, DeleteRecordsResponse.INVALID_LOW_WATERMARK);
  }
}
