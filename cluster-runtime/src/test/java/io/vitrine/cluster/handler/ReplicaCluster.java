package io.vitrine.cluster.handler;

import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaPartitionState;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaTopicState;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;

/**
 * Some nodes on loopback, one topic, and a stand-in for the controller: it sends orders by hand and
 * answers AlterPartition by script.
 */
final class ReplicaCluster implements AutoCloseable {
  static final String TOPIC = "orders";
  static final int CONTROLLER = 9;

  final Uuid topicId = Uuid.randomUuid();
  final AtomicInteger minInsyncReplicas = new AtomicInteger(1);
  final Map<Integer, ReplicaNode> nodes = new TreeMap<>();
  final Queue<AlterPartitionRequestData> alterPartitions = new ConcurrentLinkedQueue<>();

  /** The error AlterPartition is answered with; none commits. */
  volatile Function<AlterPartitionRequestData, Errors> script = request -> Errors.NONE;

  private final Path base;
  private final Map<String, String> settings;
  private final ProtocolServer controller;
  private final int controllerPort;
  private final NodeClients testClients;
  private final AtomicInteger partitionEpoch = new AtomicInteger();
  private int controllerEpoch = 1;

  ReplicaCluster(Path base, Map<String, String> settings, int... ids) throws IOException {
    this.base = base;
    this.settings = settings;
    this.testClients =
        new SocketClients(
            "test-",
            1,
            new ClientSettings("test", 10_000, 30_000, 100 << 20),
            ClientSecurity.plaintext());
    this.controller =
        new ProtocolServer(
            ReplicaNode.settings("controller-"),
            (api, version) -> true,
            this::alterPartition,
            (request, times) -> {},
            System::nanoTime);
    this.controllerPort = controller.bind().get(0).getPort();
    controller.startAccepting();
    for (int id : ids) {
      start(id);
    }
  }

  static TopicPartition tp(int partition) {
    return new TopicPartition(TOPIC, partition);
  }

  ReplicaNode start(int id) throws IOException {
    Path directory = base.resolve("broker-" + id);
    directory.toFile().mkdirs();
    ReplicaNode node = new ReplicaNode(id, directory, minInsyncReplicas, settings);
    nodes.put(id, node);
    return node;
  }

  ReplicaNode node(int id) {
    return nodes.get(id);
  }

  // ---- the controller's part -----------------------------------------------------------------

  private void alterPartition(Request request) {
    AlterPartitionRequestData asked = request.body(AlterPartitionRequest.class).data();
    alterPartitions.add(asked);
    Errors error = script.apply(asked);
    AlterPartitionResponseData answer = new AlterPartitionResponseData();
    if (error == Errors.NOT_CONTROLLER) {
      request.respond(new AlterPartitionResponse(answer.setErrorCode(error.code())));
      return;
    }
    for (AlterPartitionRequestData.TopicData topic : asked.topics()) {
      AlterPartitionResponseData.TopicData result =
          new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId());
      for (AlterPartitionRequestData.PartitionData partition : topic.partitions()) {
        List<Integer> isr =
            partition.newIsrWithEpochs().stream().map(state -> state.brokerId()).toList();
        result
            .partitions()
            .add(
                error == Errors.NONE
                    ? new AlterPartitionResponseData.PartitionData()
                        .setPartitionIndex(partition.partitionIndex())
                        .setLeaderEpoch(partition.leaderEpoch())
                        .setPartitionEpoch(partition.partitionEpoch() + 1)
                        .setIsr(isr)
                    : new AlterPartitionResponseData.PartitionData()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(error.code()));
      }
      answer.topics().add(result);
    }
    request.respond(new AlterPartitionResponse(answer));
  }

  /** Tells every node who lives and which partitions there are. */
  void updateMetadata(int partitions, int leader, int leaderEpoch, Integer... replicas) {
    List<UpdateMetadataBroker> brokers = new ArrayList<>();
    nodes.values().forEach(node -> brokers.add(broker(node.id, node.address.getPort())));
    brokers.add(broker(CONTROLLER, controllerPort));
    List<UpdateMetadataPartitionState> states = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      states.add(
          new UpdateMetadataPartitionState()
              .setTopicName(TOPIC)
              .setPartitionIndex(partition)
              .setControllerEpoch(controllerEpoch)
              .setLeader(leader)
              .setLeaderEpoch(leaderEpoch)
              .setReplicas(Arrays.asList(replicas))
              .setIsr(Arrays.asList(replicas)));
    }
    for (ReplicaNode node : nodes.values()) {
      send(
          node,
          new UpdateMetadataRequest.Builder(
              (short) 8,
              CONTROLLER,
              controllerEpoch,
              ReplicaNode.BROKER_EPOCH,
              states,
              brokers,
              Map.of(TOPIC, topicId)),
          (short) 8);
    }
  }

  private static UpdateMetadataBroker broker(int id, int port) {
    return new UpdateMetadataBroker()
        .setId(id)
        .setEndpoints(
            List.of(
                new UpdateMetadataEndpoint()
                    .setListener("PLAINTEXT")
                    .setHost("127.0.0.1")
                    .setPort(port)));
  }

  /** Orders the same leader for partitions 0 to n-1 on all nodes that are replicas. */
  void lead(int partitions, int leader, int leaderEpoch, List<Integer> isr, Integer... replicas) {
    updateMetadata(partitions, leader, leaderEpoch, replicas);
    int epoch = partitionEpoch.addAndGet(100);
    for (int id : replicas) {
      if (nodes.containsKey(id)) {
        Errors error =
            leaderAndIsr(id, partitions, leader, leaderEpoch, epoch, isr, topicId, replicas)
                .get(tp(0));
        if (error != Errors.NONE) {
          throw new AssertionError("broker " + id + " answered " + error);
        }
      }
    }
  }

  Map<TopicPartition, Errors> leaderAndIsr(
      int node,
      int partitions,
      int leader,
      int leaderEpoch,
      int epoch,
      List<Integer> isr,
      Uuid id,
      Integer... replicas) {
    List<LeaderAndIsrPartitionState> states = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      states.add(
          new LeaderAndIsrPartitionState()
              .setTopicName(TOPIC)
              .setPartitionIndex(partition)
              .setControllerEpoch(controllerEpoch)
              .setLeader(leader)
              .setLeaderEpoch(leaderEpoch)
              .setPartitionEpoch(epoch)
              .setIsr(isr)
              .setReplicas(Arrays.asList(replicas)));
    }
    LeaderAndIsrResponse response =
        (LeaderAndIsrResponse)
            send(
                node(node),
                new LeaderAndIsrRequest.Builder(
                    (short) 7,
                    CONTROLLER,
                    controllerEpoch,
                    ReplicaNode.BROKER_EPOCH,
                    states,
                    Map.of(TOPIC, id),
                    List.of(new Node(leader, "127.0.0.1", 1))),
                (short) 7);
    Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
    response.partitionErrors(Map.of(id, TOPIC)).forEach((tp, error) -> errors.put(tp, error));
    if (response.error() != Errors.NONE) {
      errors.put(tp(0), response.error());
    }
    return errors;
  }

  Errors stopReplica(int node, int partition, int leaderEpoch, boolean delete) {
    StopReplicaTopicState topic =
        new StopReplicaTopicState()
            .setTopicName(TOPIC)
            .setPartitionStates(
                List.of(
                    new StopReplicaPartitionState()
                        .setPartitionIndex(partition)
                        .setLeaderEpoch(leaderEpoch)
                        .setDeletePartition(delete)));
    StopReplicaResponse response =
        (StopReplicaResponse)
            send(
                node(node),
                new StopReplicaRequest.Builder(
                    (short) 4,
                    CONTROLLER,
                    controllerEpoch,
                    ReplicaNode.BROKER_EPOCH,
                    delete,
                    List.of(topic)),
                (short) 4);
    return response.error() != Errors.NONE
        ? response.error()
        : Errors.forCode(response.partitionErrors().get(0).errorCode());
  }

  void newController() {
    controllerEpoch++;
  }

  void oldController() {
    controllerEpoch--;
  }

  // ---- the clients' part ---------------------------------------------------------------------

  static MemoryRecords records(int epochHint, String... values) {
    SimpleRecord[] records =
        Arrays.stream(values)
            .map(value -> new SimpleRecord(1_000 + epochHint, null, value.getBytes()))
            .toArray(SimpleRecord[]::new);
    return MemoryRecords.withRecords(Compression.NONE, records);
  }

  CompletableFuture<ProduceResponse> produce(
      int node, int partition, int acks, int timeoutMs, String... values) {
    ProduceRequestData data =
        new ProduceRequestData()
            .setAcks((short) acks)
            .setTimeoutMs(timeoutMs)
            .setTopicData(
                new ProduceRequestData.TopicProduceDataCollection(
                    List.of(
                            new ProduceRequestData.TopicProduceData()
                                .setName(TOPIC)
                                .setPartitionData(
                                    List.of(
                                        new ProduceRequestData.PartitionProduceData()
                                            .setIndex(partition)
                                            .setRecords(records(0, values)))))
                        .iterator()));
    return testClients
        .connectTo("127.0.0.1", node(node).address.getPort(), "produce")
        .send(new ProduceRequest.Builder((short) 3, (short) 11, data), (short) 11)
        .thenApply(ProduceResponse.class::cast);
  }

  static Errors error(ProduceResponse response) {
    return Errors.forCode(
        response.data().responses().iterator().next().partitionResponses().get(0).errorCode());
  }

  Errors produced(int node, int partition, int acks, String... values) {
    return error(get(produce(node, partition, acks, 10_000, values)));
  }

  CompletableFuture<FetchResponse> fetch(
      short version, int node, int partition, long offset, int maxWaitMs, int minBytes) {
    Map<TopicPartition, FetchRequest.PartitionData> asked =
        Map.of(
            tp(partition),
            new FetchRequest.PartitionData(topicId, offset, 0, 1 << 20, Optional.empty()));
    return testClients
        .connectTo("127.0.0.1", node(node).address.getPort(), "fetch")
        .send(
            FetchRequest.Builder.forConsumer(version, maxWaitMs, minBytes, asked)
                .setMaxBytes(1 << 20),
            version)
        .thenApply(FetchResponse.class::cast);
  }

  /** Fetches partitions 0, 1, 2 from their start. */
  FetchResponse fetchAll(int node, int maxBytes, int partitionMaxBytes) {
    Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
    for (int partition = 0; partition < 3; partition++) {
      asked.put(
          tp(partition),
          new FetchRequest.PartitionData(topicId, 0, 0, partitionMaxBytes, Optional.empty()));
    }
    return (FetchResponse)
        send(
            node(node),
            FetchRequest.Builder.forConsumer((short) 17, 0, 1, asked).setMaxBytes(maxBytes),
            (short) 17);
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  AbstractResponse send(ReplicaNode node, AbstractRequest.Builder<?> request, short version) {
    return get(node.client.send(request, version));
  }

  /** Waits until every node has as much of a partition as the first named one. */
  void awaitEqual(int partition, int leader, int... followers) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Arrays.stream(followers)
                    .allMatch(
                        id ->
                            node(id).log(tp(partition)).logEndOffset()
                                == node(leader).log(tp(partition)).logEndOffset()));
  }

  @Override
  public void close() {
    nodes.values().forEach(ReplicaNode::close);
    testClients.close();
    controller.close();
  }
}
