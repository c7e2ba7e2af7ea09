package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;

/**
 * One moment of finding a record: the segments, the stretch of the index that is still searched,
 * and the place in the log. JavaFX thread only.
 */
public final class LookupMap extends Drawing {
  private static final double LEFT = 118;
  private static final double LANE = 34;
  private static final double BAR = 20;

  /**
   * A moment.
   *
   * @param sizes of the segments in bytes, oldest first
   * @param segment the one that is looked into, -1 none
   * @param entries of the index that is searched, 0 none
   * @param low first entry that is still searched
   * @param high last entry that is still searched
   * @param middle the entry that is looked at, -1 none
   * @param position in the segment, -1 none
   * @param found whether the record was found there
   */
  public record Moment(
      List<Long> sizes,
      int segment,
      String index,
      int entries,
      int low,
      int high,
      int middle,
      long position,
      boolean found) {
    public Moment {
      sizes = List.copyOf(sizes);
    }
  }

  private final String segments;
  private final String log;
  private Moment moment;

  /**
   * An empty map.
   *
   * @param segments what the lane of segments is called
   * @param log what the lane of the log's bytes is called
   */
  public LookupMap(Theme theme, String accessibleText, String segments, String log) {
    super(theme);
    this.segments = segments;
    this.log = log;
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(3 * LANE + 6);
    setPrefHeight(3 * LANE + 6);
    setMaxHeight(3 * LANE + 6);
  }

  /** Draws this moment; null for nothing. */
  public void show(Moment next) {
    moment = next;
    redraw();
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    if (moment == null) {
      return;
    }
    double wide = width - LEFT - 8;
    segments(g, wide);
    index(g, wide);
    log(g, wide);
  }

  private void lane(GraphicsContext g, int lane, String name, double wide) {
    double y = lane * LANE + 7;
    text(g, name, 2, y + BAR / 2, 12, false, colour(Token.MUTED));
    g.setFill(colour(Token.SUNKEN));
    g.fillRoundRect(LEFT, y, wide, BAR, 5, 5);
  }

  private void segments(GraphicsContext g, double wide) {
    lane(g, 0, segments, wide);
    long all = Math.max(1, moment.sizes().stream().mapToLong(Long::longValue).sum());
    double x = LEFT;
    for (int i = 0; i < moment.sizes().size(); i++) {
      double each = moment.sizes().get(i) * wide / all;
      boolean here = i == moment.segment();
      g.setFill(colour(here ? Token.ACCENT : Token.COMMITTED).deriveColor(0, 1, 1, here ? 1 : 0.3));
      g.fillRoundRect(x, 7, Math.max(1.5, each - 2), BAR, 4, 4);
      x += each;
    }
  }

  private void index(GraphicsContext g, double wide) {
    lane(g, 1, moment.index(), wide);
    if (moment.entries() <= 0) {
      return;
    }
    double y = LANE + 7;
    double each = wide / moment.entries();
    double from = LEFT + moment.low() * each;
    double to = LEFT + (moment.high() + 1) * each;
    g.setFill(colour(Token.COMMITTED).deriveColor(0, 1, 1, 0.4));
    g.fillRoundRect(from, y, Math.max(2, to - from), BAR, 4, 4);
    if (moment.middle() >= 0) {
      double x = LEFT + (moment.middle() + 0.5) * each;
      mark(g, x, y, colour(Token.ACCENT));
      label(g, Integer.toString(moment.middle()), x, y, wide);
    }
  }

  private void log(GraphicsContext g, double wide) {
    lane(g, 2, log, wide);
    if (moment.segment() < 0 || moment.position() < 0) {
      return;
    }
    double y = 2 * LANE + 7;
    long size = Math.max(1, moment.sizes().get(moment.segment()));
    double x = LEFT + Math.min(1, moment.position() / (double) size) * wide;
    mark(g, x, y, colour(moment.found() ? Token.OK : Token.ACCENT));
    label(g, Long.toString(moment.position()), x, y, wide);
  }

  private void mark(GraphicsContext g, double x, double y, Color paint) {
    g.setFill(paint);
    g.fillRoundRect(x - 1.5, y - 3, 4, BAR + 6, 3, 3);
  }

  private void label(GraphicsContext g, String words, double x, double y, double wide) {
    double length = widthOf(words, 11.5, true);
    double at = x + 8 + length > LEFT + wide ? x - 8 - length : x + 8;
    text(g, words, at, y + BAR / 2, 11.5, true, colour(Token.TEXT));
  }
}
