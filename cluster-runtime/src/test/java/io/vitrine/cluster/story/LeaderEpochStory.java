package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The two stories why there are leader epochs (KIP-101), told on brokers that are processes: what
 * the replicas of one partition hold in the end.
 */
final class LeaderEpochStory {
  private static final String TOPIC = "epochs";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SESSION = "zookeeper.session.timeout.ms";
  private static final int SHORT_MS = 2_000;
  private static final int LONG_MS = 9_000;

  private final StoryCluster cluster;
  private final ZnodeTree tree;

  private LeaderEpochStory(StoryCluster cluster, ZnodeTree tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  /**
   * A: a follower that has an acknowledged record, but does not know yet that it is committed,
   * begins to follow the same dead leader in a new epoch, then leads.
   *
   * @return values on broker 1, then on broker 2
   */
  static List<List<String>> anAcknowledgedRecord(StoryCluster cluster) throws Exception {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      return new LeaderEpochStory(cluster, tree).loss();
    }
  }

  /**
   * B: both replicas crash, the one with less leads first.
   *
   * @return values on broker 1, then on broker 2
   */
  static List<List<String>> replicasThatPart(StoryCluster cluster) throws Exception {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      return new LeaderEpochStory(cluster, tree).divergence();
    }
  }

  private List<List<String>> loss() throws Exception {
    cluster.start(2, Map.of(SESSION, Integer.toString(LONG_MS)));
    cluster.start(1, Map.of(SESSION, Integer.toString(LONG_MS)));
    cluster.start(3, Map.of(SESSION, Integer.toString(SHORT_MS)));
    create(Map.of(0, List.of(1, 2, 3)), Map.of());
    send("all", "m1");
    until("followers know that m1 is committed", () -> checkpointed(2, 1) && checkpointed(3, 1));
    send("all", "m2");
    cluster.crash(1);
    cluster.crash(3);
    until("broker 3's session ran out, then broker 1's", () -> live().equals(Set.of("2")));
    until("broker 2 leads", () -> leader() == 2);
    cluster.start(1);
    until("broker 1 is in sync", () -> isrSize() == 2);
    return values();
  }

  private List<List<String>> divergence() throws Exception {
    cluster.start(1);
    cluster.start(2);
    create(Map.of(0, List.of(1, 2)), Map.of("unclean.leader.election.enable", "true"));
    send("all", "m1");
    until("the follower knows that m1 is committed", () -> checkpointed(2, 1));
    cluster.crash(2);
    until("broker 2 left the ISR", () -> isrSize() == 1);
    send("1", "m2");
    send("1", "m2b");
    until("broker 1 remembers what is committed", () -> checkpointed(1, 3));
    cluster.crash(1);
    until("nobody is there", () -> live().isEmpty());
    cluster.start(2);
    until("broker 2 leads, with less", () -> leader() == 2);
    send("1", "m3");
    cluster.start(1);
    until("broker 1 is in sync", () -> isrSize() == 2);
    return values();
  }

  private void create(Map<Integer, List<Integer>> assignment, Map<String, String> config)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, assignment).configs(config))).all().get();
    }
    until("all replicas are in sync", () -> leader() == 1 && isrSize() == assignment.get(0).size());
  }

  private void send(String acks, String value) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", cluster.bootstrap(), "acks", acks, "enable.idempotence", false);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, 0, null, value)).get();
    }
  }

  /** Whether a broker's checkpoint says that so many records are committed. */
  private boolean checkpointed(int broker, long highWatermark) throws IOException {
    Path file = cluster.logDirectory(broker).resolve("replication-offset-checkpoint");
    return Files.exists(file) && Files.readAllLines(file).contains(TOPIC + " 0 " + highWatermark);
  }

  /** What brokers 1 and 2 hold, once both hold as much. */
  private List<List<String>> values() throws Exception {
    until("both are as long", () -> values(1).size() == values(2).size());
    return List.of(values(1), values(2));
  }

  private List<String> values(int broker) throws IOException {
    List<String> values = new ArrayList<>();
    Path directory = cluster.logDirectory(broker).resolve(TOPIC + "-0");
    for (Path segment : Replicas.files(directory, ".log")) {
      try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
        for (Record record : records.records()) {
          values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
        }
      }
    }
    return values;
  }

  private Set<String> live() throws InterruptedException {
    return new TreeSet<>(tree.children("/brokers/ids"));
  }

  private int leader() throws InterruptedException {
    var state = tree.json("/brokers/topics/" + TOPIC + "/partitions/0/state");
    return state == null ? -2 : state.get("leader").asInt();
  }

  private int isrSize() throws InterruptedException {
    return tree.json("/brokers/topics/" + TOPIC + "/partitions/0/state").get("isr").size();
  }

  private void until(String what, Callable<Boolean> condition) {
    await(cluster.name() + ": " + what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }
}
