package io.vitrine.storage.log;

import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kafka.log.UnifiedLog;
import kafka.server.BrokerTopicStats;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogOffsetsListener;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;

/**
 * Apache Kafka 3.9.2's own log, with time and background work in the test's hand: what it does at
 * once in the background is done when it is asked for, what it puts off is never done.
 */
public final class OracleLog {
  private final Path directory;
  private final Time time;
  private final Background background = new Background();
  private LogSettings settings;
  private UnifiedLog log;

  public OracleLog(Path parent, LogSettings settings, ManualClock clock) throws IOException {
    this.directory = Files.createDirectories(parent.resolve("t-0"));
    this.settings = settings;
    this.time = new ClockTime(clock);
  }

  public Path directory() {
    return directory;
  }

  public Time time() {
    return time;
  }

  public UnifiedLog log() {
    return log;
  }

  public void open(PartitionLog.Checkpointed checkpointed, boolean clean) {
    log =
        UnifiedLog.apply(
            directory.toFile(),
            config(settings),
            checkpointed.logStartOffset(),
            checkpointed.recoveryPoint(),
            background,
            new BrokerTopicStats(false),
            time,
            300_000,
            new ProducerStateManagerConfig(86_400_000, false),
            600_000,
            new LogDirFailureChannel(1),
            clean,
            scala.Option.empty(),
            true,
            new ConcurrentHashMap<>(),
            false,
            LogOffsetsListener.NO_OP_OFFSETS_LISTENER);
    log.updateHighWatermark(checkpointed.highWatermark());
    // Kafka reads a segment's largest timestamp when it is asked for, and forgets it if the segment
    // is cut before that.
    log.logSegments().forEach(OracleLog::lookAtTimestamps);
  }

  private static void lookAtTimestamps(org.apache.kafka.storage.internals.log.LogSegment segment) {
    try {
      segment.maxTimestampSoFar();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void updateSettings(LogSettings now) {
    settings = now;
    log.updateConfig(config(now));
  }

  public LogAppendInfo appendAsLeader(MemoryRecords records, int epoch, AppendOrigin origin) {
    return log.appendAsLeader(
        records,
        epoch,
        origin,
        log.appendAsLeader$default$4(),
        log.appendAsLeader$default$5(),
        log.appendAsLeader$default$6());
  }

  /** The same settings under Kafka's names. */
  public static LogConfig config(LogSettings s) {
    Properties p = new Properties();
    p.put("segment.bytes", Integer.toString(s.segmentBytes()));
    p.put("segment.ms", Long.toString(s.segmentMs()));
    p.put("segment.index.bytes", Integer.toString(s.segmentIndexBytes()));
    p.put("index.interval.bytes", Integer.toString(s.indexIntervalBytes()));
    p.put("preallocate", Boolean.toString(s.preallocate()));
    p.put("retention.ms", Long.toString(s.retentionMs()));
    p.put("retention.bytes", Long.toString(s.retentionBytes()));
    p.put("file.delete.delay.ms", Long.toString(s.fileDeleteDelayMs()));
    p.put("max.message.bytes", Integer.toString(s.maxMessageBytes()));
    List<String> policy = new ArrayList<>();
    if (s.compact()) {
      policy.add("compact");
    }
    if (s.delete()) {
      policy.add("delete");
    }
    p.put("cleanup.policy", String.join(",", policy));
    p.put("min.cleanable.dirty.ratio", Double.toString(s.minCleanableDirtyRatio()));
    p.put("delete.retention.ms", Long.toString(s.deleteRetentionMs()));
    p.put("min.compaction.lag.ms", Long.toString(s.minCompactionLagMs()));
    p.put("max.compaction.lag.ms", Long.toString(s.maxCompactionLagMs()));
    p.put("flush.messages", Long.toString(s.flushMessages()));
    p.put("flush.ms", Long.toString(s.flushMs()));
    p.put("message.timestamp.type", s.logAppendTime() ? "LogAppendTime" : "CreateTime");
    p.put("message.timestamp.before.max.ms", Long.toString(s.timestampBeforeMaxMs()));
    p.put("message.timestamp.after.max.ms", Long.toString(s.timestampAfterMaxMs()));
    Optional.ofNullable(s.compression().fixed())
        .ifPresent(
            codec -> {
              String name = codec.type().name().toLowerCase(Locale.ROOT);
              p.put("compression.type", name.equals("none") ? "uncompressed" : name);
            });
    return new LogConfig(p);
  }

  /** The test's clock as Kafka's. */
  private record ClockTime(ManualClock clock) implements Time {
    @Override
    public long milliseconds() {
      return clock.millis();
    }

    @Override
    public long nanoseconds() {
      return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public void sleep(long ms) {
      clock.advance(Duration.ofMillis(ms));
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
      throw new UnsupportedOperationException("a log waits for nothing");
    }
  }

  /** Does what Kafka has put in the background meanwhile. */
  public void runBackground() {
    background.run();
  }

  private static final class Background implements Scheduler {
    private final Deque<Runnable> due = new ArrayDeque<>();

    void run() {
      while (!due.isEmpty()) {
        due.poll().run();
      }
    }

    @Override
    public void startup() {}

    @Override
    public void shutdown() {}

    @Override
    public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
      if (delayMs == 0 && periodMs < 0) {
        due.add(task);
      }
      return new ManualScheduler().schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    @Override
    public void resizeThreadPool(int newSize) {}
  }
}
