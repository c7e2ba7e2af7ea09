package io.vitrine.cluster.zookeeper;

/**
 * How to reach ZooKeeper.
 *
 * @param connect {@code zookeeper.connect}, host:port list with an optional chroot
 */
public record ZooKeeperSettings(String connect, int sessionTimeoutMs, int connectionTimeoutMs) {}
