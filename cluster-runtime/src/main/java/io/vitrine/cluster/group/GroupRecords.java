package io.vitrine.cluster.group;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.group.GroupRecord.MemberRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.record.RecordBatch;

/**
 * Keys and values of {@code __consumer_offsets}, to the byte as Kafka writes them.
 *
 * <p>Each begins with a version (i16), then come the fields of Kafka's schemas {@code
 * OffsetCommitKey}, {@code OffsetCommitValue}, {@code GroupMetadataKey} and {@code
 * GroupMetadataValue}: strings with an i16 length, bytes and arrays with an i32 length. Values of
 * version 4, which Kafka reads and does not write, have varint lengths and tagged fields.
 */
final class GroupRecords {
  private static final short OFFSET_KEY = 1;
  private static final short GROUP_KEY = 2;
  private static final short NEWEST_VALUE = 4;
  private static final short FIRST_FLEXIBLE = 4;
  private static final long NO_EXPIRY = -1;

  private GroupRecords() {}

  // ---- keys ----------------------------------------------------------------------------------

  /** What a record is about. */
  sealed interface Key {}

  /** How far a group has come in a partition. */
  record OffsetKey(String group, TopicPartition partition) implements Key {}

  /** A group's generation. */
  record GroupKey(String group) implements Key {}

  /** Something of a later release. */
  record UnknownKey(short version) implements Key {}

  /**
   * @throws RecordTooLargeException when a text is longer than its length can say
   */
  static byte[] key(Key key) {
    return written(
        out -> {
          if (key instanceof OffsetKey offset) {
            out.writeShort(OFFSET_KEY);
            write(out, offset.group());
            write(out, offset.partition().topic());
            out.writeInt(offset.partition().partition());
          } else if (key instanceof GroupKey group) {
            out.writeShort(GROUP_KEY);
            write(out, group.group());
          } else {
            throw new IllegalArgumentException("nobody writes " + key);
          }
        });
  }

  /**
   * @throws IllegalStateException when it is damaged
   */
  static Key readKey(ByteBuffer bytes) {
    return read(bytes, GroupRecords::key);
  }

  private static Key key(Readable in) {
    short version = in.readShort();
    if (version == 0 || version == OFFSET_KEY) {
      return new OffsetKey(text(in), new TopicPartition(text(in), in.readInt()));
    }
    return version == GROUP_KEY ? new GroupKey(text(in)) : new UnknownKey(version);
  }

  // ---- offsets -------------------------------------------------------------------------------

  /**
   * @param level decides the version, so that brokers of an older release can read it
   * @throws RecordTooLargeException when a text is longer than its length can say
   */
  static byte[] offsetValue(CommittedOffset offset, InterBrokerProtocol level) {
    short version = level.offsetValueVersion(offset.expireTimestampMs().isPresent());
    return written(
        out -> {
          out.writeShort(version);
          out.writeLong(offset.offset());
          if (version >= 3) {
            out.writeInt(offset.leaderEpoch().orElse(RecordBatch.NO_PARTITION_LEADER_EPOCH));
          }
          write(out, offset.metadata());
          out.writeLong(offset.commitTimestampMs());
          if (version == 1) {
            out.writeLong(offset.expireTimestampMs().orElse(NO_EXPIRY));
          }
        });
  }

  /**
   * @throws IllegalStateException for a version nobody knows, or when it is damaged
   */
  static CommittedOffset readOffset(ByteBuffer bytes) {
    return read(bytes, GroupRecords::offset);
  }

  private static CommittedOffset offset(Readable in) {
    short version = checked(in.readShort());
    long offset = in.readLong();
    int epoch = version >= 3 ? in.readInt() : RecordBatch.NO_PARTITION_LEADER_EPOCH;
    String metadata = present(version >= FIRST_FLEXIBLE ? compactString(in) : string(in));
    long committed = in.readLong();
    long expires = version == 1 ? in.readLong() : NO_EXPIRY;
    return new CommittedOffset(
        offset,
        epoch == RecordBatch.NO_PARTITION_LEADER_EPOCH
            ? OptionalInt.empty()
            : OptionalInt.of(epoch),
        metadata,
        committed,
        expires == NO_EXPIRY ? OptionalLong.empty() : OptionalLong.of(expires));
  }

  // ---- groups --------------------------------------------------------------------------------

  /**
   * @param level decides the version, so that brokers of an older release can read it
   * @throws RecordTooLargeException when a text is longer than its length can say
   */
  static byte[] groupValue(GroupRecord group, InterBrokerProtocol level) {
    short version = level.groupValueVersion();
    return written(
        out -> {
          out.writeShort(version);
          write(out, group.protocolType());
          out.writeInt(group.generation());
          write(out, group.protocol());
          write(out, group.leader());
          if (version >= 2) {
            out.writeLong(group.stateTimestampMs());
          }
          out.writeInt(group.members().size());
          for (MemberRecord member : group.members()) {
            write(out, member, version);
          }
        });
  }

  private static void write(DataOutputStream out, MemberRecord member, short version)
      throws IOException {
    write(out, member.memberId());
    if (version >= 3) {
      write(out, member.instanceId());
    }
    write(out, member.clientId());
    write(out, member.clientHost());
    if (version >= 1) {
      out.writeInt(member.rebalanceTimeoutMs());
    }
    out.writeInt(member.sessionTimeoutMs());
    write(out, member.subscription());
    write(out, member.assignment());
  }

  /**
   * @throws IllegalStateException for a version nobody knows, or when it is damaged
   */
  static GroupRecord readGroup(ByteBuffer bytes) {
    return read(bytes, GroupRecords::group);
  }

  private static GroupRecord group(Readable in) {
    short version = checked(in.readShort());
    boolean flexible = version >= FIRST_FLEXIBLE;
    String protocolType = present(flexible ? compactString(in) : string(in));
    int generation = in.readInt();
    String protocol = flexible ? compactString(in) : string(in);
    String leader = flexible ? compactString(in) : string(in);
    long since = version >= 2 ? in.readLong() : GroupRecord.NO_TIMESTAMP;
    int count = flexible ? in.readUnsignedVarint() - 1 : in.readInt();
    List<MemberRecord> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(flexible ? compactMember(in) : member(in, version));
    }
    return new GroupRecord(protocolType, generation, protocol, leader, since, members);
  }

  private static MemberRecord member(Readable in, short version) {
    String id = text(in);
    String instanceId = version >= 3 ? string(in) : null;
    String clientId = text(in);
    String clientHost = text(in);
    int first = in.readInt();
    // Version 0 knew the session's time-out alone.
    int session = version >= 1 ? in.readInt() : first;
    return new MemberRecord(
        id,
        instanceId,
        clientId,
        clientHost,
        first,
        session,
        in.readArray(in.readInt()),
        in.readArray(in.readInt()));
  }

  private static MemberRecord compactMember(Readable in) {
    MemberRecord member =
        new MemberRecord(
            present(compactString(in)),
            compactString(in),
            present(compactString(in)),
            present(compactString(in)),
            in.readInt(),
            in.readInt(),
            in.readArray(in.readUnsignedVarint() - 1),
            in.readArray(in.readUnsignedVarint() - 1));
    for (int tags = in.readUnsignedVarint(); tags > 0; tags--) {
      in.readUnsignedVarint();
      in.readArray(in.readUnsignedVarint());
    }
    return member;
  }

  // ---- primitives ----------------------------------------------------------------------------

  /** Reads something; whatever is wrong with its bytes is told in one way. */
  private static <T> T read(ByteBuffer bytes, Function<Readable, T> reader) {
    try {
      return reader.apply(new ByteBufferAccessor(bytes));
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalStateException("a record is damaged: " + e.getMessage(), e);
    }
  }

  private static String text(Readable in) {
    return present(string(in));
  }

  private static String present(String text) {
    if (text == null) {
      throw new IllegalStateException("a record is damaged: it lacks a text");
    }
    return text;
  }

  private static short checked(short version) {
    if (version < 0 || version > NEWEST_VALUE) {
      throw new IllegalStateException("values of version " + version + " are not known");
    }
    return version;
  }

  private static String string(Readable in) {
    short length = in.readShort();
    return length < 0 ? null : in.readString(length);
  }

  private static String compactString(Readable in) {
    int length = in.readUnsignedVarint() - 1;
    return length < 0 ? null : in.readString(length);
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    if (text == null) {
      out.writeShort(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Short.MAX_VALUE) {
      throw new RecordTooLargeException("a text of " + bytes.length + " bytes is too long");
    }
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written but memory
    }
    return bytes.toByteArray();
  }
}
