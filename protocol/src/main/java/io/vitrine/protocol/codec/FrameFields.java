package io.vitrine.protocol.codec;

import io.vitrine.protocol.codec.FrameField.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;

/**
 * Takes a frame apart into fields, each with the bytes it takes, by Kafka's own schemas. Made for
 * one frame, used by one thread.
 *
 * <p>The frame may be cut or wrong: the first field that cannot be read is {@link Kind#CUT}, and
 * nothing follows it. Tagged fields are told by their tags. Kafka's schemas do not mark structures
 * that may be null: such a one, in the newest group protocols only, is read as if it were there.
 */
public final class FrameFields {
  private static final int SHOWN_BYTES = 32;

  private final ByteBuffer frame;
  private boolean cut;

  private FrameFields(byte[] frame) {
    this.frame = ByteBuffer.wrap(frame);
  }

  /** The header and the body of a request without its size field. */
  public static List<FrameField> request(byte[] frame) {
    FrameFields fields = new FrameFields(frame);
    if (frame.length < 2 * Short.BYTES) {
      return List.of(fields.unreadable("header", 0));
    }
    short version = fields.frame.getShort(Short.BYTES);
    if (!ApiKeys.hasId(fields.frame.getShort(0))) {
      return List.of(fields.unreadable("header", 0));
    }
    ApiKeys api = ApiKeys.forId(fields.frame.getShort(0));
    return fields.parts(
        RequestHeaderData.SCHEMAS[api.requestHeaderVersion(version)],
        schema(api.messageType.requestSchemas(), version));
  }

  /** The size field, the header and the body of an answer. */
  public static List<FrameField> response(byte[] frame, ApiKeys api, short version) {
    FrameFields fields = new FrameFields(frame);
    List<FrameField> parts = new ArrayList<>();
    parts.add(fields.field("size", Type.INT32));
    parts.addAll(
        fields.parts(
            ResponseHeaderData.SCHEMAS[api.responseHeaderVersion(version)],
            schema(api.messageType.responseSchemas(), version)));
    return List.copyOf(parts);
  }

  private static Schema schema(Schema[] schemas, short version) {
    return version < 0 || version >= schemas.length ? null : schemas[version];
  }

  private List<FrameField> parts(Schema header, Schema body) {
    List<FrameField> parts = new ArrayList<>();
    parts.add(field("header", header));
    if (!cut) {
      parts.add(body == null ? unreadable("body", frame.position()) : field("body", body));
    }
    return List.copyOf(parts);
  }

  private FrameField field(String name, Type type) {
    int start = frame.position();
    try {
      if (type instanceof Schema schema) {
        return struct(name, schema, start);
      }
      if (type instanceof TaggedFields) {
        return tagged(name, start);
      }
      if (type.isArray()) {
        return array(name, type, start);
      }
      if (type == Type.RECORDS || type == Type.COMPACT_RECORDS) {
        return records(name, type == Type.COMPACT_RECORDS, start);
      }
      return leaf(name, type.read(frame), start);
    } catch (BufferUnderflowException | SchemaException | IllegalArgumentException e) {
      return unreadable(name, start);
    }
  }

  private FrameField struct(String name, Schema schema, int start) {
    List<FrameField> children = new ArrayList<>();
    for (BoundField each : schema.fields()) {
      if (cut) {
        break;
      }
      children.add(field(each.def.name, each.def.type));
    }
    return node(name, Kind.STRUCT, "", start, children);
  }

  private FrameField array(String name, Type type, int start) {
    int count =
        type instanceof CompactArrayOf ? ByteUtils.readUnsignedVarint(frame) - 1 : frame.getInt();
    if (count < 0) {
      return node(name, Kind.NULL, "null", start, List.of());
    }
    Type element = type.arrayElementType().orElseThrow();
    List<FrameField> children = new ArrayList<>();
    for (int i = 0; i < count && !cut; i++) {
      children.add(field("[" + i + "]", element));
    }
    return node(name, Kind.ARRAY, Integer.toString(count), start, children);
  }

  private FrameField tagged(String name, int start) {
    int count = ByteUtils.readUnsignedVarint(frame);
    List<FrameField> children = new ArrayList<>();
    for (int i = 0; i < count && !cut; i++) {
      int at = frame.position();
      int tag = ByteUtils.readUnsignedVarint(frame);
      int size = ByteUtils.readUnsignedVarint(frame);
      children.add(opaque("tag " + tag, size, at));
    }
    return node(name, Kind.ARRAY, Integer.toString(count), start, children);
  }

  // ---- records: batches of magic 2, byte for byte as in the log --------------------------------

  private FrameField records(String name, boolean compact, int start) {
    int size = compact ? ByteUtils.readUnsignedVarint(frame) - 1 : frame.getInt();
    if (size < 0) {
      return node(name, Kind.NULL, "null", start, List.of());
    }
    int end = (int) Math.min((long) frame.position() + size, Integer.MAX_VALUE);
    List<FrameField> children = new ArrayList<>();
    for (int i = 0; frame.position() < end && !cut; i++) {
      children.add(batch("[" + i + "]", end));
    }
    return new FrameField(
        name, Kind.ARRAY, Integer.toString(size), "B", start, frame.position() - start, children);
  }

  private FrameField batch(String name, int end) {
    int start = frame.position();
    int magicAt = start + Long.BYTES + 2 * Integer.BYTES;
    if (magicAt >= frame.limit()) {
      return unreadable(name, start);
    }
    if (magicAt >= end || frame.get(magicAt) != 2) {
      return opaque(name, end - start, start);
    }
    List<FrameField> children = new ArrayList<>();
    add(children, "base_offset", Type.INT64);
    add(children, "batch_length", Type.INT32);
    int batchEnd = (int) Math.min(end, (long) frame.position() + lengthBefore());
    add(children, "partition_leader_epoch", Type.INT32);
    add(children, "magic", Type.INT8);
    add(children, "crc", Type.UNSIGNED_INT32);
    add(children, "attributes", Type.INT16);
    int compression = cut ? 0 : frame.getShort(frame.position() - Short.BYTES) & 7;
    add(children, "last_offset_delta", Type.INT32);
    add(children, "base_timestamp", Type.INT64);
    add(children, "max_timestamp", Type.INT64);
    add(children, "producer_id", Type.INT64);
    add(children, "producer_epoch", Type.INT16);
    add(children, "base_sequence", Type.INT32);
    add(children, "records_count", Type.INT32);
    if (!cut && compression != 0) {
      children.add(opaque("compressed_records", batchEnd - frame.position(), frame.position()));
    }
    for (int i = 0; !cut && frame.position() < batchEnd; i++) {
      children.add(record("record [" + i + "]"));
    }
    return node(name, Kind.STRUCT, "", start, children);
  }

  /** The int32 just read; 0 when it could not be. */
  private int lengthBefore() {
    return cut ? 0 : frame.getInt(frame.position() - Integer.BYTES);
  }

  private FrameField record(String name) {
    int start = frame.position();
    List<FrameField> children = new ArrayList<>();
    add(children, "length", Type.VARINT);
    add(children, "attributes", Type.INT8);
    add(children, "timestamp_delta", Type.VARLONG);
    add(children, "offset_delta", Type.VARINT);
    varBytes(children, "key");
    varBytes(children, "value");
    int countAt = frame.position();
    add(children, "header_count", Type.VARINT);
    int headers = cut ? 0 : ByteUtils.readVarint(frame.duplicate().position(countAt));
    for (int i = 0; i < headers && !cut; i++) {
      varBytes(children, "header_key");
      varBytes(children, "header_value");
    }
    return node(name, Kind.STRUCT, "", start, children);
  }

  /** Bytes with a varint before them, as keys, values and headers of records are. */
  private void varBytes(List<FrameField> children, String name) {
    if (cut) {
      return;
    }
    int start = frame.position();
    try {
      int size = ByteUtils.readVarint(frame);
      children.add(
          size < 0 ? node(name, Kind.NULL, "null", start, List.of()) : opaque(name, size, start));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      children.add(unreadable(name, start));
    }
  }

  private void add(List<FrameField> children, String name, Type type) {
    if (!cut) {
      children.add(field(name, type));
    }
  }

  // ---- fields -----------------------------------------------------------------------------------

  /** So many bytes from here on; the field begins before them. */
  private FrameField opaque(String name, int size, int start) {
    if (size < 0 || size > frame.remaining()) {
      return unreadable(name, start);
    }
    byte[] shown = new byte[Math.min(size, SHOWN_BYTES)];
    frame.duplicate().get(shown);
    frame.position(frame.position() + size);
    return bytes(name, shown, size, start);
  }

  private FrameField bytes(String name, byte[] shown, int size, int start) {
    return new FrameField(
        name,
        Kind.BYTES,
        hex(shown) + (size > shown.length ? "…" : ""),
        size + " B" + readable(shown, size),
        start,
        frame.position() - start,
        List.of());
  }

  private FrameField leaf(String name, Object value, int start) {
    if (value == null) {
      return node(name, Kind.NULL, "null", start, List.of());
    }
    if (value instanceof ByteBuffer read) {
      byte[] all = Utils.toArray(read);
      byte[] shown = new byte[Math.min(all.length, SHOWN_BYTES)];
      System.arraycopy(all, 0, shown, 0, shown.length);
      return bytes(name, shown, all.length, start);
    }
    Kind kind =
        value instanceof Number ? Kind.NUMBER : value instanceof Boolean ? Kind.BOOLEAN : Kind.TEXT;
    return new FrameField(
        name,
        kind,
        value.toString(),
        note(name, value),
        start,
        frame.position() - start,
        List.of());
  }

  private FrameField node(
      String name, Kind kind, String value, int start, List<FrameField> children) {
    return new FrameField(name, kind, value, "", start, frame.position() - start, children);
  }

  /** Nothing more can be read. */
  private FrameField unreadable(String name, int start) {
    cut = true;
    frame.position(frame.limit());
    return new FrameField(name, Kind.CUT, "", "", start, frame.limit() - start, List.of());
  }

  private static String note(String name, Object value) {
    if (name.equals("error_code")) {
      return Errors.forCode((Short) value).name();
    }
    if (name.equals("request_api_key")) {
      return ApiKeys.forId((Short) value).name;
    }
    return "";
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 2);
    for (byte each : bytes) {
      text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
    }
    return text.toString();
  }

  /** Short printable bytes are texts as a rule. */
  private static String readable(byte[] shown, int size) {
    if (size == 0 || size > shown.length) {
      return "";
    }
    for (byte each : shown) {
      if (each < ' ' || each > '~') {
        return "";
      }
    }
    return "  \"" + new String(shown, StandardCharsets.US_ASCII) + "\"";
  }
}
