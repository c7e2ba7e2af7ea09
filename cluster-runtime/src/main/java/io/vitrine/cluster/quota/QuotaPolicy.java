package io.vitrine.cluster.quota;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * Decides for one kind of limit which clients share a rate and what bounds it. Safe from any
 * thread; limits are set by one at a time.
 */
interface QuotaPolicy {
  /** Whether there may be a limit for anybody; use is not measured before. */
  boolean isOn();

  /** With whom a client shares its rate. */
  QuotaTags tagsOf(Client client);

  /**
   * The limit on a shared rate; empty when there is none.
   *
   * @param tags of {@link #tagsOf}
   */
  OptionalDouble of(Map<String, String> tags);

  /** A limit was set in ZooKeeper. */
  void put(QuotaEntity entity, double bound);

  /** A limit was taken away in ZooKeeper. */
  void remove(QuotaEntity entity);

  /**
   * Whether limits have changed without anybody having set them here; asked whenever use is
   * measured.
   */
  boolean hasChanged();
}
