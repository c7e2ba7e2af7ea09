package io.vitrine.cluster.story;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The story of what a controller does by itself: leaders go back to where they belong, on a timer;
 * a partition is led by a replica that is behind, once a setting allows it; a topic's deletion
 * waits for a broker that is away.
 */
final class ControllerStory extends Story {
  /** A look at the leaders every second. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "auto.leader.rebalance.enable", "true",
          "leader.imbalance.check.interval.seconds", "1",
          "leader.imbalance.per.broker.percentage", "10");

  private static final String TOPIC = "kept";

  ControllerStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();
    create(Map.of(0, List.of(2, 3), 1, List.of(3, 2), 2, List.of(3, 1)));
    settled("a topic is created", () -> leaders(2, 3, 3) && isrSizes(3, 2));
    produce(3, 20);

    cluster().stop(3);
    settled("broker 3 stopped", () -> leaders(2, 2, 1) && isrSizes(3, 1));
    cluster().start(3);
    settled("its leaders came back by themselves", () -> leaders(2, 3, 3) && isrSizes(3, 2));

    cluster().crash(2);
    settled("broker 2 crashed", () -> leaders(3, 3, 3) && live().size() == 2);
    produce(3, 20);
    cluster().crash(3);
    settled("broker 3 crashed", () -> leaders(-1, -1, 1) && live().size() == 1);
    cluster().start(2);
    settled("who is behind does not lead", () -> live().equals(Set.of("1", "2")));
    allowUncleanElection();
    settled("it leads once it may", () -> leaders(2, 2, 1));

    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC));
      settled(
          "the deletion waits for broker 3",
          () -> tree().children("/admin/delete_topics").contains(TOPIC));
    }
    cluster().start(3);
    settled("the topic is deleted", () -> tree().children("/brokers/topics").isEmpty());
    for (int id = 1; id <= 3; id++) {
      Replicas.areGone(cluster(), id, TOPIC);
    }
  }

  private void allowUncleanElection() throws Exception {
    try (Admin admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("unclean.leader.election.enable", "true"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
