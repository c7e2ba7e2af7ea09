package io.vitrine.storage.log;

import java.util.function.Consumer;

/**
 * A topic's settings as far as its logs are concerned; names and units are Kafka's.
 *
 * @param preallocate a new segment's file is made {@code segment.bytes} long at once
 * @param retentionMs -1 unlimited
 * @param retentionBytes -1 unlimited
 * @param compact {@code cleanup.policy} contains compact
 * @param delete {@code cleanup.policy} contains delete
 * @param minCleanableDirtyRatio between 0 and 1
 * @param compression {@code compression.type} with its level
 * @param logAppendTime {@code message.timestamp.type} is LogAppendTime
 */
public record LogSettings(
    int segmentBytes,
    long segmentMs,
    long segmentJitterMs,
    int segmentIndexBytes,
    boolean preallocate,
    int indexIntervalBytes,
    long retentionMs,
    long retentionBytes,
    long fileDeleteDelayMs,
    int maxMessageBytes,
    boolean compact,
    boolean delete,
    double minCleanableDirtyRatio,
    long deleteRetentionMs,
    long minCompactionLagMs,
    long maxCompactionLagMs,
    long flushMessages,
    long flushMs,
    TopicCompression compression,
    boolean logAppendTime,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs) {

  /** Kafka's defaults. */
  public static LogSettings defaults() {
    return new Builder().build();
  }

  /** A copy with some settings changed. */
  public LogSettings with(Consumer<Builder> change) {
    Builder builder = new Builder();
    builder.segmentBytes = segmentBytes;
    builder.segmentMs = segmentMs;
    builder.segmentJitterMs = segmentJitterMs;
    builder.segmentIndexBytes = segmentIndexBytes;
    builder.preallocate = preallocate;
    builder.indexIntervalBytes = indexIntervalBytes;
    builder.retentionMs = retentionMs;
    builder.retentionBytes = retentionBytes;
    builder.fileDeleteDelayMs = fileDeleteDelayMs;
    builder.maxMessageBytes = maxMessageBytes;
    builder.compact = compact;
    builder.delete = delete;
    builder.minCleanableDirtyRatio = minCleanableDirtyRatio;
    builder.deleteRetentionMs = deleteRetentionMs;
    builder.minCompactionLagMs = minCompactionLagMs;
    builder.maxCompactionLagMs = maxCompactionLagMs;
    builder.flushMessages = flushMessages;
    builder.flushMs = flushMs;
    builder.compression = compression;
    builder.logAppendTime = logAppendTime;
    builder.timestampBeforeMaxMs = timestampBeforeMaxMs;
    builder.timestampAfterMaxMs = timestampAfterMaxMs;
    change.accept(builder);
    return builder.build();
  }

  /** Settings being put together, Kafka's defaults to begin with. Not thread-safe. */
  public static final class Builder {
    private static final long WEEK_MS = 604_800_000;

    private int segmentBytes = 1 << 30;
    private long segmentMs = WEEK_MS;
    private long segmentJitterMs = 0;
    private int segmentIndexBytes = 10 << 20;
    private boolean preallocate = false;
    private int indexIntervalBytes = 4096;
    private long retentionMs = WEEK_MS;
    private long retentionBytes = -1;
    private long fileDeleteDelayMs = 60_000;
    private int maxMessageBytes = 1_048_588;
    private boolean compact = false;
    private boolean delete = true;
    private double minCleanableDirtyRatio = 0.5;
    private long deleteRetentionMs = 86_400_000;
    private long minCompactionLagMs = 0;
    private long maxCompactionLagMs = Long.MAX_VALUE;
    private long flushMessages = Long.MAX_VALUE;
    private long flushMs = Long.MAX_VALUE;
    private TopicCompression compression = TopicCompression.PRODUCER;
    private boolean logAppendTime = false;
    private long timestampBeforeMaxMs = Long.MAX_VALUE;
    private long timestampAfterMaxMs = Long.MAX_VALUE;

    public Builder segmentBytes(int value) {
      segmentBytes = value;
      return this;
    }

    public Builder segmentMs(long value) {
      segmentMs = value;
      return this;
    }

    public Builder segmentJitterMs(long value) {
      segmentJitterMs = value;
      return this;
    }

    public Builder segmentIndexBytes(int value) {
      segmentIndexBytes = value;
      return this;
    }

    public Builder preallocate(boolean value) {
      preallocate = value;
      return this;
    }

    public Builder indexIntervalBytes(int value) {
      indexIntervalBytes = value;
      return this;
    }

    public Builder retentionMs(long value) {
      retentionMs = value;
      return this;
    }

    public Builder retentionBytes(long value) {
      retentionBytes = value;
      return this;
    }

    public Builder fileDeleteDelayMs(long value) {
      fileDeleteDelayMs = value;
      return this;
    }

    public Builder maxMessageBytes(int value) {
      maxMessageBytes = value;
      return this;
    }

    public Builder compact(boolean value) {
      compact = value;
      return this;
    }

    public Builder delete(boolean value) {
      delete = value;
      return this;
    }

    public Builder minCleanableDirtyRatio(double value) {
      minCleanableDirtyRatio = value;
      return this;
    }

    public Builder deleteRetentionMs(long value) {
      deleteRetentionMs = value;
      return this;
    }

    public Builder minCompactionLagMs(long value) {
      minCompactionLagMs = value;
      return this;
    }

    public Builder maxCompactionLagMs(long value) {
      maxCompactionLagMs = value;
      return this;
    }

    public Builder flushMessages(long value) {
      flushMessages = value;
      return this;
    }

    public Builder flushMs(long value) {
      flushMs = value;
      return this;
    }

    public Builder compression(TopicCompression value) {
      compression = value;
      return this;
    }

    public Builder logAppendTime(boolean value) {
      logAppendTime = value;
      return this;
    }

    public Builder timestampBeforeMaxMs(long value) {
      timestampBeforeMaxMs = value;
      return this;
    }

    public Builder timestampAfterMaxMs(long value) {
      timestampAfterMaxMs = value;
      return this;
    }

    private LogSettings build() {
      return new LogSettings(
          segmentBytes,
          segmentMs,
          segmentJitterMs,
          segmentIndexBytes,
          preallocate,
          indexIntervalBytes,
          retentionMs,
          retentionBytes,
          fileDeleteDelayMs,
          maxMessageBytes,
          compact,
          delete,
          minCleanableDirtyRatio,
          deleteRetentionMs,
          minCompactionLagMs,
          maxCompactionLagMs,
          flushMessages,
          flushMs,
          compression,
          logAppendTime,
          timestampBeforeMaxMs,
          timestampAfterMaxMs);
    }
  }
}
