package io.vitrine.storage.log;

import io.vitrine.storage.producer.EndMarker;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;

/** Reads the one record of a transaction's control batch. */
final class EndMarkers {
  private EndMarkers() {}

  /**
   * Empty when compaction has left nothing of the batch but its header.
   *
   * @throws CorruptRecordException when the batch is compressed, which no broker ever does
   * @throws org.apache.kafka.common.KafkaException when the record is no marker
   */
  static Optional<EndMarker> parse(BatchHeader header, ByteBuffer batch) {
    if (header.compression() != CompressionType.NONE) {
      throw new CorruptRecordException(
          "the marker at offset " + header.baseOffset() + " is compressed");
    }
    for (Record record : MemoryRecords.readableRecords(batch).records()) {
      EndTransactionMarker marker = EndTransactionMarker.deserialize(record);
      return Optional.of(
          new EndMarker(
              header.producerId(),
              header.producerEpoch(),
              marker.coordinatorEpoch(),
              header.baseOffset(),
              record.timestamp(),
              marker.controlType() == ControlRecordType.ABORT));
    }
    return Optional.empty();
  }
}
