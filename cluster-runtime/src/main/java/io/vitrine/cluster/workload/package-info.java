/**
 * Demo traffic with unchanged Kafka clients, and the books that show whether a record is lost.
 *
 * <p>The door is {@link io.vitrine.cluster.workload.DemoTraffic}. Runs on threads of its own, named
 * {@code traffic-…}. Knows the cluster only by its bootstrap address, as any client does; uses
 * {@code event} and kafka-clients.
 */
package io.vitrine.cluster.workload;
