package io.vitrine.console.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.console.text.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What charts show of what was recorded, on the screen and in a file. */
class SheetTest {
  private final MetricHistory history = new MetricHistory(100, 512);

  @Test
  void aLineABroker() {
    add(1, Map.of(broker(Quantity.BYTES_IN, 1), 10.0, broker(Quantity.BYTES_IN, 2), 30.0));

    Sheet sheet = Sheet.of(MetricChart.BYTES_IN, history, choice(false, 1, 2), 100);

    assertThat(sheet.lines().keySet())
        .containsExactly(broker(Quantity.BYTES_IN, 1), broker(Quantity.BYTES_IN, 2));
    assertThat(sheet.known()).isTrue();
  }

  @Test
  void brokersTogetherAddUpAndOneThatIsDeadIsLeftOut() {
    add(1, Map.of(broker(Quantity.BYTES_IN, 1), 10.0, broker(Quantity.BYTES_IN, 2), 30.0));
    add(2, Map.of(broker(Quantity.BYTES_IN, 1), 12.0));
    add(3, Map.of());

    Sheet sheet = Sheet.of(MetricChart.BYTES_IN, history, choice(true, 1, 2), 100);

    assertThat(sheet.lines().get(SeriesKey.together(Quantity.BYTES_IN)))
        .containsExactly(40, 12, Double.NaN);
  }

  @Test
  void timesCountAsOftenAsTheyWereTaken() {
    add(
        1,
        Map.of(
            broker(Quantity.PRODUCE_RATE, 1), 90.0,
            broker(Quantity.PRODUCE_TOTAL, 1), 1e6,
            broker(Quantity.PRODUCE_RATE, 2), 10.0,
            broker(Quantity.PRODUCE_TOTAL, 2), 11e6));
    add(2, Map.of(broker(Quantity.PRODUCE_RATE, 1), 0.0));

    Sheet sheet = Sheet.of(MetricChart.PRODUCE_TIME, history, choice(true, 1, 2), 100);

    double[] line = sheet.lines().get(SeriesKey.together(Quantity.PRODUCE_TOTAL));
    assertThat(line[0]).isCloseTo(2e6, within(1.0));
    assertThat(line[1]).as("nobody asked").isNaN();
  }

  @Test
  void aShareOfSeveralBrokersIsTheirMean() {
    add(1, Map.of(broker(Quantity.IO_BUSY, 1), 0.2, broker(Quantity.IO_BUSY, 2), 0.6));

    Sheet sheet = Sheet.of(MetricChart.IO_BUSY, history, choice(true, 1, 2), 100);

    assertThat(sheet.lines().get(SeriesKey.together(Quantity.IO_BUSY))[0])
        .isCloseTo(0.4, within(1e-9));
  }

  @Test
  void moreBrokersThanLinesCanBeToldApartAreTakenAsOne() {
    Integer[] ids = new Integer[Sheet.MOST_BROKERS + 1];
    Map<SeriesKey, Double> row = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i + 1;
      row.put(broker(Quantity.BYTES_IN, i + 1), 1.0);
    }
    add(1, row);

    Sheet sheet = Sheet.of(MetricChart.BYTES_IN, history, choice(false, ids), 100);

    assertThat(sheet.lines()).hasSize(1);
  }

  @Test
  void theGroupsWithTheLargestLagHaveLines() {
    Map<SeriesKey, Double> row = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      row.put(SeriesKey.group(String.format("group-%02d", i)), (double) i);
    }
    add(1, row);

    Sheet sheet = Sheet.of(MetricChart.LAG, history, choice(false, 1), 100);

    assertThat(sheet.lines()).hasSize(Sheet.MOST_GROUPS);
    assertThat(sheet.lines().keySet().iterator().next().of()).isEqualTo("group-12");
  }

  @Test
  void aGroupMayBeCalledAnything() {
    for (String id : List.of("", "*", "7")) {
      SeriesKey key = SeriesKey.group(id);

      assertThat(key.isTogether()).isFalse();
      assertThat(key.isWhole()).isFalse();
      assertThat(MetricCard.name(key, Messages.of(MetricsView.class, Locale.ENGLISH)))
          .isEqualTo(id);
    }
  }

  @Test
  void theRowNextToAMomentIsFoundUnlessItIsFarAway() {
    add(10, Map.of(broker(Quantity.BYTES_IN, 1), 1.0));
    add(11, Map.of(broker(Quantity.BYTES_IN, 1), 2.0));

    Sheet sheet = Sheet.of(MetricChart.BYTES_IN, history, choice(false, 1), 100);

    assertThat(sheet.row(at(10) + 400_000_000)).isZero();
    assertThat(sheet.row(at(10) + 600_000_000)).isEqualTo(1);
    assertThat(sheet.row(at(13))).isEqualTo(1);
    assertThat(sheet.row(at(40))).isEqualTo(-1);
  }

  @Test
  void aSummaryLeavesOutWhatIsNotKnown() {
    Sheet.Summary summary = Sheet.summary(new double[] {2, Double.NaN, 6, Double.NaN});

    assertThat(summary.newest()).isNaN();
    assertThat(summary.least()).isEqualTo(2);
    assertThat(summary.mean()).isEqualTo(4);
    assertThat(summary.most()).isEqualTo(6);
  }

  @Test
  void theFileHoldsRawNumbersAndWhatHappened(@TempDir Path folder) throws IOException {
    history.add(at(1), 1_000, Map.of(broker(Quantity.BYTES_IN, 1), 10.5), List.of());
    history.add(
        at(2),
        2_000,
        Map.of(SeriesKey.whole(Quantity.OFFLINE), 3.0),
        List.of(new EventMark(at(2) - 1, EventMark.Kind.KILLED, 1)));
    List<Sheet> sheets =
        List.of(
            Sheet.of(MetricChart.BYTES_IN, history, choice(false, 1), 100),
            Sheet.of(MetricChart.TROUBLE, history, choice(false, 1), 100));
    Path file = folder.resolve("metrics.csv");

    int rows =
        MetricFiles.writeCsv(
            file, sheets, ZoneOffset.UTC, Messages.of(MetricsView.class, Locale.ENGLISH));

    assertThat(rows).isEqualTo(2);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "time,bytes-in/bytes-in/1 [B/s],trouble/offline [1],events",
            "1970-01-01T00:00:01Z,10.5,,",
            "1970-01-01T00:00:02Z,,3,Broker 1 killed");
  }

  private void add(int second, Map<SeriesKey, Double> row) {
    history.add(at(second), second * 1_000L, row, List.of());
  }

  private static Sheet.Choice choice(boolean together, Integer... brokers) {
    return new Sheet.Choice(0, at(60), new TreeSet<>(List.of(brokers)), together);
  }

  private static SeriesKey broker(Quantity quantity, int id) {
    return SeriesKey.broker(quantity, id);
  }

  private static long at(int second) {
    return TimeUnit.SECONDS.toNanos(second);
  }
}
