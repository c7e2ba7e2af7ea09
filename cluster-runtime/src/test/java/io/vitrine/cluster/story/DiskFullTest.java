package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * M24, M53: the disks of one broker fill up one after the other under load. The first takes its
 * directory offline and its partitions to other leaders; the last takes the broker. With room again
 * it comes back, and nothing acknowledged is lost.
 */
@Timeout(240)
class DiskFullTest {
  private static final String TOPIC = "full";
  private static final int SEGMENT_BYTES = 65_536;
  private static final int FREE_BYTES = 20_000;
  private static final int RECORDS_BETWEEN = 600;

  private final FaultyFiles files =
      new FaultyFiles(
          new RealFiles(), time -> Thread.sleep(time.toMillis()), (fault, operation, file) -> {});

  @Test
  void aFullDiskTakesItsDirectoryAndTheLastItsBroker(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(VITRINE, directory, 2, Map.of());
        ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      cluster.start(1, files);
      cluster.start(2);
      cluster.start(3);
      Stage stage = new Stage(cluster, tree, TOPIC);
      stage.create(SEGMENT_BYTES);
      try (Load load = stage.load()) {
        Stage.advance(load, RECORDS_BETWEEN);
        List<Path> directories = cluster.logDirectories(1);
        fill(directories.get(0));
        for (int p = 0; p < Stage.PARTITIONS; p++) {
          boolean lost = Files.exists(directories.get(0).resolve(TOPIC + "-" + p));
          stage.inSync(p, lost ? Set.of(2, 3) : Set.of(1, 2, 3));
        }
        Stage.advance(load, RECORDS_BETWEEN);
        assertThat(tree.children("/brokers/ids")).contains("1");

        fill(directories.get(1));
        stage.gone(1);
        for (int p = 0; p < Stage.PARTITIONS; p++) {
          stage.inSync(p, Set.of(2, 3));
        }
        Stage.advance(load, RECORDS_BETWEEN);

        files.heal();
        cluster.start(1, files);
        stage.inSync();
        Stage.advance(load, RECORDS_BETWEEN);
        load.end();
        load.verify(cluster.bootstrap());
      }
      Replicas.areEqual(cluster, TOPIC, Stage.PARTITIONS);
    }
  }

  private void fill(Path disk) {
    files.plan(
        new FileFault(
            Set.of(FileOperation.WRITE),
            file -> file.startsWith(disk),
            1,
            Long.MAX_VALUE,
            new FileFault.DiskFull(FREE_BYTES)));
  }
}
