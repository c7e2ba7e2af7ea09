package io.vitrine.cluster.config;

import org.apache.kafka.common.config.ConfigException;

/**
 * A part of the broker some settings of which change while it runs. Called by one thread at a time,
 * never the one that serves a request's connection.
 */
public interface BrokerReconfigurable {
  /** Whether a change of this setting takes effect here. */
  boolean concerns(String name);

  /**
   * Checks settings before anything changes.
   *
   * @throws ConfigException when they cannot be taken
   */
  default void validate(BrokerConfig before, BrokerConfig after) {}

  /** Takes settings that are in force now; called when one it is concerned with changed. */
  void reconfigure(BrokerConfig before, BrokerConfig after);

  /**
   * Reads files again that settings name, when they have changed while the settings have not.
   *
   * @throws ConfigException when they cannot be taken; the old contents stay in force
   */
  default void reloadFiles(BrokerConfig current) {}
}
