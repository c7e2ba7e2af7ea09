package io.vitrine.storage.log;

/** How far a reader may see. */
public enum ReadBound {
  /** Followers: everything written. */
  LOG_END,
  /** Consumers: what is on every in-sync replica. */
  HIGH_WATERMARK,
  /** Consumers of committed transactions. */
  LAST_STABLE
}
