package io.vitrine.cluster.story;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * What depends on {@code inter.broker.protocol.version}, in one short story: registration,
 * features, a topic, a leader that stops and one that crashes, replicas that return, a replica that
 * moves, a topic deleted. Replicas end equal byte for byte.
 */
final class LevelStory extends Story {
  private static final String TOPIC = "level";
  private static final int PARTITIONS = 2;

  LevelStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster().start(id);
    }
    settled("three brokers serve", () -> live().equals(Set.of("1", "2", "3")) && controller() == 1);

    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(2, 3), 1, List.of(3, 1)))))
          .all()
          .get();
    }
    settled("a topic is created", () -> leaders(2, 3));
    produce(PARTITIONS, 50);

    cluster().crash(2);
    settled("broker 2 is crashed", () -> live().size() == 2 && leaders(3, 3));
    produce(PARTITIONS, 10);

    cluster().start(2);
    settled("broker 2 is back", () -> allAreBack() && heard());

    cluster().stop(3);
    settled("broker 3 is stopped", () -> live().size() == 2 && leaders(2, 1));
    produce(PARTITIONS, 10);
    cluster().start(3);
    settled("broker 3 is back", () -> allAreBack() && heard());

    try (Admin admin = admin()) {
      admin
          .alterPartitionReassignments(
              Map.of(
                  new TopicPartition(TOPIC, 0),
                  Optional.of(new NewPartitionReassignment(List.of(2, 3, 1))),
                  new TopicPartition(TOPIC, 1),
                  Optional.of(new NewPartitionReassignment(List.of(3, 1, 2)))))
          .all()
          .get();
    }
    settled(
        "each partition has a third replica",
        () -> isrSizes(PARTITIONS, 3) && unmoved(0) && unmoved(1) && heard());
    Replicas.areEqual(cluster(), TOPIC, PARTITIONS);

    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC)).all().get();
    }
    settled("the topic is deleted", () -> tree().children("/brokers/topics").isEmpty());
  }

  private boolean allAreBack() throws InterruptedException {
    return live().size() == 3 && isrSizes(PARTITIONS, 2);
  }

  /** Whether no notification of an ISR that a leader wrote waits for the controller. */
  private boolean heard() throws InterruptedException {
    return tree().children("/isr_change_notification").isEmpty();
  }
}
