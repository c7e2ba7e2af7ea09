package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** {@code /admin/reassign_partitions}: replicas an old tool wants. */
public final class ReassignmentNode {
  private static final int VERSION = 1;

  private ReassignmentNode() {}

  public static Map<TopicPartition, List<Integer>> decode(byte[] data) {
    Map<TopicPartition, List<Integer>> wanted = new LinkedHashMap<>();
    for (JsonNode each : ZkJson.parse(ZkPaths.REASSIGN_PARTITIONS, data).path("partitions")) {
      List<Integer> replicas = new ArrayList<>();
      each.path("replicas").forEach(id -> replicas.add(id.asInt()));
      wanted.put(
          new TopicPartition(each.path("topic").asText(), each.path("partition").asInt()),
          replicas);
    }
    return wanted;
  }

  public static byte[] encode(Map<TopicPartition, List<Integer>> wanted) {
    List<Map<String, Object>> partitions = new ArrayList<>();
    wanted.forEach(
        (partition, replicas) ->
            partitions.add(
                Map.of(
                    "topic",
                    partition.topic(),
                    "partition",
                    partition.partition(),
                    "replicas",
                    replicas)));
    return ZkJson.object("version", VERSION, "partitions", partitions);
  }
}
