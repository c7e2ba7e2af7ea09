package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code /latest_producer_id_block}: the newest block of producer ids, both ends included. */
public record ProducerIdBlockNode(int brokerId, long first, long last) {

  public byte[] encode() {
    return ZkJson.object(
        "version",
        1,
        "broker",
        brokerId,
        "block_start",
        Long.toString(first),
        "block_end",
        Long.toString(last));
  }

  public static ProducerIdBlockNode decode(byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.PRODUCER_ID_BLOCK, data);
    return new ProducerIdBlockNode(
        json.path("broker").asInt(),
        json.path("block_start").asLong(),
        json.path("block_end").asLong());
  }
}
