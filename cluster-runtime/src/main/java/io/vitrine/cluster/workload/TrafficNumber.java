package io.vitrine.cluster.workload;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** A record's run and number in a header: two big-endian longs. */
final class TrafficNumber {
  private static final String HEADER = "vitrine-number";

  private TrafficNumber() {}

  /** Numbers a record that is to be sent. */
  static void put(ProducerRecord<?, ?> record, long run, long number) {
    byte[] value = ByteBuffer.allocate(2 * Long.BYTES).putLong(run).putLong(number).array();
    record.headers().add(HEADER, value);
  }

  /** A received record's number; empty when it is not of this run. */
  static OptionalLong of(ConsumerRecord<?, ?> record, long run) {
    Header header = record.headers().lastHeader(HEADER);
    if (header == null || header.value().length != 2 * Long.BYTES) {
      return OptionalLong.empty();
    }
    ByteBuffer value = ByteBuffer.wrap(header.value());
    return value.getLong() == run ? OptionalLong.of(value.getLong()) : OptionalLong.empty();
  }
}
