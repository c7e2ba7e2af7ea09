package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.Distribution;
import io.vitrine.cluster.metric.Meter;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestTimes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * Kafka's RequestMetrics: how many requests of each API, their errors, and where their time went.
 * Fetches count by who fetches as well.
 */
final class RequestMetrics {
  private static final String GROUP = "kafka.network";
  private static final String TYPE = "RequestMetrics";
  private static final String CONSUMER_FETCH = "FetchConsumer";
  private static final String FOLLOWER_FETCH = "FetchFollower";
  private static final String VERIFICATION = "AddPartitionsToTxnVerification";

  private final BrokerMetrics metrics;
  private final Map<String, Stages> stages = new HashMap<>();

  private final class Stages {
    private final Distribution queue;
    private final Distribution local;
    private final Distribution remote;
    private final Distribution throttle;
    private final Distribution responseQueue;
    private final Distribution send;
    private final Distribution total;
    private final Distribution bytes;
    private final String request;

    /** By version; null before its first use. */
    private final AtomicReferenceArray<Meter> rates;

    /** By the error's place among all; null before its first use. */
    private final AtomicReferenceArray<Meter> errors =
        new AtomicReferenceArray<>(Errors.values().length);

    Stages(String request, int versions) {
      this.request = request;
      this.rates = new AtomicReferenceArray<>(versions);
      queue = of(request, "RequestQueueTimeMs");
      local = of(request, "LocalTimeMs");
      remote = of(request, "RemoteTimeMs");
      throttle = of(request, "ThrottleTimeMs");
      responseQueue = of(request, "ResponseQueueTimeMs");
      send = of(request, "ResponseSendTimeMs");
      total = of(request, "TotalTimeMs");
      bytes = of(request, "RequestBytes");
    }

    private Distribution of(String request, String name) {
      return metrics.distribution(id(name, request));
    }

    void update(RequestTimes times, int bodyBytes) {
      long now = metrics.nanoTime();
      queue.update(ms(times.queueNanos()), now);
      local.update(ms(times.localNanos()), now);
      remote.update(ms(times.remoteNanos()), now);
      throttle.update(ms(times.throttleNanos()), now);
      responseQueue.update(ms(times.responseQueueNanos()), now);
      send.update(ms(times.sendNanos()), now);
      total.update(ms(times.totalNanos()), now);
      bytes.update(bodyBytes, now);
      Meter rate = rates.get(times.version());
      (rate == null ? beginRate(times.version()) : rate).mark();
    }

    void markError(Errors error, int count) {
      Meter known = errors.get(error.ordinal());
      (known == null ? beginError(error) : known).mark(count);
    }

    private synchronized Meter beginRate(short version) {
      Meter known = rates.get(version);
      if (known == null) {
        MetricId id = id("RequestsPerSec", request).tag("version", Short.toString(version));
        known = metrics.meter(id, "requests");
        rates.set(version, known);
      }
      return known;
    }

    private synchronized Meter beginError(Errors error) {
      Meter known = errors.get(error.ordinal());
      if (known == null) {
        MetricId id = id("ErrorsPerSec", request).tag("error", error.name());
        known = metrics.meter(id, "requests");
        errors.set(error.ordinal(), known);
      }
      return known;
    }
  }

  RequestMetrics(BrokerMetrics metrics) {
    this.metrics = metrics;
    for (ApiKeys api : ApiKeys.apisForListener(ListenerType.ZK_BROKER)) {
      add(api.name, api);
    }
    add(CONSUMER_FETCH, ApiKeys.FETCH);
    add(FOLLOWER_FETCH, ApiKeys.FETCH);
    add(VERIFICATION, ApiKeys.ADD_PARTITIONS_TO_TXN);
  }

  private void add(String name, ApiKeys api) {
    stages.put(name, new Stages(name, api.latestVersion(true) + 1));
  }

  /** A request is about to be answered. */
  void answering(Request request, AbstractResponse response) {
    Stages of = stages.get(request.apiKey().name);
    if (of == null) {
      return;
    }
    if (response == null) {
      of.markError(Errors.NONE, 1);
    } else {
      response.errorCounts().forEach(of::markError);
    }
  }

  /** A request is over. */
  void completed(Request request, RequestTimes times) {
    String api = times.api().name;
    int bodyBytes = Math.max(0, times.requestBytes() - request.header().size());
    if (request.body() instanceof FetchRequest fetch) {
      update(fetch.isFromFollower() ? FOLLOWER_FETCH : CONSUMER_FETCH, times, bodyBytes);
    } else if (request.body() instanceof AddPartitionsToTxnRequest added
        && added.allVerifyOnlyRequest()) {
      api = VERIFICATION;
    }
    update(api, times, bodyBytes);
  }

  private void update(String name, RequestTimes times, int bodyBytes) {
    Stages of = stages.get(name);
    if (of != null) {
      of.update(times, bodyBytes);
    }
  }

  private static MetricId id(String name, String request) {
    return MetricId.of(GROUP, TYPE, name).tag("request", request);
  }

  private static long ms(long nanos) {
    return Math.round((double) nanos / TimeUnit.MILLISECONDS.toNanos(1));
  }
}
