package io.vitrine.cluster.story;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The story of a failover: start, create, produce, stop a broker, crash a broker, crash the
 * controller, bring them back, elect, change retention, delete.
 *
 * <p>Ends with replicas that are equal byte for byte, and the topic deleted.
 */
final class FailoverStory extends Story {
  private static final String TOPIC = "story";
  private static final int PARTITIONS = 3;
  private static final Map<Integer, List<Integer>> ASSIGNMENT =
      Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));

  FailoverStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();

    create(ASSIGNMENT, Map.of("min.insync.replicas", "2", "segment.bytes", "1048576"));
    settled("a topic is created", () -> leaders(1, 2, 3) && isrSizes(PARTITIONS, 3));

    produce(PARTITIONS, 100);
    settled("a hundred records a partition are acknowledged", () -> isrSizes(PARTITIONS, 3));

    cluster().stop(3);
    settled(
        "broker 3 is stopped",
        () -> live().equals(Set.of("1", "2")) && leaders(1, 2, 1) && isrSizes(PARTITIONS, 2));
    produce(PARTITIONS, 10);

    cluster().start(3);
    settled("broker 3 is back", () -> live().size() == 3 && isrSizes(PARTITIONS, 3));

    cluster().crash(2);
    settled(
        "broker 2 is crashed",
        () -> live().equals(Set.of("1", "3")) && leaders(1, 3, 1) && isrSizes(PARTITIONS, 2));
    produce(PARTITIONS, 10);

    cluster().start(2);
    settled("broker 2 is back", () -> live().size() == 3 && isrSizes(PARTITIONS, 3));

    cluster().crash(1);
    settled(
        "the controller is crashed",
        () ->
            live().equals(Set.of("2", "3"))
                && controller() > 1
                && leaders(2, 3, 3)
                && isrSizes(PARTITIONS, 2));
    produce(PARTITIONS, 10);

    cluster().start(1);
    settled("broker 1 is back", () -> live().size() == 3 && isrSizes(PARTITIONS, 3));

    try (Admin admin = admin()) {
      admin.electLeaders(ElectionType.PREFERRED, null).partitions().get();
    }
    settled("preferred leaders lead", () -> leaders(1, 2, 3));

    Replicas.areEqual(cluster(), TOPIC, PARTITIONS);

    setRetention();
    settled("retention is changed", () -> tree().children("/config/changes").size() == 1);

    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC)).all().get();
    }
    settled("the topic is deleted", () -> tree().children("/brokers/topics").isEmpty());
  }

  private void setRetention() throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    Collection<AlterConfigOp> change =
        List.of(
            new AlterConfigOp(
                new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET));
    try (Admin admin = admin()) {
      admin.incrementalAlterConfigs(Map.of(topic, change)).all().get();
    }
  }
}
