/**
 * ZooKeeper: sessions, znode paths and bodies, registration, topics and configs as Kafka keeps them
 * there, and the embedded servers.
 *
 * <p>The only user of Curator and of ZooKeeper's own classes. The doors are {@link
 * io.vitrine.cluster.zookeeper.ZooKeeperSession} and {@link
 * io.vitrine.cluster.zookeeper.EmbeddedEnsemble}. Futures complete on the session's event thread:
 * do no work there. May use {@code config}, {@code event} and {@code snapshot}, whose records tell
 * what the servers hold.
 */
package io.vitrine.cluster.zookeeper;
