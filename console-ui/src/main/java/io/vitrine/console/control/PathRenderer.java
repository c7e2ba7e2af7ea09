package io.vitrine.console.control;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.xy.XYDataset;

/**
 * Draws a line as one path instead of piece by piece, interrupted where there is nothing, with the
 * room below it filled.
 */
final class PathRenderer extends AbstractXYItemRenderer {
  private static final long serialVersionUID = 1;
  private static final double DOT = 3;

  /**
   * How a line looks.
   *
   * @param fill of the room between it and 0, null when that stays empty
   */
  record Look(Color colour, Stroke stroke, Color fill) {}

  private transient List<Look> looks = List.of();

  /** Looks of the lines, in their order. */
  void look(List<Look> now) {
    looks = now;
  }

  @Override
  public XYItemRendererState initialise(
      Graphics2D g, Rectangle2D area, XYPlot plot, XYDataset lines, PlotRenderingInfo info) {
    XYItemRendererState state = new XYItemRendererState(info);
    state.setProcessVisibleItemsOnly(false);
    return state;
  }

  @Override
  public void drawItem(
      Graphics2D g,
      XYItemRendererState state,
      Rectangle2D area,
      PlotRenderingInfo info,
      XYPlot plot,
      ValueAxis time,
      ValueAxis value,
      XYDataset lines,
      int series,
      int item,
      CrosshairState crosshair,
      int pass) {
    if (item == 0) {
      drawLine(g, area, plot, time, value, lines, series);
    }
  }

  private void drawLine(
      Graphics2D g,
      Rectangle2D area,
      XYPlot plot,
      ValueAxis time,
      ValueAxis value,
      XYDataset lines,
      int series) {
    Look look = looks.get(series);
    double zero = value.valueToJava2D(0, area, plot.getRangeAxisEdge());
    int count = lines.getItemCount(series);
    for (int from = 0; from < count; from++) {
      if (!Double.isNaN(lines.getYValue(series, from))) {
        int to = from;
        while (to + 1 < count && !Double.isNaN(lines.getYValue(series, to + 1))) {
          to++;
        }
        Path2D path = new Path2D.Double();
        for (int i = from; i <= to; i++) {
          double x = time.valueToJava2D(lines.getXValue(series, i), area, plot.getDomainAxisEdge());
          double y = value.valueToJava2D(lines.getYValue(series, i), area, plot.getRangeAxisEdge());
          if (i == from) {
            path.moveTo(x, y);
          } else {
            path.lineTo(x, y);
          }
        }
        draw(g, look, path, from == to, zero);
        from = to;
      }
    }
  }

  private static void draw(Graphics2D g, Look look, Path2D path, boolean dot, double zero) {
    Rectangle2D bounds = path.getBounds2D();
    if (dot) {
      g.setPaint(look.colour());
      g.fill(new Ellipse2D.Double(bounds.getX() - DOT / 2, bounds.getY() - DOT / 2, DOT, DOT));
      return;
    }
    if (look.fill() != null) {
      Path2D below = new Path2D.Double(path);
      below.lineTo(bounds.getMaxX(), zero);
      below.lineTo(bounds.getMinX(), zero);
      below.closePath();
      g.setPaint(look.fill());
      g.fill(below);
    }
    g.setPaint(look.colour());
    g.setStroke(look.stroke());
    g.draw(path);
  }
}
