package io.vitrine.cluster.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.testing.Unlimited;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a real socket: brokers 1 and 2 live, 3 is away; t-0 is led by 1, t-1 by 3. */
class MetadataHandlerTest {
  private static final Uuid TOPIC_ID = Uuid.fromString("pQ2tIkkGR0yVVrP5cE1x3A");
  private static final String CLUSTER_ID = "vFZr0YpXSnGm9oN7kQ2c1g";

  private final MetadataCache metadata = new MetadataCache();
  private final NodeClients clients =
      new SocketClients(
          "test-",
          1,
          new ClientSettings("test", 5_000, 5_000, 1 << 20),
          ClientSecurity.plaintext());
  private ProtocolServer server;
  private NodeClient client;

  @BeforeEach
  void serve() throws Exception {
    metadata.apply(
        new UpdateMetadataRequest.Builder(
                (short) 8,
                1,
                1,
                1,
                List.of(
                    state(0, 1, List.of(1, 2, 3), List.of(1, 2)),
                    state(1, 3, List.of(3), List.of(3))),
                List.of(broker(1), broker(2)),
                Map.of("t", TOPIC_ID))
            .build((short) 8));
    BrokerConfig config =
        BrokerConfig.parse(
            Map.of(
                "broker.id", "1",
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", "unused",
                "zookeeper.connect", "unused:1"));
    AutoTopicCreation creation =
        new AutoTopicCreation(
            1, config, metadata, clients, List.of(InternalTopic.consumerOffsets(config)));
    HandlerRegistry registry =
        new HandlerRegistry(
            List.of(
                new MetadataHandler(
                    metadata,
                    creation,
                    false,
                    CLUSTER_ID,
                    Unlimited.quotas(),
                    Authorizer.allowAll()),
                new DescribeClusterHandler(metadata, CLUSTER_ID, Authorizer.allowAll())),
            Authorizer.allowAll(),
            Unlimited.quotas());
    server =
        new ProtocolServer(
            new ServerSettings(
                "PLAINTEXT",
                "127.0.0.1",
                0,
                1,
                1,
                10,
                1 << 20,
                100,
                100,
                60_000,
                50,
                -1,
                -1,
                "test-"),
            registry,
            registry,
            (request, times) -> {},
            System::nanoTime);
    int port = server.bind().get(0).getPort();
    server.startAccepting();
    client = clients.connectTo("127.0.0.1", port, "test");
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void theNewestVersionNamesEveryReplicaAndTheOfflineOnes() throws Exception {
    MetadataResponseData data = ask(MetadataRequest.Builder.allTopics(), 12);
    assertThat(data.clusterId()).isEqualTo(CLUSTER_ID);
    assertThat(data.controllerId()).isEqualTo(1);
    assertThat(data.brokers()).extracting(b -> b.nodeId()).containsExactly(1, 2);
    MetadataResponseTopic topic = data.topics().find("t");
    assertThat(topic.topicId()).isEqualTo(TOPIC_ID);
    MetadataResponsePartition first = topic.partitions().get(0);
    assertThat(first.errorCode()).isZero();
    assertThat(first.leaderId()).isEqualTo(1);
    assertThat(first.leaderEpoch()).isEqualTo(7);
    assertThat(first.replicaNodes()).containsExactly(1, 2, 3);
    assertThat(first.offlineReplicas()).containsExactly(3);
    MetadataResponsePartition second = topic.partitions().get(1);
    assertThat(Errors.forCode(second.errorCode())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    assertThat(second.leaderId()).isEqualTo(-1);
  }

  @Test
  void versionZeroLeavesAwayWhatCannotBeReachedAndSaysSo() throws Exception {
    MetadataResponsePartition first =
        ask(raw(topic("t", Uuid.ZERO_UUID)), 0).topics().find("t").partitions().get(0);
    assertThat(first.replicaNodes()).containsExactly(1, 2);
    assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.REPLICA_NOT_AVAILABLE);
  }

  @Test
  void unknownAndImpossibleNamesAreTwoErrors() throws Exception {
    MetadataResponseData data =
        ask(new MetadataRequest.Builder(List.of("missing", "no good"), true), 12);
    assertThat(Errors.forCode(data.topics().find("missing").errorCode()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(Errors.forCode(data.topics().find("no good").errorCode()))
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void topicsCanBeAskedForById() throws Exception {
    Uuid unknown = Uuid.randomUuid();
    MetadataResponseData data = ask(new MetadataRequest.Builder(List.of(TOPIC_ID, unknown)), 12);
    assertThat(data.topics()).hasSize(2);
    assertThat(data.topics().find("t")).isNotNull();
    assertThat(data.topics())
        .anySatisfy(
            topic -> {
              assertThat(topic.topicId()).isEqualTo(unknown);
              assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
            });
  }

  @Test
  void idsInAVersionThatDoesNotSpeakThemAreInvalid() throws Exception {
    MetadataResponseData answer = ask(raw(topic("t", TOPIC_ID)), 11);
    assertThat(answer.topics())
        .allSatisfy(
            t -> assertThat(Errors.forCode(t.errorCode())).isEqualTo(Errors.INVALID_REQUEST));
  }

  @Test
  void everyVersionIsAnswered() throws Exception {
    for (int version = 0; version <= 12; version++) {
      assertThat(
              ask(
                      raw(
                          new MetadataRequestData()
                              .setTopics(version == 0 ? new ArrayList<>() : null)),
                      version)
                  .brokers())
          .hasSize(2);
    }
  }

  @Test
  void describeClusterTellsTheSame() throws Exception {
    DescribeClusterResponse response =
        (DescribeClusterResponse)
            client
                .send(
                    new DescribeClusterRequest.Builder(new DescribeClusterRequestData()),
                    ApiKeys.DESCRIBE_CLUSTER.latestVersion())
                .get();
    assertThat(response.data().clusterId()).isEqualTo(CLUSTER_ID);
    assertThat(response.data().controllerId()).isEqualTo(1);
    assertThat(response.nodes().keySet()).containsExactlyInAnyOrder(1, 2);
  }

  private static MetadataRequestData topic(String name, Uuid id) {
    MetadataRequestData data = new MetadataRequestData();
    data.topics().add(new MetadataRequestTopic().setName(name).setTopicId(id));
    return data;
  }

  /** Kafka's own builder refuses to build what old or wrong clients send. */
  private static AbstractRequest.Builder<MetadataRequest> raw(MetadataRequestData data) {
    return new AbstractRequest.Builder<>(ApiKeys.METADATA) {
      @Override
      public MetadataRequest build(short version) {
        return new MetadataRequest(data, version);
      }
    };
  }

  private MetadataResponseData ask(AbstractRequest.Builder<MetadataRequest> request, int version)
      throws Exception {
    return ((MetadataResponse) client.send(request, (short) version).get()).data();
  }

  private static UpdateMetadataBroker broker(int id) {
    return new UpdateMetadataBroker()
        .setId(id)
        .setEndpoints(
            List.of(
                new UpdateMetadataEndpoint()
                    .setListener("PLAINTEXT")
                    .setHost("127.0.0.1")
                    .setPort(9091 + id)
                    .setSecurityProtocol((short) 0)));
  }

  private static UpdateMetadataPartitionState state(
      int partition, int leader, List<Integer> replicas, List<Integer> isr) {
    return new UpdateMetadataPartitionState()
        .setTopicName("t")
        .setPartitionIndex(partition)
        .setControllerEpoch(1)
        .setLeader(leader)
        .setLeaderEpoch(7)
        .setReplicas(replicas)
        .setIsr(isr)
        .setOfflineReplicas(replicas.stream().filter(r -> r == 3).toList());
  }
}
