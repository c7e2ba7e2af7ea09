package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.EventSink;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * What the partitions of one broker have in common.
 *
 * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param nowMs the monotonic clock in milliseconds
 * @param alive which brokers live, as the metadata says
 * @param minInsyncReplicas a topic's {@code min.insync.replicas} now
 * @param readReplicas where consumers are sent
 * @param traffic counts what passes
 */
record PartitionContext(
    int brokerId,
    long lagTimeMaxMs,
    LongSupplier nowMs,
    IntPredicate alive,
    ToIntFunction<String> minInsyncReplicas,
    EventSink events,
    IsrChangeSender isrChanges,
    DelayedOperations delayed,
    ReadReplicas readReplicas,
    Traffic traffic) {}
