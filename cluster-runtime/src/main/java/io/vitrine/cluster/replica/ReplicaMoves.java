package io.vitrine.cluster.replica;

import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.PartitionLog;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves replicas of one broker between its log directories (KIP-113).
 *
 * <p>A move is a future log in the other directory, which a mover brings after the log until it
 * takes the log's place. What is on disk is all there is to know of a move: after a restart it goes
 * on with the first order for the partition. Called under the monitor of {@link StateChanges}.
 */
final class ReplicaMoves {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaMoves.class);
  private static final long END_TIMEOUT_MS = 5_000;

  private final HostedPartitions partitions;
  private final LogManager logs;
  private final List<LogDirMover> movers = new ArrayList<>();
  private final Set<TopicPartition> failed = ConcurrentHashMap.newKeySet();

  /**
   * @param quota {@code replica.alter.log.dirs.io.max.bytes.per.second}
   * @param threads {@code num.replica.alter.log.dirs.threads}
   * @param maxBytes {@code replica.fetch.max.bytes}
   * @param backoffMs {@code replica.fetch.backoff.ms}
   */
  ReplicaMoves(
      int brokerId,
      HostedPartitions partitions,
      LogManager logs,
      DelayedOperations delayed,
      ReplicationQuota quota,
      int threads,
      int maxBytes,
      long backoffMs) {
    this.partitions = partitions;
    this.logs = logs;
    for (int i = 0; i < threads; i++) {
      movers.add(
          new LogDirMover(
              "broker-" + brokerId + "-log-dir-mover-" + i,
              logs,
              delayed,
              quota,
              maxBytes,
              backoffMs,
              failed));
    }
  }

  /**
   * Moves a replica to a directory. The directory it lies in ends a move to another one. A replica
   * that is not here yet will be made there.
   *
   * @return NONE, or 57 no such directory, 56 it or the replica's is offline, 9 the replica is not
   *     here, 3 not known, 17 the topic's name is too long for a move
   */
  Errors alter(TopicPartition tp, String directory) {
    try {
      Path destination = path(directory);
      logs.requireMovable(tp, destination);
      if (partitions.isOffline(tp)) {
        throw new KafkaStorageException("the log directory of " + tp + " is offline");
      }
      partitions.get(tp).ifPresent(partition -> giveUpOther(partition, destination));
      logs.preferDirectory(tp, destination);
      begin(partitions.getOrThrow(tp), destination);
      return Errors.NONE;
    } catch (NotLeaderOrFollowerException e) {
      LOG.info("{} will be made in {} when it comes here", tp, directory);
      return Errors.REPLICA_NOT_AVAILABLE;
    } catch (RuntimeException e) {
      LOG.warn("{} is not moved to {}: {}", tp, directory, e.toString());
      return Errors.forException(e);
    }
  }

  private static Path path(String directory) {
    try {
      return Path.of(directory);
    } catch (InvalidPathException e) {
      throw new LogDirNotFoundException(directory + " is no directory: " + e.getMessage(), e);
    }
  }

  private void giveUpOther(Partition partition, Path destination) {
    boolean other =
        partition
            .futureLog()
            .filter(future -> !future.logDirectory().equals(destination))
            .isPresent();
    if (other) {
      mover(partition.topicPartition()).remove(partition.topicPartition());
      partition.future(null);
      logs.deleteFuture(partition.topicPartition());
    }
  }

  private void begin(Partition partition, Path destination) {
    PartitionLog log =
        partition
            .log()
            .orElseThrow(() -> new NotLeaderOrFollowerException(partition + " has no log"));
    if (!log.logDirectory().equals(destination) && partition.futureLog().isEmpty()) {
      partition.future(logs.getOrCreateFuture(partition.topicPartition()));
      mover(partition.topicPartition()).add(partition);
    }
  }

  /** Goes on with moves that a restart or a stop interrupted. */
  void resume(Collection<Partition> ordered) {
    for (Partition partition : ordered) {
      Optional<PartitionLog> future = logs.futureLog(partition.topicPartition());
      if (future.isPresent() && partition.log().isPresent()) {
        partition.future(future.get());
        mover(partition.topicPartition()).add(partition);
      }
    }
  }

  /** After its return nothing more happens to the future logs of these. */
  void stop(Collection<TopicPartition> stopped) {
    stopped.forEach(tp -> mover(tp).remove(tp));
  }

  /** Moves into a failed directory end; the replicas stay where they are. */
  void directoryFailed(Path directory) {
    for (Partition partition : partitions.all()) {
      if (partition
          .futureLog()
          .filter(future -> future.logDirectory().equals(directory))
          .isPresent()) {
        mover(partition.topicPartition()).remove(partition.topicPartition());
        partition.future(null);
      }
    }
  }

  /** The most records a future log lacks of its log; from any thread. */
  long maxLag() {
    return partitions.all().stream().mapToLong(ReplicaMoves::lag).max().orElse(0);
  }

  private static long lag(Partition partition) {
    Optional<PartitionLog> log = partition.log();
    Optional<PartitionLog> future = partition.futureLog();
    return log.isEmpty() || future.isEmpty()
        ? 0
        : Math.max(0, log.get().logEndOffset() - future.get().logEndOffset());
  }

  /** Replicas whose move failed for good; from any thread. */
  int failed() {
    return failed.size();
  }

  /** Ends all movers; the future logs stay for the next start. */
  void end() {
    try {
      for (LogDirMover mover : movers) {
        mover.end(END_TIMEOUT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LogDirMover mover(TopicPartition tp) {
    return movers.get(Math.floorMod(31 * tp.topic().hashCode() + tp.partition(), movers.size()));
  }
}
