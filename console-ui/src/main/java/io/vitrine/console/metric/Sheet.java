package io.vitrine.console.metric;

import io.vitrine.console.metric.MetricChart.Fold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What a chart shows, worked out of the history. Needs no toolkit.
 *
 * @param lines in the order they are drawn and listed in
 */
record Sheet(MetricChart chart, Stretch stretch, Map<SeriesKey, double[]> lines) {
  /** More groups than that have no line: those with the largest newest lag stay. */
  static final int MOST_GROUPS = 8;

  /** Brokers above this number are taken as one. */
  static final int MOST_BROKERS = 8;

  /**
   * What somebody wants to see.
   *
   * @param brokers those that are chosen
   * @param together whether they are taken as one
   */
  record Choice(long fromNanos, long toNanos, SortedSet<Integer> brokers, boolean together) {}

  /** The sheet of a chart, of at most so many points a line. */
  static Sheet of(MetricChart chart, MetricHistory history, Choice choice, int mostPoints) {
    List<SeriesKey> keys = keys(chart, history, choice);
    Stretch stretch =
        history.stretch(keys, choice.fromNanos(), choice.toNanos(), Math.max(1, mostPoints));
    Map<SeriesKey, double[]> lines =
        switch (chart.lines()) {
          case BROKERS ->
              choice.together() || choice.brokers().size() > MOST_BROKERS
                  ? folded(chart, stretch, choice)
                  : recorded(chart, stretch, keys);
          case PARTS -> folded(chart, stretch, choice);
          case QUANTITIES -> recorded(chart, stretch, keys);
          case GROUPS -> largest(recorded(chart, stretch, keys));
        };
    return new Sheet(chart, stretch, lines);
  }

  /** Whether anything is known in this time. */
  boolean known() {
    return lines.values().stream()
        .anyMatch(line -> Arrays.stream(line).anyMatch(value -> !Double.isNaN(value)));
  }

  /** The row next to this time of the monotonic clock, -1 when there is none near. */
  int row(long nanos) {
    long[] all = stretch.nanos();
    if (all.length == 0) {
      return -1;
    }
    int found = Arrays.binarySearch(all, nanos);
    int after = found >= 0 ? found : -found - 1;
    int near =
        after == 0
            ? 0
            : after == all.length || nanos - all[after - 1] < all[after] - nanos
                ? after - 1
                : after;
    // Rows may stand for the whole distance to the one before.
    long reach =
        Math.max(
            MetricHistory.HOLE_NANOS,
            all.length < 2 ? 0 : 2 * (all[all.length - 1] - all[0]) / (all.length - 1));
    return Math.abs(all[near] - nanos) <= reach ? near : -1;
  }

  /** A line's values over the whole stretch. */
  record Summary(double newest, double least, double mean, double most) {}

  /** What there is to say of a line; NaN where nothing is known. */
  static Summary summary(double[] line) {
    double[] known = Arrays.stream(line).filter(value -> !Double.isNaN(value)).toArray();
    return new Summary(
        line.length == 0 ? Double.NaN : line[line.length - 1],
        Arrays.stream(known).min().orElse(Double.NaN),
        Arrays.stream(known).average().orElse(Double.NaN),
        Arrays.stream(known).max().orElse(Double.NaN));
  }

  private static List<SeriesKey> keys(MetricChart chart, MetricHistory history, Choice choice) {
    List<SeriesKey> keys = new ArrayList<>();
    switch (chart.lines()) {
      case BROKERS, PARTS -> {
        for (Quantity quantity : chart.shown()) {
          choice.brokers().forEach(id -> keys.add(SeriesKey.broker(quantity, id)));
        }
        if (chart.fold() == Fold.MEAN) {
          choice.brokers().forEach(id -> keys.add(SeriesKey.broker(chart.weight(), id)));
        }
      }
      case QUANTITIES -> chart.shown().forEach(quantity -> keys.add(SeriesKey.whole(quantity)));
      case GROUPS ->
          history.of(chart.shown().get(0)).stream().map(SeriesKey::group).forEach(keys::add);
      default -> throw new IllegalStateException(chart.lines().name());
    }
    return keys;
  }

  private static Map<SeriesKey, double[]> recorded(
      MetricChart chart, Stretch stretch, Collection<SeriesKey> keys) {
    Map<SeriesKey, double[]> lines = new LinkedHashMap<>();
    for (SeriesKey key : keys) {
      double[] column = stretch.columns().get(key);
      if (column != null && chart.shown().contains(key.quantity())) {
        lines.put(key, column);
      }
    }
    return lines;
  }

  /** Of the chosen brokers together. */
  private static Map<SeriesKey, double[]> folded(
      MetricChart chart, Stretch stretch, Choice choice) {
    Map<SeriesKey, double[]> lines = new LinkedHashMap<>();
    for (Quantity quantity : chart.shown()) {
      double[] line = new double[stretch.rows()];
      double[] weights = new double[stretch.rows()];
      for (int id : choice.brokers()) {
        double[] values = stretch.columns().get(SeriesKey.broker(quantity, id));
        double[] rates =
            chart.fold() == Fold.MEAN
                ? stretch.columns().get(SeriesKey.broker(chart.weight(), id))
                : null;
        for (int i = 0; values != null && i < line.length; i++) {
          double weight = rates == null ? 1 : rates[i];
          if (!Double.isNaN(values[i]) && !Double.isNaN(weight)) {
            line[i] += values[i] * weight;
            weights[i] += weight;
          }
        }
      }
      for (int i = 0; i < line.length; i++) {
        if (weights[i] == 0) {
          line[i] = Double.NaN;
        } else if (chart.fold() != Fold.SUM) {
          line[i] /= weights[i];
        }
      }
      lines.put(SeriesKey.together(quantity), line);
    }
    return lines;
  }

  private static Map<SeriesKey, double[]> largest(Map<SeriesKey, double[]> lines) {
    if (lines.size() <= MOST_GROUPS) {
      return lines;
    }
    Map<SeriesKey, double[]> kept = new LinkedHashMap<>();
    lines.entrySet().stream()
        .sorted(
            Comparator.comparingDouble(
                (Map.Entry<SeriesKey, double[]> line) -> -newest(line.getValue())))
        .limit(MOST_GROUPS)
        .sorted(Comparator.comparing(line -> line.getKey().of()))
        .forEach(line -> kept.put(line.getKey(), line.getValue()));
    return kept;
  }

  private static double newest(double[] line) {
    double newest = line.length == 0 ? Double.NaN : line[line.length - 1];
    return Double.isNaN(newest) ? -1 : newest;
  }
}
