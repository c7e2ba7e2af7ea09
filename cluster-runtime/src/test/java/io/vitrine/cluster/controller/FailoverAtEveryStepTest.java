package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.PartitionStateNode;
import io.vitrine.cluster.zookeeper.TopicNode;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkPaths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.junit.jupiter.api.Test;

/**
 * M09, M13–M18: whatever a controller is at, it falls before each of its words to ZooKeeper in
 * turn, and the next one brings it to the same end; so does one that never hears the answer to one
 * of its words.
 */
class FailoverAtEveryStepTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Uuid TOPIC_ID = Uuid.randomUuid();
  private static final int FEW_STEPS = 1;

  /** A piece of the controller's work. */
  private interface Story {
    /** What somebody wants; asked for again when the controller that heard it fell. */
    void wish(ModelCluster cluster, Reign reign);

    /** How it ends. */
    void ends(ModelCluster cluster);
  }

  @Test
  void aTopicIsCreated() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            if (cluster.operator().get(ZkPaths.topic("u")).join().isEmpty()) {
              create(cluster, "u", Map.of(0, List.of(1, 2, 3), 1, List.of(4)));
            }
          }

          @Override
          public void ends(ModelCluster cluster) {
            PartitionStateNode first = cluster.state(new TopicPartition("u", 0));
            assertThat(first.leader()).isEqualTo(1);
            assertThat(first.isr()).containsExactly(1, 2, 3);
            assertThat(cluster.state(new TopicPartition("u", 1)).leader()).isEqualTo(4);
            assertThat(cluster.hosted).contains("1 u-0", "2 u-0", "3 u-0", "4 u-1");
          }
        });
  }

  @Test
  void partitionsAreAdded() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            TopicNode more =
                new TopicNode(
                    Optional.of(TOPIC_ID),
                    Map.of(0, List.of(1, 2, 3), 1, List.of(2, 4)),
                    Map.of(),
                    Map.of());
            new TopicStore(cluster.operator()).setAssignment("t", more).join();
          }

          @Override
          public void ends(ModelCluster cluster) {
            assertThat(cluster.state(PARTITION).leaderEpoch()).as("of those there were").isZero();
            assertThat(cluster.state(new TopicPartition("t", 1)).isr()).containsExactly(2, 4);
            assertThat(cluster.hosted).contains("2 t-1", "4 t-1");
          }
        });
  }

  @Test
  void aTopicIsDeleted() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            if (cluster.operator().get(ZkPaths.topic("t")).join().isPresent()) {
              new TopicStore(cluster.operator()).markForDeletion("t").join();
            }
          }

          @Override
          public void ends(ModelCluster cluster) {
            for (String path :
                List.of(ZkPaths.topic("t"), ZkPaths.topicConfig("t"), ZkPaths.deleteTopic("t"))) {
              assertThat(cluster.operator().get(path).join()).as(path).isEmpty();
            }
            assertThat(cluster.hosted).isEmpty();
          }
        });
  }

  @Test
  void replicasMove() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            reign.alterReassignments(Map.of(PARTITION, Optional.of(List.of(4, 2))));
          }

          @Override
          public void ends(ModelCluster cluster) {
            TopicNode topic = topic(cluster);
            assertThat(topic.assignment()).containsEntry(0, List.of(4, 2));
            assertThat(topic.adding()).isEmpty();
            assertThat(topic.removing()).isEmpty();
            assertThat(cluster.state(PARTITION).leader()).isEqualTo(4);
            assertThat(cluster.state(PARTITION).isr()).containsExactlyInAnyOrder(2, 4);
            assertThat(cluster.hosted).containsExactlyInAnyOrder("2 t-0", "4 t-0");
          }
        });
  }

  @Test
  void aBrokerGoes() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            if (cluster.operator().get(ZkPaths.broker(1)).join().isPresent()) {
              cluster.operator().delete(ZkPaths.broker(1), -1).join();
            }
          }

          @Override
          public void ends(ModelCluster cluster) {
            assertThat(cluster.state(PARTITION).leader()).isEqualTo(2);
            assertThat(cluster.state(PARTITION).isr()).containsExactly(2, 3);
          }
        });
  }

  @Test
  void aFollowerGoes() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            if (cluster.operator().get(ZkPaths.broker(3)).join().isPresent()) {
              cluster.operator().delete(ZkPaths.broker(3), -1).join();
            }
          }

          @Override
          public void ends(ModelCluster cluster) {
            assertThat(cluster.state(PARTITION).leader()).isEqualTo(1);
            assertThat(cluster.state(PARTITION).isr()).containsExactly(1, 2);
          }
        });
  }

  @Test
  void aBrokerIsRelieved() {
    atEveryStep(
        new Story() {
          @Override
          public void wish(ModelCluster cluster, Reign reign) {
            assertThat(
                    reign
                        .controlledShutdown(
                            new ControlledShutdownRequestData().setBrokerId(1).setBrokerEpoch(-1))
                        .remainingPartitions())
                .isEmpty();
          }

          @Override
          public void ends(ModelCluster cluster) {
            assertThat(cluster.state(PARTITION).leader()).isEqualTo(2);
            assertThat(cluster.state(PARTITION).isr()).containsExactly(2, 3);
          }
        });
  }

  // ---- how it is told ------------------------------------------------------------------------

  private static void atEveryStep(Story story) {
    withoutOneAnswer(story);
    int step = 1;
    while (falls(story, step)) {
      step++;
    }
    assertThat(step).as("steps it takes").isGreaterThan(FEW_STEPS);
  }

  /** The answer to one word is lost instead, and the word sent again. */
  private static void withoutOneAnswer(Story story) {
    int step = 1;
    while (loses(story, step)) {
      step++;
    }
  }

  private static boolean loses(Story story, int step) {
    ModelCluster cluster = new ModelCluster(4);
    create(cluster, "t", Map.of(0, List.of(1, 2, 3)));
    LostAnswer lost = new LostAnswer();
    Reign reign = cluster.elect(lost);
    reign.begin(done -> {});
    settle(cluster, reign);
    lost.left = step;
    story.wish(cluster, reign);
    settle(cluster, reign);
    try {
      story.ends(cluster);
      cluster.leadersKnowTheirEpochs();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("when the answer to word " + step + " is lost", e);
    }
    return lost.left <= 0;
  }

  /** Returns whether the controller fell before it was done. */
  private static boolean falls(Story story, int step) {
    ModelCluster cluster = new ModelCluster(4);
    create(cluster, "t", Map.of(0, List.of(1, 2, 3)));
    Steps steps = new Steps();
    Reign reign = cluster.elect(steps);
    reign.begin(done -> {});
    settle(cluster, reign);
    steps.left = step;
    boolean fell = false;
    try {
      story.wish(cluster, reign);
      settle(cluster, reign);
    } catch (Fallen e) {
      fell = true;
    }
    if (fell) {
      Reign next = cluster.elect(() -> {});
      next.begin(done -> {});
      story.wish(cluster, next);
      settle(cluster, next);
    }
    try {
      story.ends(cluster);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("when the controller falls before word " + step, e);
    }
    return fell;
  }

  /** Until nothing is left to do; leaders ask for all their replicas once they have them. */
  private static void settle(ModelCluster cluster, Reign reign) {
    cluster.work();
    while (cluster.operator().get(ZkPaths.topic("t")).join().isPresent()
        && expand(cluster, reign)) {
      cluster.work();
    }
  }

  private static boolean expand(ModelCluster cluster, Reign reign) {
    List<Integer> replicas = topic(cluster).assignment().get(0);
    PartitionStateNode state = cluster.state(PARTITION);
    if (topic(cluster).adding().isEmpty() || state.isr().containsAll(replicas)) {
      return false;
    }
    String statePath = ZkPaths.partitionState("t", 0);
    AlterPartitionRequestData.PartitionData wish =
        new AlterPartitionRequestData.PartitionData()
            .setPartitionIndex(0)
            .setLeaderEpoch(state.leaderEpoch())
            .setPartitionEpoch(
                cluster.operator().get(statePath).join().orElseThrow().stat().version())
            .setNewIsr(new ArrayList<>(replicas));
    AlterPartitionRequestData request =
        new AlterPartitionRequestData()
            .setBrokerId(state.leader())
            .setBrokerEpoch(
                cluster
                    .operator()
                    .get(ZkPaths.broker(state.leader()))
                    .join()
                    .orElseThrow()
                    .stat()
                    .czxid());
    request
        .topics()
        .add(
            new AlterPartitionRequestData.TopicData()
                .setTopicName("t")
                .setPartitions(List.of(wish)));
    reign.alterPartition(request, (short) 1);
    return true;
  }

  private static TopicNode topic(ModelCluster cluster) {
    byte[] data = cluster.operator().get(ZkPaths.topic("t")).join().orElseThrow().data();
    return TopicNode.decode("t", data);
  }

  private static void create(
      ModelCluster cluster, String topic, Map<Integer, List<Integer>> assignment) {
    Optional<Uuid> id = Optional.of(topic.equals("t") ? TOPIC_ID : Uuid.randomUuid());
    new TopicStore(cluster.operator())
        .createTopic(topic, new HashMap<>(), new TreeMap<>(assignment), id)
        .join();
  }

  /** Lets a number of words through, then none. */
  private static final class Steps implements ModelSession.Gate {
    private int left = Integer.MAX_VALUE;

    @Override
    public void pass() {
      if (--left < 0) {
        throw new Fallen();
      }
    }
  }

  /** Loses the answer to one word. */
  private static final class LostAnswer implements ModelSession.Gate {
    private int left = Integer.MAX_VALUE;

    @Override
    public void pass() {
      // Every word gets through.
    }

    @Override
    public boolean answerLost() {
      return --left == 0;
    }
  }

  private static final class Fallen extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
