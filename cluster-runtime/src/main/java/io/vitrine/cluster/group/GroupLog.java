package io.vitrine.cluster.group;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.group.GroupRecords.GroupKey;
import io.vitrine.cluster.group.GroupRecords.OffsetKey;
import io.vitrine.cluster.replica.AppendParameters;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.VerificationGuard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * Writes groups and offsets to {@code __consumer_offsets}. Called under the group's lock, so that
 * the log has a group's records in the order of its changes; how an append ended is told later, not
 * under the lock.
 */
final class GroupLog {
  private static final short NO_ACKS = 0;

  private final Appender appender;
  private final BrokerConfig config;
  private final InstantSource wall;
  private final Compression compression;

  /** Appends a batch; in a broker, {@code CoordinatorRuntime}'s. */
  @FunctionalInterface
  interface Appender {
    CompletableFuture<Long> append(
        int partition, MemoryRecords records, AppendParameters parameters);
  }

  GroupLog(Appender appender, BrokerConfig config, InstantSource wall) {
    this.appender = appender;
    this.config = config;
    this.wall = wall;
    this.compression =
        Compression.of(CompressionType.forId(config.offsetsTopicCompressionCodec())).build();
  }

  /**
   * Writes a generation down.
   *
   * @param assignment of every member
   * @return how it ended, as members are told; never fails
   */
  CompletableFuture<Errors> storeGroup(Group group, Map<String, byte[]> assignment) {
    return append(
            group, () -> MemoryRecords.withRecords(compression, groupRecord(group, assignment)))
        .handle(
            (offset, error) ->
                error == null ? Errors.NONE : AppendErrors.ofGroup(Errors.forException(error)));
  }

  private SimpleRecord groupRecord(Group group, Map<String, byte[]> assignment) {
    return new SimpleRecord(
        wall.millis(),
        GroupRecords.key(new GroupKey(group.id())),
        GroupRecords.groupValue(group.record(assignment), config.interBrokerProtocol()));
  }

  /**
   * Writes offsets down.
   *
   * @return the first offset of the batch; fails with the append's error, or with 10 where a text
   *     is too long
   */
  CompletableFuture<Long> storeOffsets(Group group, Map<TopicPartition, CommittedOffset> offsets) {
    return append(
        group, () -> MemoryRecords.withRecords(compression, offsetRecords(group, offsets)));
  }

  /** Writes offsets down that count when the producer's transaction is committed. */
  CompletableFuture<Long> storeOffsets(
      Group group, Map<TopicPartition, CommittedOffset> offsets, Transactional transaction) {
    return append(
        group,
        () ->
            MemoryRecords.withTransactionalRecords(
                RecordBatch.CURRENT_MAGIC_VALUE,
                0,
                compression,
                transaction.producerId(),
                transaction.producerEpoch(),
                0,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                offsetRecords(group, offsets)),
        transaction.guards());
  }

  private SimpleRecord[] offsetRecords(Group group, Map<TopicPartition, CommittedOffset> offsets) {
    long nowMs = wall.millis();
    return offsets.entrySet().stream()
        .map(
            each ->
                new SimpleRecord(
                    nowMs,
                    GroupRecords.key(new OffsetKey(group.id(), each.getKey())),
                    GroupRecords.offsetValue(each.getValue(), config.interBrokerProtocol())))
        .toArray(SimpleRecord[]::new);
  }

  /**
   * Writes tombstones, and waits for nobody: what is lost is written again at the next look.
   *
   * @param withGroup whether the group itself is gone
   */
  void forget(Group group, List<TopicPartition> offsets, boolean withGroup) {
    long nowMs = wall.millis();
    List<SimpleRecord> tombstones = new ArrayList<>();
    for (TopicPartition partition : offsets) {
      byte[] key = GroupRecords.key(new OffsetKey(group.id(), partition));
      tombstones.add(new SimpleRecord(nowMs, key, null));
    }
    if (withGroup) {
      byte[] key = GroupRecords.key(new GroupKey(group.id()));
      tombstones.add(new SimpleRecord(nowMs, key, null));
    }
    if (!tombstones.isEmpty()) {
      appender.append(
          group.partition(),
          MemoryRecords.withRecords(
              RecordBatch.CURRENT_MAGIC_VALUE,
              0,
              compression,
              TimestampType.CREATE_TIME,
              tombstones.toArray(SimpleRecord[]::new)),
          AppendParameters.of(NO_ACKS, 0, Origin.COORDINATOR));
    }
  }

  private CompletableFuture<Long> append(Group group, Supplier<MemoryRecords> records) {
    return append(group, records, Map.of());
  }

  private CompletableFuture<Long> append(
      Group group, Supplier<MemoryRecords> records, Map<TopicPartition, VerificationGuard> guards) {
    MemoryRecords written;
    try {
      written = records.get();
    } catch (RecordTooLargeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return appender.append(
        group.partition(),
        written,
        AppendParameters.of(
                config.offsetsCommitRequiredAcks(),
                config.offsetsCommitTimeoutMs(),
                Origin.COORDINATOR)
            .withGuards(guards));
  }
}
