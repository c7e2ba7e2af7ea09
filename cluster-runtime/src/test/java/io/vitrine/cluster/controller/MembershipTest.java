package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.zookeeper.BrokerIdNode;
import io.vitrine.cluster.zookeeper.LogDirEventNode;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * M10, M15, M16, M24: a reign over three brokers that come, go, come back, move and lose
 * directories, on a model of ZooKeeper; brokers answer when the test lets them.
 */
class MembershipTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  private final ModelCluster cluster = new ModelCluster(3);
  private Reign reign;

  @BeforeEach
  void aReignOverThreeBrokersWithOnePartition() {
    TopicNode topic =
        new TopicNode(
            Optional.of(Uuid.randomUuid()), Map.of(0, List.of(1, 2, 3)), Map.of(), Map.of());
    cluster.create(ZkPaths.topic("t"), topic.encode());
    cluster.node(ZkPaths.partitions("t"), "");
    cluster.node(ZkPaths.partition("t", 0), "");
    cluster.create(
        ZkPaths.partitionState("t", 0),
        new PartitionStateNode(1, 0, List.of(1, 2, 3), 1, false).encode());
    reign = cluster.elect(() -> {});
    reign.begin(done -> {});
    cluster.work();
  }

  // ---- who comes, goes and comes back --------------------------------------------------------

  @Test
  void newBrokersAreMetBeforeThoseThatCameBackAndThoseAreBeforeThoseThatWent() {
    goes(1);
    goes(2);
    cluster.register(2, 9092);
    cluster.register(4, 9094);
    cluster.orders.clear();

    cluster.work();

    assertThat(cluster.orders.subList(0, 2))
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
    cluster.silent.add(2);
    reign.alterReassignments(Map.of(PARTITION, Optional.of(List.of(2, 1, 3))));
    cluster.work();
    int before = cluster.orders.size();
    BrokerIdNode moved = ModelCluster.broker(2, 9999);
    cluster.operator().set(ZkPaths.broker(2), moved.encode(), -1).join();

    cluster.work();

    assertThat(cluster.orders.subList(before, cluster.orders.size()))
        .contains("1 UpdateMetadata", "3 UpdateMetadata")
        .as("broker 2 has not answered yet: one order at a time")
        .doesNotContain("2 UpdateMetadata");
    assertThat(cluster.closed).as("channels that were given up").isEmpty();
  }

  // ---- directories ---------------------------------------------------------------------------

  @Test
  void aReplicaWhoseOrderSucceedsIsBackOnline() {
    directoryFails(2);
    assertThat(state().isr()).containsExactly(1, 3);
    assertThat(offlineReplicas()).containsExactly(2);

    cluster.replicas.remove(2);
    cluster.create(ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_2", new LogDirEventNode(2).encode());
    cluster.work();
    goes(3);
    cluster.work();

    assertThat(offlineReplicas()).as("only the one whose broker is gone").containsExactly(3);
  }

  @Test
  void aDirectoryThatIsKnownToHaveFailedChangesNothingOnceMore() {
    cluster.replicas.put(1, Errors.KAFKA_STORAGE_ERROR);
    cluster.replicas.put(2, Errors.KAFKA_STORAGE_ERROR);
    cluster.replicas.put(3, Errors.KAFKA_STORAGE_ERROR);
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
    cluster.node(ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_0", "not json");
    directoryFails(2);
    assertThat(state().isr()).containsExactly(1, 3);
    assertThat(cluster.operator().children(ZkPaths.LOG_DIR_EVENTS).join().orElseThrow()).isEmpty();
  }

  // ---- brokers that are shutting down --------------------------------------------------------

  @Test
  void replicasOfABrokerThatIsShuttingDownAreSaidToBeOffline() {
    reign.controlledShutdown(new ControlledShutdownRequestData().setBrokerId(1).setBrokerEpoch(-1));
    cluster.work();
    assertThat(state().leader()).isEqualTo(2);
    assertThat(offlineReplicas()).containsExactly(1);
  }

  @Test
  void anElectionIsNotHeardByABrokerThatIsShuttingDown() {
    reign.controlledShutdown(new ControlledShutdownRequestData().setBrokerId(3).setBrokerEpoch(-1));
    cluster.work();
    cluster.orders.clear();
    goes(1);
    cluster.work();
    assertThat(state().leader()).isEqualTo(2);
    assertThat(cluster.orders).contains("2 LeaderAndIsr").doesNotContain("3 LeaderAndIsr");
  }

  // ---- deletion ------------------------------------------------------------------------------

  @Test
  void aReplicaThatIsDeletedNeedsItsBrokerNoMore() {
    cluster.silent.add(3);
    cluster.node(ZkPaths.deleteTopic("t"), "");
    cluster.work();
    goes(1);
    cluster.work();
    assertThat(reign.deletionBacklog())
        .as("broker 3 has not answered, and broker 1 has no replica any more")
        .isEqualTo(new DeletionBacklog(1, 1, 1, 0));

    cluster.silent.clear();
    cluster.answerAll();
    cluster.work();

    assertThat(reign.deletionBacklog()).isEqualTo(DeletionBacklog.NONE);
    assertThat(cluster.operator().get(ZkPaths.topic("t")).join()).as("the topic's node").isEmpty();
  }

  // ---- inside --------------------------------------------------------------------------------

  private void directoryFails(int broker) {
    cluster.replicas.put(broker, Errors.KAFKA_STORAGE_ERROR);
    cluster.create(
        ZkPaths.LOG_DIR_EVENTS + "/log_dir_event_1" + broker, new LogDirEventNode(broker).encode());
    cluster.work();
  }

  /** What the newest metadata of the partition say. */
  private List<Integer> offlineReplicas() {
    for (int i = cluster.requests.size() - 1; i >= 0; i--) {
      if (cluster.requests.get(i) instanceof UpdateMetadataRequest metadata) {
        for (var state : metadata.partitionStates()) {
          return state.offlineReplicas();
        }
      }
    }
    throw new AssertionError("nobody was told");
  }

  private PartitionStateNode state() {
    return cluster.state(PARTITION);
  }

  private void goes(int broker) {
    cluster.operator().delete(ZkPaths.broker(broker), -1).join();
  }
}
