package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SnapshotProjectorTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private final SnapshotProjector projector = new SnapshotProjector(1);
  private long sequence;

  @Test
  void theFoldOfNothingIsEmpty() {
    assertThat(projector.snapshot()).isEqualTo(ClusterSnapshot.empty());
  }

  @Test
  void anOldSnapshotDoesNotChangeWithLaterEvents() {
    topic();
    ClusterSnapshot before = projector.snapshot();
    written(2, 1, List.of(2), 1);
    assertThat(before.partitions().get(T0).leader()).isEqualTo(1);
    assertThat(projector.snapshot().partitions().get(T0).leader()).isEqualTo(2);
  }

  @Test
  void aPartitionsStateIsWhatZooKeeperHoldsAndAReplicasIsItsBrokers() {
    topic();
    apply(2, new ClusterEvent.BecameFollower(T0, 0, 1));
    apply(1, new ClusterEvent.BecameLeader(T0, 0, 0));
    written(2, 1, List.of(2), 1);
    PartitionView partition = projector.snapshot().partitions().get(T0);
    assertThat(partition.leader()).isEqualTo(2);
    assertThat(partition.replica(1).orElseThrow().role()).isEqualTo(ReplicaView.Role.LEADER);
    assertThat(partition.replica(1).orElseThrow().inIsr()).isFalse();
    assertThat(partition.replica(2).orElseThrow().believedLeader()).isEqualTo(1);
  }

  @Test
  void aStateThatArrivesLateIsPassedOver() {
    topic();
    written(2, 2, List.of(2, 1), 5);
    written(1, 1, List.of(1), 4);
    assertThat(projector.snapshot().partitions().get(T0).leader()).isEqualTo(2);
  }

  @Test
  void aKilledBrokersSessionRunsOutAndTakesTheControllershipAlong() {
    apply(1, new ClusterEvent.SessionEstablished(7, 18_000));
    apply(1, new ClusterEvent.ControllerElected(3));
    apply(1, new ClusterEvent.BrokerKilled(7, 18_000));
    ClusterSnapshot killed = projector.snapshot();
    assertThat(killed.controller().brokerId()).isEqualTo(1);
    assertThat(killed.broker(1).orElseThrow().session().state())
        .isEqualTo(SessionView.State.RUNNING_OUT);
    apply(1, new ClusterEvent.SessionExpired(7));
    ClusterSnapshot over = projector.snapshot();
    assertThat(over.controller().brokerId()).isEqualTo(-1);
    assertThat(over.controller().history().get(0).endNanos()).isPositive();
    assertThat(over.zooKeeper().sessions()).isZero();
  }

  @Test
  void theControllersWorkIsSeenWhileItRules() {
    apply(1, new ClusterEvent.ControllerElected(3));
    assertThat(work().state()).isEqualTo(ControllerState.CONTROLLER_CHANGE);
    apply(1, new ClusterEvent.OrdersSent(2, "UpdateMetadata", 0));
    apply(1, new ClusterEvent.OrdersSent(2, "LeaderAndIsr", 4));
    apply(1, new ClusterEvent.OrdersAnswered(2, "UpdateMetadata", "STALE_BROKER_EPOCH"));
    assertThat(work().orders()).isEqualTo(Map.of(2, new OrdersView(2, 1, 1)));

    ControllerState state = ControllerState.BROKER_CHANGE;
    apply(1, new ClusterEvent.ControllerEventBegun("BrokerChange", state, 7, 3));
    apply(2, new ClusterEvent.ControllerEventBegun("Startup", state, 90, 9));
    assertThat(work().event())
        .as("another broker's queue is not the controller's")
        .isEqualTo("BrokerChange");
    assertThat(work().queueLength()).isEqualTo(3);
    apply(1, new ClusterEvent.BrokersChanged(List.of(), List.of(2), List.of()));
    assertThat(work().orders()).isEmpty();
    apply(1, new ClusterEvent.ControllerEventEnded("BrokerChange", state, 5, 4));
    apply(1, new ClusterEvent.ControllerEventBegun("TopicChange", state, 2, 0));
    assertThat(work().queuedNanos()).isEqualTo(2);
    assertThat(work().longestQueuedNanos()).isEqualTo(7);
    assertThat(work().eventsDone()).isEqualTo(1);

    apply(1, new ClusterEvent.ControllerResigned(3, "gone"));
    assertThat(work()).isEqualTo(ControllerView.Work.none());
  }

  @Test
  void whatControllersDidIsKeptWithItsTimes() {
    topic();
    apply(1, new ClusterEvent.ControllerElected(3));
    apply(1, new ClusterEvent.FailoverStepDone(3, FailoverStep.FEATURES, 7));
    apply(1, new ClusterEvent.FailoverStepDone(3, FailoverStep.WATCHES, 9));
    apply(1, new ClusterEvent.ControllerReady(3, 41));
    assertThat(projector.snapshot().controller().history().get(0).steps())
        .extracting(ControllerView.Step::tookNanos)
        .containsExactly(7L, 9L);
    ControllerState state = ControllerState.BROKER_CHANGE;
    apply(1, new ClusterEvent.ControllerEventBegun("BrokerChange", state, 7, 3));
    written(2, 1, List.of(2), 1);
    apply(1, new ClusterEvent.OrdersSent(2, "LeaderAndIsr", 4));
    apply(1, new ClusterEvent.ControllerEventEnded("BrokerChange", state, 5, 2));
    ControllerTrail trail = projector.snapshot().controller().trail();
    assertThat(trail.events())
        .extracting(ControllerTrail.Done::queuedNanos, ControllerTrail.Done::tookNanos)
        .containsExactly(tuple(7L, 5L));
    assertThat(trail.elections().get(0).previousLeader()).isEqualTo(1);
    assertThat(trail.elections().get(0).leader()).isEqualTo(2);
    assertThat(trail.orders().get(0).fate()).isEqualTo(ControllerTrail.Fate.OPEN);
    assertThat(trail.orders().get(0).epoch()).isEqualTo(3);
    apply(1, new ClusterEvent.OrdersAnswered(2, "LeaderAndIsr", ""));
    ControllerTrail.Order answered = projector.snapshot().controller().trail().orders().get(0);
    assertThat(answered.fate()).isEqualTo(ControllerTrail.Fate.ANSWERED);
    assertThat(answered.tookNanos()).isEqualTo(2_000_000);
    assertThat(projector.snapshot().controller().history().get(0).failoverMs()).isEqualTo(41);
  }

  @Test
  void aZombiesOrdersAreSeenToBeRefused() {
    apply(1, new ClusterEvent.SessionEstablished(7, 18_000));
    apply(1, new ClusterEvent.ControllerElected(7));
    apply(1, new ClusterEvent.OrdersSent(2, "UpdateMetadata", 1));
    apply(1, new ClusterEvent.SessionExpired(7));
    apply(3, new ClusterEvent.ControllerElected(8));
    apply(1, new ClusterEvent.OrdersSent(3, "LeaderAndIsr", 2));
    apply(1, new ClusterEvent.OrdersAnswered(3, "LeaderAndIsr", "STALE_CONTROLLER_EPOCH"));
    ControllerView controller = projector.snapshot().controller();
    assertThat(controller.trail().refused()).hasSize(1);
    ControllerTrail.Order refused = controller.trail().refused().get(0);
    assertThat(refused.controller()).isEqualTo(1);
    assertThat(refused.epoch()).isEqualTo(7);
    assertThat(refused.error()).isEqualTo("STALE_CONTROLLER_EPOCH");
    assertThat(controller.history().get(1).end()).isEqualTo(ControllerView.End.SESSION_OVER);
    assertThat(controller.work().orders()).as("not the present controller's").isEmpty();

    apply(1, new ClusterEvent.ControllerResigned(7, "its session is over"));
    assertThat(projector.snapshot().controller().brokerId()).isEqualTo(3);
    assertThat(projector.snapshot().controller().trail().orders())
        .extracting(ControllerTrail.Order::fate)
        .containsExactly(ControllerTrail.Fate.REFUSED, ControllerTrail.Fate.DROPPED);
  }

  @Test
  void nothingTheControllerDidIsKeptForEver() {
    for (int i = 0; i < ControllerTrail.KEPT + 9; i++) {
      apply(1, new ClusterEvent.OrdersSent(2, "UpdateMetadata", i));
    }
    assertThat(projector.snapshot().controller().trail().orders())
        .hasSize(ControllerTrail.KEPT)
        .element(0)
        .extracting(ControllerTrail.Order::partitions)
        .isEqualTo(ControllerTrail.KEPT + 8);
  }

  @Test
  void newsOfAnEarlierSessionAreOld() {
    apply(1, new ClusterEvent.SessionEstablished(8, 18_000));
    apply(1, new ClusterEvent.SessionExpired(7));
    assertThat(projector.snapshot().broker(1).orElseThrow().session().state())
        .isEqualTo(SessionView.State.CONNECTED);
  }

  @Test
  void aSampleFromABrokerThatWasKilledIsNotBelieved() {
    topic();
    apply(1, new ClusterEvent.BrokerStarting());
    apply(1, sampled(1, 10));
    apply(1, new ClusterEvent.BrokerKilled(7, 18_000));
    apply(1, sampled(1, 20));
    ReplicaView replica = projector.snapshot().partitions().get(T0).replica(1).orElseThrow();
    assertThat(replica.logEndOffset()).isEqualTo(10);
    assertThat(replica.role()).isEqualTo(ReplicaView.Role.OFFLINE);
  }

  @Test
  void ratesComeFromGrowingCountersAndStartAnewWithTheBroker() {
    apply(1, new ClusterEvent.BrokerStarting());
    apply(1, requests(1_000));
    sequence += 999; // one second later: a millisecond a step
    apply(1, requests(3_000));
    assertThat(projector.snapshot().broker(1).orElseThrow().rates().bytesIn())
        .isBetween(1_999.0, 2_001.0);
    apply(1, new ClusterEvent.BrokerStopped(1));
    assertThat(projector.snapshot().broker(1).orElseThrow().rates()).isEqualTo(RateView.zero());
  }

  @Test
  void aTopicsOwnSettingReachesItsPartitions() {
    topic();
    apply(1, new ClusterEvent.TopicConfigChanged("t", Map.of("min.insync.replicas", "2")));
    assertThat(projector.snapshot().partitions().get(T0).minInSyncReplicas()).isEqualTo(2);
    apply(1, new ClusterEvent.TopicConfigChanged("t", Map.of()));
    assertThat(projector.snapshot().partitions().get(T0).minInSyncReplicas()).isEqualTo(1);
  }

  @Test
  void aTopicCreatedAnewUnderTheSameNameStartsFresh() {
    topic();
    written(2, 9, List.of(2), 12);
    apply(1, new ClusterEvent.TopicCreated("t", "idTwo", Map.of(0, List.of(3))));
    PartitionView partition = projector.snapshot().partitions().get(T0);
    assertThat(partition.assignment()).containsExactly(3);
    assertThat(partition.partitionEpoch()).isEqualTo(-1);
  }

  @Test
  void theStorysChaptersFoldToWhatTheyTell() {
    ClusterSnapshot runningOut = SampleSnapshots.sessionRunningOut();
    PartitionView orders0 = runningOut.partitions().get(SampleSnapshots.ORDERS_0);
    assertThat(orders0.leader()).isEqualTo(SampleSnapshots.VICTIM);
    assertThat(runningOut.partitions().values())
        .anySatisfy(p -> assertThat(p.underReplicated()).isTrue());
    BrokerView victim = runningOut.broker(SampleSnapshots.VICTIM).orElseThrow();
    assertThat(victim.state()).isEqualTo(BrokerState.KILLED);
    assertThat(victim.session().state()).isEqualTo(SessionView.State.RUNNING_OUT);
    assertThat(runningOut.nanos() - victim.session().sinceNanos()).isEqualTo(9_000_000_000L);
    assertThat(runningOut.traffic().on()).isTrue();

    ClusterSnapshot over = SampleSnapshots.snapshot(Chapter.FAILED_OVER);
    assertThat(over.partitions().values())
        .allSatisfy(p -> assertThat(p.isr()).doesNotContain(SampleSnapshots.VICTIM))
        .noneSatisfy(p -> assertThat(p.leader()).isEqualTo(SampleSnapshots.VICTIM));
    assertThat(over.broker(2).orElseThrow().session().state()).isEqualTo(SessionView.State.EXPIRED);

    ClusterSnapshot rejoined = SampleSnapshots.snapshot(Chapter.REJOINED);
    assertThat(rejoined.partitions().values())
        .allSatisfy(p -> assertThat(p.underReplicated()).isFalse());
    assertThat(rejoined.broker(2).orElseThrow().state()).isEqualTo(BrokerState.SERVING);
  }

  @Test
  void theStoryIsTheSameEveryTime() {
    assertThat(SampleSnapshots.events(Chapter.REJOINED))
        .isEqualTo(SampleSnapshots.events(Chapter.REJOINED));
  }

  private ControllerView.Work work() {
    return projector.snapshot().controller().work();
  }

  private void topic() {
    apply(1, new ClusterEvent.TopicCreated("t", "idOne", Map.of(0, List.of(1, 2))));
    written(1, 0, List.of(1, 2), 0);
  }

  private void written(int leader, int epoch, List<Integer> isr, int partitionEpoch) {
    apply(
        1,
        new ClusterEvent.PartitionStateWritten(
            T0, leader, epoch, isr, partitionEpoch, ElectionReason.OFFLINE));
  }

  private static ClusterEvent sampled(int leader, long end) {
    ClusterEvent.ReplicaSample replica =
        new ClusterEvent.ReplicaSample(
            T0,
            true,
            leader,
            0,
            0,
            0,
            end,
            end,
            end,
            List.of(1, 2),
            List.of(),
            0,
            0,
            0,
            "d",
            List.of(),
            List.of());
    return new ClusterEvent.BrokerSampled(
        List.of(replica),
        ClusterEvent.RequestSample.empty(),
        new ClusterEvent.StorageSample(List.of()));
  }

  private static ClusterEvent requests(long bytesIn) {
    return new ClusterEvent.BrokerSampled(
        List.of(),
        new ClusterEvent.RequestSample(0, 0, 0, 0, 0, 0, 0, 0, bytesIn, 0, 0, 0, Map.of()),
        new ClusterEvent.StorageSample(List.of()));
  }

  private void apply(int broker, ClusterEvent event) {
    sequence++;
    projector.apply(new StampedEvent(sequence, sequence * 1_000_000, sequence, broker, event));
  }

  @Test
  void anEventOfNoBrokerMakesNoBroker() {
    apply(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStarted("127.0.0.1:2181", 200));
    assertThat(projector.snapshot().brokers()).isEmpty();
    assertThat(projector.snapshot().zooKeeper().state()).isEqualTo(ZooKeeperView.State.RUNNING);
  }

  @Test
  void anEnsembleIsRunningAsLongAsSomebodyDecides() {
    apply(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStarted("a:1,b:2,c:3", 200));
    member(1, MemberRole.LOOKING);
    assertThat(projector.snapshot().zooKeeper().state()).isEqualTo(ZooKeeperView.State.NO_QUORUM);
    member(2, MemberRole.LEADER);
    member(1, MemberRole.FOLLOWER);
    member(3, MemberRole.STOPPED);
    apply(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperSampled(Map.of(1, 7L, 2, 8L, 3, 9L)));
    assertThat(projector.snapshot().zooKeeper())
        .isEqualTo(
            new ZooKeeperView(
                ZooKeeperView.State.RUNNING,
                "a:1,b:2,c:3",
                200,
                0,
                List.of(
                    new ZooKeeperView.Member(1, "m1", MemberRole.FOLLOWER, 7),
                    new ZooKeeperView.Member(2, "m2", MemberRole.LEADER, 8),
                    new ZooKeeperView.Member(3, "m3", MemberRole.STOPPED, 0))));

    member(2, MemberRole.STOPPED);
    member(1, MemberRole.LOOKING);
    assertThat(projector.snapshot().zooKeeper().state()).isEqualTo(ZooKeeperView.State.NO_QUORUM);
    apply(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStopped(true));
    assertThat(projector.snapshot().zooKeeper().state()).isEqualTo(ZooKeeperView.State.STOPPED);
    assertThat(projector.snapshot().zooKeeper().members())
        .allMatch(m -> m.role() == MemberRole.STOPPED);
  }

  private void member(int number, MemberRole role) {
    apply(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperMemberChanged(number, "m" + number, role));
  }
}
