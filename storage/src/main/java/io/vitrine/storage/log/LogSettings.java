package io.vitrine.storage.log;

/**
 * A topic's settings as far as its logs are concerned; names and units are Kafka's.
 *
 * @param retentionMs -1 unlimited
 * @param retentionBytes -1 unlimited
 * @param compact {@code cleanup.policy} contains compact
 * @param delete {@code cleanup.policy} contains delete
 * @param logAppendTime {@code message.timestamp.type} is LogAppendTime
 */
public record LogSettings(
    int segmentBytes,
    long segmentMs,
    long segmentJitterMs,
    int segmentIndexBytes,
    int indexIntervalBytes,
    long retentionMs,
    long retentionBytes,
    long fileDeleteDelayMs,
    int maxMessageBytes,
    boolean compact,
    boolean delete,
    long flushMessages,
    long flushMs,
    boolean logAppendTime,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs) {

  /** Kafka's defaults. */
  public static LogSettings defaults() {
    return new LogSettings(
        1 << 30,
        604_800_000L,
        0,
        10 << 20,
        4096,
        604_800_000L,
        -1,
        60_000,
        1_048_588,
        false,
        true,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        false,
        Long.MAX_VALUE,
        Long.MAX_VALUE);
  }

  public LogSettings withSegmentBytes(int bytes) {
    return new LogSettings(
        bytes,
        segmentMs,
        segmentJitterMs,
        segmentIndexBytes,
        indexIntervalBytes,
        retentionMs,
        retentionBytes,
        fileDeleteDelayMs,
        maxMessageBytes,
        compact,
        delete,
        flushMessages,
        flushMs,
        logAppendTime,
        timestampBeforeMaxMs,
        timestampAfterMaxMs);
  }

  public LogSettings withRetention(long ms, long bytes) {
    return new LogSettings(
        segmentBytes,
        segmentMs,
        segmentJitterMs,
        segmentIndexBytes,
        indexIntervalBytes,
        ms,
        bytes,
        fileDeleteDelayMs,
        maxMessageBytes,
        compact,
        delete,
        flushMessages,
        flushMs,
        logAppendTime,
        timestampBeforeMaxMs,
        timestampAfterMaxMs);
  }

  public LogSettings withPolicy(boolean nowCompact, boolean nowDelete) {
    return new LogSettings(
        segmentBytes,
        segmentMs,
        segmentJitterMs,
        segmentIndexBytes,
        indexIntervalBytes,
        retentionMs,
        retentionBytes,
        fileDeleteDelayMs,
        maxMessageBytes,
        nowCompact,
        nowDelete,
        flushMessages,
        flushMs,
        logAppendTime,
        timestampBeforeMaxMs,
        timestampAfterMaxMs);
  }
}
