package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code /isr_change_notification/isr_change_<n>}: partitions whose ISR their leader wrote itself.
 */
public record IsrChangeNode(Collection<TopicPartition> partitions) {
  private static final int VERSION = 1;

  public IsrChangeNode {
    partitions = List.copyOf(partitions);
  }

  public byte[] encode() {
    List<Object> listed = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      listed.add(Map.of("topic", partition.topic(), "partition", partition.partition()));
    }
    return ZkJson.object("version", VERSION, "partitions", listed);
  }

  /**
   * @throws IllegalArgumentException when it is no such node
   */
  public static IsrChangeNode decode(byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.ISR_CHANGES, data);
    List<TopicPartition> found = new ArrayList<>();
    json.path("partitions")
        .forEach(
            each ->
                found.add(
                    new TopicPartition(
                        each.path("topic").asText(), each.path("partition").asInt())));
    return new IsrChangeNode(found);
  }
}
