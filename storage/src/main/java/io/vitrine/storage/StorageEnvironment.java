package io.vitrine.storage;

import io.vitrine.storage.file.FileAccess;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The world around the logs of one broker.
 *
 * @param nanoTime a monotonic clock
 * @param scheduler runs retention, flushes and checkpoints; owned by the caller
 * @param random spreads the rolls of segments
 * @param threadPrefix of recovery threads, such as {@code broker-1-}
 */
public record StorageEnvironment(
    InstantSource clock,
    LongSupplier nanoTime,
    ScheduledExecutorService scheduler,
    RandomGenerator random,
    FileAccess files,
    LogObserver observer,
    String threadPrefix) {}
