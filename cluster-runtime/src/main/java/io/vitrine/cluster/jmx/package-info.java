/**
 * What Apache Kafka's MBeans show of a broker, taken from our parts of it, so that exporters and
 * dashboards made for Kafka work. What a part counts itself is asked for when somebody looks; what
 * happens is heard as events.
 *
 * <p>The door is {@link io.vitrine.cluster.jmx.BrokerBeans}. Safe from any thread. May use {@code
 * metric}, {@code replica}, {@code controller}, {@code group}, {@code transaction}, {@code
 * coordinator}, {@code metadata}, {@code purgatory}, {@code event}, the storage and the server of
 * {@code protocol}.
 */
package io.vitrine.cluster.jmx;
