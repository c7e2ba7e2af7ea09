package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/**
 * Lanes over time, with bands, marks and brackets, and a playhead where a moment of the past is
 * looked at.
 *
 * <p>Follows the present until it is dragged or scrolled; End follows again. A click, the ruler's
 * drag and the arrow keys choose a moment. It asks its content for what lies between its ends while
 * it draws, so that only what is seen is ever made. Times are monotonic nanoseconds. JavaFX thread
 * only.
 */
public final class TimeAxis extends Drawing {
  /** Lanes are this high when there is room, and no higher. */
  private static final double LANE = 30;

  private static final double GUTTER = 118;
  private static final double BRACKETS = 24;
  private static final double LABELS = 20;
  private static final double RIGHT = 18;

  /** Marks closer than that are drawn as one. */
  private static final double TOGETHER = 6;

  /** How far from its line the playhead can be taken. */
  private static final double GRIP = 5;

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long[] STEPS_MS = {
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    1_800_000,
    3_600_000,
    10_800_000,
    21_600_000,
    86_400_000
  };
  private static final long USUAL_SPAN = 60 * SECOND;
  private static final long FIRST_SPAN = 20 * SECOND;
  private static final long LEAST_SPAN = 20 * MILLI;
  private static final long MOST_SPAN = 30L * 86_400 * SECOND;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** How a band looks. */
  public enum Look {
    SOLID,
    PALE,
    HATCHED,
    WAITING,
    ALARM
  }

  /** A stretch of a lane; the end may be {@link Long#MAX_VALUE}. */
  public record Band(long fromNanos, long toNanos, Look look, String label) {}

  /**
   * A moment on a lane.
   *
   * @param cap whether it ends the lane: a thick bar instead of a point
   * @param number shown in the mark, 0 none
   * @param count how many moments it stands for
   * @param tip asked for when the pointer is on it
   * @param chosen what a click does
   */
  public record Mark(
      long atNanos,
      Token token,
      boolean cap,
      int number,
      int count,
      Supplier<String> tip,
      Runnable chosen) {}

  /** One lane. */
  public record Lane(String name, boolean chosen, List<Band> bands, List<Mark> marks) {
    public Lane {
      bands = List.copyOf(bands);
      marks = List.copyOf(marks);
    }
  }

  /** A span above the lanes; its text is left out where there is no room. */
  public record Bracket(long fromNanos, long toNanos, String text, boolean total) {}

  /** What there is to draw. */
  public interface Content {
    /**
     * The lanes from top to bottom, always the same number until {@link TimeAxis#show} is called.
     *
     * @param togetherNanos marks closer than that are drawn as one
     */
    List<Lane> lanes(long fromNanos, long toNanos, long togetherNanos);

    /** The spans above them. */
    List<Bracket> brackets();
  }

  /**
   * Where time stands.
   *
   * @param wallMsAtNow wall-clock time at {@code nowNanos}
   * @param firstNanos the beginning of what is known
   */
  public record Times(long nowNanos, long wallMsAtNow, long firstNanos) {}

  /** How high the time at the playhead's top is. */
  private static final double CHIP = 17;

  private record Spot(double x, double y, Mark mark) {}

  private final ZoneId zone;
  private final Content content;
  private final Tooltip tooltip = new Tooltip();
  private final List<Spot> spots = new ArrayList<>();
  private final Region later = new Region();
  private final Region line = new Region();
  private final Label chip = new Label();
  private Times times = new Times(0, 0, 0);
  private OptionalLong playhead = OptionalLong.empty();
  private int laneCount;
  private long spanNanos = USUAL_SPAN;
  private boolean zoomed;
  private long endNanos;
  private boolean following = true;
  private double pressedX;
  private double draggedFromX;
  private boolean dragged;
  private boolean scrubbing;
  private Consumer<Boolean> onFollowing = f -> {};
  private IntConsumer onLane = i -> {};
  private LongConsumer onMoment = nanos -> {};
  private Runnable onNow = () -> {};

  /**
   * An axis.
   *
   * @param zone for the time of day
   * @param accessibleText what the axis is, for those who cannot see it
   */
  public TimeAxis(Theme theme, ZoneId zone, String accessibleText, Content content) {
    super(theme);
    this.zone = zone;
    this.content = content;
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(BRACKETS + LABELS + 6 * 15);
    later.getStyleClass().add("axis-later");
    line.getStyleClass().add("axis-playhead");
    chip.getStyleClass().add("axis-moment");
    chip.setId("axis-moment");
    for (Region each : List.of(later, line, chip)) {
      each.setManaged(false);
      each.setMouseTransparent(true);
      each.setVisible(false);
    }
    getChildren().addAll(later, line, chip);
    Tooltip.install(this, tooltip);
    addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
    addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
    addEventHandler(MouseEvent.MOUSE_RELEASED, this::release);
    addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
    addEventHandler(ScrollEvent.SCROLL, this::scroll);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  /** How high an axis of so many lanes wants to be. */
  public static double heightOf(int lanes) {
    return BRACKETS + LABELS + Math.max(100, Math.min(9, lanes) * 16.5);
  }

  /** Draws its content as of now. */
  public void show(Times next) {
    times = next;
    if (following) {
      endNanos = next.nowNanos();
      if (!zoomed) {
        spanNanos =
            Math.max(FIRST_SPAN, Math.min(USUAL_SPAN, endNanos - next.firstNanos() + SECOND));
      }
    }
    redraw();
  }

  /**
   * Marks the moment of the past that is looked at: what came after it had not happened yet. Cheap,
   * since the lanes are not drawn anew.
   *
   * @param nanos empty for the present
   */
  public void playhead(OptionalLong nanos) {
    playhead = nanos;
    placePlayhead();
  }

  /** Hears whether the axis follows the present. */
  public void onFollowing(Consumer<Boolean> listener) {
    onFollowing = listener;
  }

  /** Hears the index of a lane whose name is clicked. */
  public void onLane(IntConsumer listener) {
    onLane = listener;
  }

  /** Hears the moment that is chosen; it may be later than now. */
  public void onMoment(LongConsumer listener) {
    onMoment = listener;
  }

  /** Chooses a moment, as a click on it does. */
  public void choose(long nanos) {
    onMoment.accept(nanos);
  }

  /** Hears that the present is wanted. */
  public void onNow(Runnable listener) {
    onNow = listener;
  }

  /** How much time fits on the axis, in nanoseconds. */
  public long spanNanos() {
    return spanNanos;
  }

  /** The moment at the left end. */
  public long fromNanos() {
    return endNanos - spanNanos;
  }

  /** The moment at the right end. */
  public long toNanos() {
    return endNanos;
  }

  /** Lets this much time fit on the axis; the playhead, or else the right end, stays in place. */
  public void span(long nanos) {
    long wanted = Math.max(LEAST_SPAN, Math.min(MOST_SPAN, nanos));
    if (playhead.isPresent()) {
      double share = (endNanos - playhead.getAsLong()) / (double) spanNanos;
      if (share >= 0 && share <= 1) {
        endNanos = playhead.getAsLong() + Math.round(share * wanted);
      }
    }
    zoomed = true;
    spanNanos = wanted;
    redraw();
  }

  /** Shows all there is, from its beginning to now. */
  public void showAll() {
    zoomed = true;
    long all = times.nowNanos() - times.firstNanos();
    spanNanos = Math.max(LEAST_SPAN, Math.min(MOST_SPAN, all + all / 50));
    endNanos = times.nowNanos();
    following(playhead.isEmpty());
    redraw();
  }

  /** Stays where it is, or goes to where this moment can be seen. */
  public void keepInSight(long nanos) {
    following(false);
    if (nanos < fromNanos() || nanos > endNanos) {
      endNanos = nanos + spanNanos / 2;
      redraw();
    }
  }

  /** Keeps the present at the right edge. */
  public void follow() {
    endNanos = times.nowNanos();
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
    pressedX = event.getX();
    draggedFromX = event.getX();
    dragged = false;
    scrubbing = false;
    if (event.getX() < GUTTER) {
      int index = (int) Math.floor((event.getY() - BRACKETS) / laneHeight());
      if (index >= 0 && index < laneCount) {
        onLane.accept(index);
      }
    } else if (onRuler(event) || onPlayhead(event)) {
      scrubbing = true;
      onMoment.accept(momentAt(event.getX()));
    }
  }

  private void drag(MouseEvent event) {
    if (pressedX < GUTTER) {
      return;
    }
    if (scrubbing) {
      onMoment.accept(momentAt(Math.max(GUTTER, event.getX())));
      return;
    }
    if (dragged || Math.abs(event.getX() - pressedX) > 3) {
      dragged = true;
      move(Math.round((draggedFromX - event.getX()) * nanosPerPixel()));
      draggedFromX = event.getX();
      setCursor(Cursor.CLOSED_HAND);
    }
  }

  private void release(MouseEvent event) {
    if (pressedX >= GUTTER && !scrubbing && !dragged) {
      near(event)
          .ifPresentOrElse(
              spot -> spot.mark().chosen().run(), () -> onMoment.accept(momentAt(event.getX())));
    }
    scrubbing = false;
    setCursor(Cursor.DEFAULT);
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
    long little = spanNanos / (event.isShiftDown() ? 10 : 100);
    long here = playhead.orElse(times.nowNanos());
    switch (event.getCode()) {
      case LEFT -> onMoment.accept(here - little);
      case RIGHT -> onMoment.accept(here + little);
      case PAGE_UP -> move(-spanNanos / 2);
      case PAGE_DOWN -> move(spanNanos / 2);
      case PLUS, EQUALS, ADD -> span(spanNanos / 2);
      case MINUS, SUBTRACT -> span(spanNanos * 2);
      case HOME -> onMoment.accept(times.firstNanos());
      case END -> onNow.run();
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void move(long nanos) {
    long end = endNanos + nanos;
    if (end >= times.nowNanos()) {
      follow();
    } else {
      following(false);
      endNanos = end;
      redraw();
    }
  }

  private void hover(MouseEvent event) {
    Optional<Spot> near = near(event);
    boolean movable = event.getX() >= GUTTER && (onRuler(event) || onPlayhead(event));
    setCursor(movable ? Cursor.H_RESIZE : near.isPresent() ? Cursor.HAND : Cursor.DEFAULT);
    tooltip.setText(near.map(spot -> spot.mark().tip().get()).orElse(""));
    tooltip.setOpacity(near.isPresent() ? 1 : 0);
  }

  private Optional<Spot> near(MouseEvent event) {
    return spots.stream()
        .filter(s -> Math.hypot(s.x() - event.getX(), s.y() - event.getY()) < 9)
        .findFirst();
  }

  private boolean onRuler(MouseEvent event) {
    return event.getY() < BRACKETS || event.getY() >= getHeight() - LABELS;
  }

  private boolean onPlayhead(MouseEvent event) {
    return playhead.isPresent()
        && Math.abs(x(playhead.getAsLong(), getWidth()) - event.getX()) < GRIP;
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private double nanosPerPixel() {
    return spanNanos / Math.max(1, getWidth() - GUTTER - RIGHT);
  }

  private double x(long nanos, double width) {
    return width - RIGHT - (endNanos - nanos) / (double) spanNanos * (width - GUTTER - RIGHT);
  }

  private long momentAt(double x) {
    return endNanos - Math.round((getWidth() - RIGHT - x) * nanosPerPixel());
  }

  private double laneHeight() {
    double lanesHeight = getHeight() - BRACKETS - LABELS;
    return Math.max(1, Math.min(LANE, lanesHeight / Math.max(1, laneCount)));
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    spots.clear();
    double pixel = nanosPerPixel();
    List<Lane> lanes =
        content.lanes(
            fromNanos() - Math.round(10 * pixel),
            endNanos + Math.round((RIGHT + 10) * pixel),
            Math.round(TOGETHER * pixel));
    laneCount = lanes.size();
    ruler(g, width, height);
    double laneHeight = laneHeight();
    double y = BRACKETS;
    for (Lane lane : lanes) {
      lane(g, lane, y, laneHeight, width);
      y += laneHeight;
    }
    g.save();
    g.beginPath();
    g.rect(GUTTER, 0, width - GUTTER, height);
    g.clip();
    for (Bracket bracket : content.brackets()) {
      bracket(g, bracket, width);
    }
    g.restore();
    placePlayhead();
  }

  private String clock(long wallMs, boolean exact) {
    return (exact ? EXACT : CLOCK).format(Instant.ofEpochMilli(wallMs).atZone(zone));
  }

  private long wallMsAt(long nanos) {
    return times.wallMsAtNow() - Math.floorDiv(times.nowNanos() - nanos, MILLI);
  }

  private void ruler(GraphicsContext g, double width, double height) {
    double wanted = spanNanos / (double) MILLI / Math.max(1, (width - GUTTER) / 110);
    long step = STEPS_MS[STEPS_MS.length - 1];
    for (long candidate : STEPS_MS) {
      if (candidate >= wanted) {
        step = candidate;
        break;
      }
    }
    long endWallMs = wallMsAt(endNanos);
    long first = Math.floorDiv(endWallMs, step) * step;
    g.setStroke(colour(Token.LINE));
    g.setLineWidth(1);
    for (long wall = first; ; wall -= step) {
      double x = Math.round(x(endNanos - (endWallMs - wall) * MILLI, width)) + 0.5;
      if (x < GUTTER) {
        break;
      }
      g.strokeLine(x, BRACKETS - 2, x, height - LABELS + 3);
      g.setTextAlign(TextAlignment.CENTER);
      if (x < width - 30 && times.wallMsAtNow() > 0) {
        text(g, clock(wall, step < 1_000), x, height - LABELS / 2, 11, false, colour(Token.MUTED));
      }
      g.setTextAlign(TextAlignment.LEFT);
    }
  }

  private void placePlayhead() {
    double width = getWidth();
    double x = playhead.isPresent() ? Math.round(x(playhead.getAsLong(), width)) : width;
    boolean inSight = playhead.isPresent() && x >= GUTTER && x <= width;
    later.setVisible(playhead.isPresent() && x < width);
    line.setVisible(inSight);
    chip.setVisible(inSight);
    if (later.isVisible()) {
      double left = Math.max(GUTTER, x);
      later.resizeRelocate(left, 0, width - left, BRACKETS + laneCount * laneHeight());
    }
    if (inSight) {
      line.resizeRelocate(x - 1, CHIP, 2, getHeight() - LABELS - CHIP + 4);
      chip.setText(clock(wallMsAt(playhead.getAsLong()), true));
      chip.applyCss();
      double chipWidth = Math.ceil(chip.prefWidth(-1));
      double left = Math.max(GUTTER, Math.min(width - chipWidth - 2, x - chipWidth / 2));
      chip.resizeRelocate(Math.round(left), 1, chipWidth, CHIP);
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
    double drawnTo = Double.NEGATIVE_INFINITY;
    for (Band band : lane.bands()) {
      double to = x(Math.min(band.toNanos(), times.nowNanos()), width);
      // Many that share a pixel are one to the eye.
      if (to - drawnTo >= 0.5) {
        band(g, band, lane.marks(), middle - bar / 2, bar, width);
        drawnTo = to;
      }
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
      spots.add(new Spot(drawn, middle, mark));
    }
    g.restore();
  }

  private void band(
      GraphicsContext g, Band band, List<Mark> marks, double y, double height, double width) {
    double from = Math.max(GUTTER, x(band.fromNanos(), width));
    long end = band.toNanos() == Long.MAX_VALUE ? times.nowNanos() : band.toNanos();
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
      case WAITING -> {
        g.setFill(colour(Token.WARN).deriveColor(0, 1, 1, 0.3));
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
    // A mark stands at the beginning of an alarm.
    double indent = band.look() == Look.ALARM ? 22 : 7;
    double room = to - from - indent - 6;
    if (band.label().isEmpty() || room < 20) {
      return;
    }
    double textWidth = widthOf(band.label(), 11, true);
    double textEnd = from + indent + textWidth;
    boolean covered =
        marks.stream()
            .mapToDouble(mark -> x(mark.atNanos(), width))
            .anyMatch(x -> x > from + indent && x < textEnd);
    if (textWidth > room || covered) {
      return;
    }
    if (band.look() == Look.HATCHED) {
      g.setFill(colour(Token.SURFACE));
      g.fillRect(from + 5, y - 1, textWidth + 10, height + 2);
      text(g, band.label(), from + 10, y + height / 2, 11, true, colour(Token.WARN));
    } else {
      boolean pale = band.look() == Look.PALE || band.look() == Look.WAITING;
      Token on = pale ? Token.TEXT : Token.SURFACE;
      text(g, band.label(), from + indent, y + height / 2, 10.5, true, colour(on));
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
    } else if (mark.count() > 1) {
      double tall = Math.min(height - 2, 7 + 2.5 * Math.log(mark.count()));
      // Whole pixels and right angles: there may be thousands of these.
      double left = Math.round(x) - 2;
      double top = Math.round(middle - tall / 2);
      g.setFill(colour(Token.SURFACE));
      g.fillRect(left - 1, top - 1, 6, Math.round(tall) + 2);
      g.setFill(colour);
      g.fillRect(left, top, 4, Math.round(tall));
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
