package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /brokers/ids/<id>}, version 5: where a broker listens.
 *
 * @param host of the first PLAINTEXT endpoint, null without one
 * @param port of the first PLAINTEXT endpoint, -1 without one
 * @param endpoints {@code NAME://host:port}
 * @param securityProtocols security protocol by listener name
 */
public record BrokerIdNode(
    int id,
    String host,
    int port,
    List<String> endpoints,
    Map<String, String> securityProtocols,
    Optional<String> rack,
    long timestampMs) {
  private static final int VERSION = 5;

  public BrokerIdNode {
    endpoints = List.copyOf(endpoints);
    securityProtocols = Map.copyOf(securityProtocols);
  }

  public byte[] encode() {
    List<Object> fields = new ArrayList<>();
    fields.addAll(List.of("version", VERSION));
    fields.add("host");
    fields.add(host);
    fields.addAll(List.of("port", port, "endpoints", endpoints, "jmx_port", -1));
    fields.addAll(List.of("features", Map.of(), "timestamp", Long.toString(timestampMs)));
    fields.addAll(List.of("listener_security_protocol_map", securityProtocols));
    rack.ifPresent(name -> fields.addAll(List.of("rack", name)));
    return ZkJson.object(fields.toArray());
  }

  public static BrokerIdNode decode(int id, byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.broker(id), data);
    List<String> endpoints = new ArrayList<>();
    json.path("endpoints").forEach(each -> endpoints.add(each.asText()));
    return new BrokerIdNode(
        id,
        json.path("host").isNull() ? null : json.path("host").asText(),
        json.path("port").asInt(-1),
        endpoints,
        ZkJson.strings(json.get("listener_security_protocol_map")),
        Optional.ofNullable(json.get("rack")).filter(r -> !r.isNull()).map(JsonNode::asText),
        json.path("timestamp").asLong(-1));
  }
}
