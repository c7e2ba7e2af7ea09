package io.vitrine.cluster.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * A metric's name as Kafka writes it for JMX: {@code group:type=…,name=…,tag=value…}.
 *
 * @param tags in the order they are written; empty values are left out
 */
public record MetricId(String group, String type, String name, Map<String, String> tags) {
  public MetricId {
    tags = new LinkedHashMap<>(tags);
  }

  public static MetricId of(String group, String type, String name) {
    return new MetricId(group, type, name, Map.of());
  }

  /** With one more tag. */
  public MetricId tag(String key, String value) {
    MetricId more = new MetricId(group, type, name, tags);
    more.tags.put(key, value);
    return more;
  }

  String objectName() {
    StringBuilder text = new StringBuilder(group).append(":type=").append(type);
    text.append(",name=").append(name);
    tags.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            text.append(',').append(key).append('=').append(Sanitizer.jmxSanitize(value));
          }
        });
    return text.toString();
  }
}
