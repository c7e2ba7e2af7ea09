package io.vitrine.storage.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.SegmentInfo;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** M64: how many of three segments go, by log start, size and time, and never above the rest. */
class RetentionTest {
  private static final long NOW = 10_000;

  /** 100 bytes each; newest records 1, 2 and 3 seconds before now, the oldest first. */
  private static final List<SegmentInfo> SEGMENTS =
      List.of(
          segment(0, 10, NOW - 3_000, false),
          segment(10, 20, NOW - 2_000, false),
          segment(20, 30, NOW - 1_000, true));

  @ParameterizedTest(name = "start {0}, high watermark {1}, bytes {2}, ms {3}, policy {4}: {5}")
  @CsvSource({
    // nothing asked for
    "0, 30, -1, -1, delete, 0",
    // log start: whole segments below it, never the last
    "9, 30, -1, -1, delete, 0",
    "10, 30, -1, -1, delete, 1",
    "30, 30, -1, -1, delete, 2",
    "10, 30, -1, -1, compact, 1",
    // size: as long as what is left is not below the limit
    "0, 30, 300, -1, delete, 0",
    "0, 30, 201, -1, delete, 0",
    "0, 30, 200, -1, delete, 1",
    "0, 30, 0, -1, delete, 3",
    "0, 30, 0, -1, compact, 0",
    // time: strictly older
    "0, 30, -1, 3000, delete, 0",
    "0, 30, -1, 2999, delete, 1",
    "0, 30, -1, 0, delete, 3",
    "0, 30, -1, 0, compact, 0",
    // never above the high watermark
    "0, 9, -1, 0, delete, 0",
    "0, 10, -1, 0, delete, 1",
    "0, 29, 0, -1, delete, 2",
    // one after the other
    "10, 30, 100, 999, delete, 3"
  })
  void lets(long logStart, long highWatermark, long bytes, long ms, String policy, int expected) {
    LogSettings settings =
        LogSettings.defaults()
            .with(
                s ->
                    s.retentionBytes(bytes)
                        .retentionMs(ms)
                        .delete(policy.equals("delete"))
                        .compact(policy.equals("compact")));
    assertThat(Retention.choose(SEGMENTS, logStart, highWatermark, settings, NOW).count())
        .isEqualTo(expected);
  }

  private static SegmentInfo segment(long base, long next, long newestMs, boolean active) {
    return new SegmentInfo(base, next, 100, newestMs, 0, 0, active);
  }
}
