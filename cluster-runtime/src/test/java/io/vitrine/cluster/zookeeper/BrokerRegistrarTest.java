package io.vitrine.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.event.ClusterEvent.IdSource;
import io.vitrine.storage.checkpoint.MetaProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kafka.cluster.Broker;
import kafka.zk.BrokerIdZNode;
import kafka.zk.TopicPartitionStateZNode;
import kafka.zk.TopicZNode;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M01–M04: ids, registration and node bodies, read back by Apache Kafka's own decoders. */
class BrokerRegistrarTest {
  @TempDir Path directory;
  private EmbeddedZooKeeper server;
  private final List<ZooKeeperSession> sessions = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedZooKeeper.start(directory, 0, 100);
  }

  @AfterEach
  void stop() {
    sessions.forEach(ZooKeeperSession::close);
    server.close();
  }

  @Test
  void generatedIdsBeginAboveTheReservedOnes() throws Exception {
    BrokerRegistrar registrar = new BrokerRegistrar(connect());
    registrar.ensureTopLevelNodes();
    BrokerConfig unset = config(-1);
    assertThat(registrar.resolveId(unset, List.of()))
        .isEqualTo(new BrokerIdentity(1001, IdSource.GENERATED));
    assertThat(registrar.resolveId(unset, List.of()))
        .isEqualTo(new BrokerIdentity(1002, IdSource.GENERATED));
    assertThat(registrar.resolveId(unset, List.of(stored(1001))))
        .isEqualTo(new BrokerIdentity(1001, IdSource.STORED));
    assertThat(registrar.resolveId(config(3), List.of(stored(3))))
        .isEqualTo(new BrokerIdentity(3, IdSource.CONFIGURED));
  }

  @Test
  void contradictingIdsAreRefusedWithWhatToDo() throws Exception {
    BrokerRegistrar registrar = new BrokerRegistrar(connect());
    assertThatThrownBy(() -> registrar.resolveId(config(3), List.of(stored(4))))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("broker.id is 3")
        .hasMessageContaining("meta.properties");
    assertThatThrownBy(() -> registrar.resolveId(config(-1), List.of(stored(4), stored(5))))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("log.dirs");
  }

  @Test
  void aLiveBrokersIdIsTakenAndTheFirstStays() throws Exception {
    BrokerRegistrar first = new BrokerRegistrar(connect());
    first.ensureTopLevelNodes();
    long epoch = first.register(node(7));
    BrokerRegistrar second = new BrokerRegistrar(connect());
    assertThatThrownBy(() -> second.register(node(7)))
        .isInstanceOf(RegistrationException.class)
        .hasMessageContaining("broker id 7 is taken")
        .hasMessageContaining("session 0x");
    assertThat(first.register(node(7))).as("registering twice is the same").isEqualTo(epoch);
    NodeData data = sessions.get(0).get(ZkPaths.broker(7)).join().orElseThrow();
    assertThat(data.stat().version()).isEqualTo(1);
    assertThat(data.stat().czxid()).isEqualTo(epoch);
  }

  @Test
  void theClusterIdIsMadeOnce() throws Exception {
    String id = new BrokerRegistrar(connect()).clusterId();
    assertThat(id).hasSize(22);
    assertThat(new BrokerRegistrar(connect()).clusterId()).isEqualTo(id);
  }

  @Test
  void producerIdBlocksDoNotOverlap() throws Exception {
    ZooKeeperSession session = connect();
    new BrokerRegistrar(session).ensureTopLevelNodes();
    ProducerIds one = new ProducerIds(session, 1);
    ProducerIds two = new ProducerIds(connect(), 2);
    assertThat(one.next()).isZero();
    assertThat(two.next()).isEqualTo(1000);
    assertThat(one.next()).isEqualTo(1);
    for (int i = 2; i < 1000; i++) {
      one.next();
    }
    assertThat(one.next()).isEqualTo(2000);
  }

  @Test
  void kafkaReadsWhatWeWrite() {
    Broker broker = BrokerIdZNode.decode(7, node(7).encode()).broker();
    assertThat(broker.id()).isEqualTo(7);
    assertThat(broker.rack().get()).isEqualTo("r1");
    assertThat(broker.endPoints().head().port()).isEqualTo(9092);

    Uuid id = Uuid.randomUuid();
    var topic =
        TopicZNode.decode(
            "t", TopicNode.of(Optional.of(id), new TreeMap<>(Map.of(0, List.of(1, 2)))).encode());
    assertThat(topic.topicId().get()).isEqualTo(id);

    TopicPartition partition = new TopicPartition("t", 0);
    Stat stat = new Stat();
    stat.setVersion(5);
    var state =
        TopicPartitionStateZNode.decode(
                new PartitionStateNode(2, 9, List.of(2, 1), 4, true).encode(), stat)
            .get();
    assertThat(state.leaderAndIsr().leader()).isEqualTo(2);
    assertThat(state.leaderAndIsr().leaderEpoch()).isEqualTo(9);
    assertThat(state.leaderAndIsr().partitionEpoch()).isEqualTo(5);
    assertThat(state.controllerEpoch()).isEqualTo(4);
    assertThat(
            PartitionStateNode.decode(partition.toString(), TopicPartitionStateZNode.encode(state)))
        .isEqualTo(new PartitionStateNode(2, 9, List.of(2, 1), 4, true));
  }

  private static BrokerIdNode node(int id) {
    return new BrokerIdNode(
        InterBrokerProtocol.LATEST.brokerNodeVersion(),
        id,
        "127.0.0.1",
        9092,
        List.of("PLAINTEXT://127.0.0.1:9092"),
        Map.of("PLAINTEXT", "PLAINTEXT"),
        Optional.of("r1"),
        1_700_000_000_000L);
  }

  private static MetaProperties stored(int id) {
    return new MetaProperties(0, id, Optional.empty());
  }

  private BrokerConfig config(int id) {
    return BrokerConfig.parse(
        Map.of("zookeeper.connect", server.connectString(), "broker.id", Integer.toString(id)));
  }

  private ZooKeeperSession connect() throws IOException, InterruptedException {
    ZooKeeperSession session =
        CuratorSession.connect(
            new ZooKeeperSettings(server.connectString(), 2_000, 5_000),
            "test-",
            new SessionListener() {});
    sessions.add(session);
    return session;
  }
}
