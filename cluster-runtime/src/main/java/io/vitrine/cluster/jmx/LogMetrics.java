package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.compaction.CleanerReport;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * The log cleaner at work; nothing where compaction is switched off. {@link #tick} is called by one
 * thread, about once a second.
 */
final class LogMetrics {
  private static final String GROUP = "kafka.log";
  private static final String CLEANER = "LogCleaner";
  private static final String MANAGER = "LogCleanerManager";
  private static final int PERCENT = 100;

  private final BrokerMetrics metrics;
  private final LogManager logs;
  private final LongConsumer passed;
  private long lastPassed;

  LogMetrics(BrokerMetrics metrics, LogManager logs) {
    this.metrics = metrics;
    this.logs = logs;
    if (logs.cleanerReport().isEmpty()) {
      this.passed = bytes -> {};
      return;
    }
    this.passed =
        metrics.meter(MetricId.of("kafka.utils", "Throttler", "cleaner-io"), "bytes")::mark;
    gauge(
        CLEANER,
        "max-buffer-utilization-percent",
        report -> (long) (PERCENT * report.mapUtilization()));
    gauge(CLEANER, "cleaner-recopy-percent", report -> (long) (PERCENT * report.keptShare()));
    gauge(CLEANER, "max-clean-time-secs", report -> seconds(report.longestPassMs()));
    gauge(CLEANER, "max-compaction-delay-secs", report -> seconds(report.overdueMs()));
    gauge(CLEANER, "DeadThreadCount", CleanerReport::deadThreads);
    gauge(MANAGER, "max-dirty-percent", report -> (long) (PERCENT * report.dirtiestRatio()));
    metrics.gauge(
        MetricId.of(GROUP, MANAGER, "time-since-last-run-ms"),
        () -> logs.cleanerReport().map(CleanerReport::sinceLastLookMs).orElse(0L));
    logs.liveDirectories().forEach(this::directory);
  }

  private static long seconds(long ms) {
    return TimeUnit.MILLISECONDS.toSeconds(ms);
  }

  private void gauge(String type, String name, ToLongFunction<CleanerReport> value) {
    metrics.gauge(
        MetricId.of(GROUP, type, name),
        () -> logs.cleanerReport().map(report -> (int) value.applyAsLong(report)).orElse(0));
  }

  private void directory(Path directory) {
    metrics.gauge(
        MetricId.of(GROUP, MANAGER, "uncleanable-partitions-count")
            .tag("logDirectory", directory.toString()),
        () -> logs.uncleanable(directory).size());
    metrics.gauge(
        MetricId.of(GROUP, MANAGER, "uncleanable-bytes").tag("logDirectory", directory.toString()),
        () -> logs.uncleanable(directory).values().stream().mapToLong(Long::longValue).sum());
  }

  void tick() {
    logs.cleanerReport()
        .ifPresent(
            report -> {
              passed.accept(report.bytesPassed() - lastPassed);
              lastPassed = report.bytesPassed();
            });
  }
}
