package io.vitrine.cluster.quota;

import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestTimes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All limits of one broker on its clients, and what an answer does about them: the throttle time is
 * written into it, it goes out at once, and the connection is not read for that long (KIP-219).
 *
 * <p>Of two limits that are exceeded the longer time counts. Brokers' own requests are counted and
 * never held back. Safe from any thread; limits are changed by one at a time.
 */
public final class Quotas {
  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  private final Optional<ClientQuotaCallback> callback;
  private final ClientQuota produce;
  private final ClientQuota fetch;
  private final RequestQuota request;
  private final MutationQuota mutations;

  /**
   * @param callback decides instead of what is set in ZooKeeper; the caller's to close
   * @param mutationWindows those of the controller's quotas
   * @param nowMs the clock of these metrics, in milliseconds
   */
  public Quotas(
      Optional<ClientQuotaCallback> callback,
      QuotaWindows windows,
      QuotaWindows mutationWindows,
      Metrics metrics,
      LongSupplier nowMs) {
    Function<QuotaType, QuotaPolicy> limits =
        type ->
            callback
                .<QuotaPolicy>map(each -> new CallbackLimits(each, type))
                .orElseGet(QuotaLimits::new);
    this.callback = callback;
    this.produce =
        new ClientQuota(
            QuotaType.PRODUCE, limits.apply(QuotaType.PRODUCE), windows, metrics, nowMs);
    this.fetch =
        new ClientQuota(QuotaType.FETCH, limits.apply(QuotaType.FETCH), windows, metrics, nowMs);
    this.request = new RequestQuota(limits.apply(QuotaType.REQUEST), windows, metrics, nowMs);
    this.mutations =
        new MutationQuota(
            limits.apply(QuotaType.CONTROLLER_MUTATION), mutationWindows, metrics, nowMs);
  }

  // ---- limits

  /**
   * Takes over what is set for clients.
   *
   * @param entityPath below {@code /config}: {@code users/U}, {@code users/U/clients/C} or {@code
   *     clients/C}
   * @param settings all there are; what does not limit is passed over, what is missing is no longer
   *     limited
   */
  public void configure(String entityPath, Map<String, String> settings) {
    QuotaEntity entity = QuotaEntity.ofPath(entityPath);
    for (ClientQuota quota : List.of(produce, fetch, request, mutations)) {
      String value = settings.get(quota.type().setting());
      if (value == null) {
        quota.release(entity);
        continue;
      }
      try {
        quota.limit(entity, Double.parseDouble(value));
      } catch (NumberFormatException e) {
        LOG.warn("{}: {}={} is no number", entityPath, quota.type().setting(), value);
      }
    }
  }

  /** The controller has told how the cluster is now. One thread at a time. */
  public void metadataChanged(Cluster cluster) {
    if (callback.isPresent() && callback.get().updateClusterMetadata(cluster)) {
      List.of(produce, fetch, request, mutations).forEach(ClientQuota::boundRates);
    }
  }

  /** Forgets what clients used that have been idle for long; to be called now and then. */
  public void forgetIdle() {
    List.of(produce, fetch, request, mutations).forEach(ClientQuota::forgetIdle);
  }

  // ---- use

  /**
   * An answer, or an end without one, is about to go out; what {@link #chargeFetch} or {@link
   * #answer} has charged already is not charged again.
   *
   * @param response null when the client expects none
   */
  public void answering(Request answered, AbstractResponse response) {
    if (answered.isThrottleDecided() || !(produce.isOn() || request.isOn())) {
      return;
    }
    if (answered.apiKey() == ApiKeys.PRODUCE) {
      Client client = Client.of(answered);
      int producedMs = produce.record(client, answered.sizeBytes());
      hold(answered, client, produce, producedMs, chargeTime(answered, client, response));
    } else if (request.isOn()) {
      Client client = Client.of(answered);
      hold(answered, client, request, 0, chargeTime(answered, client, response));
    }
    if (response != null) {
      response.maybeSetThrottleTimeMs(answered.throttleMs());
    }
  }

  /** The most bytes a consumer's fetch may return without being held back for certain. */
  public int mostToFetch(Request asked) {
    return fetch.isOn()
        ? (int) Math.min(Integer.MAX_VALUE, fetch.mostAtOnce(Client.of(asked)))
        : Integer.MAX_VALUE;
  }

  /**
   * A consumer's fetch has found something. When it is to be held back that must not be sent, and
   * is not counted.
   *
   * @param size of what would be sent, in bytes; asked for when there is a limit
   * @return for how long it is held back, 0 for not at all
   */
  public int chargeFetch(Request asked, IntSupplier size) {
    if (!fetch.isOn() && !request.isOn()) {
      return 0;
    }
    int sizeBytes = size.getAsInt();
    Client client = Client.of(asked);
    int requestMs = request.recordNanos(client, asked.threadNanos());
    int fetchMs = fetch.record(client, sizeBytes);
    if (Math.max(fetchMs, requestMs) > 0) {
      fetch.unrecord(client, sizeBytes);
    }
    hold(asked, client, fetch, fetchMs, requestMs);
    return asked.throttleMs();
  }

  /**
   * What a request may change in the cluster.
   *
   * @param knowsErrorSince the first version whose clients know THROTTLING_QUOTA_EXCEEDED
   */
  public MutationBudget mutations(Request asked, int knowsErrorSince) {
    return mutations.isOn()
        ? mutations.budget(Client.of(asked), asked.apiVersion() >= knowsErrorSince)
        : MutationBudget.UNBOUNDED;
  }

  /**
   * The same for what a request changes on the side, such as a topic that is created because
   * somebody asked where it is: everything is done, and what it overdraws is missing the next time.
   */
  public MutationBudget permissiveMutations(Request asked) {
    return mutations(asked, Integer.MAX_VALUE);
  }

  /** Answers a request that had a budget. */
  public void answer(Request asked, AbstractResponse response, MutationBudget budget) {
    if (mutations.isOn()) {
      Client client = Client.of(asked);
      hold(asked, client, mutations, budget.throttleMs(), chargeTime(asked, client, response));
      response.maybeSetThrottleTimeMs(asked.throttleMs());
    }
    asked.respond(response);
  }

  /** A request is over: the network thread's time is known now. */
  public void completed(Request over, RequestTimes times) {
    if (!request.isOn()) {
      return;
    }
    if (isExempt(over, null)) {
      request.recordExemptNanos(times.networkNanos());
    } else {
      request.recordNetworkNanos(Client.of(over), times.networkNanos());
    }
  }

  private int chargeTime(Request answered, Client client, AbstractResponse response) {
    if (isExempt(answered, response)) {
      request.recordExemptNanos(answered.threadNanos());
      return 0;
    }
    return request.recordNanos(client, answered.threadNanos());
  }

  private void hold(Request held, Client client, ClientQuota quota, int quotaMs, int requestMs) {
    ClientQuota longer = quotaMs > requestMs ? quota : request;
    int timeMs = Math.max(quotaMs, requestMs);
    held.throttle(timeMs, timeMs > 0 ? longer.holding(client, timeMs) : () -> {});
  }

  private static boolean isExempt(Request answered, AbstractResponse response) {
    if (answered.body() instanceof FetchRequest fetched) {
      return fetched.isFromFollower();
    }
    if (answered.body() instanceof ProduceRequest produced) {
      return produced.acks() == 0;
    }
    return answered.apiKey().clusterAction
        && answered.apiKey() != ApiKeys.ALLOCATE_PRODUCER_IDS
        && !isRefused(response);
  }

  /** Who only claims to be a broker is held back like any client. */
  private static boolean isRefused(AbstractResponse response) {
    return response != null
        && response.errorCounts().containsKey(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }
}
