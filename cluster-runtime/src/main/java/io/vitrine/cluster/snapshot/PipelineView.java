package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.PipelineSampled;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The request pipeline of a broker.
 *
 * @param threads what its threads are at and what waits, as last sampled
 * @param apis by name, sorted; those asked since the broker's start
 */
public record PipelineView(PipelineSampled threads, Map<String, ApiTimesView> apis) {
  public PipelineView {
    apis = Collections.unmodifiableMap(new TreeMap<>(apis));
  }

  /** Nothing measured yet. */
  public static PipelineView none() {
    return new PipelineView(PipelineSampled.nothing(), Map.of());
  }
}
