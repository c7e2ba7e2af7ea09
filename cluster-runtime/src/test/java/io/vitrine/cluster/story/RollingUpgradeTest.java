package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M08, M14, M26, M43: three Apache Kafka brokers are replaced one by one by ours on the same
 * directories, and back again, while a producer works; then the same with crashes instead of stops.
 */
class RollingUpgradeTest {
  private static final String TOPIC = "rolled";
  private static final int PARTITIONS = 3;
  private static final int RECORDS_BETWEEN = 600;

  @Test
  void brokersAreReplacedUnderLoadAndBackAgain(@TempDir Path directory) throws Exception {
    roll(directory, StoryCluster::stop);
  }

  @Test
  void brokersAreReplacedAfterCrashes(@TempDir Path directory) throws Exception {
    roll(directory, StoryCluster::crash);
  }

  private static void roll(Path directory, Ending ending) throws Exception {
    Set<Brand> controllers = new TreeSet<>();
    try (StoryCluster cluster = StoryCluster.of(KAFKA, directory);
        ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      Map<Integer, Brand> brands = new HashMap<>();
      for (int id = 1; id <= 3; id++) {
        cluster.start(id);
        brands.put(id, KAFKA);
      }
      create(cluster);
      try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
        for (Brand next : List.of(VITRINE, KAFKA)) {
          for (int id = 1; id <= 3; id++) {
            controllers.add(brands.get(controller(tree)));
            advance(load);
            ending.end(cluster, id);
            advance(load);
            await("session of broker " + id + " runs out")
                .atMost(Duration.ofSeconds(30))
                .until(goneFrom(tree, id));
            cluster.start(id, next);
            brands.put(id, next);
            inSync(tree);
          }
        }
        advance(load);
        load.end();
        load.verify(cluster.bootstrap());
      }
      assertThat(controllers)
          .as("brands that ruled in turn")
          .containsExactlyInAnyOrder(VITRINE, KAFKA);
      Replicas.areEqual(cluster, TOPIC, PARTITIONS);
    }
  }

  private static void create(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(
                          TOPIC,
                          Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))
                      .configs(Map.of("min.insync.replicas", "2", "segment.bytes", "65536"))))
          .all()
          .get();
    }
  }

  /** Waits until the producer has got on: no step of the story may stop it. */
  private static void advance(Load load) {
    long before = load.acknowledged();
    await("the producer gets on")
        .atMost(Duration.ofSeconds(60))
        .until(() -> load.acknowledged() >= before + RECORDS_BETWEEN);
  }

  private static Callable<Boolean> goneFrom(ZnodeTree tree, int id) {
    return () -> !tree.children("/brokers/ids").contains(Integer.toString(id));
  }

  private static int controller(ZnodeTree tree) {
    return await("a controller")
        .atMost(Duration.ofSeconds(30))
        .until(() -> tree.json("/controller"), node -> node != null)
        .get("brokerid")
        .asInt();
  }

  private static void inSync(ZnodeTree tree) {
    for (int p = 0; p < PARTITIONS; p++) {
      String path = "/brokers/topics/" + TOPIC + "/partitions/" + p + "/state";
      await(path + " in sync")
          .atMost(Duration.ofSeconds(60))
          .until(() -> tree.json(path), (JsonNode state) -> state.get("isr").size() == 3);
    }
  }

  /** How a broker goes. */
  private interface Ending {
    void end(StoryCluster cluster, int brokerId) throws Exception;
  }
}
