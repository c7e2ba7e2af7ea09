package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads for fetches, and lets those wait that do not find enough. */
final class FetchReads {
  private static final Logger LOG = LoggerFactory.getLogger(FetchReads.class);

  private final HostedPartitions partitions;
  private final DelayedOperations delayed;
  private final ReplicationQuota quota;
  private final Traffic traffic;

  /**
   * @param quota bounds what followers that are not in sync are sent
   */
  FetchReads(
      HostedPartitions partitions,
      DelayedOperations delayed,
      ReplicationQuota quota,
      Traffic traffic) {
    this.partitions = partitions;
    this.delayed = delayed;
    this.quota = quota;
    this.traffic = traffic;
  }

  /** See {@link ReplicaManager#fetch}. */
  void fetch(
      FetchParameters parameters, List<FetchItem> items, Consumer<List<PartitionRead>> callback) {
    List<PartitionRead> reads = read(parameters, items, true);
    if (parameters.maxWaitMs() <= 0 || items.isEmpty() || answersNow(reads, parameters)) {
      callback.accept(reads);
      return;
    }
    PartitionRead.closeAll(reads);
    DelayedFetch waiting = new DelayedFetch(parameters, items, partitions, this, callback);
    delayed
        .fetches()
        .tryCompleteElseWatch(
            waiting, items.stream().map(item -> item.partition().topicPartition()).toList());
  }

  /** A fetch that waited is answered because its time is up. */
  void expired(FetchParameters parameters) {
    traffic.fetchExpired(parameters.fromFollower());
  }

  private static boolean answersNow(List<PartitionRead> reads, FetchParameters parameters) {
    long sizeBytes = 0;
    for (PartitionRead read : reads) {
      if (read.urgent()) {
        return true;
      }
      sizeBytes += read.records().sizeBytes();
    }
    return sizeBytes >= parameters.minBytes();
  }

  /**
   * Reads the partitions in order within the budget. Never throws: what fails is an error of its
   * partition.
   *
   * @param noteProgress whether a follower's fetch counts as its progress report
   */
  List<PartitionRead> read(
      FetchParameters parameters, List<FetchItem> items, boolean noteProgress) {
    FetchBudget budget = new FetchBudget(parameters.maxBytes());
    List<PartitionRead> reads = new ArrayList<>(items.size());
    for (FetchItem item : items) {
      PartitionRead read = readOne(parameters, item, budget, noteProgress);
      budget.spend(read.records().sizeBytes());
      reads.add(read);
    }
    return reads;
  }

  private PartitionRead readOne(
      FetchParameters parameters, FetchItem item, FetchBudget budget, boolean noteProgress) {
    TopicIdPartition id = item.partition();
    try {
      Partition partition = partitions.getOrThrow(id.topicPartition());
      checkTopicId(id.topicId(), partition.topicId());
      PartitionRead read =
          partition
              .reads()
              .fetch(
                  id,
                  item.asked(),
                  parameters,
                  budget.forPartition(item.asked().maxBytes),
                  budget.atLeastOneBatch(),
                  noteProgress);
      return throttles(parameters, partition) ? read.withoutRecords() : read;
    } catch (ApiException e) {
      LOG.debug("fetch from {} refused: {}", id, e.getMessage());
      return PartitionRead.failed(id, Errors.forException(e));
    } catch (RuntimeException e) {
      LOG.error("fetch from {} failed", id, e);
      return PartitionRead.failed(id, Errors.forException(e));
    }
  }

  /**
   * Whether a follower gets no records of a partition now. One in sync always does, or throttling
   * would drive it out of the ISR.
   */
  boolean throttles(FetchParameters parameters, Partition partition) {
    return parameters.fromFollower()
        && quota.isThrottled(partition.topicPartition())
        && !partition.isr().contains(parameters.replicaId())
        && quota.isExceeded();
  }

  private static void checkTopicId(Uuid asked, Optional<Uuid> own) {
    if (!asked.equals(Uuid.ZERO_UUID) && own.isPresent() && !own.get().equals(asked)) {
      throw new InconsistentTopicIdException("the log belongs to topic id " + own.get());
    }
  }
}
