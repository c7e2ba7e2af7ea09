package io.vitrine.cluster.jmx;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.controller.DeletionBacklog;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.metadata.PartitionMetadata;
import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.MetricId;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The cluster as its controller shows it, and 0 everywhere else. Taken from the metadata the
 * controller sends to itself as to every broker, and from what it leaves to be seen after each
 * event, so that its event thread is not asked.
 */
final class ControllerMetrics {
  private static final String GROUP = "kafka.controller";
  private static final String TYPE = "KafkaController";
  private static final int NO_LEADER = -1;

  ControllerMetrics(BrokerMetrics metrics, Controller controller, MetadataCache metadata) {
    metrics.gauge(
        MetricId.of(GROUP, TYPE, "ActiveControllerCount"), () -> controller.isActive() ? 1 : 0);
    metrics.gauge(
        MetricId.of(GROUP, "ControllerEventManager", "EventQueueSize"), controller::queueLength);
    metrics.gauge(MetricId.of(GROUP, TYPE, "FencedBrokerCount"), () -> 0);
    metrics.gauge(
        MetricId.of("kafka.server", "MetadataLoader", "CurrentControllerId"),
        () -> metadata.image().controllerId());
    ToIntFunction<MetadataImage> offline = image -> count(image, ControllerMetrics::isOffline);
    ToIntFunction<MetadataImage> imbalance = image -> count(image, ControllerMetrics::isImbalance);
    deletion(metrics, controller, "TopicsToDeleteCount", DeletionBacklog::topics);
    deletion(metrics, controller, "ReplicasToDeleteCount", DeletionBacklog::replicas);
    deletion(
        metrics, controller, "TopicsIneligibleToDeleteCount", DeletionBacklog::ineligibleTopics);
    deletion(
        metrics,
        controller,
        "ReplicasIneligibleToDeleteCount",
        DeletionBacklog::ineligibleReplicas);
    whileActive(metrics, controller, metadata, "OfflinePartitionsCount", offline);
    whileActive(metrics, controller, metadata, "PreferredReplicaImbalanceCount", imbalance);
    whileActive(metrics, controller, metadata, "GlobalTopicCount", image -> image.topics().size());
    whileActive(
        metrics, controller, metadata, "GlobalPartitionCount", MetadataImage::partitionCount);
    whileActive(
        metrics, controller, metadata, "ActiveBrokerCount", image -> image.aliveBrokers().size());
  }

  private static void deletion(
      BrokerMetrics metrics,
      Controller controller,
      String name,
      ToIntFunction<DeletionBacklog> value) {
    metrics.gauge(
        MetricId.of(GROUP, TYPE, name), () -> value.applyAsInt(controller.deletionBacklog()));
  }

  private static void whileActive(
      BrokerMetrics metrics,
      Controller controller,
      MetadataCache metadata,
      String name,
      ToIntFunction<MetadataImage> value) {
    metrics.gauge(
        MetricId.of(GROUP, TYPE, name),
        () -> controller.isActive() ? value.applyAsInt(metadata.image()) : 0);
  }

  private static int count(MetadataImage image, Predicate<PartitionMetadata> counted) {
    return (int)
        image.topics().stream()
            .flatMap(topic -> image.partitions(topic).values().stream())
            .filter(counted)
            .count();
  }

  private static boolean isOffline(PartitionMetadata partition) {
    return partition.leader() == NO_LEADER;
  }

  private static boolean isImbalance(PartitionMetadata partition) {
    return !partition.replicas().isEmpty() && partition.leader() != partition.replicas().get(0);
  }
}
