/**
 * Records of any cluster, read and written with unchanged Kafka clients for somebody who looks at
 * them.
 *
 * <p>The door is {@link io.vitrine.cluster.data.DataAccess}; {@link
 * io.vitrine.cluster.data.KafkaData} is it over a bootstrap address, so that it serves our brokers
 * and Apache Kafka's alike. Every reading and every sending has a thread of its own, {@code
 * data-read-<n>} or {@code data-send-<n>}, which calls its listener; everything else is immutable
 * or pure. Knows brokers only as any client does; uses {@code group} and {@code transaction} to
 * tell what their topics hold.
 */
package io.vitrine.cluster.data;
