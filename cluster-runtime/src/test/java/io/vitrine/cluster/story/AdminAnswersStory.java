package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.apache.kafka.common.requests.ListPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/**
 * The story of an operator who asks for what cannot be: each of the controller's admin requests
 * with everything that is wrong with it, and some that are right.
 *
 * <p>Told once on any {@link StoryCluster}; returns each answer's code, and whether it says
 * nothing, Kafka's usual sentence for that code, or something of its own. Broker 3 is away for the
 * second half, broker 2 rules in the end and deletes no topics.
 */
final class AdminAnswersStory implements AutoCloseable {
  static final Map<String, String> SETTINGS =
      Map.of(
          "num.partitions", "2",
          "default.replication.factor", "2",
          "create.topic.policy.class.name", NoForbiddenTopics.class.getName());

  private static final int TIMEOUT_MS = 20_000;
  private static final int SHORT_MS = 300;
  private static final int UNSET = -1;

  private final StoryCluster cluster;
  private final ZnodeTree tree;
  private final SocketClients clients =
      new SocketClients(
          "story-",
          1,
          new ClientSettings("story", 10_000, 60_000, Integer.MAX_VALUE),
          ClientSecurity.plaintext());
  private final Map<Integer, NodeClient> nodes = new LinkedHashMap<>();
  private final Map<String, List<String>> chapters = new LinkedHashMap<>();
  private int controller = 1;

  private AdminAnswersStory(StoryCluster cluster, ZnodeTree tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  static Map<String, List<String>> tell(StoryCluster cluster) throws Exception {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper());
        AdminAnswersStory story = new AdminAnswersStory(cluster, tree)) {
      story.run();
      return story.chapters;
    }
  }

  @Override
  public void close() {
    clients.close();
  }

  private void run() throws Exception {
    cluster.start(1);
    cluster.start(2, Map.of("delete.topic.enable", "false"));
    cluster.start(3);
    until("one rules three", () -> rules(1) && tree.children("/brokers/ids").size() == 3);
    topicsAreCreated();
    partitionsAreAdded();
    topicsAreDeleted();
    leadersAreElected();
    replicasAreMoved();
    whoDoesNotRuleSaysSo();
    whoeverRulesMayDeleteNothing();
  }

  // ---- CreateTopics --------------------------------------------------------------------------

  private void topicsAreCreated() throws Exception {
    told(
        "topics with counts",
        create(
            TIMEOUT_MS,
            false,
            counted("none", 0, 1),
            counted("negative", -5, 1),
            counted("unreplicated", 1, 0),
            counted("four-replicas", 1, 4),
            counted("usual", UNSET, UNSET),
            counted("only-partitions", 3, UNSET),
            assigned("both", List.of(1)).setNumPartitions(1)));
    told(
        "topics with names",
        create(
            TIMEOUT_MS,
            false,
            counted("", 1, 1),
            counted(".", 1, 1),
            counted("..", 1, 1),
            counted("a b", 1, 1),
            counted("x".repeat(250), 1, 1),
            counted("y".repeat(249), 1, 1),
            counted("__mine", 1, 1),
            counted("__cluster_metadata", 1, 1),
            counted("usual", 1, 1),
            counted("dotted.name", 1, 1)));
    told(
        "names that are taken, or nearly",
        create(
            TIMEOUT_MS,
            false,
            counted("usual", 0, 1),
            counted("dotted_name", 1, 1),
            counted("dotted.name", 1, 1),
            counted("bad name", 0, 1)));
    told(
        "topics with replicas",
        create(
            TIMEOUT_MS,
            false,
            assigned("twice-a-broker", List.of(1, 1)),
            assigned("uneven", List.of(1), List.of(1, 2)),
            numbered("with-a-gap", 0, 2),
            numbered("from-one", 1, 2),
            numbered("from-minus-one", -1, 0),
            assigned("by-hand", List.of(1, 2), List.of(2, 3)),
            assigned("with-a-stranger", List.of(1, 9))));
    told(
        "topics with settings",
        create(
            TIMEOUT_MS,
            false,
            with(counted("unknown-setting", 1, 1), "no.such.setting", "1"),
            with(counted("bad-value", 1, 1), "retention.ms", "soon"),
            with(counted("out-of-bounds", 1, 1), "segment.bytes", "1"),
            with(counted("bad-policy", 1, 1), "cleanup.policy", "hoard"),
            with(counted("no-value", 1, 1), "retention.ms", null),
            with(
                with(counted("lags", 1, 1), "min.compaction.lag.ms", "20"),
                "max.compaction.lag.ms",
                "10"),
            with(counted("well-set", 1, 1), "retention.ms", "60000")));
    told(
        "topics a policy sees",
        create(
            TIMEOUT_MS,
            false,
            counted("forbidden-by-count", 1, 1),
            assigned("forbidden-by-hand", List.of(1)),
            with(counted("forbidden-but-wrong", 1, 1), "no.such.setting", "1")));
    told(
        "topics only looked at",
        create(
            TIMEOUT_MS,
            true,
            counted("looked-at", 4, 2),
            counted("forbidden-by-count", 1, 1),
            counted("usual", 1, 1),
            counted("looked-at-badly", 0, 1)));
    told(
        "topics named twice",
        create(
            TIMEOUT_MS,
            false,
            counted("two-of-them", 1, 1),
            counted("one-of-them", 1, 1),
            counted("two-of-them", 2, 1),
            counted("__cluster_metadata", 1, 1),
            counted("__cluster_metadata", 2, 1)));
    told("a topic nobody waits for", create(0, false, counted("not-waited-for", 1, 1)));
    told("a topic that cannot be led", create(SHORT_MS, false, assigned("leaderless", List.of(9))));
    for (short version = 0; version <= 7; version++) {
      told(
          "in version " + version,
          create(version, TIMEOUT_MS, counted("usual", 1, 1), counted("v" + version, 1, 1)));
    }
    topics("after topics were created");
  }

  private List<String> create(int timeoutMs, boolean validateOnly, CreatableTopic... topics)
      throws Exception {
    return create(
        new CreateTopicsRequestData().setTimeoutMs(timeoutMs).setValidateOnly(validateOnly),
        (short) 7,
        topics);
  }

  private List<String> create(short version, int timeoutMs, CreatableTopic... topics)
      throws Exception {
    return create(new CreateTopicsRequestData().setTimeoutMs(timeoutMs), version, topics);
  }

  private List<String> create(
      CreateTopicsRequestData request, short version, CreatableTopic... topics) throws Exception {
    for (CreatableTopic topic : topics) {
      request.topics().add(topic);
    }
    CreateTopicsResponse response =
        (CreateTopicsResponse) ask(new CreateTopicsRequest.Builder(request), version);
    List<String> lines = new ArrayList<>();
    response
        .data()
        .topics()
        .forEach(
            topic ->
                lines.add(
                    line(shortened(topic.name()), topic.errorCode(), topic.errorMessage())
                        + " "
                        + topic.numPartitions()
                        + "x"
                        + topic.replicationFactor()
                        + (topic.topicId().equals(Uuid.ZERO_UUID) ? "" : " with id")
                        + (topic.configs() == null || topic.configs().isEmpty()
                            ? ""
                            : " with settings")
                        + " "
                        + topic.topicConfigErrorCode()));
    return lines;
  }

  private static CreatableTopic counted(String name, int partitions, int replicationFactor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicationFactor);
  }

  @SafeVarargs
  private static CreatableTopic assigned(String name, List<Integer>... replicas) {
    CreatableTopic topic = counted(name, UNSET, UNSET);
    for (int number = 0; number < replicas.length; number++) {
      topic
          .assignments()
          .add(
              new CreatableReplicaAssignment()
                  .setPartitionIndex(number)
                  .setBrokerIds(replicas[number]));
    }
    return topic;
  }

  private static CreatableTopic numbered(String name, int... numbers) {
    CreatableTopic topic = counted(name, UNSET, UNSET);
    for (int number : numbers) {
      topic
          .assignments()
          .add(new CreatableReplicaAssignment().setPartitionIndex(number).setBrokerIds(List.of(1)));
    }
    return topic;
  }

  private static CreatableTopic with(CreatableTopic topic, String name, String value) {
    topic.configs().add(new CreatableTopicConfig().setName(name).setValue(value));
    return topic;
  }

  // ---- CreatePartitions ----------------------------------------------------------------------

  private void partitionsAreAdded() throws Exception {
    told(
        "partitions by count",
        add(
            TIMEOUT_MS,
            false,
            more("usual", 1),
            more("only-partitions", 3),
            more("v0", 0),
            more("nobody-knows", 3),
            more("v1", 3)));
    told(
        "partitions by hand",
        add(
            TIMEOUT_MS,
            false,
            more("v2", 3, List.of(2)),
            more("v3", 2, List.of(7)),
            more("v4", 2, List.of(1, 1)),
            more("v5", 2, List.of(1, 2)),
            more("v6", 2, List.of()),
            more("v7", 3, List.of(2), List.of(3))));
    told(
        "partitions asked for twice",
        add(TIMEOUT_MS, false, more("v2", 2), more("v3", 2), more("v2", 3)));
    told("partitions only looked at", add(TIMEOUT_MS, true, more("v4", 2), more("v4x", 2)));
    told("partitions nobody waits for", add(0, false, more("v4", 2), more("v5", 1)));
    for (String topic : List.of("v1", "v3", "v4", "v7")) {
      until("all of " + topic, () -> tree.children(partitions(topic)).size() > 1);
    }
    topics("after partitions were added");
  }

  private List<String> add(int timeoutMs, boolean validateOnly, CreatePartitionsTopic... topics)
      throws Exception {
    CreatePartitionsRequestData request =
        new CreatePartitionsRequestData().setTimeoutMs(timeoutMs).setValidateOnly(validateOnly);
    for (CreatePartitionsTopic topic : topics) {
      request.topics().add(topic);
    }
    CreatePartitionsResponse response =
        (CreatePartitionsResponse) ask(new CreatePartitionsRequest.Builder(request), (short) 3);
    return response.data().results().stream()
        .map(result -> line(result.name(), result.errorCode(), result.errorMessage()))
        .toList();
  }

  @SafeVarargs
  private static CreatePartitionsTopic more(String name, int count, List<Integer>... replicas) {
    CreatePartitionsTopic topic =
        new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
    List<CreatePartitionsAssignment> assignments = new ArrayList<>();
    for (List<Integer> each : replicas) {
      assignments.add(new CreatePartitionsAssignment().setBrokerIds(each));
    }
    if (!assignments.isEmpty()) {
      topic.setAssignments(assignments);
    }
    return topic;
  }

  private static String partitions(String topic) {
    return "/brokers/topics/" + topic + "/partitions";
  }

  // ---- DeleteTopics --------------------------------------------------------------------------

  private void topicsAreDeleted() throws Exception {
    Uuid id = Uuid.fromString(tree.json("/brokers/topics/v6").get("topic_id").asText());
    told(
        "topics nobody knows are deleted",
        delete(TIMEOUT_MS, 6, named("nobody-knows"), identified(new Uuid(1, 2))));
    told("a topic is deleted by id", delete(TIMEOUT_MS, 6, identified(id)));
    nothingIsBeingDeleted();
    told("and once more", delete(TIMEOUT_MS, 6, identified(id), named("v6")));
    told(
        "a topic is named twice over",
        delete(TIMEOUT_MS, 6, named("v5").setTopicId(id), named("v4")));
    told("a topic is deleted twice", delete(TIMEOUT_MS, 6, named("v4"), named("v4")));
    nothingIsBeingDeleted();
    told("nobody waits for it", delete(0, 6, named("v3")));
    nothingIsBeingDeleted();
    for (int version = 1; version <= 5; version++) {
      told(
          "deleted in version " + version,
          delete(TIMEOUT_MS, version, named("nobody-knows"), named("v" + (version == 5 ? 7 : 2))));
    }
    nothingIsBeingDeleted();
    topics("after topics were deleted");
  }

  /** Brokers forget a topic, and answer, before ZooKeeper does. */
  private void nothingIsBeingDeleted() {
    until("nothing is being deleted", () -> tree.children("/admin/delete_topics").isEmpty());
  }

  private List<String> delete(int timeoutMs, int version, DeleteTopicState... topics)
      throws Exception {
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(timeoutMs);
    if (version >= 6) {
      request.setTopics(List.of(topics));
    } else {
      request.setTopicNames(Arrays.stream(topics).map(DeleteTopicState::name).toList());
    }
    DeleteTopicsResponse response =
        (DeleteTopicsResponse) ask(new DeleteTopicsRequest.Builder(request), (short) version);
    List<String> lines = new ArrayList<>();
    response
        .data()
        .responses()
        .forEach(
            topic ->
                lines.add(
                    line(topic.name(), topic.errorCode(), topic.errorMessage())
                        + (topic.topicId().equals(Uuid.ZERO_UUID) ? "" : " with id")));
    return lines;
  }

  private static DeleteTopicState named(String name) {
    return new DeleteTopicState().setName(name);
  }

  private static DeleteTopicState identified(Uuid id) {
    return new DeleteTopicState().setName(null).setTopicId(id);
  }

  // ---- ElectLeaders --------------------------------------------------------------------------

  private void leadersAreElected() throws Exception {
    create(
        TIMEOUT_MS,
        false,
        assigned("led", List.of(1, 2)),
        assigned("followed", List.of(3, 2)),
        assigned("alone", List.of(3)),
        assigned("moved", List.of(3)));
    told(
        "elections nobody needs",
        elect(
            ElectionType.PREFERRED,
            List.of(partition("led", 0), partition("led", 5), partition("nobody-knows", 0))));
    told(
        "unclean elections nobody needs",
        elect(ElectionType.UNCLEAN, List.of(partition("led", 0), partition("alone", 0))));

    cluster.crash(3);
    until("broker 3 is gone", () -> leader("alone") == -1 && leader("followed") == 2);
    told(
        "elections without candidates",
        elect(
            ElectionType.PREFERRED,
            List.of(partition("followed", 0), partition("alone", 0), partition("led", 0))));
    told(
        "unclean elections without candidates",
        elect(ElectionType.UNCLEAN, List.of(partition("followed", 0), partition("alone", 0))));
    told("elections everywhere", placed(elect(ElectionType.PREFERRED, null)));
  }

  /** Only what is said of topics whose replicas the story chose itself. */
  private static List<String> placed(List<String> lines) {
    return lines.stream()
        .filter(
            line ->
                Stream.of("all:", "led-", "followed-", "alone-", "moved-")
                    .anyMatch(line::startsWith))
        .toList();
  }

  private List<String> elect(ElectionType type, List<TopicPartition> partitions) throws Exception {
    ElectLeadersResponse response =
        (ElectLeadersResponse)
            ask(new ElectLeadersRequest.Builder(type, partitions, TIMEOUT_MS), (short) 2);
    List<String> lines = new ArrayList<>();
    lines.add("all: " + Errors.forCode(response.data().errorCode()));
    response
        .data()
        .replicaElectionResults()
        .forEach(
            topic ->
                topic
                    .partitionResult()
                    .forEach(
                        p ->
                            lines.add(
                                line(
                                    shortened(topic.topic()) + "-" + p.partitionId(),
                                    p.errorCode(),
                                    p.errorMessage()))));
    return lines;
  }

  // ---- reassignments -------------------------------------------------------------------------

  private void replicasAreMoved() throws Exception {
    told(
        "moves that cannot be",
        move(
            wish("led", 0),
            wish("led", 5, 1),
            wish("nobody-knows", 0, 1),
            wish("followed", 0, 2, 2),
            wish("alone", 0, -1),
            wish("moved", 0, 9)));
    told("moves to a broker that is away", move(wish("led", 0, 3)));
    told("moves to where it is", move(wish("followed", 0, 3, 2), wish("led", 0, 1, 2)));
    told(
        "nothing to take back",
        move(wish("led", 0, (Integer[]) null), wish("x", 0, (Integer[]) null)));
    told("a move that cannot end", move(wish("moved", 0, 2)));
    told("it is listed", moves(null));
    told("it is listed among others", moves(List.of(partition("moved", 0), partition("led", 0))));
    told("others are listed", moves(List.of(partition("led", 0), partition("nobody-knows", 7))));
    told("partitions wait for it", add(TIMEOUT_MS, false, more("moved", 3), more("led", 1)));
    told("it is taken back", move(wish("moved", 0, (Integer[]) null)));
    told("nothing is listed", moves(null));

    told("it begins again", move(wish("moved", 0, 2)));
    told(
        "an unclean election chooses who comes",
        elect(ElectionType.UNCLEAN, List.of(partition("moved", 0))));
    until("broker 2 leads", () -> leader("moved") == 2);
    // It recovers, and the move ends, with the next change of its ISR: there is none to come.
    chapters.put(
        "where it came to be",
        List.of(
            state("moved").path("isr").toString(),
            state("moved").path("leader_epoch").toString(),
            state("moved").path("leader_recovery_state").toString(),
            tree.json("/brokers/topics/moved").get("partitions").toString()));
  }

  private List<String> move(ReassignableTopic... topics) throws Exception {
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData()
            .setTimeoutMs(TIMEOUT_MS)
            .setTopics(List.of(topics));
    AlterPartitionReassignmentsResponse response =
        (AlterPartitionReassignmentsResponse)
            ask(new AlterPartitionReassignmentsRequest.Builder(request), (short) 0);
    List<String> lines = new ArrayList<>();
    lines.add(line("all", response.data().errorCode(), response.data().errorMessage()));
    response
        .data()
        .responses()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        p ->
                            lines.add(
                                line(
                                    topic.name() + "-" + p.partitionIndex(),
                                    p.errorCode(),
                                    p.errorMessage()))));
    return lines;
  }

  private List<String> moves(List<TopicPartition> partitions) throws Exception {
    ListPartitionReassignmentsRequestData request =
        new ListPartitionReassignmentsRequestData().setTimeoutMs(TIMEOUT_MS).setTopics(null);
    if (partitions != null) {
      request.setTopics(
          partitions.stream()
              .map(
                  p ->
                      new ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics()
                          .setName(p.topic())
                          .setPartitionIndexes(List.of(p.partition())))
              .toList());
    }
    ListPartitionReassignmentsResponse response =
        (ListPartitionReassignmentsResponse)
            ask(new ListPartitionReassignmentsRequest.Builder(request), (short) 0);
    List<String> lines = new ArrayList<>();
    lines.add(line("all", response.data().errorCode(), response.data().errorMessage()));
    response.data().topics().forEach(topic -> lines.add(topic.toString()));
    return lines;
  }

  private static ReassignableTopic wish(String topic, int partition, Integer... replicas) {
    return new ReassignableTopic()
        .setName(topic)
        .setPartitions(
            List.of(
                new ReassignablePartition()
                    .setPartitionIndex(partition)
                    .setReplicas(replicas == null ? null : List.of(replicas))));
  }

  // ---- who may not ---------------------------------------------------------------------------

  private void whoDoesNotRuleSaysSo() throws Exception {
    controller = 2;
    told(
        "another broker creates",
        create(TIMEOUT_MS, false, counted("x", 1, 1), counted("y", 0, 1), counted("x", 2, 1)));
    told("another broker adds", add(TIMEOUT_MS, false, more("led", 2), more("x", 2)));
    told(
        "another broker deletes",
        delete(TIMEOUT_MS, 6, named("led"), identified(new Uuid(3, 4)), named("led")));
    told(
        "another broker elects",
        elect(ElectionType.PREFERRED, List.of(partition("led", 0), partition("x", 0))));
    told("another broker elects everywhere", elect(ElectionType.PREFERRED, null));
    told("another broker moves", move(wish("led", 0, 2)));
    told("another broker lists", moves(null));
  }

  private void whoeverRulesMayDeleteNothing() throws Exception {
    cluster.stop(1);
    until("broker 2 rules", () -> rules(2));
    for (int version : new int[] {2, 3, 6}) {
      told(
          "deletion is off, in version " + version,
          delete(TIMEOUT_MS, version, named("led"), named("nobody-knows")));
    }
  }

  // ---- helpers -------------------------------------------------------------------------------

  private void told(String chapter, List<String> lines) {
    chapters.put(chapter, lines.stream().sorted().toList());
  }

  /** The topics there are, and how many partitions each has. */
  private void topics(String chapter) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String topic : new TreeSet<>(tree.children("/brokers/topics"))) {
      lines.add(
          shortened(topic) + " " + tree.json("/brokers/topics/" + topic).get("partitions").size());
    }
    chapters.put(chapter, lines);
  }

  private AbstractResponse ask(AbstractRequest.Builder<?> request, short version) throws Exception {
    return nodes
        .computeIfAbsent(
            controller, id -> clients.connectTo("127.0.0.1", cluster.port(id), "story-to-" + id))
        .send(request, version)
        .get(60, TimeUnit.SECONDS);
  }

  private static String line(String what, short code, String message) {
    Errors error = Errors.forCode(code);
    String kind =
        message == null ? "silent" : message.equals(error.message()) ? "usual" : "explained";
    return what + ": " + error + " " + kind;
  }

  private static String shortened(String name) {
    return name.length() > 100 ? name.charAt(0) + "*" + name.length() : name;
  }

  private static TopicPartition partition(String topic, int number) {
    return new TopicPartition(topic, number);
  }

  private boolean rules(int broker) throws InterruptedException {
    JsonNode node = tree.json("/controller");
    return node != null && node.get("brokerid").asInt() == broker;
  }

  private JsonNode state(String topic) throws InterruptedException {
    return tree.json(partitions(topic) + "/0/state");
  }

  private int leader(String topic) throws InterruptedException {
    return state(topic).get("leader").asInt();
  }

  private void until(String what, Callable<Boolean> condition) {
    await(cluster.name() + ": " + what)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(condition);
  }
}
