package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.storage.LogManager;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * The parts of one broker its replicas need; all owned by the caller.
 *
 * @param brokerEpoch of the broker's registration now
 * @param clients connections to coordinators and to the controller
 * @param minInsyncReplicas a topic's {@code min.insync.replicas} now; asked on every acks=all
 *     append
 * @param nanoTime monotonic clock in nanoseconds
 * @param scheduler for the ISR check and AlterPartition; its tasks are short
 * @param timer ends waiting requests; started by the caller
 * @param random chooses fetch session ids
 * @param fetcherDriver connects the followers' fetchers to leaders and makes them work
 * @param isrStore where leaders write their ISR at levels without AlterPartition
 * @param orderWorkers work side by side on the partitions of one order of the controller
 * @param traffic counts what passes
 */
public record ReplicaEnvironment(
    int brokerId,
    LongSupplier brokerEpoch,
    BrokerConfig config,
    LogManager logs,
    MetadataCache metadata,
    NodeClients clients,
    ToIntFunction<String> minInsyncReplicas,
    EventSink events,
    LongSupplier nanoTime,
    ScheduledExecutorService scheduler,
    WheelTimer timer,
    Random random,
    FetcherDriver fetcherDriver,
    IsrStore isrStore,
    Executor orderWorkers,
    Traffic traffic) {}
