package io.vitrine.cluster.zookeeper;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** {@code /admin/preferred_replica_election}: partitions an old tool wants elected. */
public final class PreferredElectionNode {
  private PreferredElectionNode() {}

  public static List<TopicPartition> decode(byte[] data) {
    List<TopicPartition> partitions = new ArrayList<>();
    ZkJson.parse(ZkPaths.PREFERRED_ELECTION, data)
        .path("partitions")
        .forEach(
            each ->
                partitions.add(
                    new TopicPartition(
                        each.path("topic").asText(), each.path("partition").asInt())));
    return partitions;
  }
}
