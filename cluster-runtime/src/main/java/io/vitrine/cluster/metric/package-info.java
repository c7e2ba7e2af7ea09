/**
 * What is measured, under Kafka's own names: meters, histograms and gauges as MBeans, so that
 * exporters and dashboards made for Kafka work.
 *
 * <p>The door is {@link io.vitrine.cluster.metric.BrokerMetrics}. Knows no part of the broker:
 * whoever measures registers here. Safe from any thread; marking and updating takes no lock. Uses
 * nothing of the cluster.
 */
package io.vitrine.cluster.metric;
