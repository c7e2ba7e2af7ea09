package io.vitrine.cluster.coordinator;

/** Hears when partitions are loaded. Called by any thread, never under a lock; must not block. */
public interface LoadObserver {
  /** This broker has come to lead a partition, and has to load it. */
  void begun(int partition);

  /** It is loaded. */
  void loaded(int partition);
}
