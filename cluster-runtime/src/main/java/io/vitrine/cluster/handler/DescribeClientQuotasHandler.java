package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.ClientLimitSettings;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of users, client ids and addresses, those the filter lets through (KIP-546, KIP-612), as
 * ZooKeeper holds them now.
 */
public final class DescribeClientQuotasHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(DescribeClientQuotasHandler.class);

  private final ConfigStore store;

  public DescribeClientQuotasHandler(ConfigStore store) {
    this.store = store;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CLIENT_QUOTAS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 1;
  }

  @Override
  public void handle(Request request) {
    DescribeClientQuotasRequest body = request.body(DescribeClientQuotasRequest.class);
    ClientQuotaFilter filter;
    try {
      filter = body.filter();
    } catch (RuntimeException e) {
      // A kind of match there is not, or an exact one of nothing. Kafka has no code for them
      // either.
      LOG.debug("the filter of {} cannot be read", request, e);
      request.respond(body.getErrorResponse(0, e));
      return;
    }
    limits(wanted(filter))
        .whenComplete(
            (found, failure) ->
                request.respond(
                    failure == null
                        ? response(found)
                        : body.getErrorResponse(0, Failures.cause(failure))));
  }

  private static DescribeClientQuotasResponse response(
      Map<ClientQuotaEntity, Map<String, Double>> found) {
    DescribeClientQuotasResponse response =
        DescribeClientQuotasResponse.fromQuotaEntities(found, 0);
    response.data().setErrorMessage(""); // as Kafka's brokers leave it
    return response;
  }

  /** What is asked for: a filter of each kind of name, where there is one. */
  private record Wanted(Map<String, ClientQuotaFilterComponent> filters, boolean strict) {
    /** Whether a name, null for the default's, passes; one that is not there if it may be away. */
    boolean passes(String type, Map<String, String> entity) {
      ClientQuotaFilterComponent filter = filters.get(type);
      if (filter == null) {
        return !strict || !entity.containsKey(type);
      }
      if (!entity.containsKey(type)) {
        return false;
      }
      Optional<String> match = filter.match();
      return match == null || match.equals(Optional.ofNullable(entity.get(type)));
    }

    boolean passes(Map<String, String> entity) {
      return List.of(ClientQuotaEntity.USER, ClientQuotaEntity.CLIENT_ID, ClientQuotaEntity.IP)
          .stream()
          .allMatch(type -> passes(type, entity));
    }

    boolean asks(String type) {
      return filters.containsKey(type);
    }
  }

  private static Wanted wanted(ClientQuotaFilter filter) {
    Map<String, ClientQuotaFilterComponent> filters = new HashMap<>();
    for (ClientQuotaFilterComponent component : filter.components()) {
      String type = component.entityType();
      if (type.isEmpty()) {
        throw new InvalidRequestException("Unexpected empty filter component entity type");
      }
      if (!ClientQuotaEntity.isValidEntityType(type)) {
        throw new UnsupportedVersionException("Custom entity type '" + type + "' not supported");
      }
      if (filters.put(type, component) != null) {
        throw new InvalidRequestException("Duplicate " + type + " filter component entity type");
      }
    }
    if (filters.size() > 1 && filters.containsKey(ClientQuotaEntity.IP)) {
      throw new InvalidRequestException(
          "Invalid entity filter component combination, IP filter component should not be used"
              + " with user or clientId filter component.");
    }
    return new Wanted(filters, filter.strict());
  }

  private CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>> limits(Wanted wanted) {
    List<CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>>> parts = new ArrayList<>();
    if (!wanted.asks(ClientQuotaEntity.IP)) {
      parts.add(named(QuotaPath.CLIENTS, ClientQuotaEntity.CLIENT_ID, wanted));
      parts.add(named(QuotaPath.USERS, ClientQuotaEntity.USER, wanted));
      parts.add(clientsOfUsers(wanted));
    }
    if (!wanted.asks(ClientQuotaEntity.USER) && !wanted.asks(ClientQuotaEntity.CLIENT_ID)) {
      parts.add(named(QuotaPath.IPS, ClientQuotaEntity.IP, wanted));
    }
    return together(parts)
        .thenApply(
            found -> {
              Map<ClientQuotaEntity, Map<String, Double>> all = new LinkedHashMap<>();
              found.forEach(all::putAll);
              return all;
            });
  }

  /** Limits of all things of one kind that pass. */
  private CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>> named(
      String below, String type, Wanted wanted) {
    return store
        .names(below)
        .thenCompose(
            names ->
                read(
                    names,
                    name -> below + "/" + name,
                    name -> nullable(type, QuotaPath.meant(name)),
                    wanted));
  }

  private CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>> clientsOfUsers(
      Wanted wanted) {
    return store
        .names(QuotaPath.USERS)
        .thenCompose(users -> together(users.stream().map(user -> clients(user, wanted)).toList()))
        .thenApply(
            found -> {
              Map<ClientQuotaEntity, Map<String, Double>> all = new LinkedHashMap<>();
              found.forEach(all::putAll);
              return all;
            });
  }

  private CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>> clients(
      String user, Wanted wanted) {
    return store
        .names(QuotaPath.clientsOf(user))
        .thenCompose(
            clients ->
                read(
                    clients,
                    client -> QuotaPath.ofClient(user, client),
                    client -> {
                      Map<String, String> entity =
                          nullable(ClientQuotaEntity.USER, QuotaPath.meant(user));
                      entity.put(ClientQuotaEntity.CLIENT_ID, QuotaPath.meant(client));
                      return entity;
                    },
                    wanted));
  }

  private CompletableFuture<Map<ClientQuotaEntity, Map<String, Double>>> read(
      Collection<String> names,
      Function<String, String> path,
      Function<String, Map<String, String>> entity,
      Wanted wanted) {
    Map<Map<String, String>, CompletableFuture<Map<String, String>>> reads = new LinkedHashMap<>();
    for (String name : names) {
      Map<String, String> meant = entity.apply(name);
      if (wanted.passes(meant)) {
        reads.put(meant, store.read(path.apply(name)));
      }
    }
    return CompletableFuture.allOf(reads.values().toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<ClientQuotaEntity, Map<String, Double>> found = new LinkedHashMap<>();
              reads.forEach(
                  (meant, settings) -> {
                    Map<String, Double> limits =
                        (meant.containsKey(ClientQuotaEntity.IP)
                                ? ClientLimitSettings.OF_IPS
                                : ClientLimitSettings.OF_CLIENTS)
                            .among(settings.join());
                    if (!limits.isEmpty()) {
                      found.put(new ClientQuotaEntity(meant), limits);
                    }
                  });
              return found;
            });
  }

  /** A map that also holds a null. */
  private static Map<String, String> nullable(String type, String name) {
    Map<String, String> entity = new HashMap<>();
    entity.put(type, name);
    return entity;
  }

  private static <T> CompletableFuture<List<T>> together(List<CompletableFuture<T>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
  }
}
