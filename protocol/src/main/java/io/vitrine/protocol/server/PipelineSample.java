package io.vitrine.protocol.server;

import java.util.List;

/**
 * The threads of a server at one moment.
 *
 * @param listeners in the order they were made
 * @param requestsAside requests beyond the queue's capacity, which wait in front of it
 * @param ioThreads by their numbers
 */
public record PipelineSample(
    List<ListenerSample> listeners, int requestsAside, List<IoThreadSample> ioThreads) {
  public PipelineSample {
    listeners = List.copyOf(listeners);
    ioThreads = List.copyOf(ioThreads);
  }

  /** A listener with its network threads. */
  public record ListenerSample(String name, List<NetworkThreadSample> networkThreads) {
    public ListenerSample {
      networkThreads = List.copyOf(networkThreads);
    }
  }
}
