package io.vitrine.cluster.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * Publishes what is measured by sensors of kafka-clients, such as quotas: metrics of one group and
 * one set of tags are the attributes of one MBean. Guarded by its own lock.
 */
public final class SensorBeans implements MetricsReporter {
  private static final String DOMAIN = "kafka.server";

  private final BrokerMetrics metrics;
  private final Map<String, Map<String, Supplier<?>>> beans = new HashMap<>();

  public SensorBeans(BrokerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void configure(Map<String, ?> configs) {
    // There is nothing to set.
  }

  @Override
  public void init(List<KafkaMetric> known) {
    known.forEach(this::metricChange);
  }

  @Override
  public synchronized void metricChange(KafkaMetric metric) {
    String bean = beanName(metric.metricName());
    Map<String, Supplier<?>> attributes = beans.get(bean);
    if (attributes == null) {
      attributes = new ConcurrentHashMap<>();
      beans.put(bean, attributes);
      attributes.put(metric.metricName().name(), metric::metricValue);
      metrics.publish(bean, attributes);
    } else {
      attributes.put(metric.metricName().name(), metric::metricValue);
    }
  }

  @Override
  public synchronized void metricRemoval(KafkaMetric metric) {
    String bean = beanName(metric.metricName());
    Map<String, Supplier<?>> attributes = beans.get(bean);
    if (attributes == null) {
      return;
    }
    attributes.remove(metric.metricName().name());
    if (attributes.isEmpty()) {
      beans.remove(bean);
      metrics.remove(bean);
    }
  }

  @Override
  public void close() {
    // The beans are the broker's metrics' own.
  }

  private static String beanName(MetricName name) {
    StringBuilder text = new StringBuilder(DOMAIN).append(":type=").append(name.group());
    name.tags()
        .forEach(
            (key, value) -> {
              if (!key.isEmpty() && !value.isEmpty()) {
                text.append(',').append(key).append('=').append(Sanitizer.jmxSanitize(value));
              }
            });
    return text.toString();
  }
}
