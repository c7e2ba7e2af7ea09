package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperModel;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.storage.testing.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** M28, M29: what the controller checks of an AlterPartition, in which order, and whom it tells. */
class AlterPartitionsTest {
  private static final Uuid TOPIC_ID = Uuid.randomUuid();
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final TopicPartition OTHER = new TopicPartition("t", 1);
  private static final int CONTROLLER_EPOCH = 4;
  private static final int LEADER_EPOCH = 7;
  private static final short NEWEST = 3;

  private final ControllerContext context = new ControllerContext();
  private final Map<Integer, BrokerChannel> channels = new TreeMap<>();
  private final List<UpdateMetadataRequest> told = new ArrayList<>();
  private ModelSession session;
  private AlterPartitions alterPartitions;

  @BeforeEach
  void aPartitionThatBrokerOneLeadsAndTwoFollows() {
    ZooKeeperModel model = new ZooKeeperModel((path, before, after, version) -> {});
    session = new ModelSession(model, () -> {}, 1);
    node("/controller_epoch", "4");
    node("/brokers", "");
    node("/brokers/topics", "");
    node(ZkPaths.topic("t"), "");
    node(ZkPaths.partitions("t"), "");
    for (int id = 1; id <= 3; id++) {
      context.brokers().put(id, new LiveBroker(broker(id), 100 + id));
      channels.put(id, new BrokerChannel(new Telling(), new ManualScheduler()));
    }
    context.setTopicId("t", TOPIC_ID);
    for (TopicPartition partition : List.of(PARTITION, OTHER)) {
      context.setAssignment(partition, Assignment.of(List.of(1, 2, 3)));
      PartitionState state =
          new PartitionState(1, LEADER_EPOCH, List.of(1, 2), 1, CONTROLLER_EPOCH, false);
      context.states().put(partition, state);
      node(ZkPaths.partition("t", partition.partition()), "");
      String path = ZkPaths.partitionState("t", partition.partition());
      node(path, "");
      session.set(path, state.toNode().encode(), 0).join();
    }
    FencedStore store = new FencedStore(session, CONTROLLER_EPOCH, 0);
    alterPartitions =
        new AlterPartitions(
            context, store, new PartitionChanges(context, store, EventSink.none(), 1, true));
  }

  // ---- the request as a whole ----------------------------------------------------------------

  @Test
  void onlyABrokerInItsPresentLifeIsHeard() {
    assertThat(ask(request(9, 109), NEWEST).errorCode())
        .isEqualTo(Errors.STALE_BROKER_EPOCH.code());
    assertThat(ask(request(1, 100), NEWEST).errorCode())
        .isEqualTo(Errors.STALE_BROKER_EPOCH.code());
    assertThat(ask(request(1, 102), NEWEST).errorCode())
        .as("nor one from its future")
        .isEqualTo(Errors.STALE_BROKER_EPOCH.code());
    assertThat(told).isEmpty();
  }

  @Test
  void topicsGoByIdFromVersionTwoAndByNameBefore() {
    AlterPartitionRequestData unknownId = request(1, 101, wish(0, 1, 2, 3));
    unknownId.topics().get(0).setTopicId(Uuid.randomUuid());
    assertThat(codes(ask(unknownId, NEWEST))).containsExactly(Errors.UNKNOWN_TOPIC_ID);
    assertThat(codes(ask(unknownId, (short) 1))).containsExactly(Errors.NONE);

    AlterPartitionRequestData unknownName = request(1, 101, wish(0, 1, 2));
    unknownName.topics().get(0).setTopicName("u");
    assertThat(codes(ask(unknownName, (short) 1)))
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(codes(ask(request(1, 101, wish(5, 1)), NEWEST)))
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  // ---- the checks, in their order ------------------------------------------------------------

  @Test
  void epochsFromTheFutureSayThatThisControllerIsBehind() {
    assertThat(refusal(wish(0, 9).setLeaderEpoch(LEADER_EPOCH + 1)))
        .isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(refusal(wish(0, 9).setPartitionEpoch(2).setLeaderEpoch(LEADER_EPOCH - 1)))
        .as("before an old leader epoch")
        .isEqualTo(Errors.NOT_CONTROLLER);
  }

  @Test
  void anOldLeaderEpochIsFencedWhateverItWants() {
    assertThat(refusal(wish(0, 1, 2).setLeaderEpoch(LEADER_EPOCH - 1)))
        .as("also when nothing would change")
        .isEqualTo(Errors.FENCED_LEADER_EPOCH);
  }

  @Test
  void whatIsSoAlreadyIsGrantedAlsoInAnOlderPartitionEpoch() {
    AlterPartitionResponseData answer =
        ask(request(1, 101, wish(0, 1, 2).setPartitionEpoch(0)), NEWEST);
    assertThat(codes(answer)).containsExactly(Errors.NONE);
    assertThat(answer.topics().get(0).partitions().get(0).partitionEpoch()).isEqualTo(1);
    assertThat(version(PARTITION)).as("nothing is written").isEqualTo(1);
  }

  @Test
  void anotherChangeInAnOlderPartitionEpochIsRefusedBeforeItIsLookedAt() {
    assertThat(refusal(wish(0, 1, 9).setPartitionEpoch(0).setLeaderRecoveryState((byte) 1)))
        .isEqualTo(Errors.INVALID_UPDATE_VERSION);
  }

  @Test
  void recoveryEndsOnceAndAlone() {
    assertThat(refusal(wish(0, 1).setLeaderRecoveryState((byte) 1)))
        .as("recovered leaders do not go back")
        .isEqualTo(Errors.INVALID_REQUEST);
    context.states().put(PARTITION, new PartitionState(1, LEADER_EPOCH, List.of(1), 1, 4, true));
    assertThat(refusal(wish(0, 1, 9).setLeaderRecoveryState((byte) 1)))
        .as("before the members are looked at")
        .isEqualTo(Errors.INVALID_REQUEST);
    AlterPartitionResponseData answer = ask(request(1, 101, wish(0, 1)), NEWEST);
    assertThat(codes(answer)).containsExactly(Errors.NONE);
    assertThat(context.state(PARTITION).orElseThrow().recovering()).isFalse();
  }

  @Test
  void membersMustBeLiveAndNotShuttingDown() {
    assertThat(refusal(wish(0, 1, 2, 9))).isEqualTo(Errors.INELIGIBLE_REPLICA);
    context.shuttingDown().add(3);
    assertThat(refusal(wish(0, 1, 2, 3))).isEqualTo(Errors.INELIGIBLE_REPLICA);
    assertThat(codes(ask(request(1, 101, wish(0, 1, 2, 3)), (short) 2)))
        .containsExactly(Errors.INELIGIBLE_REPLICA);
    assertThat(codes(ask(request(1, 101, wish(0, 1, 2, 3)), (short) 1)))
        .as("a version that does not know the error")
        .containsExactly(Errors.OPERATION_NOT_ATTEMPTED);
  }

  // ---- what is granted -----------------------------------------------------------------------

  @Test
  void aGrantedIsrIsWrittenInTheSameLeaderEpoch() {
    AlterPartitionResponseData answer = ask(request(1, 101, wish(0, 1, 2, 3)), NEWEST);

    AlterPartitionResponseData.PartitionData partition = answer.topics().get(0).partitions().get(0);
    assertThat(partition.isr()).containsExactly(1, 2, 3);
    assertThat(partition.leaderEpoch()).isEqualTo(LEADER_EPOCH);
    assertThat(partition.partitionEpoch()).isEqualTo(2);
    assertThat(context.state(PARTITION).orElseThrow())
        .isEqualTo(
            new PartitionState(1, LEADER_EPOCH, List.of(1, 2, 3), 2, CONTROLLER_EPOCH, false));
  }

  @Test
  void anotherOrderIsAnotherIsr() {
    assertThat(codes(ask(request(1, 101, wish(0, 2, 1)), NEWEST))).containsExactly(Errors.NONE);
    assertThat(version(PARTITION)).isEqualTo(2);
    assertThat(context.state(PARTITION).orElseThrow().isr()).containsExactly(2, 1);
  }

  @Test
  void aSenderThatDoesNotLeadIsNotTakenForTheLeader() {
    assertThat(codes(ask(request(2, 102, wish(0, 1, 2).setPartitionEpoch(0)), NEWEST)))
        .as("the state is not what broker 2 says: it would lead")
        .containsExactly(Errors.INVALID_UPDATE_VERSION);
  }

  @Test
  void aWriteThatMeetsANewerStateTakesItIn() {
    PartitionState newer =
        new PartitionState(1, LEADER_EPOCH, List.of(1), 1, CONTROLLER_EPOCH, false);
    session.set(ZkPaths.partitionState("t", 0), newer.toNode().encode(), 1).join();

    assertThat(refusal(wish(0, 1, 2, 3))).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    assertThat(context.state(PARTITION).orElseThrow().partitionEpoch()).isEqualTo(2);
  }

  @Test
  void aWishThatWasWrittenBeforeItsAnswerWasLostIsGranted() {
    PartitionState written =
        new PartitionState(1, LEADER_EPOCH, List.of(1, 2, 3), 1, CONTROLLER_EPOCH, false);
    session.set(ZkPaths.partitionState("t", 0), written.toNode().encode(), 1).join();

    AlterPartitionResponseData answer = ask(request(1, 101, wish(0, 1, 2, 3)), NEWEST);

    assertThat(codes(answer))
        .as("a leader that is refused waits for an order nobody gives")
        .containsExactly(Errors.NONE);
    assertThat(answer.topics().get(0).partitions().get(0).partitionEpoch()).isEqualTo(2);
    assertThat(version(PARTITION)).as("nothing is written again").isEqualTo(2);
  }

  @Test
  void everyPartitionNamedGoesOutToEveryBroker() {
    ask(request(1, 101, wish(0, 1), wish(1, 1, 9), wish(5, 1)), NEWEST);

    assertThat(told).hasSize(3);
    for (UpdateMetadataRequest request : told) {
      assertThat(request.partitionStates())
          .as("the refused one too, the unknown one not")
          .extracting(state -> state.partitionIndex())
          .containsExactlyInAnyOrder(0, 1);
    }
  }

  // ---- helpers -------------------------------------------------------------------------------

  private Errors refusal(AlterPartitionRequestData.PartitionData wish) {
    return codes(ask(request(1, 101, wish), NEWEST)).get(0);
  }

  private AlterPartitionResponseData ask(AlterPartitionRequestData request, short version) {
    OrderBatch orders =
        new OrderBatch(
            context,
            1,
            CONTROLLER_EPOCH,
            channels,
            new OrderBatch.Answers() {
              @Override
              public void leaderAndIsr(int broker, AbstractResponse response) {
                throw new AssertionError("nobody was ordered to lead");
              }

              @Override
              public void stopReplica(
                  int broker, Set<TopicPartition> deletes, AbstractResponse response) {
                throw new AssertionError("nobody was ordered to stop");
              }
            },
            EventSink.none(),
            "PLAINTEXT",
            InterBrokerProtocol.LATEST);
    AlterPartitionResponseData response =
        alterPartitions.process(request, version, orders).response();
    orders.send();
    return response;
  }

  private static List<Errors> codes(AlterPartitionResponseData response) {
    return response.topics().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(partition -> Errors.forCode(partition.errorCode()))
        .toList();
  }

  private int version(TopicPartition partition) {
    return session
        .get(ZkPaths.partitionState("t", partition.partition()))
        .join()
        .orElseThrow()
        .stat()
        .version();
  }

  private static AlterPartitionRequestData request(
      int broker, long epoch, AlterPartitionRequestData.PartitionData... wishes) {
    AlterPartitionRequestData request =
        new AlterPartitionRequestData().setBrokerId(broker).setBrokerEpoch(epoch);
    request
        .topics()
        .add(
            new AlterPartitionRequestData.TopicData()
                .setTopicName("t")
                .setTopicId(TOPIC_ID)
                .setPartitions(List.of(wishes)));
    return request;
  }

  /** A wish in the present epochs, with the ISR said as every version says it. */
  private static AlterPartitionRequestData.PartitionData wish(int partition, Integer... isr) {
    AlterPartitionRequestData.PartitionData wish =
        new AlterPartitionRequestData.PartitionData()
            .setPartitionIndex(partition)
            .setLeaderEpoch(LEADER_EPOCH)
            .setPartitionEpoch(1)
            .setNewIsr(List.of(isr));
    for (int member : isr) {
      wish.newIsrWithEpochs()
          .add(new AlterPartitionRequestData.BrokerState().setBrokerId(member).setBrokerEpoch(-1));
    }
    return wish;
  }

  private void node(String path, String text) {
    session.create(path, text.getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT).join();
  }

  private static BrokerIdNode broker(int id) {
    return new BrokerIdNode(
        5, id, "h", 1, List.of("PLAINTEXT://h:1"), Map.of(), Optional.empty(), 0);
  }

  /** A broker that is told metadata and never answers. */
  private final class Telling implements NodeClient {
    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version) {
      told.add((UpdateMetadataRequest) builder.build(version));
      return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version, Duration timeout) {
      return send(builder, version);
    }

    @Override
    public void disconnect() {
      throw new AssertionError("nothing is sent again");
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
