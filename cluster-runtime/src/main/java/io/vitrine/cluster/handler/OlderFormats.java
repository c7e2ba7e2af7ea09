package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.PartitionRead;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.storage.log.BoundedRecords;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ConvertedRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in the formats Fetch below v4 knows: magic 0 up to v1, magic 1 up to v3. What was read is
 * copied to the heap, at most what one fetch may read. Safe from any thread.
 */
public final class OlderFormats {
  private static final Logger LOG = LoggerFactory.getLogger(OlderFormats.class);
  private static final short LAST_OF_MAGIC_0 = 1;

  private final Predicate<String> allowed;
  private final Traffic traffic;

  /**
   * @param allowed whether a topic's {@code message.downconversion.enable} is on
   * @param traffic counts what is written anew
   */
  public OlderFormats(Predicate<String> allowed, Traffic traffic) {
    this.allowed = allowed;
    this.traffic = traffic;
  }

  /**
   * Writes one partition's records anew and gives what was read back.
   *
   * @param data the partition's answer, its records are replaced
   * @param fetchOffset records before it are left out
   */
  PartitionData convert(
      PartitionRead read, PartitionData data, long fetchOffset, short version, boolean follower) {
    TopicPartition tp = read.partition().topicPartition();
    if (!follower && !allowed.test(tp.topic())) {
      read.records().close();
      return FetchResponse.partitionResponse(tp.partition(), Errors.UNSUPPORTED_VERSION);
    }
    try {
      byte magic =
          version <= LAST_OF_MAGIC_0 ? RecordBatch.MAGIC_VALUE_V0 : RecordBatch.MAGIC_VALUE_V1;
      return anew(tp.topic(), data, read.records().toMemory(), magic, fetchOffset);
    } catch (IOException e) {
      LOG.error("records of {} cannot be read", tp, e);
      return FetchResponse.partitionResponse(tp.partition(), Errors.KAFKA_STORAGE_ERROR);
    } catch (RuntimeException e) {
      // Such as a time before 1970, which the older formats cannot say: the other partitions can.
      LOG.warn("records of {} cannot be told in version {} of Fetch", tp, version, e);
      return FetchResponse.partitionResponse(tp.partition(), Errors.forException(e));
    } finally {
      read.records().close();
    }
  }

  /**
   * Zstandard cannot be written in the older formats. As in Kafka that is an error where it comes
   * first, and an answer without records where it comes later.
   */
  private PartitionData anew(
      String topic, PartitionData data, MemoryRecords records, byte magic, long fetchOffset) {
    for (RecordBatch batch : records.batches()) {
      BoundedRecords.check(batch, BufferSupplier.NO_CACHING);
    }
    try {
      ConvertedRecords<MemoryRecords> converted =
          records.downConvert(magic, fetchOffset, Time.SYSTEM);
      traffic.convertedOut(topic, converted.recordConversionStats().numRecordsConverted());
      return data.setRecords(converted.records());
    } catch (UnsupportedCompressionTypeException e) {
      return records.batches().iterator().next().compressionType() == CompressionType.ZSTD
          ? FetchResponse.partitionResponse(
              data.partitionIndex(), Errors.UNSUPPORTED_COMPRESSION_TYPE)
          : data.setRecords(MemoryRecords.EMPTY);
    }
  }
}
