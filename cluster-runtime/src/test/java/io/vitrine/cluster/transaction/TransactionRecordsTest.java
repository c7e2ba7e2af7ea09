package io.vitrine.cluster.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue.PartitionsSchema;
import org.junit.jupiter.api.Test;

/** Records of {@code __transaction_state} beside Kafka's generated classes. */
class TransactionRecordsTest {
  private static final Random RANDOM = new Random(7);

  @Test
  void bytesAreKafkas() {
    for (int i = 0; i < 200; i++) {
      Transaction transaction = any();
      assertThat(TransactionRecords.key(transaction.transactionalId()))
          .isEqualTo(
              MessageUtil.toVersionPrefixedBytes(
                  (short) 0,
                  new TransactionLogKey().setTransactionalId(transaction.transactionalId())));
      assertThat(TransactionRecords.value(transaction)).isEqualTo(kafkas(transaction, 0));
    }
  }

  @Test
  void whatKafkaWritesIsReadInBothVersions() {
    for (int i = 0; i < 200; i++) {
      Transaction transaction = any();
      for (int version : new int[] {0, 1}) {
        assertThat(
                TransactionRecords.readValue(
                    transaction.transactionalId(), ByteBuffer.wrap(kafkas(transaction, version))))
            .isEqualTo(transaction);
      }
      assertThat(
              TransactionRecords.readKey(
                  ByteBuffer.wrap(TransactionRecords.key(transaction.transactionalId()))))
          .contains(transaction.transactionalId());
    }
  }

  @Test
  void whatALaterVersionWritesIsPassedOverOrRefused() {
    assertThat(TransactionRecords.readKey(ByteBuffer.wrap(new byte[] {0, 1, 0, 0}))).isEmpty();
    assertThatThrownBy(
            () -> TransactionRecords.readValue("id", ByteBuffer.wrap(new byte[] {0, 2, 0, 0})))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void statesHaveKafkasNumbersNamesAndOrder() {
    for (TransactionState state : TransactionState.values()) {
      var theirs = kafka.coordinator.transaction.TransactionState.fromId(state.id());
      assertThat(state.kafkaName()).isEqualTo(theirs.name());
      assertThat(state.mayExpire()).isEqualTo(theirs.isExpirationAllowed());
      for (TransactionState before : TransactionState.values()) {
        assertThat(state.mayFollow(before))
            .as("%s after %s", state, before)
            .isEqualTo(
                theirs
                    .validPreviousStates()
                    .contains(kafka.coordinator.transaction.TransactionState.fromId(before.id())));
      }
    }
  }

  private static Transaction any() {
    TransactionState state = TransactionState.values()[RANDOM.nextInt(6)];
    Set<TopicPartition> partitions =
        state == TransactionState.EMPTY
            ? Set.of()
            : IntStream.range(0, RANDOM.nextInt(8))
                .mapToObj(i -> new TopicPartition("töpic" + RANDOM.nextInt(3), i))
                .collect(Collectors.toSet());
    return new Transaction(
        "id-" + RANDOM.nextInt(1_000) + "é",
        RANDOM.nextLong(),
        (short) RANDOM.nextInt(1 << 15),
        -1,
        (short) -1,
        RANDOM.nextInt(),
        state,
        partitions,
        RANDOM.nextLong(),
        RANDOM.nextLong());
  }

  private static byte[] kafkas(Transaction transaction, int version) {
    Map<String, Set<Integer>> topics = new TreeMap<>();
    transaction
        .partitions()
        .forEach(
            each ->
                topics.computeIfAbsent(each.topic(), t -> new TreeSet<>()).add(each.partition()));
    List<PartitionsSchema> partitions = new ArrayList<>();
    topics.forEach(
        (topic, ids) ->
            partitions.add(
                new PartitionsSchema().setTopic(topic).setPartitionIds(List.copyOf(ids))));
    TransactionLogValue value =
        new TransactionLogValue()
            .setProducerId(transaction.producerId())
            .setProducerEpoch(transaction.producerEpoch())
            .setTransactionTimeoutMs(transaction.timeoutMs())
            .setTransactionStatus(transaction.state().id())
            .setTransactionPartitions(
                transaction.state() == TransactionState.EMPTY ? null : partitions)
            .setTransactionLastUpdateTimestampMs(transaction.lastUpdateMs())
            .setTransactionStartTimestampMs(transaction.startMs());
    return MessageUtil.toVersionPrefixedBytes((short) version, value);
  }
}
