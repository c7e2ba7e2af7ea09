package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.StageSample;
import java.util.HashMap;
import java.util.Map;

/** The stage times of one broker's APIs while samples are folded in. Owned by its draft. */
final class ApiTimes {
  private final Map<String, RateWindow> windows = new HashMap<>();
  private Map<String, StageSample> newest = Map.of();

  ApiTimes() {}

  private ApiTimes(ApiTimes other) {
    other.windows.forEach((api, window) -> windows.put(api, window.copy()));
    newest = other.newest;
  }

  ApiTimes copy() {
    return new ApiTimes(this);
  }

  void clear() {
    windows.clear();
    newest = Map.of();
  }

  void add(long nanos, Map<String, StageSample> stages) {
    newest = stages;
    stages.forEach(
        (api, sums) ->
            windows
                .computeIfAbsent(api, name -> new RateWindow())
                .add(
                    nanos,
                    sums.count(),
                    sums.queueNanos(),
                    sums.localNanos(),
                    sums.remoteNanos(),
                    sums.responseQueueNanos(),
                    sums.sendNanos(),
                    sums.totalNanos()));
  }

  Map<String, ApiTimesView> view() {
    Map<String, ApiTimesView> views = new HashMap<>();
    newest.forEach((api, sums) -> views.put(api, view(windows.get(api), sums)));
    return views;
  }

  private static ApiTimesView view(RateWindow window, StageSample sums) {
    double perSecond = window.perSecond(0);
    if (perSecond > 0) {
      return new ApiTimesView(
          perSecond,
          sums.count(),
          window.perSecond(1) / perSecond,
          window.perSecond(2) / perSecond,
          window.perSecond(3) / perSecond,
          window.perSecond(4) / perSecond,
          window.perSecond(5) / perSecond,
          window.perSecond(6) / perSecond);
    }
    double count = Math.max(1, sums.count());
    return new ApiTimesView(
        0,
        sums.count(),
        sums.queueNanos() / count,
        sums.localNanos() / count,
        sums.remoteNanos() / count,
        sums.responseQueueNanos() / count,
        sums.sendNanos() / count,
        sums.totalNanos() / count);
  }
}
