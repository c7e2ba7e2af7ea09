package io.vitrine.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.group.GroupRecord.MemberRecord;
import io.vitrine.cluster.group.GroupRecords.GroupKey;
import io.vitrine.cluster.group.GroupRecords.OffsetKey;
import io.vitrine.cluster.group.GroupRecords.UnknownKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import kafka.coordinator.group.GroupMetadataManager;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M59: what we write in {@code __consumer_offsets} is Kafka's to the byte, and we read Kafka's. */
class GroupRecordsTest {
  private static final TopicPartition PARTITION = new TopicPartition("größe", 7);
  private static final CommittedOffset OFFSET =
      new CommittedOffset(42, OptionalInt.of(3), "note ✓", 1_000, OptionalLong.empty());
  private static final MemberRecord STATIC =
      new MemberRecord("i-1", "i", "client", "/127.0.0.1", 300, 100, bytes("sub"), bytes("all"));
  private static final MemberRecord DYNAMIC =
      new MemberRecord("c-1", null, "", "/::1", 1, 2, bytes(""), bytes(""));
  private static final GroupRecord GROUP =
      new GroupRecord("consumer", 5, "range", "i-1", 77, List.of(STATIC, DYNAMIC));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static InterBrokerProtocol level(String name) {
    return BrokerConfig.parse(
            Map.of(
                "zookeeper.connect", "h:1",
                "inter.broker.protocol.version", name,
                "log.message.format.version", name))
        .interBrokerProtocol();
  }

  // ---- keys ----------------------------------------------------------------------------------

  @Test
  void keysAreKafkas() {
    assertThat(GroupRecords.key(new OffsetKey("g", PARTITION)))
        .isEqualTo(
            MessageUtil.toVersionPrefixedBytes(
                (short) 1,
                new OffsetCommitKey().setGroup("g").setTopic(PARTITION.topic()).setPartition(7)));
    assertThat(GroupRecords.key(new GroupKey("g")))
        .isEqualTo(
            MessageUtil.toVersionPrefixedBytes((short) 2, new GroupMetadataKey().setGroup("g")));
  }

  @Test
  void keysOfOtherReleasesAreRead() {
    byte[] old =
        MessageUtil.toVersionPrefixedBytes(
            (short) 0,
            new OffsetCommitKey().setGroup("g").setTopic(PARTITION.topic()).setPartition(7));
    assertThat(GroupRecords.readKey(ByteBuffer.wrap(old))).isEqualTo(new OffsetKey("g", PARTITION));
    assertThat(GroupRecords.readKey(ByteBuffer.wrap(new byte[] {0, 3, 9})))
        .isEqualTo(new UnknownKey((short) 3));
  }

  // ---- offsets -------------------------------------------------------------------------------

  private static OffsetCommitValue kafkasOffset(long expires) {
    return new OffsetCommitValue()
        .setOffset(42)
        .setLeaderEpoch(3)
        .setMetadata("note ✓")
        .setCommitTimestamp(1_000)
        .setExpireTimestamp(expires);
  }

  @ParameterizedTest
  @CsvSource({"3.9, 3", "2.1, 3", "2.1-IV0, 2", "2.0, 1", "0.10.0, 1"})
  void anOffsetIsKafkasAtEveryLevel(String level, short version) {
    assertThat(GroupRecords.offsetValue(OFFSET, level(level)))
        .isEqualTo(MessageUtil.toVersionPrefixedBytes(version, kafkasOffset(-1)));
  }

  @Test
  void anOffsetWithAnExpiryIsOfVersionOne() {
    CommittedOffset mortal =
        new CommittedOffset(42, OptionalInt.of(3), "note ✓", 1_000, OptionalLong.of(9_000));
    byte[] written = GroupRecords.offsetValue(mortal, level("3.9"));
    assertThat(written)
        .isEqualTo(MessageUtil.toVersionPrefixedBytes((short) 1, kafkasOffset(9_000)));
    assertThat(GroupRecords.readOffset(ByteBuffer.wrap(written)).expireTimestampMs())
        .hasValue(9_000);
  }

  @ParameterizedTest
  @ValueSource(shorts = {0, 1, 2, 3, 4})
  void offsetsOfEveryVersionAreRead(short version) {
    byte[] written = MessageUtil.toVersionPrefixedBytes(version, kafkasOffset(-1));
    CommittedOffset read = GroupRecords.readOffset(ByteBuffer.wrap(written));
    assertThat(read)
        .isEqualTo(
            new CommittedOffset(
                42,
                version >= 3 ? OptionalInt.of(3) : OptionalInt.empty(),
                "note ✓",
                1_000,
                OptionalLong.empty()));
  }

  // ---- groups --------------------------------------------------------------------------------

  private static GroupMetadataValue kafkasGroup() {
    GroupMetadataValue value =
        new GroupMetadataValue()
            .setProtocolType("consumer")
            .setGeneration(5)
            .setProtocol("range")
            .setLeader("i-1")
            .setCurrentStateTimestamp(77);
    for (MemberRecord member : GROUP.members()) {
      value
          .members()
          .add(
              new MemberMetadata()
                  .setMemberId(member.memberId())
                  .setGroupInstanceId(member.instanceId())
                  .setClientId(member.clientId())
                  .setClientHost(member.clientHost())
                  .setRebalanceTimeout(member.rebalanceTimeoutMs())
                  .setSessionTimeout(member.sessionTimeoutMs())
                  .setSubscription(member.subscription())
                  .setAssignment(member.assignment()));
    }
    return value;
  }

  @ParameterizedTest
  @CsvSource({"3.9, 3", "2.3, 3", "2.2, 2", "2.0, 1", "0.10.0, 0"})
  void aGroupIsKafkasAtEveryLevel(String level, short version) {
    assertThat(GroupRecords.groupValue(GROUP, level(level)))
        .isEqualTo(MessageUtil.toVersionPrefixedBytes(version, kafkasGroup()));
  }

  @Test
  void anEmptyGroupIsKafkas() {
    assertThat(
            GroupRecords.groupValue(
                new GroupRecord("consumer", 6, null, null, 88, List.of()), level("3.9")))
        .isEqualTo(
            MessageUtil.toVersionPrefixedBytes(
                (short) 3,
                new GroupMetadataValue()
                    .setProtocolType("consumer")
                    .setGeneration(6)
                    .setProtocol(null)
                    .setLeader(null)
                    .setCurrentStateTimestamp(88)));
  }

  @ParameterizedTest
  @ValueSource(shorts = {0, 1, 2, 3, 4})
  void groupsOfEveryVersionAreRead(short version) {
    byte[] written = MessageUtil.toVersionPrefixedBytes(version, kafkasGroup());
    GroupRecord read = GroupRecords.readGroup(ByteBuffer.wrap(written));
    assertThat(read.protocolType()).isEqualTo("consumer");
    assertThat(read.generation()).isEqualTo(5);
    assertThat(read.protocol()).isEqualTo("range");
    assertThat(read.leader()).isEqualTo("i-1");
    assertThat(read.stateTimestampMs()).isEqualTo(version >= 2 ? 77 : -1);
    for (int i = 0; i < 2; i++) {
      MemberRecord expected = GROUP.members().get(i);
      MemberRecord member = read.members().get(i);
      assertThat(member.memberId()).isEqualTo(expected.memberId());
      assertThat(member.instanceId()).isEqualTo(version >= 3 ? expected.instanceId() : null);
      assertThat(member.clientId()).isEqualTo(expected.clientId());
      assertThat(member.clientHost()).isEqualTo(expected.clientHost());
      assertThat(member.sessionTimeoutMs()).isEqualTo(expected.sessionTimeoutMs());
      assertThat(member.rebalanceTimeoutMs())
          .isEqualTo(version >= 1 ? expected.rebalanceTimeoutMs() : expected.sessionTimeoutMs());
      assertThat(member.subscription()).isEqualTo(expected.subscription());
      assertThat(member.assignment()).isEqualTo(expected.assignment());
    }
  }

  @Test
  void aVersionOfALaterReleaseIsRefused() {
    assertThatThrownBy(() -> GroupRecords.readGroup(ByteBuffer.wrap(new byte[] {0, 5})))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> GroupRecords.readOffset(ByteBuffer.wrap(new byte[] {0, 5})))
        .isInstanceOf(IllegalStateException.class);
  }

  // ---- Kafka's formatters --------------------------------------------------------------------

  @Test
  @SuppressWarnings("deprecation")
  void kafkasFormattersReadIt() {
    assertThat(
            formatted(
                new GroupMetadataManager.OffsetsMessageFormatter(),
                GroupRecords.key(new OffsetKey("g", PARTITION)),
                GroupRecords.offsetValue(OFFSET, level("3.9"))))
        .isEqualTo(
            "[g,größe,7]::OffsetAndMetadata(offset=42, leaderEpoch=Optional[3], metadata=note ✓,"
                + " commitTimestamp=1000, expireTimestamp=None)\n");
    assertThat(
            formatted(
                new GroupMetadataManager.GroupMetadataMessageFormatter(),
                GroupRecords.key(new GroupKey("g")),
                GroupRecords.groupValue(GROUP, level("3.9"))))
        .startsWith("g::GroupMetadata(groupId=g, generation=5, protocolType=Some(consumer)")
        .contains("currentState=Stable", "memberId=i-1", "groupInstanceId=Some(i)");
  }

  private static String formatted(MessageFormatter formatter, byte[] key, byte[] value) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    formatter.writeTo(
        new ConsumerRecord<>("__consumer_offsets", 0, 0, key, value), new PrintStream(text));
    return text.toString(StandardCharsets.UTF_8);
  }
}
