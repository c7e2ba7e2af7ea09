package io.vitrine.cluster.metadata;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;

/**
 * A live broker.
 *
 * @param rack {@code broker.rack}, if it has one
 * @param endpoints where it can be reached, by listener name
 */
public record BrokerNode(int id, Optional<String> rack, Map<String, HostPort> endpoints) {
  public BrokerNode {
    endpoints = Map.copyOf(endpoints);
  }

  /** An address. */
  public record HostPort(String host, int port) {}

  /** Where it listens under this name. */
  public Optional<HostPort> endpoint(String listenerName) {
    return Optional.ofNullable(endpoints.get(listenerName));
  }

  /** As it is named to clients of a listener; empty when it does not have that listener. */
  public Optional<Node> node(String listenerName) {
    return endpoint(listenerName)
        .map(address -> new Node(id, address.host(), address.port(), rack.orElse(null)));
  }
}
