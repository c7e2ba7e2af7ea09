package io.vitrine.cluster.data;

/** A reading or a sending under way. */
public interface DataTask {
  /**
   * Ends it as soon as it can be; its listener hears of it. Returns at once; nothing happens when
   * it has ended.
   */
  void stop();
}
