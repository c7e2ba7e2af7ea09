/**
 * The Metrics view: charts over the last hour, as the console itself recorded it.
 *
 * <p>{@link io.vitrine.console.metric.MetricRecorder} reads a row out of a snapshot once a second,
 * on the thread of the cluster's snapshots, and keeps an hour of them in a memory of fixed size,
 * whether or not somebody looks. {@link io.vitrine.console.metric.MetricsView} draws from that on
 * the JavaFX thread. Uses {@code live}, {@code control}, {@code text}, {@code theme} and the
 * cluster's snapshots and events.
 */
package io.vitrine.console.metric;
