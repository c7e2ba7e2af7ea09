package io.vitrine.protocol.server;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A listener at one moment. Lengths are of now, sums since the server was made.
 *
 * @param requestQueueLength requests waiting for an I/O thread, never above the capacity
 * @param responseQueueLength answers given and not yet taken up by their network thread, over all
 *     network threads
 * @param totals per API seen so far
 * @param requestBytes of frames, without their size fields
 * @param responseBytes of frames, with their size fields
 * @param zeroCopyBytes those of them that went from file to socket
 * @param rejectedFrames frames for which the connection was closed without an answer
 */
public record ServerSample(
    int connections,
    List<Integer> connectionsPerNetworkThread,
    int requestQueueLength,
    int requestQueueCapacity,
    int ioThreads,
    int busyIoThreads,
    int responseQueueLength,
    Map<ApiKeys, StageTotals> totals,
    long requestBytes,
    long responseBytes,
    long zeroCopyBytes,
    long rejectedFrames) {

  public ServerSample {
    connectionsPerNetworkThread = List.copyOf(connectionsPerNetworkThread);
    totals = Map.copyOf(totals);
  }
}
