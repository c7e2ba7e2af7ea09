package io.vitrine.protocol.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.ApiKeys;

/** The listener's running sums. Written by network threads, read by anyone, without locks. */
final class RequestMeter {
  private final AtomicReferenceArray<StageSums> sums =
      new AtomicReferenceArray<>(ApiKeys.values().length);
  private final LongAdder requestBytes = new LongAdder();
  private final LongAdder responseBytes = new LongAdder();
  private final LongAdder zeroCopyBytes = new LongAdder();
  private final LongAdder rejectedFrames = new LongAdder();
  private final LongAdder expiredConnections = new LongAdder();

  void completed(RequestTimes times) {
    int api = times.api().ordinal();
    StageSums sum = sums.get(api);
    if (sum == null) {
      sums.compareAndSet(api, null, new StageSums());
      sum = sums.get(api);
    }
    sum.add(times);
    requestBytes.add(times.requestBytes());
    responseBytes.add(times.responseBytes());
    zeroCopyBytes.add(times.zeroCopyBytes());
  }

  void rejectedFrame() {
    rejectedFrames.increment();
  }

  void expiredConnection() {
    expiredConnections.increment();
  }

  long expiredConnections() {
    return expiredConnections.sum();
  }

  Map<ApiKeys, StageTotals> totals() {
    Map<ApiKeys, StageTotals> totals = new EnumMap<>(ApiKeys.class);
    for (ApiKeys api : ApiKeys.values()) {
      StageSums sum = sums.get(api.ordinal());
      if (sum != null) {
        totals.put(api, sum.totals());
      }
    }
    return totals;
  }

  long requestBytes() {
    return requestBytes.sum();
  }

  long responseBytes() {
    return responseBytes.sum();
  }

  long zeroCopyBytes() {
    return zeroCopyBytes.sum();
  }

  long rejectedFrames() {
    return rejectedFrames.sum();
  }

  private static final class StageSums {
    private final LongAdder count = new LongAdder();
    private final LongAdder queueNanos = new LongAdder();
    private final LongAdder localNanos = new LongAdder();
    private final LongAdder remoteNanos = new LongAdder();
    private final LongAdder throttleNanos = new LongAdder();
    private final LongAdder responseQueueNanos = new LongAdder();
    private final LongAdder sendNanos = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();

    void add(RequestTimes times) {
      count.increment();
      queueNanos.add(times.queueNanos());
      localNanos.add(times.localNanos());
      remoteNanos.add(times.remoteNanos());
      throttleNanos.add(times.throttleNanos());
      responseQueueNanos.add(times.responseQueueNanos());
      sendNanos.add(times.sendNanos());
      totalNanos.add(times.totalNanos());
    }

    StageTotals totals() {
      return new StageTotals(
          count.sum(),
          queueNanos.sum(),
          localNanos.sum(),
          remoteNanos.sum(),
          throttleNanos.sum(),
          responseQueueNanos.sum(),
          sendNanos.sum(),
          totalNanos.sum());
    }
  }
}
