package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.testing.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.junit.jupiter.api.Test;

class AlterPartitionSenderTest {
  private final Uuid id = Uuid.randomUuid();
  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<AlterPartitionRequestData> sent = new ArrayList<>();
  private final List<CompletableFuture<AlterPartitionResponse>> answers = new ArrayList<>();
  private final AlterPartitionSender sender =
      new AlterPartitionSender(1, () -> 77L, true, this::send, scheduler);

  private CompletableFuture<AlterPartitionResponse> send(
      AlterPartitionRequest.Builder request, short version) {
    sent.add(request.build(version).data());
    answers.add(new CompletableFuture<>());
    return answers.get(answers.size() - 1);
  }

  private IsrChange change(int partition, Integer... isr) {
    return new IsrChange(new TopicPartition("orders", partition), id, 4, 9, 1, List.of(isr));
  }

  private void answer(int call, Errors error, int... partitions) {
    AlterPartitionResponseData.TopicData topic =
        new AlterPartitionResponseData.TopicData().setTopicId(id);
    for (int partition : partitions) {
      topic
          .partitions()
          .add(
              new AlterPartitionResponseData.PartitionData()
                  .setPartitionIndex(partition)
                  .setLeaderEpoch(4)
                  .setPartitionEpoch(10)
                  .setIsr(List.of(1)));
    }
    answers
        .get(call)
        .complete(
            new AlterPartitionResponse(
                new AlterPartitionResponseData()
                    .setErrorCode(error.code())
                    .setTopics(List.of(topic))));
    scheduler.advance(0);
  }

  private static int partitions(AlterPartitionRequestData data) {
    return data.topics().stream().mapToInt(topic -> topic.partitions().size()).sum();
  }

  @Test
  void whatGathersWhileOneIsUnderWayGoesTogether() {
    CompletableFuture<IsrChange.Answer> first = sender.submit(change(0, 1));
    CompletableFuture<IsrChange.Answer> second = sender.submit(change(1, 1));
    sender.submit(change(2, 1));
    assertThat(sent).hasSize(1);
    assertThat(partitions(sent.get(0))).isEqualTo(1);
    assertThat(sent.get(0).brokerEpoch()).isEqualTo(77);
    assertThat(
            sent.get(0).topics().get(0).partitions().get(0).newIsrWithEpochs().get(0).brokerEpoch())
        .isEqualTo(-1);
    answer(0, Errors.NONE, 0);
    assertThat(first.join()).isEqualTo(new IsrChange.Answer(Errors.NONE, 4, 10, List.of(1)));
    assertThat(sent).hasSize(2);
    assertThat(partitions(sent.get(1))).isEqualTo(2);
    assertThat(second).isNotDone();
  }

  @Test
  void aRequestWithoutUsableAnswerGoesAgainAfter50Ms() {
    CompletableFuture<IsrChange.Answer> waiting = sender.submit(change(0, 1));
    answers.get(0).completeExceptionally(new DisconnectException());
    scheduler.advance(49);
    assertThat(sent).hasSize(1);
    scheduler.advance(1);
    assertThat(sent).hasSize(2);
    answer(1, Errors.NOT_CONTROLLER);
    scheduler.advance(50);
    assertThat(sent).hasSize(3);
    answer(2, Errors.NONE, 0);
    assertThat(waiting).isDone();
    scheduler.advance(1_000);
    assertThat(sent).hasSize(3);
  }

  @Test
  void aSecondWishForAPartitionIsNotAttempted() {
    sender.submit(change(0, 1));
    CompletableFuture<IsrChange.Answer> second = sender.submit(change(0, 1, 2));
    scheduler.advance(0);
    assertThat(second.join().error()).isEqualTo(Errors.OPERATION_NOT_ATTEMPTED);
  }
}
