package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /brokers/ids/<id>}: where a broker listens.
 *
 * @param version 5, or what older brokers can read: 4 without features, 2 without rack and listener
 *     names
 * @param host of the first PLAINTEXT endpoint, null without one
 * @param port of the first PLAINTEXT endpoint, -1 without one
 * @param endpoints {@code NAME://host:port}
 * @param securityProtocols security protocol by listener name
 */
public record BrokerIdNode(
    int version,
    int id,
    String host,
    int port,
    List<String> endpoints,
    Map<String, String> securityProtocols,
    Optional<String> rack,
    long timestampMs) {
  private static final int WITH_RACK = 3;
  private static final int WITH_LISTENERS = 4;
  private static final int WITH_FEATURES = 5;

  public BrokerIdNode {
    endpoints = List.copyOf(endpoints);
    securityProtocols = Map.copyOf(securityProtocols);
  }

  public byte[] encode() {
    List<Object> fields = new ArrayList<>();
    fields.addAll(List.of("version", version));
    fields.add("host");
    fields.add(host);
    fields.addAll(List.of("port", port, "endpoints", endpoints, "jmx_port", -1));
    fields.addAll(List.of("timestamp", Long.toString(timestampMs)));
    if (version >= WITH_FEATURES) {
      fields.addAll(List.of("features", Map.of()));
    }
    if (version >= WITH_LISTENERS) {
      fields.addAll(List.of("listener_security_protocol_map", securityProtocols));
    }
    if (version >= WITH_RACK) {
      rack.ifPresent(name -> fields.addAll(List.of("rack", name)));
    }
    return ZkJson.object(fields.toArray());
  }

  public static BrokerIdNode decode(int id, byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.broker(id), data);
    List<String> endpoints = new ArrayList<>();
    json.path("endpoints").forEach(each -> endpoints.add(each.asText()));
    return new BrokerIdNode(
        json.path("version").asInt(),
        id,
        json.path("host").isNull() ? null : json.path("host").asText(),
        json.path("port").asInt(-1),
        endpoints,
        ZkJson.strings(json.get("listener_security_protocol_map")),
        Optional.ofNullable(json.get("rack")).filter(r -> !r.isNull()).map(JsonNode::asText),
        json.path("timestamp").asLong(-1));
  }
}
