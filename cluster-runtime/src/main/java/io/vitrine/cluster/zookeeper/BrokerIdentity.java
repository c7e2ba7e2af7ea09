package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.IdSource;

/** A broker's id and where it came from. */
public record BrokerIdentity(int id, IdSource source) {}
