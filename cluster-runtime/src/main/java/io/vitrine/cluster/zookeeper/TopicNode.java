package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * {@code /brokers/topics/<t>}, version 3: a topic's id and replicas.
 *
 * @param adding replicas a reassignment adds, by partition
 * @param removing replicas a reassignment removes, by partition
 */
public record TopicNode(
    Optional<Uuid> topicId,
    Map<Integer, List<Integer>> assignment,
    Map<Integer, List<Integer>> adding,
    Map<Integer, List<Integer>> removing) {
  private static final int VERSION = 3;

  /** A topic no reassignment touches. */
  public static TopicNode of(Optional<Uuid> topicId, Map<Integer, List<Integer>> assignment) {
    return new TopicNode(topicId, assignment, Map.of(), Map.of());
  }

  public byte[] encode() {
    List<Object> fields = new ArrayList<>();
    fields.addAll(List.of("removing_replicas", byName(removing), "partitions", byName(assignment)));
    topicId.ifPresent(id -> fields.addAll(List.of("topic_id", id.toString())));
    fields.addAll(List.of("adding_replicas", byName(adding), "version", VERSION));
    return ZkJson.object(fields.toArray());
  }

  public static TopicNode decode(String topic, byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.topic(topic), data);
    return new TopicNode(
        Optional.ofNullable(json.get("topic_id")).map(id -> Uuid.fromString(id.asText())),
        ZkJson.replicas(json.get("partitions")),
        ZkJson.replicas(json.get("adding_replicas")),
        ZkJson.replicas(json.get("removing_replicas")));
  }

  private static Map<String, List<Integer>> byName(Map<Integer, List<Integer>> replicas) {
    Map<String, List<Integer>> named = new TreeMap<>();
    replicas.forEach((partition, ids) -> named.put(partition.toString(), ids));
    return named;
  }
}
