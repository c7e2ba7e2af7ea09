package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The story of one broker with two log directories: replicas placed and moved, records deleted,
 * settings changed while it runs, a topic deleted.
 *
 * <p>Told once on any {@link StoryCluster}; returns what clients were told and what lies on disk
 * after each step, unique parts of names left out.
 */
final class LogDirsStory {
  /** Short intervals, so that the story need not wait; renamed files stay to be seen. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "log.initial.task.delay.ms", "200",
          "log.retention.check.interval.ms", "200",
          "log.flush.start.offset.checkpoint.interval.ms", "200",
          "log.cleaner.enable", "false");

  private static final int BROKER = 1;
  private static final String TOPIC = "orders";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

  private final StoryCluster cluster;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, List<String>> chapters = new LinkedHashMap<>();
  private final Path one;
  private final Path two;
  private int markers;

  private LogDirsStory(StoryCluster cluster, Admin admin, KafkaProducer<byte[], byte[]> producer) {
    this.cluster = cluster;
    this.admin = admin;
    this.producer = producer;
    this.one = cluster.logDirectories(BROKER).get(0);
    this.two = cluster.logDirectories(BROKER).get(1);
  }

  static Map<String, List<String>> tell(StoryCluster cluster) throws Exception {
    cluster.start(BROKER);
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap());
    try (Admin admin = Admin.create(settings);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      LogDirsStory story = new LogDirsStory(cluster, admin, producer);
      story.run();
      return story.chapters;
    }
  }

  private void run() throws Exception {
    told("places are asked for", place(FIRST, one), place(SECOND, two));
    create();
    files("a topic lies where it was asked to");
    produce(FIRST, 40, 100);
    produce(SECOND, 3, 100);
    files("records in segments of 1000 bytes");
    told("the directories are described", describe());
    moves();
    deletions();
    settingsTakeEffect();
    admin.deleteTopics(List.of(TOPIC)).all().get();
    until(
        () -> list(one).isEmpty() || list(one).stream().noneMatch(f -> f.startsWith("orders-0/")));
    until(() -> list(two).stream().noneMatch(f -> f.startsWith("orders-1/")));
    files("the topic is deleted");
  }

  private void create() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(TOPIC, Map.of(0, List.of(BROKER), 1, List.of(BROKER)))
                    .configs(Map.of("segment.bytes", "1000", "index.interval.bytes", "100"))))
        .all()
        .get();
    until(() -> Files.exists(one.resolve("orders-0")) && Files.exists(two.resolve("orders-1")));
  }

  // ---- moves ---------------------------------------------------------------------------------

  private void moves() throws Exception {
    told("a move begins", place(FIRST, two));
    until(() -> Files.exists(two.resolve("orders-0")) && !Files.exists(one.resolve("orders-0")));
    files("the replica lies in the other directory");
    told("it is described there", describe());
    told("a move to where it lies", place(FIRST, two));
    told("a move to nowhere", place(FIRST, cluster.logDirectory(BROKER).resolve("logs-9")));
    told("a move of what is not known", place(new TopicPartition("nothing", 0), one));
    told("a move of a name too long", place(new TopicPartition("t".repeat(249), 0), one));
    produce(FIRST, 5, 100);
    told("the way back", place(FIRST, one));
    until(() -> Files.exists(one.resolve("orders-0")) && !Files.exists(two.resolve("orders-0")));
    files("the replica is back");
    told("it is described where it was", describe());
  }

  private String place(TopicPartition tp, Path directory) {
    return outcome(
        () ->
            admin
                .alterReplicaLogDirs(
                    Map.of(
                        new TopicPartitionReplica(tp.topic(), tp.partition(), BROKER),
                        directory.toString()))
                .all());
  }

  private String[] describe() throws Exception {
    Map<String, LogDirDescription> described =
        admin.describeLogDirs(List.of(BROKER)).allDescriptions().get().get(BROKER);
    List<String> lines = new ArrayList<>();
    new TreeMap<>(described)
        .forEach(
            (directory, about) -> {
              boolean space = about.totalBytes().isPresent() && about.usableBytes().isPresent();
              lines.add(Path.of(directory).getFileName() + " " + about.error() + " space " + space);
              about.replicaInfos().forEach((tp, info) -> lines.add(tp + " " + info.toString()));
            });
    return lines.stream().filter(line -> !line.startsWith("marker")).toArray(String[]::new);
  }

  // ---- records -------------------------------------------------------------------------------

  private void deletions() throws Exception {
    told("records before 13 are deleted", delete(FIRST, 13));
    until(() -> checkpoint(one).contains("orders 0 13"));
    until(() -> gone(one.resolve("orders-0"), "00000000000000000005"));
    files("segments below 13 go");
    told("log-start-offset-checkpoint", checkpoint(one));
    told("what is deleted already", delete(FIRST, 5));
    told("above the high watermark", delete(FIRST, 1000));
    told("a negative offset", delete(FIRST, -7));
    told("up to the high watermark", delete(SECOND, -1));
    set("cleanup.policy", "compact");
    told("of a topic that is only compacted", delete(FIRST, 20));
    set("cleanup.policy", "compact,delete");
    told("of a topic that is compacted too", delete(FIRST, 20));
    remove("cleanup.policy");
  }

  /** Whether each file of a segment is renamed, or deleted; that happens one after the other. */
  private static boolean gone(Path partition, String segment) throws IOException {
    try (Stream<Path> files = Files.list(partition)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(segment))
          .allMatch(name -> name.endsWith(".deleted"));
    }
  }

  private String delete(TopicPartition tp, long before) {
    return outcome(
        () ->
            admin
                .deleteRecords(Map.of(tp, RecordsToDelete.beforeOffset(before)))
                .lowWatermarks()
                .get(tp)
                .thenApply(deleted -> "low watermark " + deleted.lowWatermark()));
  }

  // ---- settings ------------------------------------------------------------------------------

  private void settingsTakeEffect() throws Exception {
    set("retention.ms", "0");
    until(() -> liveSegments(one, "orders-0") == 1 && liveSegments(two, "orders-1") == 1);
    until(() -> Files.exists(one.resolve("orders-0").resolve("00000000000000000045.log")));
    files("retention.ms=0 empties the log");
    told("retention.ms of the topic", described("retention.ms"));
    remove("retention.ms");
    told("retention.ms by default", described("retention.ms"));
    produce(FIRST, 5, 100);
    set("segment.bytes", "400");
    produce(FIRST, 8, 100);
    files("segment.bytes=400 rolls earlier, and nothing is deleted any more");
    set("max.message.bytes", "500");
    told("a batch of 400 bytes", sent(FIRST, 300));
    told("a batch of 600 bytes", sent(FIRST, 600));
    remove("max.message.bytes");
    told("a batch larger than a segment", sent(FIRST, 600));
    told("a value that is none", alter("retention.ms", "soon", AlterConfigOp.OpType.SET));
    told("a name that is none", alter("retension.ms", "1", AlterConfigOp.OpType.SET));
    set("retention.bytes", "600");
    until(() -> liveSegments(one, "orders-0") == 2);
    files("retention.bytes=600 keeps the newest");
    set("file.delete.delay.ms", "0");
    set("retention.ms", "0");
    until(() -> liveSegments(one, "orders-0") == 1);
    until(() -> Files.exists(one.resolve("orders-0").resolve("00000000000000000059.log")));
    until(
        () -> list(one).stream().noneMatch(f -> f.contains("0055.log") || f.contains("0058.log")));
    files("file.delete.delay.ms=0 unlinks at once");
  }

  private String described(String name) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    ConfigEntry entry = admin.describeConfigs(List.of(topic)).all().get().get(topic).get(name);
    return entry.value() + " " + entry.source();
  }

  private void set(String name, String value) throws Exception {
    told(name + "=" + value, alter(name, value, AlterConfigOp.OpType.SET));
    applied();
  }

  private void remove(String name) throws Exception {
    told(name + " removed", alter(name, null, AlterConfigOp.OpType.DELETE));
    applied();
  }

  private String alter(String name, String value, AlterConfigOp.OpType how) {
    return alter(TOPIC, name, value, how);
  }

  private String alter(String topic, String name, String value, AlterConfigOp.OpType how) {
    Collection<AlterConfigOp> change =
        List.of(new AlterConfigOp(new ConfigEntry(name, value), how));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return outcome(() -> admin.incrementalAlterConfigs(Map.of(resource, change)).all());
  }

  /** Changes are applied in order: once a later one shows its effect, this one is in force. */
  private void applied() throws Exception {
    String marker = "marker" + markers++;
    admin.createTopics(List.of(new NewTopic(marker, 1, (short) 1))).all().get();
    produce(new TopicPartition(marker, 0), 1, 1);
    alter(marker, "retention.ms", "0", AlterConfigOp.OpType.SET);
    until(
        () ->
            Stream.of(one, two)
                .anyMatch(
                    d ->
                        Files.exists(
                            d.resolve(marker + "-0").resolve("00000000000000000001.log"))));
  }

  // ---- telling -------------------------------------------------------------------------------

  private void told(String chapter, String... lines) {
    String name = chapter;
    for (int i = 2; chapters.containsKey(name); i++) {
      name = chapter + " (" + i + ")";
    }
    chapters.put(name, List.of(lines));
  }

  private void files(String chapter) {
    List<String> all = new ArrayList<>();
    for (Path directory : List.of(one, two)) {
      list(directory).stream()
          .filter(file -> !file.startsWith("marker"))
          .forEach(file -> all.add(directory.getFileName() + ": " + file));
    }
    told(chapter, all.toArray(String[]::new));
  }

  /**
   * Files of partitions, {@code .log} files with their size; sorted, without unique parts. Producer
   * snapshots in directories renamed for deletion are left out: Kafka writes one more there when it
   * closes the log of a moved replica, which nobody will ever read. So are the indexes of an empty
   * segment, which Kafka makes whenever it first looks at them.
   */
  private static List<String> list(Path directory) {
    try (Stream<Path> found = Files.walk(directory, 2)) {
      return found
          .filter(file -> directory.relativize(file).getNameCount() == 2)
          .map(file -> named(directory, file))
          .filter(file -> !(file.contains("-delete/") && file.endsWith(".snapshot")))
          .filter(file -> !file.isEmpty())
          .sorted()
          .toList();
    } catch (NoSuchFileException | UncheckedIOException e) {
      // A file went while the directory was walked.
      return list(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String named(Path directory, Path file) {
    String name =
        directory.relativize(file).toString().replaceAll("\\.[0-9a-f]{32}-", ".<unique>-");
    Path log =
        file.resolveSibling(file.getFileName().toString().replaceAll("\\.(time)?index$", ".log"));
    if (!log.equals(file) && log.toFile().length() == 0) {
      return "";
    }
    return name.contains(".log") ? name + " " + file.toFile().length() : name;
  }

  private static long liveSegments(Path directory, String partition) {
    return list(directory).stream()
        .filter(file -> file.matches(partition + "/[0-9]+\\.log [0-9]+"))
        .count();
  }

  private static String checkpoint(Path directory) throws IOException {
    Path file = directory.resolve("log-start-offset-checkpoint");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private String sent(TopicPartition tp, int bytes) {
    return outcome(
        () ->
            producer.send(new ProducerRecord<>(tp.topic(), tp.partition(), null, new byte[bytes])));
  }

  private void produce(TopicPartition tp, int records, int bytes) throws Exception {
    for (int i = 0; i < records; i++) {
      producer.send(new ProducerRecord<>(tp.topic(), tp.partition(), null, new byte[bytes])).get();
    }
  }

  /** What a client was told: the answer, or the name of the error. */
  private static String outcome(Callable<? extends Future<?>> call) {
    try {
      Object answer = call.call().get();
      return answer instanceof String text ? text : "done";
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
