package io.vitrine.cluster.snapshot;

import java.util.Map;

/**
 * One topic.
 *
 * @param topicId 22 characters, empty when it has none
 * @param config settings made on the topic itself; what is absent has the broker's default
 * @param deleting marked for deletion and not gone yet
 */
public record TopicView(
    String name,
    String topicId,
    int partitions,
    int replicationFactor,
    Map<String, String> config,
    boolean internal,
    boolean deleting) {
  public TopicView {
    config = Map.copyOf(config);
  }
}
