package io.vitrine.storage.inspect;

import io.vitrine.storage.log.BatchHeader;
import io.vitrine.storage.log.Decompression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Reads the records of one batch with the bytes of every field.
 *
 * <p>A compressed batch is decompressed up to 64 MiB; what lies beyond is left out and said so.
 */
final class RecordReader {
  /** Batches and decompressed records larger than this are not read. */
  static final int LARGEST_BYTES = 64 << 20;

  private static final int PIECE_BYTES = 64 << 10;

  private final String topic;
  private final List<Field> fields = new ArrayList<>();
  private ByteBuffer bytes;
  private long start;

  RecordReader(String topic) {
    this.topic = topic;
  }

  List<RecordView> read(BatchView batch, ByteBuffer whole) throws IOException {
    BatchHeader header = batch.header();
    long baseTimestamp = whole.getLong(27);
    ByteBuffer payload = whole.slice(BatchHeader.BYTES, whole.limit() - BatchHeader.BYTES);
    boolean compressed = (header.attributes() & 0x07) != 0;
    bytes = compressed ? decompressed(header, payload) : payload;
    start = compressed ? 0 : batch.position() + BatchHeader.BYTES;
    List<RecordView> records = new ArrayList<>();
    try {
      for (int i = 0; i < header.recordCount() && bytes.hasRemaining(); i++) {
        records.add(record(header, baseTimestamp));
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      records.add(broken(header, records.size()));
    }
    return records;
  }

  private RecordView broken(BatchHeader header, int index) {
    return new RecordView(
        header.baseOffset() + index,
        -1,
        "null",
        "null",
        List.of(),
        "record " + index + " is malformed at byte " + (start + bytes.position()),
        List.copyOf(fields));
  }

  private static ByteBuffer decompressed(BatchHeader header, ByteBuffer payload)
      throws IOException {
    try (InputStream in =
        Decompression.open(
            header.compression(), payload, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING)) {
      byte[] all = new byte[PIECE_BYTES];
      int size = 0;
      while (size < LARGEST_BYTES) {
        int read = in.read(all, size, all.length - size);
        if (read < 0) {
          break;
        }
        size += read;
        if (size == all.length) {
          all = Arrays.copyOf(all, Math.min(LARGEST_BYTES, size * 2));
        }
      }
      return ByteBuffer.wrap(all, 0, size).slice();
    } catch (RuntimeException e) {
      throw new IOException("the batch cannot be decompressed: " + e.getMessage(), e);
    } catch (Error e) {
      KafkaException told = Decompression.failed(e);
      throw new IOException("the batch cannot be decompressed: " + e.getMessage(), told);
    }
  }

  private RecordView record(BatchHeader header, long baseTimestamp) {
    fields.clear();
    varint("length");
    int attributes = bytes.position();
    add("attributes", attributes, Byte.toString(bytes.get()));
    int at = bytes.position();
    long timestamp = baseTimestamp + ByteUtils.readVarlong(bytes);
    if (header.logAppendTime()) {
      timestamp = header.maxTimestampMs();
    }
    add("timestamp delta", at, BatchFields.time(timestamp));
    at = bytes.position();
    long offset = header.baseOffset() + ByteUtils.readVarint(bytes);
    add("offset delta", at, "offset " + offset);
    ByteBuffer key = field("key");
    ByteBuffer value = field("value");
    List<String> headers = headers();
    String meaning =
        header.control()
            ? InternalRecords.control(key, value)
            : InternalRecords.of(topic, key, value);
    return new RecordView(
        offset, timestamp, Words.of(key), Words.of(value), headers, meaning, List.copyOf(fields));
  }

  private List<String> headers() {
    int count = varint("header count");
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer key = field("header key");
      headers.add(Words.of(key) + "=" + Words.of(field("header value")));
    }
    return headers;
  }

  private ByteBuffer field(String name) {
    int length = varint(name + " length");
    if (length < 0) {
      return null;
    }
    int at = bytes.position();
    if (length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer value = bytes.slice(at, length);
    bytes.position(at + length);
    add(name, at, Words.of(value));
    return value;
  }

  private int varint(String name) {
    int at = bytes.position();
    int value = ByteUtils.readVarint(bytes);
    add(name, at, Integer.toString(value));
    return value;
  }

  private void add(String name, int from, String value) {
    fields.add(new Field(name, start + from, start + bytes.position(), value));
  }
}
