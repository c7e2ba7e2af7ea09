package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.ProcessSampled;

/**
 * The Java process the cluster runs in, console included. Not known of a cluster elsewhere.
 *
 * @param newest what was measured last
 * @param processorShare how much of all processors it has used over the newest second or so, 0 to 1
 * @param collectionShare how much of that time garbage was collected
 * @param collectionsPerSecond how often
 * @param sampledNanos when it was measured, 0 never
 */
public record ProcessView(
    ProcessSampled newest,
    double processorShare,
    double collectionShare,
    double collectionsPerSecond,
    long sampledNanos) {

  /** A process nobody measures. */
  public static ProcessView unknown() {
    return new ProcessView(new ProcessSampled(0, 0, -1, 0, 0, 0, 0, 1, 0), 0, 0, 0, 0);
  }

  /** Whether it was ever measured. */
  public boolean known() {
    return sampledNanos != 0;
  }
}
