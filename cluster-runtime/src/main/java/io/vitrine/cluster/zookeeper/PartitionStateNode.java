package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code …/partitions/<p>/state}: leader and ISR; the node's data version is the partition epoch.
 *
 * @param leader -1 nobody
 * @param recovering an unclean election's leader has not confirmed yet
 */
public record PartitionStateNode(
    int leader, int leaderEpoch, List<Integer> isr, int controllerEpoch, boolean recovering) {
  public PartitionStateNode {
    isr = List.copyOf(isr);
  }

  public byte[] encode() {
    List<Object> fields = new ArrayList<>();
    fields.addAll(List.of("controller_epoch", controllerEpoch, "leader", leader, "version", 1));
    fields.addAll(List.of("leader_epoch", leaderEpoch, "isr", isr));
    if (recovering) {
      fields.addAll(List.of("leader_recovery_state", 1));
    }
    return ZkJson.object(fields.toArray());
  }

  public static PartitionStateNode decode(String path, byte[] data) {
    JsonNode json = ZkJson.parse(path, data);
    return new PartitionStateNode(
        json.path("leader").asInt(-1),
        json.path("leader_epoch").asInt(),
        ZkJson.integers(json.get("isr")),
        json.path("controller_epoch").asInt(),
        json.path("leader_recovery_state").asInt(0) == 1);
  }
}
