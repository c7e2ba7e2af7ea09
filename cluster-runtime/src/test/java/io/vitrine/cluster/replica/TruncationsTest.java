package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.epoch.EpochEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncationsTest {

  @ParameterizedTest(
      name = "leader ({0},{1}), own ({2},{3}), own end {4}: cut at {5}, the last one: {6}")
  @CsvSource({
    "3, 20, 3, 30, 40, 20, true", // the leader has less of the common epoch
    "3, 30, 3, 20, 40, 20, true", // the follower has less of it
    "3, 90, 3, 80, 40, 40, true",
    "3, 20, 2, 15, 40, 15, false", // the leader's epoch is not known here: ask again below
    "-1, 20, -1, -1, 40, 20, true",
    "3, 20, -1, -1, 40, 20, true",
    "-1, -1, -1, -1, 40, 7, true" // the leader knows nothing: high watermark
  })
  void onDivergence(
      int leaderEpoch,
      long leaderEnd,
      int ownEpoch,
      long ownEnd,
      long logEnd,
      long expected,
      boolean last) {
    assertThat(
            Truncations.onDivergence(
                new EpochEnd(leaderEpoch, leaderEnd), new EpochEnd(ownEpoch, ownEnd), logEnd, 7))
        .isEqualTo(new Truncations.Cut(expected, last));
  }

  @Test
  void onOutOfRange() {
    assertThat(Truncations.onOutOfRange(10, 8, 0)).isEqualTo(new Truncations.OutOfRange.CutAt(8));
    assertThat(Truncations.onOutOfRange(10, 30, 20))
        .isEqualTo(new Truncations.OutOfRange.StartAt(20));
    assertThat(Truncations.onOutOfRange(10, 30, 5)).isEqualTo(new Truncations.OutOfRange.GoOn(10));
  }
}
