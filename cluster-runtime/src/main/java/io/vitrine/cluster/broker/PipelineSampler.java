package io.vitrine.cluster.broker;

import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.StageSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;
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
