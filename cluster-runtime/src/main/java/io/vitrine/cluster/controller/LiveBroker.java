package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.BrokerIdNode;

/** A registered broker and its epoch, the czxid of its registration. */
record LiveBroker(BrokerIdNode node, long epoch) {
  int id() {
    return node.id();
  }
}
