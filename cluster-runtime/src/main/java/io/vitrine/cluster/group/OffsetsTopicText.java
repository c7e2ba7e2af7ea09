package io.vitrine.cluster.group;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.protocol.types.SchemaException;

/**
 * Records of {@code __consumer_offsets} for people: a line of JSON with the names of Kafka's
 * schemas. Pure; what is damaged or of a later release is not told at all.
 */
public final class OffsetsTopicText {
  private OffsetsTopicText() {}

  /** What a record is about. */
  public static Optional<String> key(byte[] bytes) {
    try {
      return Optional.of(key(GroupRecords.readKey(ByteBuffer.wrap(bytes))))
          .map(ObjectNode::toString);
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** What a record says. */
  public static Optional<String> value(byte[] key, byte[] bytes) {
    try {
      GroupRecords.Key about = GroupRecords.readKey(ByteBuffer.wrap(key));
      if (about instanceof GroupRecords.OffsetKey) {
        return Optional.of(offset(GroupRecords.readOffset(ByteBuffer.wrap(bytes))).toString());
      }
      if (about instanceof GroupRecords.GroupKey) {
        return Optional.of(group(GroupRecords.readGroup(ByteBuffer.wrap(bytes))).toString());
      }
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode key(GroupRecords.Key key) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (key instanceof GroupRecords.OffsetKey offset) {
      return json.put("group", offset.group())
          .put("topic", offset.partition().topic())
          .put("partition", offset.partition().partition());
    }
    if (key instanceof GroupRecords.GroupKey group) {
      return json.put("group", group.group());
    }
    throw new IllegalStateException("a key of a later release");
  }

  private static ObjectNode offset(CommittedOffset offset) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("offset", offset.offset());
    offset.leaderEpoch().ifPresent(epoch -> json.put("leaderEpoch", epoch));
    json.put("metadata", offset.metadata()).put("commitTimestamp", offset.commitTimestampMs());
    offset.expireTimestampMs().ifPresent(at -> json.put("expireTimestamp", at));
    return json;
  }

  private static ObjectNode group(GroupRecord group) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("protocolType", group.protocolType())
            .put("generation", group.generation())
            .put("protocol", group.protocol())
            .put("leader", group.leader())
            .put("currentStateTimestamp", group.stateTimestampMs());
    ArrayNode members = json.putArray("members");
    for (GroupRecord.MemberRecord member : group.members()) {
      ObjectNode each =
          members
              .addObject()
              .put("memberId", member.memberId())
              .put("groupInstanceId", member.instanceId())
              .put("clientId", member.clientId())
              .put("clientHost", member.clientHost())
              .put("rebalanceTimeout", member.rebalanceTimeoutMs())
              .put("sessionTimeout", member.sessionTimeoutMs());
      assignment(each, member.assignment(), group.protocolType());
    }
    return json;
  }

  private static void assignment(ObjectNode json, byte[] bytes, String protocolType) {
    if (bytes.length == 0 || !ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType)) {
      json.put("assignment", bytes);
      return;
    }
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      ConsumerProtocol.deserializeVersion(buffer);
      ArrayNode assigned = json.putArray("assignment");
      ConsumerProtocol.deserializeAssignment(buffer, (short) 0)
          .partitions()
          .forEach(partition -> assigned.add(partition.toString()));
    } catch (SchemaException e) {
      json.put("assignment", bytes);
    }
  }
}
