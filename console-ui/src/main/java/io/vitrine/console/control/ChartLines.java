package io.vitrine.console.control;

import java.util.List;
import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractXYDataset;

/** Lines over the same times, straight from their arrays. Immutable. */
final class ChartLines extends AbstractXYDataset {
  private static final long serialVersionUID = 1;

  private final transient long[] timesMs;
  private final transient List<double[]> lines;

  /**
   * @param lines of the length of the times; NaN where there is nothing
   */
  ChartLines(long[] timesMs, List<double[]> lines) {
    this.timesMs = timesMs;
    this.lines = lines;
  }

  @Override
  public DomainOrder getDomainOrder() {
    return DomainOrder.ASCENDING;
  }

  @Override
  public int getSeriesCount() {
    return lines.size();
  }

  @Override
  public Comparable<?> getSeriesKey(int series) {
    return series;
  }

  @Override
  public int getItemCount(int series) {
    return timesMs.length;
  }

  @Override
  public Number getX(int series, int item) {
    return timesMs[item];
  }

  @Override
  public Number getY(int series, int item) {
    return lines.get(series)[item];
  }

  @Override
  public double getXValue(int series, int item) {
    return timesMs[item];
  }

  @Override
  public double getYValue(int series, int item) {
    return lines.get(series)[item];
  }
}
