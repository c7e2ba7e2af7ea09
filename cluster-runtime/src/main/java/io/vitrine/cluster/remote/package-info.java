/**
 * The same door over a Kafka cluster that runs somewhere else: read with Kafka's Admin client, and
 * where its address is given, ZooKeeper.
 *
 * <p>{@link io.vitrine.cluster.remote.RemoteCluster} is the door. It changes nothing there. What it
 * reads becomes events and goes the way of all events; what a client is not told is -1 or empty,
 * and missing among the capabilities. Safe from any thread; one thread of its own reads. Uses the
 * root, {@code event}, {@code snapshot}, {@code data} and {@code zookeeper}.
 */
package io.vitrine.cluster.remote;
