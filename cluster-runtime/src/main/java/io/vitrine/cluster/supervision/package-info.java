/**
 * Runs brokers and ZooKeeper in this JVM: start, controlled stop, kill, restart.
 *
 * <p>The door is {@link io.vitrine.cluster.supervision.EmbeddedCluster}. One thread for each broker
 * carries its commands out one after another ({@code supervisor-broker-<id>}); kills have threads
 * of their own, because they overtake. Uses {@code broker}, {@code zookeeper} for the embedded
 * server, {@code config}, {@code event} and {@code snapshot}.
 */
package io.vitrine.cluster.supervision;
