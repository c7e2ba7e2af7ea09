package io.vitrine.cluster.metric;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Kafka's BrokerTopicMetrics: what comes in and goes out, of each topic and of all together. Each
 * meter of a topic begins with its first use and ends with {@link #retain}. Marking takes no lock.
 */
public final class TopicMeters {
  /** What is counted. */
  public enum Count {
    MESSAGES_IN("MessagesInPerSec", "messages", true),
    BYTES_IN("BytesInPerSec", "bytes", true),
    BYTES_OUT("BytesOutPerSec", "bytes", true),
    BYTES_REJECTED("BytesRejectedPerSec", "bytes", true),
    REPLICATION_BYTES_IN("ReplicationBytesInPerSec", "bytes", false),
    REPLICATION_BYTES_OUT("ReplicationBytesOutPerSec", "bytes", false),
    REASSIGNMENT_BYTES_IN("ReassignmentBytesInPerSec", "bytes", false),
    REASSIGNMENT_BYTES_OUT("ReassignmentBytesOutPerSec", "bytes", false),
    PRODUCE_REQUESTS("TotalProduceRequestsPerSec", "requests", true),
    FETCH_REQUESTS("TotalFetchRequestsPerSec", "requests", true),
    FAILED_PRODUCE_REQUESTS("FailedProduceRequestsPerSec", "requests", true),
    FAILED_FETCH_REQUESTS("FailedFetchRequestsPerSec", "requests", true),
    PRODUCE_CONVERSIONS("ProduceMessageConversionsPerSec", "requests", true),
    FETCH_CONVERSIONS("FetchMessageConversionsPerSec", "requests", true);

    private final String metric;
    private final String eventType;
    private final boolean ofTopics;

    /**
     * @param ofTopics whether each topic has its own
     */
    Count(String metric, String eventType, boolean ofTopics) {
      this.metric = metric;
      this.eventType = eventType;
      this.ofTopics = ofTopics;
    }

    private MetricId id() {
      return MetricId.of("kafka.server", "BrokerTopicMetrics", metric);
    }
  }

  private static final int COUNTS = Count.values().length;

  private final BrokerMetrics metrics;
  private final Map<Count, Meter> all = new EnumMap<>(Count.class);
  private final Map<String, AtomicReferenceArray<Meter>> byTopic = new ConcurrentHashMap<>();

  public TopicMeters(BrokerMetrics metrics) {
    this.metrics = metrics;
    for (Count count : Count.values()) {
      all.put(count, metrics.meter(count.id(), count.eventType));
    }
  }

  /** Counts something that no topic has a meter of. */
  public void mark(Count count, long amount) {
    all.get(count).mark(amount);
  }

  /** Counts something of a topic, and of all. */
  public void mark(String topic, Count count, long amount) {
    all.get(count).mark(amount);
    if (count.ofTopics) {
      AtomicReferenceArray<Meter> meters = byTopic.get(topic);
      if (meters == null) {
        meters = byTopic.computeIfAbsent(topic, key -> new AtomicReferenceArray<>(COUNTS));
      }
      Meter meter = meters.get(count.ordinal());
      (meter == null ? begin(topic, count, meters) : meter).mark(amount);
    }
  }

  /** Forgets topics that are not here any more. */
  public void retain(Set<String> topics) {
    for (String topic : byTopic.keySet()) {
      AtomicReferenceArray<Meter> gone = topics.contains(topic) ? null : byTopic.remove(topic);
      if (gone != null) {
        for (Count count : Count.values()) {
          if (gone.get(count.ordinal()) != null) {
            metrics.remove(count.id().tag("topic", topic));
          }
        }
      }
    }
  }

  private synchronized Meter begin(String topic, Count count, AtomicReferenceArray<Meter> meters) {
    Meter known = meters.get(count.ordinal());
    if (known == null) {
      known = metrics.meter(count.id().tag("topic", topic), count.eventType);
      meters.set(count.ordinal(), known);
    }
    return known;
  }
}
