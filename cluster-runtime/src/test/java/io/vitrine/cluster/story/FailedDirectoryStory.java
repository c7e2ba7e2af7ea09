package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The story of a disk that fails: three brokers with two log directories each, one of the six is
 * taken away, the broker is restarted without it, and then with it.
 *
 * <p>Told once on any {@link StoryCluster}; returns what clients see after each step. Where the
 * replicas of broker 1 lie is asked for beforehand, so that nothing is left to chance.
 */
final class FailedDirectoryStory {
  /** A directory's failure shows with the next checkpoint. */
  static final Map<String, String> SETTINGS =
      Map.of("replica.high.watermark.checkpoint.interval.ms", "200");

  private static final String TOPIC = "orders";
  private static final String ALONE = "alone";
  private static final Map<Integer, List<Integer>> ASSIGNMENT =
      Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));

  private final StoryCluster cluster;
  private final ZnodeTree tree;
  private final Path lost;
  private final Path kept;
  private final Map<String, List<String>> chapters = new LinkedHashMap<>();

  private FailedDirectoryStory(StoryCluster cluster, ZnodeTree tree) {
    this.cluster = cluster;
    this.tree = tree;
    this.lost = cluster.logDirectories(1).get(0);
    this.kept = cluster.logDirectories(1).get(1);
  }

  static Map<String, List<String>> tell(StoryCluster cluster) throws Exception {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      FailedDirectoryStory story = new FailedDirectoryStory(cluster, tree);
      story.run();
      return story.chapters;
    }
  }

  private void run() throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    create();
    produce(10);
    told("replicas on both directories");

    Path away = lost.resolveSibling("away");
    Files.move(lost, away);
    Files.writeString(lost, "no directory any more");
    until(() -> leader(0) == 2 && leader(ALONE) == -1 && isr(0) == 2 && isr(2) == 2);
    until(() -> offline(0) == 1 && offline(2) == 1);
    until(() -> tree.children("/log_dir_event_notification").isEmpty());
    told("one directory is lost");
    produce(10);
    told("the others are written to");
    outcomes();

    cluster.stop(1);
    until(() -> isr(1) == 2);
    told("the broker is stopped");
    cluster.start(1);
    until(() -> isr(1) == 3 && offline(0) == 1 && offline(2) == 1);
    produce(10);
    told("the broker is back without the directory");

    cluster.stop(1);
    Files.delete(lost);
    Files.move(away, lost);
    cluster.start(1);
    until(() -> isr(0) == 3 && isr(1) == 3 && isr(2) == 3 && leader(ALONE) == 1);
    told("the broker is back with the directory");
  }

  private void create() throws Exception {
    try (Admin admin = admin()) {
      for (Map.Entry<TopicPartition, Path> wish :
          Map.of(
                  new TopicPartition(TOPIC, 0), lost,
                  new TopicPartition(TOPIC, 1), kept,
                  new TopicPartition(TOPIC, 2), lost,
                  new TopicPartition(ALONE, 0), lost)
              .entrySet()) {
        move(admin, wish.getKey(), wish.getValue());
      }
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, ASSIGNMENT).configs(Map.of("min.insync.replicas", "2")),
                  new NewTopic(ALONE, Map.of(0, List.of(1)))))
          .all()
          .get();
    }
    until(() -> isr(0) == 3 && isr(1) == 3 && isr(2) == 3 && leader(ALONE) == 1);
  }

  private void outcomes() throws Exception {
    try (Admin admin = admin()) {
      List<String> lines = new ArrayList<>();
      lines.add("into it: " + move(admin, new TopicPartition(TOPIC, 1), lost));
      lines.add("out of it: " + move(admin, new TopicPartition(TOPIC, 0), kept));
      admin.createTopics(List.of(new NewTopic("fresh", Map.of(0, List.of(1))))).all().get();
      until(() -> Files.exists(kept.resolve("fresh-0")));
      lines.add("a new replica is made in the other");
      chapters.put("what can be done meanwhile", lines);
    }
  }

  private static String move(Admin admin, TopicPartition tp, Path directory) throws Exception {
    try {
      admin
          .alterReplicaLogDirs(
              Map.of(
                  new TopicPartitionReplica(tp.topic(), tp.partition(), 1), directory.toString()))
          .all()
          .get();
      return "done";
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    }
  }

  // ---- telling -------------------------------------------------------------------------------

  /** Once every broker tells the same. */
  private void told(String chapter) throws Exception {
    until(
        () ->
            Arrays.stream(cluster.bootstrap().split(","))
                    .map(broker -> described(partitions(broker)))
                    .distinct()
                    .count()
                == 1);
    List<String> lines = new ArrayList<>(described(partitions()));
    if (tree.children("/brokers/ids").contains("1")) {
      lines.addAll(directories());
    }
    chapters.put(chapter, lines);
  }

  private static List<String> described(List<PartitionInfo> partitions) {
    return partitions.stream()
        .map(
            each ->
                each.topic()
                    + "-"
                    + each.partition()
                    + " leader "
                    + (each.leader() == null ? "none" : each.leader().id())
                    + " isr "
                    + ids(each.inSyncReplicas())
                    + " offline "
                    + ids(each.offlineReplicas()))
        .toList();
  }

  private List<String> directories() throws Exception {
    try (Admin admin = admin()) {
      List<String> lines = new ArrayList<>();
      Map<String, LogDirDescription> described =
          admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
      new TreeMap<>(described)
          .forEach(
              (path, about) ->
                  lines.add(
                      Path.of(path).getFileName()
                          + " "
                          + (about.error() == null
                              ? "holds "
                                  + about.replicaInfos().keySet().stream()
                                      .map(Object::toString)
                                      .sorted()
                                      .toList()
                              : about.error().getClass().getSimpleName())));
      return lines;
    }
  }

  private static List<Integer> ids(Node[] nodes) {
    return Arrays.stream(nodes).map(Node::id).sorted().toList();
  }

  /** As a client sees them that has just come. */
  private List<PartitionInfo> partitions() {
    return partitions(cluster.bootstrap());
  }

  private static List<PartitionInfo> partitions(String bootstrap) {
    try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap)) {
      List<PartitionInfo> all = new ArrayList<>(producer.partitionsFor(TOPIC));
      all.sort((a, b) -> a.partition() - b.partition());
      all.addAll(producer.partitionsFor(ALONE));
      return all;
    }
  }

  private int leader(int partition) {
    Node leader = partitions().get(partition).leader();
    return leader == null ? -1 : leader.id();
  }

  private int leader(String topic) {
    return partitions().stream()
        .filter(each -> each.topic().equals(topic))
        .map(each -> each.leader() == null ? -1 : each.leader().id())
        .findFirst()
        .orElse(-1);
  }

  private int isr(int partition) {
    return partitions().get(partition).inSyncReplicas().length;
  }

  private int offline(int partition) {
    return partitions().get(partition).offlineReplicas().length;
  }

  private void produce(int records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(cluster.bootstrap())) {
      for (int i = 0; i < records; i++) {
        for (int partition : ASSIGNMENT.keySet()) {
          producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[100])).get();
        }
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private Admin admin() {
    return Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()));
  }

  private static void until(Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(condition);
  }
}
