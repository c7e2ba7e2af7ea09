/**
 * Side-by-side runs with Apache Kafka 3.9.2 on one machine, started by hand, never a timed test.
 *
 * <p>{@link io.vitrine.cluster.bench.SideBySide}, {@link io.vitrine.cluster.bench.ManyPartitions}
 * and {@link io.vitrine.cluster.bench.Coordinators} are the doors; the module's README says how to
 * run them.
 */
package io.vitrine.cluster.bench;
