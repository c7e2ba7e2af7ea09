package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M08, M14, M26, M43: three Apache Kafka brokers are replaced one by one by ours on the same
 * directories, and back again, while a producer works; then the same with crashes instead of stops.
 */
class RollingUpgradeTest {
  private static final String TOPIC = "rolled";
  private static final int SEGMENT_BYTES = 65_536;
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
      Stage stage = new Stage(cluster, tree, TOPIC);
      stage.create(SEGMENT_BYTES);
      try (Load load = stage.load()) {
        for (Brand next : List.of(VITRINE, KAFKA)) {
          for (int id = 1; id <= 3; id++) {
            controllers.add(brands.get(stage.controller()));
            Stage.advance(load, RECORDS_BETWEEN);
            ending.end(cluster, id);
            Stage.advance(load, RECORDS_BETWEEN);
            stage.gone(id);
            cluster.start(id, next);
            brands.put(id, next);
            stage.inSync();
          }
        }
        Stage.advance(load, RECORDS_BETWEEN);
        load.end();
        load.verify(cluster.bootstrap());
      }
      assertThat(controllers)
          .as("brands that ruled in turn")
          .containsExactlyInAnyOrder(VITRINE, KAFKA);
      Replicas.areEqual(cluster, TOPIC, Stage.PARTITIONS);
    }
  }

  /** How a broker goes. */
  private interface Ending {
    void end(StoryCluster cluster, int brokerId) throws Exception;
  }
}
