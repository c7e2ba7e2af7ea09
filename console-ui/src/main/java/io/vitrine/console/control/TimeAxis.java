package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/**
 * Lanes over time, with bands, marks and brackets.
 *
 * <p>Follows the present until it is dragged, scrolled or moved by the arrow keys; End follows
 * again. Times are monotonic nanoseconds. JavaFX thread only.
 */
public final class TimeAxis extends Drawing {
  private static final double GUTTER = 118;
  private static final double BRACKETS = 24;
  private static final double LABELS = 20;
  private static final double RIGHT = 18;
  private static final long SECOND = 1_000_000_000L;
  private static final long[] STEPS_S = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600};
  private static final long USUAL_SPAN = 60 * SECOND;
  private static final long FIRST_SPAN = 20 * SECOND;
  private static final long LEAST_SPAN = 2 * SECOND;
  private static final long MOST_SPAN = 7200 * SECOND;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** How a band looks. */
  public enum Look {
    SOLID,
    PALE,
    HATCHED,
    ALARM
  }

  /** A stretch of a lane; the end may be {@link Long#MAX_VALUE}. */
  public record Band(long fromNanos, long toNanos, Look look, String label) {}

  /**
   * A moment on a lane.
   *
   * @param cap whether it ends the lane: a thick bar instead of a point
   * @param number shown in the mark, 0 none
   */
  public record Mark(long atNanos, Token token, boolean cap, int number, String tip) {}

  /** One lane. */
  public record Lane(String name, boolean chosen, List<Band> bands, List<Mark> marks) {
    public Lane {
      bands = List.copyOf(bands);
      marks = List.copyOf(marks);
    }
  }

  /** A span above the lanes; its text is left out where there is no room. */
  public record Bracket(long fromNanos, long toNanos, String text, boolean total) {}

  /**
   * What is drawn.
   *
   * @param wallMsAtNow wall-clock time at {@code nowNanos}
   * @param firstNanos the beginning of what is known
   */
  public record Picture(
      List<Lane> lanes, List<Bracket> brackets, long nowNanos, long wallMsAtNow, long firstNanos) {
    public Picture {
      lanes = List.copyOf(lanes);
      brackets = List.copyOf(brackets);
    }

    /** Nothing yet. */
    public static Picture empty() {
      return new Picture(List.of(), List.of(), 0, 0, 0);
    }
  }

  private record Spot(double x, double y, String tip) {}

  private final ZoneId zone;
  private final Tooltip tooltip = new Tooltip();
  private final List<Spot> spots = new ArrayList<>();
  private Picture picture = Picture.empty();
  private long spanNanos = USUAL_SPAN;
  private boolean zoomed;
  private long endNanos;
  private boolean following = true;
  private double draggedFromX;
  private Consumer<Boolean> onFollowing = f -> {};
  private IntConsumer onLane = i -> {};

  /**
   * An empty axis.
   *
   * @param zone for the time of day
   * @param accessibleText what the axis is, for those who cannot see it
   */
  public TimeAxis(Theme theme, ZoneId zone, String accessibleText) {
    super(theme);
    this.zone = zone;
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(BRACKETS + LABELS + 6 * 15);
    Tooltip.install(this, tooltip);
    addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
    addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
    addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
    addEventHandler(ScrollEvent.SCROLL, this::scroll);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  /** Draws this from now on. */
  public void show(Picture next) {
    picture = next;
    if (following) {
      endNanos = next.nowNanos();
      if (!zoomed) {
        spanNanos =
            Math.max(FIRST_SPAN, Math.min(USUAL_SPAN, endNanos - next.firstNanos() + SECOND));
      }
    }
    redraw();
  }

  /** Hears whether the axis follows the present. */
  public void onFollowing(Consumer<Boolean> listener) {
    onFollowing = listener;
  }

  /** Hears the index of a lane whose name is clicked. */
  public void onLane(IntConsumer listener) {
    onLane = listener;
  }

  /** How much time fits on the axis, in nanoseconds. */
  public long spanNanos() {
    return spanNanos;
  }

  /** Lets this much time fit on the axis. */
  public void span(long nanos) {
    zoomed = true;
    spanNanos = Math.max(LEAST_SPAN, Math.min(MOST_SPAN, nanos));
    redraw();
  }

  /** Puts a moment into the middle and stays there. */
  public void lookAt(long nanos) {
    following(false);
    endNanos = nanos + spanNanos / 2;
    redraw();
  }

  /** Keeps the present at the right edge. */
  public void follow() {
    endNanos = picture.nowNanos();
    following(true);
    redraw();
  }

  private void following(boolean now) {
    if (following != now) {
      following = now;
      onFollowing.accept(now);
    }
  }

  // ---- hands
  // -------------------------------------------------------------------------------------

  private void press(MouseEvent event) {
    requestFocus();
    draggedFromX = event.getX();
    if (event.getX() < GUTTER) {
      int index = (int) Math.floor((event.getY() - BRACKETS) / laneHeight());
      if (index >= 0 && index < picture.lanes().size()) {
        onLane.accept(index);
      }
    } else if (event.getClickCount() == 2) {
      follow();
    }
  }

  private void drag(MouseEvent event) {
    move(Math.round((draggedFromX - event.getX()) * nanosPerPixel()));
    draggedFromX = event.getX();
    setCursor(Cursor.CLOSED_HAND);
  }

  private void scroll(ScrollEvent event) {
    if (event.getDeltaX() != 0) {
      move(Math.round(-event.getDeltaX() * nanosPerPixel()));
    } else if (event.getDeltaY() != 0) {
      span(Math.round(spanNanos * (event.getDeltaY() > 0 ? 0.8 : 1.25)));
    }
    event.consume();
  }

  private void key(KeyEvent event) {
    switch (event.getCode()) {
      case LEFT -> move(-spanNanos / 8);
      case RIGHT -> move(spanNanos / 8);
      case PLUS, EQUALS, ADD -> span(spanNanos / 2);
      case MINUS, SUBTRACT -> span(spanNanos * 2);
      case END -> follow();
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void move(long nanos) {
    long end = endNanos + nanos;
    if (end >= picture.nowNanos()) {
      follow();
    } else {
      following(false);
      endNanos = end;
      redraw();
    }
  }

  private void hover(MouseEvent event) {
    setCursor(Cursor.DEFAULT);
    Optional<Spot> near =
        spots.stream()
            .filter(s -> Math.hypot(s.x() - event.getX(), s.y() - event.getY()) < 9)
            .findFirst();
    tooltip.setText(near.map(Spot::tip).orElse(""));
    tooltip.setOpacity(near.isPresent() ? 1 : 0);
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private double nanosPerPixel() {
    return spanNanos / Math.max(1, getWidth() - GUTTER - RIGHT);
  }

  private double x(long nanos, double width) {
    return width - RIGHT - (endNanos - nanos) / (double) spanNanos * (width - GUTTER - RIGHT);
  }

  private double laneHeight() {
    double lanesHeight = getHeight() - BRACKETS - LABELS;
    return Math.max(1, Math.min(30, lanesHeight / Math.max(1, picture.lanes().size())));
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    spots.clear();
    times(g, width, height);
    double laneHeight = laneHeight();
    double y = BRACKETS;
    for (Lane lane : picture.lanes()) {
      lane(g, lane, y, laneHeight, width);
      y += laneHeight;
    }
    g.save();
    g.beginPath();
    g.rect(GUTTER, 0, width - GUTTER, height);
    g.clip();
    for (Bracket bracket : picture.brackets()) {
      bracket(g, bracket, width);
    }
    g.restore();
  }

  private void times(GraphicsContext g, double width, double height) {
    double seconds = spanNanos / (double) SECOND;
    double wanted = seconds / Math.max(1, (width - GUTTER) / 110);
    long step = STEPS_S[STEPS_S.length - 1];
    for (long candidate : STEPS_S) {
      if (candidate >= wanted) {
        step = candidate;
        break;
      }
    }
    long endWallMs = picture.wallMsAtNow() - (picture.nowNanos() - endNanos) / 1_000_000;
    long first = Math.floorDiv(endWallMs, step * 1000) * step * 1000;
    g.setStroke(colour(Token.LINE));
    g.setLineWidth(1);
    for (long wall = first; ; wall -= step * 1000) {
      double x = Math.round(x(endNanos - (endWallMs - wall) * 1_000_000, width)) + 0.5;
      if (x < GUTTER) {
        break;
      }
      g.strokeLine(x, BRACKETS - 2, x, height - LABELS + 3);
      String label = CLOCK.format(Instant.ofEpochMilli(wall).atZone(zone));
      g.setTextAlign(TextAlignment.CENTER);
      if (x < width - 30 && picture.wallMsAtNow() > 0) {
        text(g, label, x, height - LABELS / 2, 11, false, colour(Token.MUTED));
      }
      g.setTextAlign(TextAlignment.LEFT);
    }
  }

  private void lane(GraphicsContext g, Lane lane, double y, double height, double width) {
    double middle = y + height / 2;
    double bar = Math.min(13, height - 5);
    text(
        g,
        lane.name(),
        16,
        middle,
        12,
        lane.chosen(),
        colour(lane.chosen() ? Token.ACCENT : Token.TEXT));
    g.save();
    g.beginPath();
    g.rect(GUTTER, y, width - GUTTER, height);
    g.clip();
    g.setStroke(colour(Token.LINE));
    g.setLineWidth(1);
    g.strokeLine(GUTTER, Math.round(middle) + 0.5, width, Math.round(middle) + 0.5);
    for (Band band : lane.bands()) {
      band(g, band, middle - bar / 2, bar, width);
    }
    double lastX = Double.NEGATIVE_INFINITY;
    for (Mark mark : lane.marks()) {
      double x = x(mark.atNanos(), width);
      if (x < GUTTER - 10 || x > width + 10) {
        continue;
      }
      // Numbered marks that fall on each other stand side by side.
      double drawn = mark.number() > 0 ? Math.max(x, lastX + 14) : x;
      mark(g, mark, drawn, middle, height);
      if (mark.number() > 0) {
        lastX = drawn;
      }
      spots.add(new Spot(drawn, middle, mark.tip()));
    }
    g.restore();
  }

  private void band(GraphicsContext g, Band band, double y, double height, double width) {
    double from = Math.max(GUTTER, x(band.fromNanos(), width));
    long end = band.toNanos() == Long.MAX_VALUE ? picture.nowNanos() : band.toNanos();
    double to = Math.min(width, x(end, width));
    if (to <= from) {
      return;
    }
    Color ok = colour(Token.OK);
    switch (band.look()) {
      case SOLID -> {
        g.setFill(ok.deriveColor(0, 1, 1, 0.85));
        g.fillRect(from, y, to - from, height);
      }
      case PALE -> {
        g.setFill(ok.deriveColor(0, 1, 1, 0.3));
        g.fillRect(from, y, to - from, height);
      }
      case ALARM -> {
        g.setFill(colour(Token.BAD).deriveColor(0, 1, 1, 0.75));
        g.fillRect(from, y, to - from, height);
      }
      case HATCHED -> {
        g.setFill(colour(Token.SURFACE));
        g.fillRect(from, y - 2, to - from, height + 4);
        hatch(g, from, y - 2, to - from, height + 4, colour(Token.WARN));
        g.setStroke(colour(Token.WARN));
        g.setLineWidth(1);
        g.strokeRect(from + 0.5, y - 1.5, to - from - 1, height + 3);
      }
    }
    double room = to - from - (band.look() == Look.ALARM ? 28 : 12);
    if (!band.label().isEmpty() && widthOf(band.label(), 11, true) < room) {
      if (band.look() == Look.HATCHED) {
        double textWidth = widthOf(band.label(), 11, true) + 10;
        g.setFill(colour(Token.SURFACE));
        g.fillRect(from + 5, y - 1, textWidth, height + 2);
        text(g, band.label(), from + 10, y + height / 2, 11, true, colour(Token.WARN));
      } else {
        // A mark stands at the beginning of an alarm.
        double indent = band.look() == Look.ALARM ? 22 : 7;
        Token on = band.look() == Look.PALE ? Token.TEXT : Token.SURFACE;
        text(g, band.label(), from + indent, y + height / 2, 10.5, true, colour(on));
      }
    }
  }

  private void mark(GraphicsContext g, Mark mark, double x, double middle, double height) {
    Color colour = colour(mark.token());
    if (mark.cap()) {
      g.setFill(colour);
      g.fillRect(x - 2, middle - height / 2 + 1, 4, height - 2);
    } else if (mark.number() > 0) {
      g.setFill(colour);
      g.fillOval(x - 7.5, middle - 7.5, 15, 15);
      g.setStroke(colour(Token.SURFACE));
      g.setLineWidth(1.2);
      g.strokeOval(x - 7.5, middle - 7.5, 15, 15);
      g.setTextAlign(TextAlignment.CENTER);
      text(g, Integer.toString(mark.number()), x, middle + 0.5, 10, true, colour(Token.SURFACE));
      g.setTextAlign(TextAlignment.LEFT);
    } else {
      g.setFill(colour(Token.SURFACE));
      g.fillOval(x - 4, middle - 4, 8, 8);
      g.setFill(colour);
      g.fillOval(x - 3, middle - 3, 6, 6);
    }
  }

  private void bracket(GraphicsContext g, Bracket bracket, double width) {
    double from = x(bracket.fromNanos(), width);
    double to = x(bracket.toNanos(), width);
    double textWidth = widthOf(bracket.text(), 11, true);
    if (to < GUTTER || from > width) {
      return;
    }
    if (to - from < textWidth + 14) {
      return;
    }
    double y = 16.5;
    g.setStroke(colour(Token.MUTED));
    g.setLineWidth(1);
    g.strokePolyline(
        new double[] {from + 0.5, from + 0.5, to - 0.5, to - 0.5},
        new double[] {y + 6, y, y, y + 6},
        4);
    double left = Math.max(GUTTER, from);
    double right = Math.min(width, to);
    double middle = (left + right) / 2;
    g.setTextAlign(TextAlignment.CENTER);
    text(g, bracket.text(), middle, 8, 11, true, colour(Token.TEXT));
    g.setTextAlign(TextAlignment.LEFT);
  }
}
