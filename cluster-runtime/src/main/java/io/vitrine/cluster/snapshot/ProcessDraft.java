package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.ProcessSampled;

/** The process while samples are folded in. Owned by its {@link SnapshotProjector}. */
final class ProcessDraft {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MS_PER_SECOND = 1e3;

  private final RateWindow rates;
  private ProcessView view = ProcessView.unknown();

  ProcessDraft() {
    rates = new RateWindow();
  }

  private ProcessDraft(ProcessDraft other) {
    rates = other.rates.copy();
    view = other.view;
  }

  ProcessDraft copy() {
    return new ProcessDraft(this);
  }

  void sampled(ProcessSampled now, long nanos) {
    rates.add(nanos, now.cpuNanos(), now.collectionMs(), now.collections());
    view =
        new ProcessView(
            now,
            rates.perSecond(0) / NANOS_PER_SECOND / Math.max(1, now.processors()),
            rates.perSecond(1) / MS_PER_SECOND,
            rates.perSecond(2),
            nanos);
  }

  ProcessView view() {
    return view;
  }
}
