package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The story of a failover: start, create, produce, stop a broker, crash a broker, crash the
 * controller, bring them back, elect, change retention, delete.
 *
 * <p>Told once on any {@link StoryCluster}; returns ZooKeeper's tree after each step. Assignments
 * are given by hand and brokers come back one at a time, so that nothing is left to chance.
 */
final class FailoverStory {
  private static final String TOPIC = "story";
  private static final int PARTITIONS = 3;
  private static final Map<Integer, List<Integer>> ASSIGNMENT =
      Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));

  private final StoryCluster cluster;
  private final ZnodeTree tree;
  private final Map<String, Map<String, String>> chapters = new LinkedHashMap<>();

  private FailoverStory(StoryCluster cluster, ZnodeTree tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  /** Tells the story and returns the tree after each step, by the step's name. */
  static Map<String, Map<String, String>> tell(StoryCluster cluster) throws Exception {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      FailoverStory story = new FailoverStory(cluster, tree);
      story.run();
      return story.chapters;
    }
  }

  private void run() throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    settled("three brokers serve", () -> live().equals(Set.of("1", "2", "3")) && controller() == 1);

    create();
    settled("a topic is created", () -> leaders().equals(List.of(1, 2, 3)) && isrSizes(3));

    produce(100);
    settled("a hundred records a partition are acknowledged", () -> isrSizes(3));

    cluster.stop(3);
    settled(
        "broker 3 is stopped",
        () -> live().equals(Set.of("1", "2")) && leaders().equals(List.of(1, 2, 1)) && isrSizes(2));
    produce(10);

    cluster.start(3);
    settled("broker 3 is back", () -> live().size() == 3 && isrSizes(3));

    cluster.crash(2);
    settled(
        "broker 2 is crashed",
        () -> live().equals(Set.of("1", "3")) && leaders().equals(List.of(1, 3, 1)) && isrSizes(2));
    produce(10);

    cluster.start(2);
    settled("broker 2 is back", () -> live().size() == 3 && isrSizes(3));

    cluster.crash(1);
    settled(
        "the controller is crashed",
        () ->
            live().equals(Set.of("2", "3"))
                && controller() > 1
                && leaders().equals(List.of(2, 3, 3))
                && isrSizes(2));
    produce(10);

    cluster.start(1);
    settled("broker 1 is back", () -> live().size() == 3 && isrSizes(3));

    try (Admin admin = admin()) {
      admin.electLeaders(ElectionType.PREFERRED, null).partitions().get();
    }
    settled("preferred leaders lead", () -> leaders().equals(List.of(1, 2, 3)));

    Replicas.areEqual(cluster, TOPIC, PARTITIONS);

    setRetention();
    settled("retention is changed", () -> tree.children("/config/changes").size() == 1);

    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(TOPIC)).all().get();
    }
    settled("the topic is deleted", () -> tree.children("/brokers/topics").isEmpty());
  }

  private void create() throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, ASSIGNMENT)
                      .configs(Map.of("min.insync.replicas", "2", "segment.bytes", "1048576"))))
          .all()
          .get();
    }
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

  private void produce(int perPartition) throws Exception {
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
      for (int i = 0; i < perPartition * PARTITIONS; i++) {
        last = producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, "k" + i, "v" + i));
      }
      producer.flush();
      Optional.ofNullable(last).orElseThrow().get();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
  }

  /** Waits until the condition holds and the tree has not moved for a second, then keeps it. */
  private void settled(String chapter, Condition condition) {
    await(cluster.name() + ": " + chapter)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(condition::holds);
    Quiet quiet = new Quiet();
    await(cluster.name() + ": quiet after " + chapter)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(quiet::reached);
    chapters.put(chapter, quiet.last);
  }

  private Set<String> live() throws InterruptedException {
    return new TreeSet<>(tree.children("/brokers/ids"));
  }

  private int controller() throws InterruptedException {
    JsonNode node = tree.json("/controller");
    return node == null ? -1 : node.get("brokerid").asInt();
  }

  private List<Integer> leaders() throws InterruptedException {
    JsonNode[] states = new JsonNode[PARTITIONS];
    for (int p = 0; p < PARTITIONS; p++) {
      states[p] = tree.json("/brokers/topics/" + TOPIC + "/partitions/" + p + "/state");
      if (states[p] == null) {
        return List.of();
      }
    }
    return List.of(states).stream().map(s -> s.get("leader").asInt()).toList();
  }

  private boolean isrSizes(int size) throws InterruptedException {
    for (int p = 0; p < PARTITIONS; p++) {
      JsonNode state = tree.json("/brokers/topics/" + TOPIC + "/partitions/" + p + "/state");
      if (state == null || state.get("isr").size() != size) {
        return false;
      }
    }
    return true;
  }

  /** A question to the cluster. */
  private interface Condition {
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
