package io.vitrine.cluster.zookeeper;

/** What one operation of a multi gave: the path made and the node's stat after it. */
public record ZkResult(String path, NodeStat stat) {}
