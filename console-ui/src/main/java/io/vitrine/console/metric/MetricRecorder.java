package io.vitrine.console.metric;

import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Records a cluster from now on: a row a second out of the snapshots it publishes anyway, an hour
 * of them. Takes at most some 15 MiB however large the cluster is.
 *
 * <p>{@link #take} runs on the publisher's thread, which alone writes; the history is safe from any
 * thread.
 */
public final class MetricRecorder implements AutoCloseable {
  /** Time between two rows. */
  static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int ROWS = 3_600;
  private static final int MOST_COLUMNS = 512;

  private final Cluster cluster;
  private final MetricHistory history = new MetricHistory(ROWS, MOST_COLUMNS);
  private final Runnable endSubscription;
  private long lastSequence;
  private long lastNanos;

  /** Records this cluster until it is closed. */
  public MetricRecorder(Cluster cluster) {
    this.cluster = cluster;
    this.endSubscription = cluster.subscribe(this::take);
  }

  MetricHistory history() {
    return history;
  }

  private void take(ClusterSnapshot snapshot) {
    boolean first = lastSequence == 0;
    if (!first && snapshot.nanos() - lastNanos < INTERVAL_NANOS) {
      return;
    }
    List<StampedEvent> since =
        cluster.events().after(lastSequence).stream()
            .filter(event -> event.sequence() <= snapshot.sequence())
            .toList();
    double seconds = first ? 0 : (snapshot.nanos() - lastNanos) / 1e9;
    history.add(
        snapshot.nanos(),
        snapshot.wallMs(),
        Readings.of(snapshot, since, seconds),
        since.stream().flatMap(event -> EventMark.of(event).stream()).toList());
    lastSequence = snapshot.sequence();
    lastNanos = snapshot.nanos();
  }

  /** Records nothing more; what was recorded stays. */
  @Override
  public void close() {
    endSubscription.run();
  }
}
