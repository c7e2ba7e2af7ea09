package io.vitrine.cluster.transaction;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Records of {@code __transaction_state} for people: a line of JSON with the names of Kafka's
 * schemas. Pure; what is damaged or of a later release is not told at all.
 */
public final class TransactionTopicText {
  private TransactionTopicText() {}

  /** What a record is about. */
  public static Optional<String> key(byte[] bytes) {
    try {
      return TransactionRecords.readKey(ByteBuffer.wrap(bytes))
          .map(id -> JsonNodeFactory.instance.objectNode().put("transactionalId", id).toString());
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** What a record says. */
  public static Optional<String> value(byte[] key, byte[] bytes) {
    try {
      return TransactionRecords.readKey(ByteBuffer.wrap(key))
          .map(id -> json(TransactionRecords.readValue(id, ByteBuffer.wrap(bytes))).toString());
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode json(Transaction transaction) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("producerId", transaction.producerId())
            .put("producerEpoch", transaction.producerEpoch())
            .put("transactionTimeoutMs", transaction.timeoutMs())
            .put("transactionStatus", transaction.state().kafkaName());
    ArrayNode partitions = json.putArray("transactionPartitions");
    transaction.partitions().stream().map(Object::toString).sorted().forEach(partitions::add);
    return json.put("transactionLastUpdateTimestampMs", transaction.lastUpdateMs())
        .put("transactionStartTimestampMs", transaction.startMs());
  }
}
