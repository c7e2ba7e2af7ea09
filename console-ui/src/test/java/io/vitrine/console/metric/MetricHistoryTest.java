package io.vitrine.console.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An hour in a memory of fixed size. */
class MetricHistoryTest {
  private static final SeriesKey IN = SeriesKey.broker(Quantity.BYTES_IN, 1);
  private static final SeriesKey OUT = SeriesKey.broker(Quantity.BYTES_OUT, 1);

  private final MetricHistory history = new MetricHistory(10, 2);

  @Test
  void keepsTheNewestRows() {
    for (int second = 1; second <= 25; second++) {
      add(second, Map.of(IN, (double) second));
    }

    Stretch stretch = history.stretch(List.of(IN), 0, at(25), 1_000);
    assertThat(stretch.rows()).isEqualTo(10);
    assertThat(stretch.columns().get(IN)).containsExactly(16, 17, 18, 19, 20, 21, 22, 23, 24, 25);
    assertThat(stretch.wallMs()[9]).isEqualTo(1_025_000);
    assertThat(history.version()).isEqualTo(25);
    assertThat(history.newestNanos(at(20) + 5)).isEqualTo(at(20));
    assertThat(history.newestNanos(at(3))).as("gone").isZero();
  }

  @Test
  void aStretchHoldsWhatIsInItsTime() {
    for (int second = 1; second <= 9; second++) {
      add(second, Map.of(IN, (double) second));
    }

    assertThat(history.stretch(List.of(IN), at(3), at(6), 1_000).columns().get(IN))
        .containsExactly(3, 4, 5, 6);
  }

  @Test
  void whatIsNotInARowIsNotKnownThen() {
    add(1, Map.of(IN, 1.0, OUT, 10.0));
    add(2, Map.of(IN, 2.0));
    add(3, Map.of(IN, 3.0, OUT, 30.0));

    assertThat(history.stretch(List.of(IN, OUT), 0, at(3), 100).columns().get(OUT))
        .containsExactly(10, Double.NaN, 30);
  }

  @Test
  void theLargestStandsForRowsTakenTogetherWhereverTheStretchBegins() {
    double[] values = {1, 9, 2, 3, 4, 8, 5, 6};
    for (int i = 0; i < values.length; i++) {
      add(i, Map.of(IN, values[i]));
    }

    Stretch all = history.stretch(List.of(IN), at(0), at(8), 4);
    assertThat(all.columns().get(IN)).containsExactly(9, 3, 8, 6);
    Stretch later = history.stretch(List.of(IN), at(2), at(10), 4);
    assertThat(later.columns().get(IN)).containsExactly(3, 8, 6);
  }

  @Test
  void timesWithoutRowsAreTold() {
    add(10, Map.of(IN, 1.0));
    add(11, Map.of(IN, 1.0));
    add(20, Map.of(IN, 1.0));

    Stretch stretch = history.stretch(List.of(IN), at(5), at(21), 100);
    assertThat(stretch.holes())
        .containsExactly(new Stretch.Hole(at(5), at(10)), new Stretch.Hole(at(11), at(20)));
    assertThat(stretch.columns().get(IN))
        .as("lines end there")
        .containsExactly(1, 1, Double.NaN, 1);
    assertThat(stretch.nanos()).containsExactly(at(10), at(11), at(11) + 1, at(20));
    assertThat(history.stretch(List.of(IN), at(12), at(30), 100).holes())
        .containsExactly(new Stretch.Hole(at(12), at(20)), new Stretch.Hole(at(20), at(30)));
  }

  @Test
  void moreSeriesThanThereIsRoomForAreNotRecordedUntilOneIsGone() {
    SeriesKey third = SeriesKey.broker(Quantity.BYTES_IN, 2);
    add(1, Map.of(IN, 1.0, OUT, 1.0));
    add(2, Map.of(IN, 1.0, OUT, 1.0, third, 1.0));
    assertThat(history.full()).isTrue();
    assertThat(history.of(Quantity.BYTES_IN)).containsExactly("1");

    for (int second = 3; second <= 13; second++) {
      add(second, Map.of(IN, 1.0, third, (double) second));
    }
    assertThat(history.full()).isFalse();
    assertThat(history.of(Quantity.BYTES_IN)).containsExactly("1", "2");
    assertThat(history.stretch(List.of(OUT), 0, at(13), 100).columns()).isEmpty();
  }

  private void add(int second, Map<SeriesKey, Double> row) {
    history.add(at(second), 1_000_000 + second * 1_000L, row, List.of());
  }

  private static long at(int second) {
    return TimeUnit.SECONDS.toNanos(second);
  }
}
