package io.vitrine.cluster.workload;

import java.nio.ByteBuffer;

/** A record's run and number as a header value: two big-endian longs. */
final class TrafficNumber {
  /** The header that holds it. */
  static final String HEADER = "vitrine-number";

  private TrafficNumber() {}

  static byte[] encode(long run, long number) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(run).putLong(number).array();
  }

  static boolean isOf(long run, byte[] value) {
    return value.length == 2 * Long.BYTES && ByteBuffer.wrap(value).getLong() == run;
  }

  static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong(Long.BYTES);
  }
}
