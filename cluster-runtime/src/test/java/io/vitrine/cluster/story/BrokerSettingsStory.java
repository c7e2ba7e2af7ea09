package io.vitrine.cluster.story;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The story of settings of brokers that change while they run: a partition is led by a replica that
 * is behind once that is allowed for all brokers.
 */
final class BrokerSettingsStory extends Story {
  private static final String TOPIC = "kept";
  private static final String FOR_ALL = "";

  BrokerSettingsStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster().start(id);
    }
    create();
    settled("a topic is created", () -> leaders(2) && isrSizes(1, 2));
    cluster().stop(2);
    settled("broker 2 stopped", () -> leaders(3) && live().size() == 2);
    produce(1, 20);
    cluster().crash(3);
    cluster().start(2);
    settled(
        "broker 3 crashed, who is behind does not lead",
        () -> leaders(-1) && live().equals(Set.of("1", "2")));
    set(FOR_ALL, "unclean.leader.election.enable", "true");
    settled("it leads once all may", () -> leaders(2));
    set("1", "message.max.bytes", "2000000");
    remove(FOR_ALL, "unclean.leader.election.enable");
    settled("nobody may any more, and one takes larger batches", () -> leaders(2));
  }

  private void create() throws Exception {
    create(Map.of(0, List.of(2, 3)));
  }

  private void set(String broker, String name, String value) throws Exception {
    alter(broker, new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
  }

  private void remove(String broker, String name) throws Exception {
    alter(broker, new AlterConfigOp(new ConfigEntry(name, null), AlterConfigOp.OpType.DELETE));
  }

  private void alter(String broker, AlterConfigOp change) throws Exception {
    try (Admin admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.BROKER, broker), List.of(change)))
          .all()
          .get();
    }
  }
}
