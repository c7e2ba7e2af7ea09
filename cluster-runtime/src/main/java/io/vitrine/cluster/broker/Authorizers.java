package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.security.AclAuthorizer;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.AclStore;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/**
 * A broker's authorizer: Kafka's own by its name, which is {@link AclAuthorizer} here, another
 * plug-in by its class, or none. Called by the starting thread.
 */
final class Authorizers implements AutoCloseable {
  private final Optional<org.apache.kafka.server.authorizer.Authorizer> plugin;

  /** Ours, which hears of new sessions. */
  private final Optional<AclAuthorizer> acls;

  /**
   * Makes and configures it; it reads nothing yet.
   *
   * @param thread where ACLs are read and changed; the caller's to end
   * @throws ConfigException when {@code authorizer.class.name} is no authorizer
   */
  Authorizers(
      BrokerConfig config, ZooKeeperSession session, ExecutorService thread, InstantSource clock) {
    String name = config.authorizerClassName();
    acls =
        name.equals(AclAuthorizer.CLASS_NAME)
            ? Optional.of(new AclAuthorizer(new AclStore(session), thread, clock))
            : Optional.empty();
    if (acls.isPresent()) {
      plugin = Optional.of(acls.get());
    } else if (name.isBlank()) {
      plugin = Optional.empty();
    } else {
      plugin = Optional.of(load(name));
    }
    plugin.ifPresent(each -> each.configure(new HashMap<>(config.originals())));
  }

  private static org.apache.kafka.server.authorizer.Authorizer load(String name) {
    try {
      return Utils.newInstance(name, org.apache.kafka.server.authorizer.Authorizer.class);
    } catch (ClassNotFoundException | RuntimeException e) {
      throw new ConfigException(
          "authorizer.class.name",
          name,
          "must be " + AclAuthorizer.CLASS_NAME + " or an authorizer on the class path");
    }
  }

  Authorizer authorizer() {
    return plugin.map(Authorizer::of).orElseGet(Authorizer::allowAll);
  }

  /**
   * Lets it read what it decides by, and waits for that.
   *
   * @param endpoints where the broker will serve
   * @throws IOException when it cannot decide
   */
  void start(String clusterId, int brokerId, List<Endpoint> endpoints, String betweenBrokers)
      throws IOException {
    if (plugin.isEmpty()) {
      return;
    }
    Map<String, org.apache.kafka.common.Endpoint> served = new HashMap<>();
    endpoints.forEach(
        each ->
            served.put(
                each.listenerName(),
                new org.apache.kafka.common.Endpoint(
                    each.listenerName(), each.securityProtocol(), each.host(), each.port())));
    ServerInfo info =
        new ServerInfo(
            new ClusterResource(clusterId),
            brokerId,
            served.values(),
            served.get(betweenBrokers),
            List.of());
    List<CompletableFuture<?>> ready = new ArrayList<>();
    plugin.get().start(info).values().forEach(each -> ready.add(each.toCompletableFuture()));
    try {
      CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new)).join();
    } catch (RuntimeException e) {
      throw new IOException("the authorizer could not read what it decides by", e);
    }
  }

  /** Hears of changes again on a new ZooKeeper session. */
  void renewed() {
    acls.ifPresent(AclAuthorizer::renewed);
  }

  @Override
  public void close() {
    plugin.ifPresent(each -> Utils.closeQuietly(each, "authorizer"));
  }

  private record ServerInfo(
      ClusterResource clusterResource,
      int brokerId,
      Collection<org.apache.kafka.common.Endpoint> endpoints,
      org.apache.kafka.common.Endpoint interBrokerEndpoint,
      Collection<String> earlyStartListeners)
      implements AuthorizerServerInfo {}
}
