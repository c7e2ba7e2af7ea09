package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.ReplicationThrottles;
import io.vitrine.cluster.replica.ReplicationQuotas;

/** The bounds on replication, in force at once. */
record ThrottleReconfiguration(ReplicationQuotas quotas) implements BrokerReconfigurable {

  @Override
  public boolean concerns(String name) {
    return ReplicationThrottles.definition().names().contains(name);
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    quotas.limit(after.replicationThrottles());
  }
}
