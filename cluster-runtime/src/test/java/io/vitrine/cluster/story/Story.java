package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A story told once on any {@link StoryCluster}: chapters, and ZooKeeper's tree after each.
 *
 * <p>A chapter ends when its condition holds and the tree stands still. Nothing in a story may be
 * left to chance: assignments are given by hand and brokers come back one at a time.
 */
abstract class Story {
  private final StoryCluster cluster;
  private final String topic;
  private final Map<String, Map<String, String>> chapters = new LinkedHashMap<>();
  private ZnodeTree tree;

  /**
   * @param topic the topic the story is about
   */
  Story(StoryCluster cluster, String topic) {
    this.cluster = cluster;
    this.topic = topic;
  }

  /** The chapters, in order. */
  abstract void run() throws Exception;

  /** Tells the story and returns the tree after each chapter, by the chapter's name. */
  final Map<String, Map<String, String>> tell() throws Exception {
    try (ZnodeTree watched = new ZnodeTree(cluster.zooKeeper())) {
      tree = watched;
      run();
      return chapters;
    }
  }

  StoryCluster cluster() {
    return cluster;
  }

  ZnodeTree tree() {
    return tree;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
  }

  /** The first chapter: brokers 1 to 3 are started one after the other, so that 1 is controller. */
  final void threeBrokersServe() throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    settled("three brokers serve", () -> live().equals(Set.of("1", "2", "3")) && controller() == 1);
  }

  /** Creates the topic with these replicas. */
  final void create(Map<Integer, List<Integer>> assignment) throws Exception {
    create(assignment, Map.of());
  }

  /** Creates the topic with these replicas and settings. */
  final void create(Map<Integer, List<Integer>> assignment, Map<String, String> settings)
      throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, assignment).configs(settings))).all().get();
    }
  }

  /** Waits until the condition holds and the tree has not moved for a second, then keeps it. */
  void settled(String chapter, Condition condition) {
    happened(chapter, condition);
    Quiet quiet = new Quiet();
    await(cluster.name() + ": quiet after " + chapter)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(quiet::reached);
    chapters.put(chapter, quiet.last);
  }

  /** Waits until the condition holds, in the midst of a chapter. */
  void happened(String what, Condition condition) {
    await(cluster.name() + ": " + what)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(condition::holds);
  }

  /** Sends records to partitions 0 to {@code partitions} - 1 with acks=all and waits for all. */
  void produce(int partitions, int perPartition) throws Exception {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ProducerConfig.ACKS_CONFIG,
            "all",
            // Producer ids come in blocks per broker, and which broker gives one is chance.
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            false);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      Future<RecordMetadata> last = null;
      for (int i = 0; i < perPartition * partitions; i++) {
        last = producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i));
      }
      producer.flush();
      Optional.ofNullable(last).orElseThrow().get();
    }
  }

  Set<String> live() throws InterruptedException {
    return new TreeSet<>(tree.children("/brokers/ids"));
  }

  int controller() throws InterruptedException {
    JsonNode node = tree.json("/controller");
    return node == null ? -1 : node.get("brokerid").asInt();
  }

  /** The state of a partition; null when it has none. */
  JsonNode state(int partition) throws InterruptedException {
    return tree.json("/brokers/topics/" + topic + "/partitions/" + partition + "/state");
  }

  /** The leader of a partition; -2 when it has no state. */
  int leader(int partition) throws InterruptedException {
    JsonNode state = state(partition);
    return state == null ? -2 : state.get("leader").asInt();
  }

  boolean leaders(int... expected) throws InterruptedException {
    for (int p = 0; p < expected.length; p++) {
      if (leader(p) != expected[p]) {
        return false;
      }
    }
    return true;
  }

  boolean isrSizes(int partitions, int size) throws InterruptedException {
    for (int p = 0; p < partitions; p++) {
      JsonNode state = state(p);
      if (state == null || state.get("isr").size() != size) {
        return false;
      }
    }
    return true;
  }

  /** Replicas of a partition as the topic's node has them; none when there is no such partition. */
  List<Integer> replicas(int partition) throws InterruptedException {
    return listed("partitions", partition);
  }

  /** Whether the topic's node knows of no reassignment of a partition. */
  boolean unmoved(int partition) throws InterruptedException {
    return listed("adding_replicas", partition).isEmpty()
        && listed("removing_replicas", partition).isEmpty();
  }

  private List<Integer> listed(String field, int partition) throws InterruptedException {
    JsonNode node = tree.json("/brokers/topics/" + topic);
    if (node == null) {
      return List.of();
    }
    JsonNode ids = node.path(field).path(Integer.toString(partition));
    return IntStream.range(0, ids.size()).mapToObj(i -> ids.get(i).asInt()).toList();
  }

  /** A question to the cluster. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Ten looks in a row that saw the same tree. */
  private final class Quiet {
    private Map<String, String> last = Map.of();
    private int same;

    boolean reached() throws InterruptedException {
      Map<String, String> now = tree.dump();
      same = now.equals(last) ? same + 1 : 0;
      last = now;
      return same >= 10;
    }
  }
}
