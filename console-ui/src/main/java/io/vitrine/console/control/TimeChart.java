package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.function.DoubleFunction;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.shape.Line;
import javafx.scene.text.FontSmoothingType;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;
import org.jfree.chart.ChartPanel;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.DateAxis;
import org.jfree.chart.axis.DateTickUnit;
import org.jfree.chart.axis.DateTickUnitType;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.fx.ChartCanvas;
import org.jfree.chart.fx.overlay.OverlayFX;
import org.jfree.chart.panel.AbstractOverlay;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleInsets;

/**
 * Lines over time, none below 0, with the time at the bottom: a JFreeChart in our colours. Marks
 * stand at moments; what was not recorded is hatched.
 *
 * <p>Draws when it is told something and when its size changes, never by itself. JavaFX thread
 * only.
 */
public final class TimeChart extends Region {
  /** Strokes tell lines apart where colours do not. */
  private static final float[][] DASHES = {null, {6, 3}, {2, 3}, {9, 3, 2, 3}};

  /** Of marks that have no label. */
  private static final float[] MARK_DASH = {3, 3};

  private static final float STROKE = 1.7f;
  private static final double BELOW_ONE = 0.13;
  private static final double STACKED = 0.62;
  private static final double LEFT = 56;
  private static final double BOTTOM = 21;
  private static final double RIGHT = 18;
  private static final double TOP = 8;
  private static final double TAG_HEIGHT = 11;
  private static final double LINE_DISTANCE = 32;

  /** A line at the very top is not to be taken for the end of the axis. */
  private static final double HEADROOM = 1.04;

  private static final int LONG_STEP_SECONDS = 60;

  /** Steps of the time axis in seconds. */
  private static final int[] TIME_STEPS = {5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600};

  /** Room of a time at the bottom. */
  private static final double TIME_WIDTH = 72;

  /**
   * A line.
   *
   * @param tag stands at its right end, may be empty
   * @param dash 0 is drawn through, others are not
   * @param values one for each time, NaN where there is nothing
   */
  public record Curve(String tag, Color colour, int dash, double[] values) {}

  /**
   * A moment.
   *
   * @param label said at the mark where there is room, may be empty
   */
  public record Mark(long atMs, Token token, String label) {}

  /** A time of which nothing is known. */
  public record Gap(long fromMs, long toMs) {}

  /**
   * What is drawn.
   *
   * @param timesMs ascending, in milliseconds since the epoch
   * @param stacked whether each line stands on the one before
   * @param least what the axis reaches at least
   */
  public record Picture(
      long fromMs,
      long toMs,
      long[] timesMs,
      List<Curve> curves,
      boolean stacked,
      double least,
      List<Mark> marks,
      List<Gap> gaps) {
    public Picture {
      curves = List.copyOf(curves);
      marks = List.copyOf(marks);
      gaps = List.copyOf(gaps);
    }
  }

  private final ChartInk ink;
  private final boolean binary;
  private final Locale locale;
  private final TimeZone zone;
  private final DateAxis time;
  private final NumberAxis value = new NumberAxis();
  private final PathRenderer renderer = new PathRenderer();
  private final XYPlot plot;
  private final ChartCanvas canvas;
  private final Line cursor = new Line();
  private final Text measure = new Text();
  private Optional<Picture> picture = Optional.empty();
  private OptionalLong cursorMs = OptionalLong.empty();

  /**
   * An empty chart.
   *
   * @param binary whether values are sizes
   * @param number says a value of the axis
   */
  public TimeChart(
      ChartInk ink, Locale locale, ZoneId zone, boolean binary, DoubleFunction<String> number) {
    this.ink = ink;
    this.locale = locale;
    this.zone = TimeZone.getTimeZone(zone);
    this.binary = binary;
    this.time = new DateAxis(null, this.zone, locale);
    this.plot = new XYPlot(null, time, value, renderer);
    axis(time);
    axis(value);
    value.setNumberFormatOverride(new Said(number));
    plot();
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    chart.setBackgroundPaint(null);
    chart.setPadding(RectangleInsets.ZERO_INSETS);
    // Nothing is drawn before all of a picture is there.
    chart.setNotify(false);
    canvas = new ChartCanvas(chart);
    canvas.getGraphicsContext2D().setFontSmoothingType(FontSmoothingType.GRAY);
    canvas.addOverlay(new Forgetting(ink));
    canvas.setMouseTransparent(true);
    canvas.setManaged(false);
    cursor.setManaged(false);
    cursor.setMouseTransparent(true);
    cursor.setVisible(false);
    cursor.setStroke(ink.theme().colour(Token.TEXT));
    getChildren().addAll(canvas, cursor);
  }

  private void axis(ValueAxis axis) {
    axis.setTickLabelFont(ink.font());
    axis.setTickLabelPaint(ink.colour(Token.MUTED));
    axis.setAxisLineVisible(false);
    axis.setTickMarksVisible(false);
    axis.setAutoRange(false);
  }

  private void plot() {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setInsets(RectangleInsets.ZERO_INSETS);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(ink.colour(Token.LINE));
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setRangeZeroBaselineVisible(false);
    // Charts above each other begin and end at the same place.
    AxisSpace sides = new AxisSpace();
    sides.setLeft(LEFT);
    sides.setRight(RIGHT);
    plot.setFixedRangeAxisSpace(sides);
    AxisSpace ends = new AxisSpace();
    ends.setTop(TOP);
    ends.setBottom(BOTTOM);
    plot.setFixedDomainAxisSpace(ends);
  }

  /** Draws this from now on. */
  public void show(Picture now) {
    picture = Optional.of(now);
    draw();
  }

  /** Whether it was ever told something. */
  public boolean drawn() {
    return picture.isPresent();
  }

  /** Marks a moment over the whole height, or none. */
  public void point(OptionalLong ms) {
    cursorMs = ms;
    placeCursor();
  }

  /** The moment at this place, empty outside of the lines' room. */
  public OptionalLong timeAt(double x) {
    Optional<Rectangle2D> area = area();
    if (picture.isEmpty() || area.isEmpty() || x < area.get().getMinX()) {
      return OptionalLong.empty();
    }
    Picture now = picture.get();
    double share = (x - area.get().getMinX()) / area.get().getWidth();
    return share > 1
        ? OptionalLong.empty()
        : OptionalLong.of(now.fromMs() + Math.round(share * (now.toMs() - now.fromMs())));
  }

  /** How many values there is room for. */
  public int points() {
    return (int) Math.max(2, getWidth() - LEFT - RIGHT);
  }

  @Override
  protected void layoutChildren() {
    double width = Math.max(0, Math.floor(getWidth()));
    double height = Math.max(0, Math.floor(getHeight()));
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      // The canvas draws with each of the two: at first nothing, as nothing has no height.
      canvas.setHeight(0);
      canvas.setWidth(width);
      canvas.setHeight(height);
      draw();
    }
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private void draw() {
    if (picture.isEmpty() || canvas.getWidth() <= 0 || canvas.getHeight() <= 0) {
      return;
    }
    Picture now = picture.get();
    List<double[]> lines = lines(now);
    timeAxis(now);
    valueAxis(now, lines);
    renderer.look(looks(now));
    marks(now);
    plot.setDataset(new ChartLines(now.timesMs(), lines));
    canvas.draw();
    GraphicsContext g = canvas.getGraphicsContext2D();
    // The chart is drawn with what is set here.
    g.save();
    area()
        .ifPresent(
            area -> {
              gaps(g, area, now);
              tags(g, area, now, lines);
              labels(g, area, now);
            });
    g.restore();
    placeCursor();
  }

  /** The lines as they are drawn: stacked ones stand on those before. */
  private static List<double[]> lines(Picture picture) {
    List<double[]> lines = new ArrayList<>();
    double[] ground = new double[picture.timesMs().length];
    for (Curve curve : picture.curves()) {
      if (!picture.stacked()) {
        lines.add(curve.values());
        continue;
      }
      double[] line = new double[ground.length];
      for (int i = 0; i < line.length; i++) {
        line[i] = ground[i] + curve.values()[i];
      }
      lines.add(line);
      ground = line;
    }
    return lines;
  }

  private void timeAxis(Picture now) {
    double seconds = (now.toMs() - now.fromMs()) / 1000.0;
    double room = Math.max(1, (canvas.getWidth() - LEFT - RIGHT) / TIME_WIDTH);
    int step = TIME_STEPS[TIME_STEPS.length - 1];
    for (int i = TIME_STEPS.length - 1; i >= 0 && seconds / TIME_STEPS[i] <= room; i--) {
      step = TIME_STEPS[i];
    }
    SimpleDateFormat format =
        new SimpleDateFormat(step >= LONG_STEP_SECONDS ? "HH:mm" : "HH:mm:ss", locale);
    format.setTimeZone(zone);
    time.setDateFormatOverride(format);
    time.setTickUnit(new DateTickUnit(DateTickUnitType.SECOND, step), false, true);
    time.setRange(now.fromMs(), Math.max(now.fromMs() + 1, now.toMs()));
  }

  private void valueAxis(Picture now, List<double[]> lines) {
    double most = now.least();
    for (double[] line : lines) {
      for (double each : line) {
        if (each > most) {
          most = each;
        }
      }
    }
    int room = (int) Math.max(2, (canvas.getHeight() - TOP - BOTTOM) / LINE_DISTANCE);
    AxisSteps steps = AxisSteps.of(most * HEADROOM, room, binary);
    value.setTickUnit(new NumberTickUnit(steps.step()), false, true);
    value.setRange(0, steps.end());
  }

  private List<PathRenderer.Look> looks(Picture now) {
    Color ground = ink.theme().colour(Token.SURFACE);
    List<PathRenderer.Look> looks = new ArrayList<>();
    for (Curve curve : now.curves()) {
      java.awt.Color fill = null;
      if (now.stacked()) {
        fill = ChartInk.colour(ground.interpolate(curve.colour(), STACKED), 1);
      } else if (now.curves().size() == 1) {
        fill = ChartInk.colour(curve.colour(), BELOW_ONE);
      }
      float[] dash = now.stacked() ? null : DASHES[Math.floorMod(curve.dash(), DASHES.length)];
      looks.add(
          new PathRenderer.Look(
              ChartInk.colour(curve.colour(), 1),
              new BasicStroke(
                  now.stacked() ? 1 : STROKE,
                  BasicStroke.CAP_BUTT,
                  BasicStroke.JOIN_ROUND,
                  1,
                  dash,
                  0),
              fill));
    }
    return looks;
  }

  private void marks(Picture now) {
    plot.clearDomainMarkers();
    for (Mark mark : now.marks()) {
      plot.addDomainMarker(
          new ValueMarker(
              mark.atMs(),
              ink.colour(mark.token()),
              new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, MARK_DASH, 0)));
    }
  }

  private void gaps(GraphicsContext g, Rectangle2D area, Picture now) {
    for (Gap gap : now.gaps()) {
      double from = Math.max(area.getMinX(), x(area, now, gap.fromMs()));
      double to = Math.min(area.getMaxX(), x(area, now, gap.toMs()));
      if (to - from >= 2) {
        Drawing.hatch(
            g, from, area.getMinY(), to - from, area.getHeight(), ink.theme().colour(Token.LINE));
      }
    }
  }

  /** The lines' tags at their right ends, moved apart. */
  private void tags(GraphicsContext g, Rectangle2D area, Picture now, List<double[]> lines) {
    g.setFont(Theme.font(TAG_HEIGHT, true));
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    record Tag(String text, Color colour, double y) {}
    List<Tag> tags = new ArrayList<>();
    int last = now.timesMs().length - 1;
    for (int i = 0; i < lines.size() && last >= 0; i++) {
      double at = lines.get(i)[last];
      if (!Double.isNaN(at) && !now.curves().get(i).tag().isEmpty()) {
        double share = at / value.getUpperBound();
        tags.add(
            new Tag(
                now.curves().get(i).tag(),
                now.curves().get(i).colour(),
                area.getMaxY() - share * area.getHeight()));
      }
    }
    tags.sort(Comparator.comparingDouble(Tag::y));
    double x = Math.min(area.getMaxX(), last < 0 ? 0 : x(area, now, now.timesMs()[last])) + 4;
    double lowest = area.getMaxY();
    double free = Math.min(area.getMinY(), lowest - TAG_HEIGHT * (tags.size() - 1));
    for (int i = 0; i < tags.size(); i++) {
      double room = lowest - TAG_HEIGHT * (tags.size() - 1 - i);
      double y = Math.min(room, Math.max(free, tags.get(i).y()));
      g.setFill(tags.get(i).colour());
      g.fillText(tags.get(i).text(), x, y);
      free = y + TAG_HEIGHT;
    }
  }

  /** What marks stand for, on that side of them where there is room. */
  private void labels(GraphicsContext g, Rectangle2D area, Picture now) {
    g.setFont(Theme.font(TAG_HEIGHT, true));
    g.setTextBaseline(VPos.CENTER);
    measure.setFont(g.getFont());
    for (Mark mark : now.marks()) {
      if (!mark.label().isEmpty()) {
        measure.setText(mark.label());
        double x = x(area, now, mark.atMs());
        boolean right = x + measure.getLayoutBounds().getWidth() + 4 <= area.getMaxX();
        g.setTextAlign(right ? TextAlignment.LEFT : TextAlignment.RIGHT);
        g.setFill(ink.theme().colour(mark.token()));
        g.fillText(mark.label(), right ? x + 4 : x - 4, area.getMinY() + TAG_HEIGHT / 2);
      }
    }
  }

  private void placeCursor() {
    Optional<Rectangle2D> area = area();
    boolean seen =
        cursorMs.isPresent()
            && area.isPresent()
            && picture.isPresent()
            && cursorMs.getAsLong() >= picture.get().fromMs()
            && cursorMs.getAsLong() <= picture.get().toMs();
    cursor.setVisible(seen);
    if (seen) {
      double x = Math.round(x(area.get(), picture.get(), cursorMs.getAsLong())) + 0.5;
      cursor.setStartX(x);
      cursor.setEndX(x);
      cursor.setStartY(area.get().getMinY());
      cursor.setEndY(area.get().getMaxY());
    }
  }

  private static double x(Rectangle2D area, Picture now, long ms) {
    double span = Math.max(1, now.toMs() - now.fromMs());
    return area.getMinX() + (ms - now.fromMs()) / span * area.getWidth();
  }

  /** Where the lines are. */
  private Optional<Rectangle2D> area() {
    return Optional.ofNullable(canvas.getRenderingInfo())
        .map(info -> info.getPlotInfo().getDataArea())
        .filter(area -> area != null && area.getWidth() > 0);
  }

  /**
   * The chart's pen keeps in mind what it set last and does not set it again, though the canvas
   * forgets it after each drawing. This makes the pen believe in something that is never drawn.
   */
  private static final class Forgetting extends AbstractOverlay implements OverlayFX {
    private static final BasicStroke STROKE = new BasicStroke(7.5f);
    private static final java.awt.Color PAINT = new java.awt.Color(1, 2, 3, 4);

    private final Font font;

    Forgetting(ChartInk ink) {
      this.font = ink.font().deriveFont(ink.font().getSize2D() + 1);
    }

    @Override
    public void paintOverlay(Graphics2D g, ChartCanvas canvas) {
      g.setStroke(STROKE);
      g.setPaint(PAINT);
      g.setFont(font);
    }

    @Override
    public void paintOverlay(Graphics2D g, ChartPanel panel) {
      throw new UnsupportedOperationException("not for Swing");
    }
  }

  /** Numbers as the caller says them. */
  private static final class Said extends NumberFormat {
    private static final long serialVersionUID = 1;

    private final transient DoubleFunction<String> number;

    Said(DoubleFunction<String> number) {
      this.number = number;
    }

    @Override
    public StringBuffer format(double value, StringBuffer to, FieldPosition position) {
      return to.append(number.apply(value));
    }

    @Override
    public StringBuffer format(long value, StringBuffer to, FieldPosition position) {
      return format((double) value, to, position);
    }

    @Override
    public Number parse(String text, ParsePosition position) {
      throw new UnsupportedOperationException("numbers are said, not read");
    }
  }
}
