package io.vitrine.cluster.broker;

import io.vitrine.cluster.event.ClusterEvent.AwaitedSample;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.IoThreadSample;
import io.vitrine.cluster.event.ClusterEvent.NetworkThreadSample;
import io.vitrine.cluster.event.ClusterEvent.PipelineSampled;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.StageSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;
import io.vitrine.cluster.event.ClusterEvent.WaitingSample;
import io.vitrine.cluster.purgatory.WaitingItem;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.PipelineSample;
import io.vitrine.protocol.server.ServerSample;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns what the server and the logs measure into samples. Stateless. */
final class PipelineSampler {
  private static final long UNKNOWN = -1;

  /** More operations of a purgatory nobody reads. */
  private static final int MOST_WAITING = 100;

  private PipelineSampler() {}

  /**
   * The request pipeline.
   *
   * @param recordsIn records appended by clients since the broker's start
   */
  static RequestSample requests(
      ServerSample server, int produceWaiting, int fetchWaiting, long recordsIn) {
    Map<String, StageSample> stages = new HashMap<>();
    server
        .totals()
        .forEach(
            (api, totals) ->
                stages.put(
                    api.name,
                    new StageSample(
                        totals.count(),
                        totals.queueNanos(),
                        totals.localNanos(),
                        totals.remoteNanos(),
                        totals.responseQueueNanos(),
                        totals.sendNanos(),
                        totals.totalNanos())));
    return new RequestSample(
        server.connections(),
        server.requestQueueLength(),
        server.requestQueueCapacity(),
        server.ioThreads(),
        server.busyIoThreads(),
        server.responseQueueLength(),
        produceWaiting,
        fetchWaiting,
        server.requestBytes(),
        server.responseBytes(),
        server.zeroCopyBytes(),
        recordsIn,
        stages);
  }

  /** The threads of the pipeline, and what waits in the purgatories. */
  static PipelineSampled pipeline(PipelineSample server, ReplicaManager replicas) {
    List<NetworkThreadSample> network = new ArrayList<>();
    for (PipelineSample.ListenerSample listener : server.listeners()) {
      listener
          .networkThreads()
          .forEach(
              thread ->
                  network.add(
                      new NetworkThreadSample(
                          thread.index(),
                          listener.name(),
                          thread.connections(),
                          thread.responseQueueLength())));
    }
    Map<String, Integer> waiting = new HashMap<>();
    replicas.purgatories().forEach(each -> waiting.put(each.name(), each.waiting()));
    return new PipelineSampled(
        network,
        server.requestsAside(),
        server.ioThreads().stream()
            .map(
                thread ->
                    new IoThreadSample(
                        thread.number(),
                        thread.serving().map(api -> api.name).orElse(""),
                        thread.clientId(),
                        thread.busyNanos()))
            .toList(),
        waiting,
        replicas.waitingRoom(MOST_WAITING).stream().map(PipelineSampler::waiting).toList());
  }

  private static WaitingSample waiting(WaitingItem item) {
    return new WaitingSample(
        item.purgatory(),
        item.number(),
        item.follower(),
        item.leastBytes(),
        item.awaited().stream()
            .map(each -> new AwaitedSample(each.what(), each.reached(), each.required()))
            .toList(),
        item.waitedMs(),
        item.timeoutMs());
  }

  /** The log directories with what is left on their disks. */
  static StorageSample storage(LogManager logs) {
    Map<Path, Integer> partitions = new HashMap<>();
    Map<Path, Long> bytes = new HashMap<>();
    for (PartitionLog log : logs.logs()) {
      partitions.merge(log.logDirectory(), 1, Integer::sum);
      bytes.merge(log.logDirectory(), log.sizeBytes(), Long::sum);
    }
    List<DirectorySample> directories = new ArrayList<>();
    for (Path path : logs.liveDirectories()) {
      directories.add(
          new DirectorySample(
              path.toString(),
              true,
              partitions.getOrDefault(path, 0),
              bytes.getOrDefault(path, 0L),
              freeBytes(path)));
    }
    for (Path path : logs.offlineDirectories()) {
      directories.add(new DirectorySample(path.toString(), false, 0, 0, freeBytes(path)));
    }
    return new StorageSample(directories);
  }

  private static long freeBytes(Path path) {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
