/**
 * The yardstick: Apache Kafka's own brokers, run beside ours.
 *
 * <p>Each runs as a process, so that a crash is a real SIGKILL and its static state stays its own.
 */
package io.vitrine.cluster.oracle;
