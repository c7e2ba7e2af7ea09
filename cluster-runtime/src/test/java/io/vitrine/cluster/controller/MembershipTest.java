package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.LogDirEventNode;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperModel;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.storage.testing.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.LeaderAndIsrResponseData;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrPartitionError;
import org.apache.kafka.common.message.LeaderAndIsrResponseData.LeaderAndIsrTopicError;
import org.apache.kafka.common.message.StopReplicaResponseData;
import org.apache.kafka.common.message.StopReplicaResponseData.StopReplicaPartitionError;
import org.apache.kafka.common.message.UpdateMetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractControlRequest;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * M10, M15, M16, M24: a reign over three brokers that come, go, come back, move and lose
 * directories, on a model of ZooKeeper; brokers answer when the test lets them.
 */
class MembershipTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Uuid TOPIC_ID = Uuid.randomUuid();

  private final ZooKeeperModel model = new ZooKeeperModel((path, before, after, version) -> {});
  private final ModelSession session = new ModelSession(model, () -> {}, 1);
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

  /** Orders as brokers got them, such as {@code 2 LeaderAndIsr}. */
  private final List<String> orders = new ArrayList<>();

  private final List<AbstractControlRequest> requests = new ArrayList<>();

  /** Brokers that answer nothing. */
  private final List<Integer> silent = new ArrayList<>();

  /** What brokers answer about their replica; no error when nothing is said. */
  private final Map<Integer, Errors> replicas = new HashMap<>();

  private Reign reign;

  @BeforeEach
  void aReignOverThreeBrokersWithOnePartition() {
    for (String path :
        List.of(
            "/admin",
            "/brokers",
            "/config",
            "/config/topics",
            ZkPaths.DELETE_TOPICS,
            ZkPaths.BROKER_IDS,
            ZkPaths.TOPICS,
            ZkPaths.LOG_DIR_EVENTS,
            ZkPaths.ISR_CHANGES)) {
      node(path, "");
    }
    node(ZkPaths.CONTROLLER_EPOCH, "1");
    for (int id = 1; id <= 3; id++) {
      register(id, 9090 + id);
    }
    TopicNode topic =
        new TopicNode(Optional.of(TOPIC_ID), Map.of(0, List.of(1, 2, 3)), Map.of(), Map.of());
    create(ZkPaths.topic("t"), topic.encode());
    node(ZkPaths.partitions("t"), "");
    node(ZkPaths.partition("t", 0), "");
    create(
        ZkPaths.partitionState("t", 0),
        new PartitionStateNode(1, 0, List.of(1, 2, 3), 1, false).encode());
    BrokerConfig config =
        BrokerConfig.parse(Map.of("broker.id", "9", "zookeeper.connect", "model:1"));
    reign =
        new Reign(
            9,
            () -> config,
            session,
            new Brokers(),
            new ManualScheduler(),
            EventSink.none(),
            (event, work) -> queue.add(work),
            new ControllerElection.Won(1, 0));
    reign.begin();
    work();
  }

  // ---- who comes, goes and comes back --------------------------------------------------------

  @Test
  void newBrokersAreMetBeforeThoseThatCameBackAndThoseAreBeforeThoseThatWent() {
    session.delete(ZkPaths.broker(1), -1).join();
    session.delete(ZkPaths.broker(2), -1).join();
    register(2, 9092);
    register(4, 9094);
    orders.clear();

    session.fire(ZkPaths.BROKER_IDS);
    work();

    assertThat(orders.subList(0, 2))
        .as("the new one is told everything, and the others of it")
        .containsExactly("3 UpdateMetadata", "4 UpdateMetadata");
    PartitionStateNode state = state();
    assertThat(state.leader()).isEqualTo(3);
    assertThat(state.isr()).containsExactly(3);
    assertThat(state.leaderEpoch())
        .as("broker 2 left the ISR, then broker 3 was elected")
        .isEqualTo(2);
  }

  @Test
  void ordersUnderWayOutliveAMoveToOtherEndpoints() {
    silent.add(2);
    LeaderMove.to(2, this);
    int before = orders.size();
    BrokerIdNode moved = broker(2, 9999);
    session.set(ZkPaths.broker(2), moved.encode(), -1).join();

    session.fire(ZkPaths.broker(2));
    work();

    assertThat(orders.subList(before, orders.size()))
        .contains("1 UpdateMetadata", "3 UpdateMetadata")
        .as("broker 2 has not answered yet: one order at a time")
        .doesNotContain("2 UpdateMetadata");
    assertThat(closed).as("channels that were given up").isEmpty();
  }

  // ---- directories ---------------------------------------------------------------------------

  @Test
  void aReplicaWhoseOrderSucceedsIsBackOnline() {
    directoryFails(2);
    assertThat(state().isr()).containsExactly(1, 3);
    assertThat(offlineReplicas()).containsExactly(2);

    replicas.remove(2);
    create(ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_2", new LogDirEventNode(2).encode());
    session.fire(ZkPaths.LOG_DIR_EVENTS);
    work();
    session.fire(ZkPaths.broker(2));
    session.delete(ZkPaths.broker(3), -1).join();
    session.fire(ZkPaths.BROKER_IDS);
    work();

    assertThat(offlineReplicas()).as("only the one whose broker is gone").containsExactly(3);
  }

  @Test
  void aDirectoryThatIsKnownToHaveFailedChangesNothingOnceMore() {
    replicas.put(1, Errors.KAFKA_STORAGE_ERROR);
    replicas.put(2, Errors.KAFKA_STORAGE_ERROR);
    replicas.put(3, Errors.KAFKA_STORAGE_ERROR);
    for (int id = 1; id <= 3; id++) {
      directoryFails(id);
    }
    PartitionStateNode before = state();
    assertThat(before.leader()).isEqualTo(-1);

    directoryFails(3);

    assertThat(state()).isEqualTo(before);
  }

  @Test
  void aNotificationNobodyCanReadDoesNotKeepTheOthersFromBeingHeard() {
    node(ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_0", "not json");
    directoryFails(2);
    assertThat(state().isr()).containsExactly(1, 3);
    assertThat(session.children(ZkPaths.LOG_DIR_EVENTS).join().orElseThrow()).isEmpty();
  }

  // ---- brokers that are shutting down --------------------------------------------------------

  @Test
  void replicasOfABrokerThatIsShuttingDownAreSaidToBeOffline() {
    reign.controlledShutdown(new ControlledShutdownRequestData().setBrokerId(1).setBrokerEpoch(-1));
    work();
    assertThat(state().leader()).isEqualTo(2);
    assertThat(offlineReplicas()).containsExactly(1);
  }

  @Test
  void anElectionIsNotHeardByABrokerThatIsShuttingDown() {
    reign.controlledShutdown(new ControlledShutdownRequestData().setBrokerId(3).setBrokerEpoch(-1));
    work();
    orders.clear();
    session.delete(ZkPaths.broker(1), -1).join();
    session.fire(ZkPaths.BROKER_IDS);
    work();
    assertThat(state().leader()).isEqualTo(2);
    assertThat(orders).contains("2 LeaderAndIsr").doesNotContain("3 LeaderAndIsr");
  }

  // ---- deletion ------------------------------------------------------------------------------

  @Test
  void aReplicaThatIsDeletedNeedsItsBrokerNoMore() {
    silent.add(3);
    node(ZkPaths.deleteTopic("t"), "");
    session.fire(ZkPaths.DELETE_TOPICS);
    work();
    session.delete(ZkPaths.broker(1), -1).join();
    session.fire(ZkPaths.BROKER_IDS);
    work();

    silent.clear();
    answerAll();
    work();

    assertThat(session.get(ZkPaths.topic("t")).join()).as("the topic's node").isEmpty();
  }

  // ---- inside --------------------------------------------------------------------------------

  private final List<Integer> closed = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();

  /** Moves the lead by a preferred election. */
  private static final class LeaderMove {
    static void to(int broker, MembershipTest test) {
      test.reign.alterReassignments(Map.of(PARTITION, Optional.of(List.of(broker, 1, 3))));
      test.work();
    }
  }

  private void work() {
    for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
      next.run();
    }
  }

  private void answerAll() {
    while (!held.isEmpty()) {
      held.remove(0).run();
    }
  }

  private void directoryFails(int broker) {
    replicas.put(broker, Errors.KAFKA_STORAGE_ERROR);
    create(
        ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_1" + broker, new LogDirEventNode(broker).encode());
    session.fire(ZkPaths.LOG_DIR_EVENTS);
    work();
  }

  /** What the newest metadata of the partition say. */
  private List<Integer> offlineReplicas() {
    for (int i = requests.size() - 1; i >= 0; i--) {
      if (requests.get(i) instanceof UpdateMetadataRequest metadata) {
        for (var state : metadata.partitionStates()) {
          return state.offlineReplicas();
        }
      }
    }
    throw new AssertionError("nobody was told");
  }

  private PartitionStateNode state() {
    String path = ZkPaths.partitionState("t", 0);
    return PartitionStateNode.decode(path, session.get(path).join().orElseThrow().data());
  }

  private void register(int id, int port) {
    create(ZkPaths.broker(id), broker(id, port).encode());
  }

  private static BrokerIdNode broker(int id, int port) {
    return new BrokerIdNode(
        5,
        id,
        "h",
        port,
        List.of("PLAINTEXT://h:" + port),
        Map.of("PLAINTEXT", "PLAINTEXT"),
        Optional.empty(),
        0);
  }

  private void node(String path, String text) {
    create(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void create(String path, byte[] data) {
    session.create(path, data, CreateMode.PERSISTENT).join();
  }

  private AbstractResponse answer(int broker, AbstractRequest request) {
    if (request instanceof LeaderAndIsrRequest order) {
      Errors error = replicas.getOrDefault(broker, Errors.NONE);
      LeaderAndIsrTopicError topic = new LeaderAndIsrTopicError().setTopicId(TOPIC_ID);
      order
          .partitionStates()
          .forEach(
              state ->
                  topic
                      .partitionErrors()
                      .add(
                          new LeaderAndIsrPartitionError()
                              .setPartitionIndex(state.partitionIndex())
                              .setErrorCode(error.code())));
      LeaderAndIsrResponseData data = new LeaderAndIsrResponseData();
      data.topics().add(topic);
      return new LeaderAndIsrResponse(data, order.version());
    }
    if (request instanceof StopReplicaRequest order) {
      StopReplicaResponseData data = new StopReplicaResponseData();
      order
          .partitionStates()
          .keySet()
          .forEach(
              partition ->
                  data.partitionErrors()
                      .add(
                          new StopReplicaPartitionError()
                              .setTopicName(partition.topic())
                              .setPartitionIndex(partition.partition())));
      return new StopReplicaResponse(data);
    }
    return new UpdateMetadataResponse(new UpdateMetadataResponseData());
  }

  /** Brokers, known by the last digit of their port. */
  private final class Brokers implements NodeClients {
    @Override
    public NodeClient connectTo(String host, int port, String purpose) {
      return new Channel(port % 10);
    }

    @Override
    public void close() {
      // Nothing is open.
    }

    @Override
    public void kill() {
      // Nothing is open.
    }
  }

  private final class Channel implements NodeClient {
    private final int broker;

    Channel(int broker) {
      this.broker = broker;
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version) {
      AbstractControlRequest request = (AbstractControlRequest) builder.build(version);
      requests.add(request);
      orders.add(broker + " " + request.apiKey().name);
      CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
      Runnable answering = () -> answer.complete(answer(broker, request));
      if (silent.contains(broker)) {
        held.add(answering);
      } else {
        answering.run();
      }
      return answer;
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
      closed.add(broker);
    }
  }
}
