package io.vitrine.cluster.story;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.TopicPartition;

/**
 * The story of replicas that move: to another broker, to more and to fewer of them; a move that
 * cannot end and is cancelled; one that waits for a broker; partitions added; a topic deleted while
 * one of its partitions moves.
 *
 * <p>A partition nobody leads cannot get its new replicas into sync: so a move is kept under way.
 */
final class ReassignmentStory extends Story {
  private static final String TOPIC = "moved";
  private static final int STUCK = 2;

  ReassignmentStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();

    create(Map.of(0, List.of(1, 2), 1, List.of(2, 3), STUCK, List.of(3, 2)));
    settled("a topic is created", () -> leaders(1, 2, 3));
    produce(3, 50);

    move(0, 3, 2);
    settled("the leader's replica moved", () -> moved(0, 3, 2) && leader(0) == 3);

    move(0, 3, 2, 1);
    settled("a replica was added", () -> moved(0, 3, 2, 1) && state(0).get("isr").size() == 3);

    move(1, 3);
    settled("a replica was removed", () -> moved(1, 3) && leader(1) == 3);
    move(STUCK, 3);
    settled("another one was removed", () -> moved(STUCK, 3));
    produce(3, 10);

    cluster().crash(3);
    settled("broker 3 is crashed", () -> live().equals(Set.of("1", "2")) && leader(STUCK) == -1);

    move(STUCK, 2);
    settled("a move cannot end", () -> replicas(STUCK).equals(List.of(2, 3)));

    try (Admin admin = admin()) {
      admin.alterPartitionReassignments(Map.of(partition(STUCK), Optional.empty())).all().get();
    }
    settled("it is cancelled", () -> moved(STUCK, 3));

    move(STUCK, 1);
    settled("another cannot end", () -> replicas(STUCK).equals(List.of(1, 3)));

    cluster().start(3);
    settled(
        "the broker it waits for is back", () -> moved(STUCK, 1) && leader(STUCK) == 1 && inSync());

    try (Admin admin = admin()) {
      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(5))).all().get();
    }
    settled("two partitions were added", () -> leader(3) >= 0 && leader(4) >= 0);
    try (Admin admin = admin()) {
      admin
          .createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(6, List.of(List.of(2, 1, 3)))))
          .all()
          .get();
    }
    settled("one was added by hand", () -> leader(5) == 2);
    produce(6, 10);

    cluster().crash(3);
    settled("broker 3 is crashed again", () -> live().size() == 2 && leader(1) == -1);
    move(1, 2);
    settled("a third cannot end", () -> replicas(1).equals(List.of(2, 3)));
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC));
      settled(
          "its topic is marked for deletion",
          () -> tree().children("/admin/delete_topics").contains(TOPIC));
    }
    cluster().start(3);
    settled("the topic is deleted", () -> tree().children("/brokers/topics").isEmpty());
    for (int id = 1; id <= 3; id++) {
      Replicas.areGone(cluster(), id, TOPIC);
    }
  }

  private void move(int partition, Integer... replicas) throws Exception {
    try (Admin admin = admin()) {
      admin
          .alterPartitionReassignments(
              Map.of(
                  partition(partition),
                  Optional.of(new NewPartitionReassignment(List.of(replicas)))))
          .all()
          .get();
    }
  }

  private boolean moved(int partition, Integer... replicas) throws InterruptedException {
    return replicas(partition).equals(List.of(replicas)) && unmoved(partition);
  }

  private boolean inSync() throws InterruptedException {
    return state(0).get("isr").size() == 3;
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition(TOPIC, number);
  }
}
