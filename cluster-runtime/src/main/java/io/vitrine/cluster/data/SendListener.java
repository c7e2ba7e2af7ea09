package io.vitrine.cluster.data;

/** Hears of a sending, on its thread. */
@FunctionalInterface
public interface SendListener {
  /** Called several times a second, and last with a state that has ended. */
  void sent(SendProgress progress);
}
