/**
 * Side-by-side runs with Apache Kafka 3.9.2 on one machine, started by hand, never a timed test.
 *
 * <p>{@link io.vitrine.cluster.bench.SideBySide} is the door; the module's README says how to run
 * it.
 */
package io.vitrine.cluster.bench;
