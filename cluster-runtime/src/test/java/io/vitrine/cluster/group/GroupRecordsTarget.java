package io.vitrine.cluster.group;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.fuzz.FuzzTarget;
import io.vitrine.cluster.fuzz.Input;
import io.vitrine.cluster.group.GroupRecord.MemberRecord;
import io.vitrine.cluster.group.GroupRecords.GroupKey;
import io.vitrine.cluster.group.GroupRecords.Key;
import io.vitrine.cluster.group.GroupRecords.OffsetKey;
import io.vitrine.cluster.group.GroupRecords.UnknownKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * Keys and values of {@code __consumer_offsets}: refused with an {@link IllegalStateException}, or
 * the same when written and read again.
 */
public final class GroupRecordsTarget implements FuzzTarget {
  private static final InterBrokerProtocol LEVEL = InterBrokerProtocol.LATEST;

  @Override
  public List<byte[]> seeds() {
    CommittedOffset offset =
        new CommittedOffset(7, OptionalInt.of(3), "m", 1_700_000_000_000L, OptionalLong.empty());
    CommittedOffset expiring =
        new CommittedOffset(7, OptionalInt.empty(), "m", 1_700_000_000_000L, OptionalLong.of(9));
    GroupRecord group =
        new GroupRecord(
            "consumer",
            4,
            "range",
            "m1",
            1_700_000_000_000L,
            List.of(
                new MemberRecord(
                    "m1", "i1", "c", "/127.0.0.1", 300_000, 10_000, new byte[3], new byte[4])));
    return List.of(
        Input.of(GroupRecords.key(new OffsetKey("g", new TopicPartition("t", 1))), 0),
        Input.of(GroupRecords.key(new GroupKey("g")), 0),
        Input.of(GroupRecords.offsetValue(offset, LEVEL), 1),
        Input.of(GroupRecords.offsetValue(expiring, LEVEL), 1),
        Input.of(GroupRecords.groupValue(group, LEVEL), 2));
  }

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int kind = input.choice(3);
    ByteBuffer record = ByteBuffer.wrap(input.rest());
    try {
      switch (kind) {
        case 0 -> key(GroupRecords.readKey(record));
        case 1 -> GroupRecords.readOffset(record);
        default -> GroupRecords.readGroup(record);
      }
    } catch (IllegalStateException declared) {
      // It is damaged, or of a later release.
    }
  }

  private static void key(Key key) {
    if (!(key instanceof UnknownKey)
        && !GroupRecords.readKey(ByteBuffer.wrap(GroupRecords.key(key))).equals(key)) {
      throw new AssertionError(key + " is another one when read again");
    }
  }
}
