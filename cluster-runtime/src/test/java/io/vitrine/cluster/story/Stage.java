package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What a {@link Load} plays on: a cluster and one topic of three partitions with three replicas
 * each, two of which must be in sync, watched in ZooKeeper.
 */
record Stage(StoryCluster cluster, ZnodeTree tree, String topic) {
  static final int PARTITIONS = 3;

  private static final Map<Integer, List<Integer>> ASSIGNMENT =
      Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));

  /** Creates the topic and waits until all its replicas are in sync. */
  void create(int segmentBytes) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, ASSIGNMENT)
                      .configs(
                          Map.of(
                              "min.insync.replicas",
                              "2",
                              "segment.bytes",
                              Integer.toString(segmentBytes)))))
          .all()
          .get();
    }
    inSync();
  }

  Load load() {
    return new Load(cluster.bootstrap(), topic, PARTITIONS);
  }

  /** Waits until every replica is in sync. */
  void inSync() {
    for (int p = 0; p < PARTITIONS; p++) {
      inSync(p, Set.of(1, 2, 3));
    }
  }

  /** Waits until just these replicas of a partition are in sync, and one of them leads. */
  void inSync(int partition, Set<Integer> brokers) {
    String path = "/brokers/topics/" + topic + "/partitions/" + partition + "/state";
    await(path + " in sync " + brokers)
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> tree.json(path),
            (JsonNode state) ->
                state != null
                    && isr(state).equals(brokers)
                    && brokers.contains(state.get("leader").asInt()));
  }

  private static Set<Integer> isr(JsonNode state) {
    Set<Integer> isr = new HashSet<>();
    state.get("isr").forEach(id -> isr.add(id.asInt()));
    return isr;
  }

  /** Waits until the session of a broker has ended. */
  void gone(int brokerId) {
    await("session of broker " + brokerId + " runs out")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !registered(brokerId));
  }

  /** Waits until a broker that was only away is registered. */
  void back(int brokerId) {
    await("broker " + brokerId + " is registered")
        .atMost(Duration.ofSeconds(60))
        .until(() -> registered(brokerId));
  }

  /** Waits until the producer has got on: nothing in a story may stop it for good. */
  static void advance(Load load, int records) {
    long before = load.acknowledged();
    await("the producer gets on")
        .atMost(Duration.ofSeconds(60))
        .until(() -> load.acknowledged() >= before + records);
  }

  /** The broker that is the controller, once there is one. */
  int controller() {
    return await("a controller")
        .atMost(Duration.ofSeconds(30))
        .until(() -> tree.json("/controller"), node -> node != null)
        .get("brokerid")
        .asInt();
  }

  private boolean registered(int brokerId) throws InterruptedException {
    return tree.children("/brokers/ids").contains(Integer.toString(brokerId));
  }
}
