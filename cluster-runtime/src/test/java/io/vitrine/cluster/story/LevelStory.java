package io.vitrine.cluster.story;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/**
 * What depends on {@code inter.broker.protocol.version}, in one short story: registration,
 * features, a topic, a leader that crashes and returns, replicas that are added, a topic deleted.
 * Replicas end equal byte for byte. No broker is stopped in it: below level 2.7 nobody keeps a
 * replica out of the ISR that still fetches while its broker shuts down, and chance decides.
 */
final class LevelStory extends Story {
  private static final String TOPIC = "level";
  private static final int PARTITIONS = 2;

  LevelStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();

    create(Map.of(0, List.of(2, 3), 1, List.of(3, 1)));
    settled("a topic is created", () -> leaders(2, 3));
    produce(PARTITIONS, 50);

    cluster().crash(2);
    settled("broker 2 is crashed", () -> live().size() == 2 && leaders(3, 3));
    produce(PARTITIONS, 10);

    cluster().start(2);
    settled(
        "broker 2 is back",
        () -> live().size() == 3 && isrSizes(PARTITIONS, 2) && clientsSeeIsrSizes(2));

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
        () -> isrSizes(PARTITIONS, 3) && unmoved(0) && unmoved(1));
    Replicas.areEqual(cluster(), TOPIC, PARTITIONS);

    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC)).all().get();
    }
    settled("the topic is deleted", () -> tree().children("/brokers/topics").isEmpty());
  }

  /** Whether brokers have heard of ISRs of this size, which below 2.7 leaders wrote themselves. */
  private boolean clientsSeeIsrSizes(int size) throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeTopics(List.of(TOPIC))
          .allTopicNames()
          .get()
          .get(TOPIC)
          .partitions()
          .stream()
          .allMatch(partition -> partition.isr().size() == size);
    }
  }
}
