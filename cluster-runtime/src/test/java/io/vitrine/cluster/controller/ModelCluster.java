package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
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
import org.apache.kafka.common.requests.UpdateMetadataResponse;

/**
 * Brokers that carry out a controller's orders without a word of their own, and the ZooKeeper it
 * writes to: what a reign does shows in both. One thread; brokers answer at once unless the test
 * holds them back. A broker is known by the last digit of its port.
 */
final class ModelCluster {
  private final ZooKeeperModel model = new ZooKeeperModel((path, before, after, version) -> {});
  private final ModelSession operator = new ModelSession(model, () -> {}, 0);
  private final Map<Long, ModelSession> sessions = new HashMap<>();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final List<Runnable> held = new ArrayList<>();

  /** Orders as brokers got them, such as {@code 2 LeaderAndIsr}. */
  final List<String> orders = new ArrayList<>();

  final List<AbstractControlRequest> requests = new ArrayList<>();

  /** Brokers whose channels were closed. */
  final List<Integer> closed = new ArrayList<>();

  /** Brokers that answer nothing. */
  final List<Integer> silent = new ArrayList<>();

  /** What brokers answer about their replicas; no error when nothing is said. */
  final Map<Integer, Errors> replicas = new HashMap<>();

  /** Replicas brokers have by their latest orders, such as {@code 2 t-0}. */
  final Set<String> hosted = new TreeSet<>();

  /** The newest leader epoch each broker was ordered, by broker and partition. */
  private final Map<String, Integer> ordered = new HashMap<>();

  ModelCluster(int brokers) {
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
    node(ZkPaths.CONTROLLER_EPOCH, "0");
    for (int id = 1; id <= brokers; id++) {
      register(id, 9090 + id);
    }
  }

  /** The next controller, not begun yet; the one before writes nothing any more. */
  Reign elect(ModelSession.Gate gate) {
    int epoch = operator.get(ZkPaths.CONTROLLER_EPOCH).join().orElseThrow().stat().version() + 1;
    byte[] text = Integer.toString(epoch).getBytes(StandardCharsets.UTF_8);
    operator.set(ZkPaths.CONTROLLER_EPOCH, text, -1).join();
    sessions.clear();
    queue.clear();
    ModelSession session = new ModelSession(model, gate, epoch);
    sessions.put((long) epoch, session);
    BrokerConfig config =
        BrokerConfig.parse(Map.of("broker.id", "9", "zookeeper.connect", "model:1"));
    return new Reign(
        9,
        () -> config,
        session,
        new Brokers(),
        new ManualScheduler(),
        EventSink.none(),
        (event, work) -> queue.add(work),
        new ControllerElection.Won(epoch, epoch));
  }

  /** Delivers watches and does what the controller has in its queue until nothing is left. */
  void work() {
    while (deliver() || !queue.isEmpty()) {
      Runnable next = queue.poll();
      if (next != null) {
        next.run();
      }
    }
  }

  private boolean deliver() {
    List<ZooKeeperModel.Fired> fired = model.takeFired();
    for (ZooKeeperModel.Fired each : fired) {
      ModelSession session = sessions.get(each.session());
      if (session != null) {
        session.fire(each.path());
      }
    }
    return !fired.isEmpty();
  }

  /** Lets brokers answer what they held back. */
  void answerAll() {
    while (!held.isEmpty()) {
      held.remove(0).run();
    }
  }

  // ---- ZooKeeper -----------------------------------------------------------------------------

  /** A session nobody takes away. */
  ModelSession operator() {
    return operator;
  }

  PartitionStateNode state(TopicPartition partition) {
    String path = ZkPaths.partitionState(partition.topic(), partition.partition());
    return PartitionStateNode.decode(path, operator.get(path).join().orElseThrow().data());
  }

  void register(int id, int port) {
    create(ZkPaths.broker(id), broker(id, port).encode());
  }

  static BrokerIdNode broker(int id, int port) {
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

  void node(String path, String text) {
    create(path, text.getBytes(StandardCharsets.UTF_8));
  }

  void create(String path, byte[] data) {
    operator.create(path, data, CreateMode.PERSISTENT).join();
  }

  /** Every leader in ZooKeeper was ordered to lead in the epoch that stands there. */
  void leadersKnowTheirEpochs() {
    for (String topic : operator.children(ZkPaths.TOPICS).join().orElseThrow()) {
      String parent = ZkPaths.partitions(topic);
      for (String number : operator.children(parent).join().orElse(List.of())) {
        TopicPartition partition = new TopicPartition(topic, Integer.parseInt(number));
        PartitionStateNode state = state(partition);
        assertThat(ordered)
            .as("the leader of %s is told its newest epoch", partition)
            .containsEntry(state.leader() + " " + partition, state.leaderEpoch());
      }
    }
  }

  // ---- brokers -------------------------------------------------------------------------------

  private AbstractResponse answer(int broker, AbstractRequest request) {
    if (request instanceof LeaderAndIsrRequest order) {
      Errors error = replicas.getOrDefault(broker, Errors.NONE);
      LeaderAndIsrResponseData data = new LeaderAndIsrResponseData();
      for (LeaderAndIsrPartitionState state : order.partitionStates()) {
        String replica = broker + " " + state.topicName() + "-" + state.partitionIndex();
        hosted.add(replica);
        ordered.put(replica, state.leaderEpoch());
        LeaderAndIsrTopicError topic =
            new LeaderAndIsrTopicError().setTopicId(order.topicIds().get(state.topicName()));
        topic
            .partitionErrors()
            .add(
                new LeaderAndIsrPartitionError()
                    .setPartitionIndex(state.partitionIndex())
                    .setErrorCode(error.code()));
        data.topics().add(topic);
      }
      return new LeaderAndIsrResponse(data, order.version());
    }
    if (request instanceof StopReplicaRequest order) {
      StopReplicaResponseData data = new StopReplicaResponseData();
      order
          .partitionStates()
          .forEach(
              (partition, stop) -> {
                if (stop.deletePartition()) {
                  hosted.remove(broker + " " + partition);
                }
                data.partitionErrors()
                    .add(
                        new StopReplicaPartitionError()
                            .setTopicName(partition.topic())
                            .setPartitionIndex(partition.partition()));
              });
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
