package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.replica.ReplicaManager;

/** Whether transactions are verified before they begin in a partition, while the broker runs. */
final class VerificationReconfiguration implements BrokerReconfigurable {
  private final ReplicaManager replicas;

  VerificationReconfiguration(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public boolean concerns(String name) {
    return name.equals("transaction.partition.verification.enable");
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    replicas.verifyTransactions(after.transactionPartitionVerificationEnable());
  }
}
