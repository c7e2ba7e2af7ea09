/**
 * The wire trace of a cluster: the newest requests of all its brokers with their answers, kept
 * while somebody watches.
 *
 * <p>Door: {@link io.vitrine.cluster.wire.WireTrace}, safe from any thread. Knows no Kafka type, so
 * that the console may show it; who fills it and takes frames apart is the broker. Uses nothing of
 * the house.
 */
package io.vitrine.cluster.wire;
