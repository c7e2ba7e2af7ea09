package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Faults of the real kind on brokers that are processes: SIGKILL, SIGSTOP for longer and shorter
 * than a session, SIGTERM; one broker at a time, under load, checked record by record.
 *
 * <p>By hand: arguments are minutes and seed.
 */
final class RealFaults {
  private static final String TOPIC = "faults";
  private static final int PARTITIONS = 3;

  private RealFaults() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("vitrine-faults");
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    System.out.println("seed " + seed + " in " + directory);
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE_PROCESS, directory)) {
      run(cluster, seed, Duration.ofMinutes(Long.parseLong(args[0])), System.out::println);
    }
  }

  static void run(StoryCluster cluster, long seed, Duration time, Consumer<String> tell)
      throws Exception {
    Random random = new Random(seed);
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      create(cluster);
      inSync(tree);
      try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
        long end = System.nanoTime() + time.toNanos();
        int faults = 0;
        while (System.nanoTime() < end) {
          int id = 1 + random.nextInt(3);
          befall(cluster, tree, id, random, tell);
          inSync(tree);
          faults++;
          tell.accept(
              "fault "
                  + faults
                  + " on broker "
                  + id
                  + " over, acknowledged "
                  + load.acknowledged());
        }
        load.end();
        load.verify(cluster.bootstrap());
        Replicas.areEqual(cluster, TOPIC, PARTITIONS);
        tell.accept(
            faults + " faults, " + load.acknowledged() + " records: none lost, none doubled");
      }
    }
  }

  private static void befall(
      StoryCluster cluster, ZnodeTree tree, int id, Random random, Consumer<String> tell)
      throws Exception {
    int kind = random.nextInt(4);
    if (kind < 2) {
      int ms = kind == 0 ? 200 + random.nextInt(1_500) : 4_000 + random.nextInt(3_000);
      tell.accept("broker " + id + " is frozen for " + ms + " ms");
      cluster.freeze(id, true);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
      cluster.freeze(id, false);
      registered(tree, id);
      return;
    }
    tell.accept("broker " + id + (kind == 2 ? " is killed" : " is stopped"));
    if (kind == 2) {
      cluster.crash(id);
    } else {
      cluster.stop(id);
    }
    await("session of broker " + id + " runs out")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !tree.children("/brokers/ids").contains(Integer.toString(id)));
    cluster.start(id);
  }

  /** A broker that was frozen for longer than its session comes back under its id. */
  private static void registered(ZnodeTree tree, int id) {
    await("broker " + id + " is registered")
        .atMost(Duration.ofSeconds(60))
        .until(() -> tree.children("/brokers/ids").contains(Integer.toString(id)));
  }

  private static void create(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(
                          TOPIC,
                          Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))
                      .configs(Map.of("min.insync.replicas", "2", "segment.bytes", "1048576"))))
          .all()
          .get();
    }
  }

  private static void inSync(ZnodeTree tree) {
    for (int p = 0; p < PARTITIONS; p++) {
      String path = "/brokers/topics/" + TOPIC + "/partitions/" + p + "/state";
      await(path + " in sync")
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> tree.json(path),
              (JsonNode state) -> state != null && state.get("isr").size() == 3);
    }
  }
}
