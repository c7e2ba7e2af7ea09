package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitrine.cluster.story.RawConnection.Login;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * A running cluster that is asked request by request over raw sockets. Its answers are kept with
 * everything normalised that two equal clusters may differ in: topic ids, ports, directories, the
 * cluster's id, session ids, generated ids, times, the wording of errors, the order of lists.
 */
final class AskedCluster implements AutoCloseable {
  /** Fields that only say whether there is something. */
  private static final Set<String> SOME_OR_NONE =
      Set.of(
          "sessionId",
          "logAppendTimeMs",
          "producerId",
          "errorMessage",
          "batchIndexErrorMessage",
          "documentation",
          "totalBytes",
          "usableBytes");

  private static final Set<String> LEFT_OUT = Set.of("port", "clusterId", "logDir");

  /** The part of member ids that is new each time. */
  private static final Pattern GENERATED =
      Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<Integer, RawConnection> connections = new TreeMap<>();
  private final Map<String, Uuid> topicIds = new TreeMap<>();
  private final Map<String, JsonNode> answers = new HashMap<>();

  /** Asks brokers 1, 2, … at these addresses. */
  AskedCluster(String bootstrap) {
    int id = 1;
    for (String address : bootstrap.split(",")) {
      connections.put(id++, new RawConnection(address));
    }
  }

  /** Asks broker 1 at this address as a user, in a cluster whose topics another one knows. */
  AskedCluster(String address, Login login, AskedCluster other) {
    connections.put(1, new RawConnection(address, Optional.of(login)));
    topicIds.putAll(other.topicIds);
  }

  /**
   * Creates topics of given assignments and waits until every broker knows them with their leaders.
   */
  void create(String bootstrap, List<NewTopic> topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var created = admin.createTopics(topics);
      created.all().get();
      for (NewTopic topic : topics) {
        topicIds.put(topic.name(), created.topicId(topic.name()).get());
      }
    }
    int partitions = topics.stream().mapToInt(topic -> topic.replicasAssignments().size()).sum();
    for (int broker : connections.keySet()) {
      await("broker " + broker + " knows all topics")
          .atMost(PATIENCE)
          .until(() -> leadersKnown(broker) == partitions);
    }
  }

  private int leadersKnown(int broker) throws IOException {
    JsonNode answer =
        connections
            .get(broker)
            .ask(ApiKeys.METADATA, (short) 12, new MetadataRequestData().setTopics(null))
            .orElseThrow();
    int known = 0;
    for (JsonNode topic : answer.get("topics")) {
      for (JsonNode partition : topic.get("partitions")) {
        known += partition.get("errorCode").asInt() == 0 ? 1 : 0;
      }
    }
    return known;
  }

  /** Takes the ids of topics nobody here has created, such as those of the coordinators. */
  void learnTopicIds() throws IOException {
    JsonNode answer =
        connections
            .get(1)
            .ask(ApiKeys.METADATA, (short) 12, new MetadataRequestData().setTopics(null))
            .orElseThrow();
    for (JsonNode topic : answer.get("topics")) {
      topicIds.put(
          topic.get("name").textValue(), Uuid.fromString(topic.get("topicId").textValue()));
    }
  }

  /** The versions each API is served in, as broker 1 tells. */
  Map<ApiKeys, short[]> versions() throws IOException {
    ApiVersionsResponseData told =
        (ApiVersionsResponseData)
            connections
                .get(1)
                .exchange(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData())
                .orElseThrow();
    Map<ApiKeys, short[]> versions = new TreeMap<>();
    for (ApiVersion version : told.apiKeys()) {
      versions.put(
          ApiKeys.forId(version.apiKey()),
          new short[] {version.minVersion(), version.maxVersion()});
    }
    return versions;
  }

  Uuid topicId(String topic) {
    return topicIds.getOrDefault(topic, Uuid.fromString("AAAAAAAAAAAAAAAAAAAABw"));
  }

  /** What a request of this name was answered in this version, not normalised. */
  JsonNode answered(String name, short version) {
    return answers.get(name + " v" + version);
  }

  /**
   * Asks everything of a table.
   *
   * @param versions the first and last version of each API
   * @return the normalised answers by request and version, in the order of asking
   */
  Map<String, String> ask(RequestTable table, Map<ApiKeys, short[]> versions) throws IOException {
    Map<String, String> normalised = new LinkedHashMap<>();
    for (RequestTable.Row row : table.rows()) {
      short[] range = versions.get(row.api());
      for (short version = range[0]; version <= range[1]; version++) {
        JsonNode answer;
        try {
          ApiMessage request = row.body().in(this, version);
          answer =
              connections
                  .get(row.broker())
                  .ask(row.api(), version, request)
                  .orElse(JsonNodeFactory.instance.textNode("closes the connection"));
        } catch (UnsupportedVersionException unspeakable) {
          continue;
        }
        answers.put(row.name() + " v" + version, answer);
        normalised.put(
            row.api() + " v" + version + " to broker " + row.broker() + ": " + row.name(),
            normalised(answer));
      }
    }
    return normalised;
  }

  /** Asks until the answer satisfies. */
  void until(
      int broker, ApiKeys api, short version, ApiMessage request, Predicate<JsonNode> enough) {
    await(api + " at broker " + broker)
        .atMost(PATIENCE)
        .until(() -> connections.get(broker).ask(api, version, request).filter(enough).isPresent());
  }

  /**
   * Asks for the coordinators of these until all are there: the first who asks for one has its
   * topic made.
   */
  void awaitCoordinators(CoordinatorType type, String... keys) {
    for (String key : keys) {
      until(
          1,
          ApiKeys.FIND_COORDINATOR,
          (short) 3,
          new FindCoordinatorRequestData().setKey(key).setKeyType(type.id()),
          answer -> answer.get("errorCode").asInt() == 0);
    }
  }

  /** Until broker 1 has loaded all groups it coordinates. */
  void awaitGroups() {
    until(
        1,
        ApiKeys.LIST_GROUPS,
        (short) 0,
        new ListGroupsRequestData(),
        answer -> answer.get("errorCode").asInt() == 0);
  }

  /** Until broker 1 gives producer ids to this transactional id, null for none. */
  void awaitProducerIds(String transactionalId) {
    until(
        1,
        ApiKeys.INIT_PRODUCER_ID,
        (short) 4,
        new InitProducerIdRequestData()
            .setTransactionalId(transactionalId)
            .setTransactionTimeoutMs(60_000),
        answer -> answer.get("errorCode").asInt() == 0);
  }

  /** An answer without what two equal clusters may differ in. */
  String normalised(JsonNode answer) {
    return normalise(answer).toString();
  }

  private JsonNode normalise(JsonNode node) {
    if (node.isTextual()) {
      for (Map.Entry<String, Uuid> topic : topicIds.entrySet()) {
        if (topic.getValue().toString().equals(node.textValue())) {
          return JsonNodeFactory.instance.textNode("id of " + topic.getKey());
        }
      }
      return JsonNodeFactory.instance.textNode(
          GENERATED.matcher(node.textValue()).replaceAll("generated"));
    }
    if (node instanceof ArrayNode array && !array.isEmpty() && array.get(0).isObject()) {
      List<JsonNode> items = new ArrayList<>();
      array.forEach(item -> items.add(normalise(item)));
      items.sort(Comparator.comparing(JsonNode::toString));
      return JsonNodeFactory.instance.arrayNode().addAll(items);
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(
              field -> {
                if (SOME_OR_NONE.contains(field.getKey())) {
                  copy.put(field.getKey(), isSome(field.getValue()) ? "some" : "none");
                } else if (!LEFT_OUT.contains(field.getKey())) {
                  copy.set(field.getKey(), normalise(field.getValue()));
                }
              });
      return copy;
    }
    return node;
  }

  private static boolean isSome(JsonNode value) {
    return value.isNumber() ? value.asLong() > 0 : !value.isNull();
  }

  @Override
  public void close() throws IOException {
    for (RawConnection connection : connections.values()) {
      connection.close();
    }
  }
}
