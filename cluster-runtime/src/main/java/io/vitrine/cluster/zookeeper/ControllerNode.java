package io.vitrine.cluster.zookeeper;

/** {@code /controller}: who is the controller. */
public record ControllerNode(int brokerId, long timestampMs) {

  public byte[] encode() {
    return ZkJson.object(
        "version",
        2,
        "brokerid",
        brokerId,
        "timestamp",
        Long.toString(timestampMs),
        "kraftControllerEpoch",
        -1);
  }

  public static ControllerNode decode(byte[] data) {
    var json = ZkJson.parse(ZkPaths.CONTROLLER, data);
    return new ControllerNode(json.path("brokerid").asInt(-1), json.path("timestamp").asLong(-1));
  }
}
