package io.vitrine.storage.inspect;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * What records of Kafka's own topics say: offsets and groups in {@code __consumer_offsets},
 * transactions in {@code __transaction_state}, and the control records of every topic.
 *
 * <p>Source: Kafka's schemas OffsetCommitKey, OffsetCommitValue, GroupMetadataKey,
 * GroupMetadataValue, TransactionLogKey, TransactionLogValue in the versions 3.9 reads. A version
 * that is not known is named and left alone.
 */
final class InternalRecords {
  private static final List<String> TRANSACTION_STATES =
      List.of(
          "Empty",
          "Ongoing",
          "PrepareCommit",
          "PrepareAbort",
          "CompleteCommit",
          "CompleteAbort",
          "Dead",
          "PrepareEpochFence");
  private static final int MAX_LISTED = 1_000;

  private InternalRecords() {}

  /** Empty for other topics. */
  static String of(String topic, ByteBuffer key, ByteBuffer value) {
    if (key == null) {
      return "";
    }
    try {
      return switch (topic) {
        case "__consumer_offsets" -> offsets(reader(key), value);
        case "__transaction_state" -> transaction(reader(key), value);
        default -> "";
      };
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return "not understood";
    }
  }

  /** A control record: what it ends or announces. */
  static String control(ByteBuffer key, ByteBuffer value) {
    if (key == null || key.remaining() < 4) {
      return "control record without a type";
    }
    short type = key.getShort(key.position() + 2);
    return switch (type) {
      case 0 -> "ABORT" + coordinatorEpoch(value);
      case 1 -> "COMMIT" + coordinatorEpoch(value);
      case 2 -> "LEADER_CHANGE";
      case 3 -> "SNAPSHOT_HEADER";
      case 4 -> "SNAPSHOT_FOOTER";
      default -> "control record of type " + type;
    };
  }

  private static String coordinatorEpoch(ByteBuffer value) {
    return value == null || value.remaining() < 6
        ? ""
        : ", coordinator epoch " + value.getInt(value.position() + 2);
  }

  // ---- __consumer_offsets --------------------------------------------------------------------

  private static String offsets(Reader key, ByteBuffer value) {
    short version = key.int16();
    if (version == 0 || version == 1) {
      String what = "offset of group " + key.string() + " for " + key.string() + "-" + key.int32();
      return what + (value == null ? ": deleted" : ": " + committed(reader(value)));
    }
    if (version == 2) {
      String group = "group " + key.string();
      return value == null ? group + ": deleted" : group + ": " + group(reader(value));
    }
    return "key of version " + version;
  }

  private static String committed(Reader value) {
    short version = value.int16();
    if (version < 0 || version > 4) {
      return "value of version " + version;
    }
    value.flexible = version >= 4;
    StringBuilder text = new StringBuilder().append(value.int64());
    if (version >= 3) {
      text.append(", leader epoch ").append(value.int32());
    }
    text.append(", metadata \"").append(value.string()).append('"');
    text.append(", committed ").append(BatchFields.time(value.int64()));
    if (version == 1) {
      text.append(", expires ").append(BatchFields.time(value.int64()));
    }
    return text.toString();
  }

  private static String group(Reader value) {
    short version = value.int16();
    if (version < 0 || version > 4) {
      return "value of version " + version;
    }
    value.flexible = version >= 4;
    StringBuilder text = new StringBuilder();
    text.append("protocol type ").append(value.string());
    text.append(", generation ").append(value.int32());
    text.append(", protocol ").append(value.string());
    text.append(", leader ").append(value.string());
    if (version >= 2) {
      text.append(", since ").append(BatchFields.time(value.int64()));
    }
    int members = value.length();
    text.append(", ").append(members).append(" members");
    for (int i = 0; i < Math.min(members, MAX_LISTED); i++) {
      text.append(i == 0 ? ": " : ", ").append(member(value, version));
    }
    return text.toString();
  }

  private static String member(Reader value, short version) {
    String id = value.string();
    String instance = version >= 3 ? value.string() : null;
    String client = value.string() + value.string();
    if (version >= 1) {
      value.int32();
    }
    value.int32();
    value.bytes();
    value.bytes();
    value.tags();
    return id + (instance == null ? "" : " (" + instance + ")") + " at " + client;
  }

  // ---- __transaction_state -------------------------------------------------------------------

  private static String transaction(Reader key, ByteBuffer value) {
    short version = key.int16();
    if (version != 0) {
      return "key of version " + version;
    }
    String what = "transaction " + key.string();
    return value == null ? what + ": deleted" : what + ": " + transactionValue(reader(value));
  }

  private static String transactionValue(Reader value) {
    short version = value.int16();
    if (version < 0 || version > 1) {
      return "value of version " + version;
    }
    value.flexible = version >= 1;
    StringBuilder text = new StringBuilder();
    text.append("producer ").append(value.int64()).append(" epoch ").append(value.int16());
    text.append(", time-out ").append(value.int32()).append(" ms, ");
    int state = value.int8();
    text.append(
        state >= 0 && state < TRANSACTION_STATES.size()
            ? TRANSACTION_STATES.get(state)
            : "state " + state);
    int topics = value.length();
    List<String> partitions = new ArrayList<>();
    for (int i = 0; i < Math.min(topics, MAX_LISTED); i++) {
      String topic = value.string();
      int count = value.length();
      for (int p = 0; p < Math.min(count, MAX_LISTED); p++) {
        partitions.add(topic + "-" + value.int32());
      }
      value.tags();
    }
    text.append(", partitions ").append(partitions);
    text.append(", updated ").append(BatchFields.time(value.int64()));
    text.append(", began ").append(BatchFields.time(value.int64()));
    return text.toString();
  }

  // ---- primitive types -----------------------------------------------------------------------

  private static Reader reader(ByteBuffer bytes) {
    return new Reader(bytes.duplicate());
  }

  /** Kafka's primitive types, in the plain or the flexible encoding. */
  private static final class Reader {
    private final ByteBuffer bytes;
    private final ByteBufferAccessor varints;
    private boolean flexible;

    Reader(ByteBuffer bytes) {
      this.bytes = bytes;
      this.varints = new ByteBufferAccessor(bytes);
    }

    byte int8() {
      return bytes.get();
    }

    short int16() {
      return bytes.getShort();
    }

    int int32() {
      return bytes.getInt();
    }

    long int64() {
      return bytes.getLong();
    }

    String string() {
      int length = flexible ? varints.readUnsignedVarint() - 1 : bytes.getShort();
      return length < 0 ? null : Words.of(slice(length));
    }

    void bytes() {
      int length = flexible ? varints.readUnsignedVarint() - 1 : bytes.getInt();
      if (length > 0) {
        slice(length);
      }
    }

    /** Of an array, at least 0. */
    int length() {
      return Math.max(0, flexible ? varints.readUnsignedVarint() - 1 : bytes.getInt());
    }

    /** Steps over what newer versions have added. */
    void tags() {
      if (flexible) {
        int count = varints.readUnsignedVarint();
        for (int i = 0; i < count; i++) {
          varints.readUnsignedVarint();
          slice(varints.readUnsignedVarint());
        }
      }
    }

    private ByteBuffer slice(int length) {
      if (length > bytes.remaining()) {
        throw new BufferUnderflowException();
      }
      ByteBuffer slice = bytes.slice(bytes.position(), length);
      bytes.position(bytes.position() + length);
      return slice;
    }
  }
}
