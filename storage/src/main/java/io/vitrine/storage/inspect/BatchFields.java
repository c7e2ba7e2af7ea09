package io.vitrine.storage.inspect;

import io.vitrine.storage.log.BatchHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The 61 bytes of a batch header, field by field. */
final class BatchFields {
  private static final int DELETE_HORIZON = 0x40;

  private final ByteBuffer bytes;
  private final long position;
  private final List<Field> fields = new ArrayList<>();
  private int at;

  private BatchFields(ByteBuffer bytes, long position) {
    this.bytes = bytes;
    this.position = position;
  }

  static List<Field> of(ByteBuffer bytes, long position) {
    BatchFields of = new BatchFields(bytes, position);
    of.read(BatchHeader.parse(bytes));
    return List.copyOf(of.fields);
  }

  private void read(BatchHeader header) {
    add("base offset", 8, Long.toString(header.baseOffset()));
    add("length", 4, header.sizeBytes() - 12 + " bytes follow");
    add("leader epoch", 4, Integer.toString(header.leaderEpoch()));
    add("magic", 1, Byte.toString(header.magic()));
    add("CRC-32C", 4, String.format("0x%08x", header.crc()));
    add("attributes", 2, attributes(header));
    add("last offset delta", 4, header.lastOffsetDelta() + ", last offset " + header.lastOffset());
    boolean horizon = (header.attributes() & DELETE_HORIZON) != 0;
    add(horizon ? "delete horizon" : "base timestamp", 8, time(bytes.getLong(at)));
    add("max timestamp", 8, time(header.maxTimestampMs()));
    add("producer id", 8, Long.toString(header.producerId()));
    add("producer epoch", 2, Short.toString(header.producerEpoch()));
    add("base sequence", 4, Integer.toString(header.baseSequence()));
    add("record count", 4, Integer.toString(header.recordCount()));
  }

  private void add(String name, int length, String value) {
    fields.add(new Field(name, position + at, position + at + length, value));
    at += length;
  }

  private static String attributes(BatchHeader header) {
    List<String> words = new ArrayList<>();
    words.add(compression(header));
    words.add(header.logAppendTime() ? "LogAppendTime" : "CreateTime");
    if (header.transactional()) {
      words.add("transactional");
    }
    if (header.control()) {
      words.add("control");
    }
    if ((header.attributes() & DELETE_HORIZON) != 0) {
      words.add("delete horizon set");
    }
    return String.join(", ", words);
  }

  private static String compression(BatchHeader header) {
    int codec = header.attributes() & 0x07;
    return codec > 4 ? "unknown codec " + codec : header.compression().name;
  }

  /** Milliseconds, and what time that is. */
  static String time(long ms) {
    return ms < 0 ? Long.toString(ms) : ms + " (" + Instant.ofEpochMilli(ms) + ")";
  }
}
