package io.vitrine.cluster.story;

import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** A policy as an operator would write one: refuses topics of a certain name. */
public final class NoForbiddenTopics implements CreateTopicPolicy {
  @Override
  public void configure(Map<String, ?> settings) {
    if (!settings.containsKey("broker.id")) {
      throw new IllegalStateException("a policy is told the broker's settings");
    }
  }

  @Override
  public void validate(RequestMetadata request) {
    boolean counted = request.numPartitions() != null;
    boolean assigned = request.replicasAssignments() != null;
    if (request.topic().startsWith("forbidden") && counted != assigned) {
      throw new PolicyViolationException(
          request.topic() + (counted ? " by count" : " by hand") + request.configs());
    }
  }

  @Override
  public void close() {
    // Nothing to let go.
  }
}
