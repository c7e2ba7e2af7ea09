package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.ClientLimitSettings;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.protocol.server.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets and removes limits of users, client ids and addresses (KIP-546, KIP-612). Any broker may do
 * it: they go to ZooKeeper with a notification, and every broker enforces them when it hears of it.
 * One after the other, since one may be asked for twice.
 */
public final class AlterClientQuotasHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AlterClientQuotasHandler.class);

  private final ConfigStore store;

  public AlterClientQuotasHandler(ConfigStore store) {
    this.store = store;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_CLIENT_QUOTAS;
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
    AlterClientQuotasRequest body = request.body(AlterClientQuotasRequest.class);
    Map<ClientQuotaEntity, ApiError> results = new LinkedHashMap<>();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (ClientQuotaAlteration alteration : body.entries()) {
      all =
          all.thenCompose(before -> alter(alteration, body.validateOnly()))
              .thenAccept(error -> results.put(alteration.entity(), error));
    }
    all.thenRun(() -> request.respond(AlterClientQuotasResponse.fromQuotaEntities(results, 0)));
  }

  /** The error, NONE included; does not fail. */
  private CompletableFuture<ApiError> alter(
      ClientQuotaAlteration alteration, boolean validateOnly) {
    CompletableFuture<Void> altered;
    try {
      String path = QuotaPath.of(alteration.entity());
      altered =
          store
              .read(path)
              .thenCompose(
                  before -> {
                    Map<String, String> after = changed(path, before, alteration);
                    return validateOnly
                        ? CompletableFuture.completedFuture(null)
                        : write(path, after);
                  });
    } catch (RuntimeException e) {
      altered = CompletableFuture.failedFuture(e);
    }
    return altered.handle(
        (done, failure) -> {
          if (failure == null) {
            return ApiError.NONE;
          }
          Throwable cause = Failures.cause(failure);
          LOG.info("limits of {} are not changed: {}", alteration.entity(), cause.toString());
          return ApiError.fromThrowable(cause);
        });
  }

  private static Map<String, String> changed(
      String path, Map<String, String> before, ClientQuotaAlteration alteration) {
    Map<String, String> after = new TreeMap<>(before);
    for (ClientQuotaAlteration.Op op : alteration.ops()) {
      if (op.value() == null) {
        after.remove(op.key());
      } else {
        after.put(op.key(), limits(path).text(op.key(), op.value()));
      }
    }
    return after;
  }

  private CompletableFuture<Void> write(String path, Map<String, String> settings) {
    boolean ofUser = path.startsWith(QuotaPath.USERS) && !path.contains("/" + QuotaPath.CLIENTS);
    limits(path).check(settings, ofUser ? ScramMechanism.mechanismNames() : Set.of());
    return store.changeLimits(path, settings);
  }

  private static ClientLimitSettings limits(String path) {
    return path.startsWith(QuotaPath.IPS)
        ? ClientLimitSettings.OF_IPS
        : ClientLimitSettings.OF_CLIENTS;
  }
}
