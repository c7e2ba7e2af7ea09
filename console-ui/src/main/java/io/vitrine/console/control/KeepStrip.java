package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;

/**
 * Records in a row as they are and as they will be: what goes is hatched above and missing below.
 * JavaFX thread only.
 */
public final class KeepStrip extends Drawing {
  private static final double LEFT = 74;
  private static final double BAR = 22;

  /** What becomes of a record. */
  public enum Fate {
    GOES,
    STAYS,
    /** A tombstone that stays for a while. */
    TOMBSTONE
  }

  private final String before;
  private final String after;
  private Fate[] fates = {};

  /** An empty strip; the words name its two rows. */
  public KeepStrip(Theme theme, String accessibleText, String before, String after) {
    super(theme);
    this.before = before;
    this.after = after;
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setAccessibleText(accessibleText);
    setMinHeight(62);
    setPrefHeight(62);
    setMaxHeight(62);
  }

  /** Draws these, in the order of their offsets. */
  public void show(Fate[] next) {
    fates = next.clone();
    redraw();
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    text(g, before, 2, 15, 12, false, colour(Token.MUTED));
    text(g, after, 2, 45, 12, false, colour(Token.MUTED));
    double wide = width - LEFT - 2;
    g.setFill(colour(Token.SUNKEN));
    g.fillRoundRect(LEFT, 4, wide, BAR, 4, 4);
    g.fillRoundRect(LEFT, 34, wide, BAR, 4, 4);
    if (fates.length == 0) {
      return;
    }
    int columns = (int) Math.min(fates.length, Math.floor(wide));
    double each = wide / columns;
    double gap = each > 5 ? 1.5 : 0;
    for (int column = 0; column < columns; column++) {
      int from = (int) ((long) column * fates.length / columns);
      int to = (int) ((long) (column + 1) * fates.length / columns);
      column(g, LEFT + column * each, Math.max(0.8, each - gap), from, Math.max(from + 1, to));
    }
  }

  private void column(GraphicsContext g, double x, double wide, int from, int to) {
    int stays = 0;
    int tombstones = 0;
    for (int i = from; i < to; i++) {
      stays += fates[i] == Fate.STAYS ? 1 : 0;
      tombstones += fates[i] == Fate.TOMBSTONE ? 1 : 0;
    }
    int all = to - from;
    double solid = BAR * stays / all;
    double stone = BAR * tombstones / all;
    for (double top : new double[] {4, 34}) {
      g.setFill(colour(Token.COMMITTED));
      g.fillRect(x, top + BAR - solid, wide, solid);
      g.setFill(colour(Token.WARN));
      g.fillRect(x, top + BAR - solid - stone, wide, stone);
    }
    g.setFill(colour(Token.BAD).deriveColor(0, 1, 1, 0.35));
    g.fillRect(x, 4, wide, BAR - solid - stone);
  }
}
