package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.MouseEvent;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/**
 * Logs side by side on one ruler of offsets.
 *
 * <p>Each lane is filled to its own high watermark and hatched from there to its log end. To the
 * left who it is, to the right what it last asked for and how much of its time limit it has used.
 * JavaFX thread only.
 */
public final class LaneChart extends Drawing {
  private static final double LEFT = 172;
  private static final double RIGHT = 208;
  private static final double TOP = 34;
  private static final double MOST_LANE = 150;

  /**
   * One replica.
   *
   * @param offsets log start, high watermark and log end; -1 unknown
   * @param notice two lines to the right, may be empty
   * @param limitUsed share of the time limit that has run, negative when there is no clock
   * @param asks whether it fetches from the leader now: an arrow goes there
   * @param tokens things that wait here, drawn one by one
   */
  public record Lane(
      String name,
      String role,
      Token roleToken,
      Offsets offsets,
      boolean leads,
      boolean inSync,
      boolean reachable,
      boolean chosen,
      Notice notice,
      double limitUsed,
      boolean asks,
      int tokens) {}

  /** Where a log starts, what is safe and where it ends. */
  public record Offsets(long logStart, long highWatermark, long logEnd) {}

  /** What is said to the right of a lane. */
  public record Notice(String first, String second, String third) {}

  /** A stretch of the log written under one leader epoch. */
  public record Epoch(int epoch, long startOffset, long endOffset) {}

  /** Words on the chart. */
  public record Words(
      String logEnd, String highWatermark, String inSync, String epoch, String unknown) {}

  private final Words words;
  private OffsetWindow window = new OffsetWindow(0, 40, 0);
  private List<Lane> lanes = List.of();
  private List<Epoch> epochs = List.of();
  private IntConsumer onLane = i -> {};

  /** An empty chart. */
  public LaneChart(Theme theme, Words words, String accessibleText) {
    super(theme);
    this.words = words;
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(220);
    addEventHandler(MouseEvent.MOUSE_CLICKED, this::click);
  }

  /** Draws these lanes from now on; lanes in sync come first. */
  public void show(OffsetWindow nextWindow, List<Lane> nextLanes, List<Epoch> nextEpochs) {
    window = nextWindow;
    lanes = List.copyOf(nextLanes);
    epochs = List.copyOf(nextEpochs);
    redraw();
  }

  /** Hears the index of a lane that is clicked. */
  public void onLane(IntConsumer listener) {
    onLane = listener;
  }

  private double pitch(double height) {
    return Math.min(MOST_LANE, (height - TOP - 30) / Math.max(1, lanes.size()));
  }

  private void click(MouseEvent event) {
    int index = (int) Math.floor((event.getY() - TOP) / pitch(getHeight()));
    if (index >= 0 && index < lanes.size()) {
      onLane.accept(index);
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    double x0 = LEFT;
    double x1 = width - RIGHT;
    if (x1 - x0 < 60) {
      return;
    }
    double pitch = pitch(height);
    ruler(g, x0, x1, pitch * lanes.size());
    double y = TOP;
    for (Lane lane : lanes) {
      lane(g, lane, x0, x1, y, pitch, width);
      y += pitch;
    }
    bracket(g, x0, pitch);
    arrows(g, x1 + 8, pitch);
    epochs(g, x0, x1, y + 6);
  }

  private void ruler(GraphicsContext g, double x0, double x1, double lanesHeight) {
    long step = Math.max(1, window.width() / 8);
    long first = (window.low() + step - 1) / step * step;
    g.setTextAlign(TextAlignment.CENTER);
    for (long offset = first; offset <= window.high(); offset += step) {
      double x = Math.round(x0 + (x1 - x0) * window.at(offset)) + 0.5;
      g.setStroke(colour(Token.LINE));
      g.setLineWidth(1);
      g.strokeLine(x, TOP - 10, x, TOP + lanesHeight);
      text(g, String.format("%,d", offset), x, TOP - 20, 11, false, colour(Token.MUTED));
    }
    g.setTextAlign(TextAlignment.LEFT);
  }

  private void lane(
      GraphicsContext g, Lane lane, double x0, double x1, double y, double pitch, double width) {
    double bar = Math.min(34, pitch * 0.37);
    double top = y + (pitch - bar) / 2;
    if (lane.chosen()) {
      g.setFill(colour(Token.ACCENT).deriveColor(0, 1, 1, 0.09));
      g.fillRoundRect(4, y + 3, width - 8, pitch - 6, 10, 10);
    }
    text(g, lane.name(), 18, top + bar / 2 - 9, 14, true, colour(Token.TEXT));
    text(g, lane.role(), 18, top + bar / 2 + 10, 12, true, colour(lane.roleToken()));
    g.setFill(colour(Token.SUNKEN));
    g.fillRect(x0, top, x1 - x0, bar);
    if (lane.offsets().logEnd() < 0) {
      hatch(g, x0, top, x1 - x0, bar, colour(Token.IDLE));
      g.setFill(colour(Token.SURFACE));
      double textWidth = widthOf(words.unknown(), 12, true) + 16;
      g.fillRect((x0 + x1 - textWidth) / 2, top, textWidth, bar);
      g.setTextAlign(TextAlignment.CENTER);
      text(g, words.unknown(), (x0 + x1) / 2, top + bar / 2, 12, true, colour(Token.MUTED));
      g.setTextAlign(TextAlignment.LEFT);
    } else {
      log(g, lane, x0, x1, top, bar);
    }
    notice(g, lane, x1 + 26, top + bar / 2, width - x1 - 38);
  }

  private void log(GraphicsContext g, Lane lane, double x0, double x1, double top, double bar) {
    Offsets offsets = lane.offsets();
    double scale = x1 - x0;
    double start = x0 + scale * window.at(Math.max(0, offsets.logStart()));
    double hw = x0 + scale * window.at(Math.max(0, offsets.highWatermark()));
    double end = x0 + scale * window.at(offsets.logEnd());
    double alpha = lane.reachable() ? 1 : 0.45;
    g.setGlobalAlpha(alpha);
    g.setFill(colour(Token.COMMITTED));
    g.fillRect(start, top, Math.max(0, hw - start), bar);
    if (end > hw) {
      g.setFill(colour(Token.UNCOMMITTED));
      g.fillRect(hw, top, end - hw, bar);
      hatch(g, hw, top, end - hw, bar, colour(Token.COMMITTED));
    }
    double perOffset = scale / window.width();
    if (perOffset >= 6) {
      g.setStroke(colour(Token.SURFACE).deriveColor(0, 1, 1, 0.5));
      g.setLineWidth(1);
      long last = Math.min(offsets.logEnd(), window.high());
      for (long offset = Math.max(window.low(), offsets.logStart()) + 1; offset < last; offset++) {
        double x = Math.round(x0 + scale * window.at(offset)) + 0.5;
        g.strokeLine(x, top, x, top + bar);
      }
    }
    g.setGlobalAlpha(1);
    if (window.low() > Math.max(0, offsets.logStart()) && offsets.logEnd() > window.low()) {
      tear(g, x0, top, bar);
    }
    Color strong = colour(Token.TEXT);
    g.setFill(strong);
    g.fillRect(end - 1.5, top - 5, 3, bar + 10);
    String endText = words.logEnd() + " " + String.format("%,d", offsets.logEnd());
    label(g, endText, end, top - 12, strong, x0, x1 + 70);
    if (offsets.highWatermark() >= 0) {
      Color mark = colour(lane.reachable() ? Token.OK : Token.IDLE);
      g.setStroke(mark);
      g.setLineWidth(2);
      g.strokeLine(hw, top - 2, hw, top + bar + 4);
      g.setFill(mark);
      g.fillPolygon(
          new double[] {hw - 5, hw + 5, hw},
          new double[] {top + bar + 9, top + bar + 9, top + bar + 2},
          3);
      String hwText = words.highWatermark() + " " + String.format("%,d", offsets.highWatermark());
      label(g, hwText, hw, top + bar + 16, mark, x0, x1 + 70);
    }
    tokens(g, lane, end + 10, top + bar / 2, x1);
  }

  /** The log goes on to the left of the window. */
  private void tear(GraphicsContext g, double x0, double top, double bar) {
    g.setFill(colour(Token.SURFACE));
    double[] x = {x0 + 6, x0 + 11, x0 + 6, x0 + 11, x0 + 7, x0 + 2, x0 + 7, x0 + 2};
    double[] y = {
      top - 1,
      top + bar / 3,
      top + bar * 2 / 3,
      top + bar + 1,
      top + bar + 1,
      top + bar * 2 / 3,
      top + bar / 3,
      top - 1
    };
    g.fillPolygon(x, y, x.length);
  }

  private void label(
      GraphicsContext g, String text, double x, double y, Color colour, double least, double most) {
    double half = widthOf(text, 11.5, true) / 2;
    double middle = Math.max(least + half, Math.min(most - half, x));
    g.setTextAlign(TextAlignment.CENTER);
    text(g, text, middle, y, 11.5, true, colour);
    g.setTextAlign(TextAlignment.LEFT);
  }

  private void tokens(GraphicsContext g, Lane lane, double x, double middle, double x1) {
    if (lane.tokens() == 0) {
      return;
    }
    int drawn = (int) Math.max(0, Math.min(Math.min(8, lane.tokens()), (x1 - x - 4) / 13));
    for (int i = 0; i < drawn; i++) {
      g.setFill(colour(Token.WARN));
      g.fillOval(x + i * 13, middle - 5, 10, 10);
    }
  }

  private void notice(GraphicsContext g, Lane lane, double x, double middle, double room) {
    Notice notice = lane.notice();
    double y = middle - 18;
    for (String line : new String[] {notice.first(), notice.second(), notice.third()}) {
      if (!line.isEmpty()) {
        text(g, fit(line, room), x, y, 12, false, colour(Token.MUTED));
        y += 17;
      }
    }
    if (lane.limitUsed() >= 0) {
      double used = Math.min(1, lane.limitUsed());
      g.setFill(colour(Token.SUNKEN));
      g.fillRoundRect(x, y - 3, room, 5, 5, 5);
      g.setFill(colour(used < 0.5 ? Token.OK : used < 1 ? Token.WARN : Token.BAD));
      g.fillRoundRect(x, y - 3, Math.max(3, room * used), 5, 5, 5);
    }
  }

  private String fit(String line, double room) {
    String shown = line;
    while (shown.length() > 2 && widthOf(shown, 12, false) > room) {
      shown = shown.substring(0, shown.length() - 2) + "…";
    }
    return shown;
  }

  private void bracket(GraphicsContext g, double x0, double pitch) {
    long members = lanes.stream().takeWhile(Lane::inSync).count();
    if (members == 0) {
      return;
    }
    double top = TOP + pitch * 0.18;
    double bottom = TOP + pitch * members - pitch * 0.18;
    double x = x0 - 14;
    g.setStroke(colour(Token.OK));
    g.setLineWidth(2);
    g.strokePolyline(new double[] {x + 6, x, x, x + 6}, new double[] {top, top, bottom, bottom}, 4);
    g.save();
    g.translate(x - 9, (top + bottom) / 2);
    g.rotate(-90);
    g.setTextAlign(TextAlignment.CENTER);
    text(g, words.inSync(), 0, 0, 11.5, true, colour(Token.OK));
    g.restore();
    g.setTextAlign(TextAlignment.LEFT);
  }

  /** From each follower that fetches to the leader it fetches from. */
  private void arrows(GraphicsContext g, double x, double pitch) {
    int leader = 0;
    while (leader < lanes.size() && !lanes.get(leader).leads()) {
      leader++;
    }
    if (leader == lanes.size()) {
      return;
    }
    double to = TOP + pitch * (leader + 0.5);
    double at = x;
    g.setLineWidth(1.5);
    for (int i = 0; i < lanes.size(); i++) {
      if (i != leader && lanes.get(i).asks()) {
        double from = TOP + pitch * (i + 0.5);
        Color colour = colour(Token.ACCENT);
        g.setStroke(colour);
        g.strokePolyline(new double[] {x - 5, at, at, x - 4}, new double[] {from, from, to, to}, 4);
        g.setFill(colour);
        g.fillPolygon(new double[] {x - 7, x - 1, x - 1}, new double[] {to, to - 4, to + 4}, 3);
        at += 6;
      }
    }
  }

  private void epochs(GraphicsContext g, double x0, double x1, double y) {
    for (Epoch epoch : epochs) {
      double from = x0 + (x1 - x0) * window.at(epoch.startOffset());
      double to = x0 + (x1 - x0) * window.at(epoch.endOffset());
      if (to - from < 1) {
        continue;
      }
      g.setFill(theme().epoch(epoch.epoch()));
      g.fillRect(from, y, to - from - 1, 14);
      String label = words.epoch() + " " + epoch.epoch();
      if (widthOf(label, 10.5, true) + 6 < to - from) {
        text(g, label, from + 5, y + 7, 10.5, true, colour(Token.SURFACE));
      }
    }
  }
}
