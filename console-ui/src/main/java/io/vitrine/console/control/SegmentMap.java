package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;

/**
 * The files of one log as blocks as wide as they are large, oldest first, with the line to the left
 * of which retention takes them. A click or the arrow keys choose one. JavaFX thread only.
 */
public final class SegmentMap extends Drawing {
  private static final double TOP = 18;
  private static final double LEAST = 4;

  /** What a file is. */
  public enum State {
    SEALED,
    ACTIVE,
    /** Renamed and waiting to be unlinked, or left over. */
    LEAVING
  }

  /**
   * One file.
   *
   * @param first the upper line in the block
   * @param second the lower line
   * @param damaged whether its bytes were found to be wrong
   */
  public record Block(String first, String second, long sizeBytes, State state, boolean damaged) {}

  private final IntConsumer chosen;
  private List<Block> blocks = List.of();
  private int choice = -1;
  private int cut;
  private String cutText = "";

  /**
   * An empty map.
   *
   * @param chosen hears which block the operator chooses
   */
  public SegmentMap(Theme theme, String accessibleText, IntConsumer chosen) {
    super(theme);
    this.chosen = chosen;
    setAccessibleRole(AccessibleRole.LIST_VIEW);
    setAccessibleText(accessibleText);
    setFocusTraversable(true);
    setMinHeight(74);
    setPrefHeight(74);
    setMaxHeight(74);
    addEventHandler(
        MouseEvent.MOUSE_PRESSED,
        e -> {
          requestFocus();
          int index = at(e.getX());
          if (index >= 0) {
            chosen.accept(index);
          }
        });
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    focusedProperty().addListener((o, before, now) -> redraw());
  }

  /**
   * Draws these, oldest first.
   *
   * @param chosenIndex -1 none
   */
  public void show(List<Block> next, int chosenIndex) {
    if (!blocks.equals(next) || choice != chosenIndex) {
      blocks = List.copyOf(next);
      choice = chosenIndex;
      redraw();
    }
  }

  /**
   * Draws the cut line.
   *
   * @param before how many of the oldest blocks lie to the left of it
   * @param text at the line, empty for no line
   */
  public void cut(int before, String text) {
    if (cut != before || !cutText.equals(text)) {
      cut = before;
      cutText = text;
      redraw();
    }
  }

  private void key(KeyEvent event) {
    int next =
        event.getCode() == KeyCode.LEFT
            ? choice - 1
            : event.getCode() == KeyCode.RIGHT
                ? choice + 1
                : event.getCode() == KeyCode.HOME
                    ? 0
                    : event.getCode() == KeyCode.END ? blocks.size() - 1 : -1;
    if (event.isAltDown() || event.isShortcutDown()) {
      return;
    }
    if (next >= 0 && next < blocks.size()) {
      chosen.accept(next);
      event.consume();
    }
  }

  private double[] edges(double width) {
    long all = Math.max(1, blocks.stream().mapToLong(Block::sizeBytes).sum());
    // Small files keep a width one can hit as long as there is room for it.
    double least = Math.min(LEAST, width / Math.max(1, blocks.size()));
    double scale = Math.max(0, width - least * blocks.size()) / all;
    double[] edges = new double[blocks.size() + 1];
    for (int i = 0; i < blocks.size(); i++) {
      edges[i + 1] = edges[i] + least + blocks.get(i).sizeBytes() * scale;
    }
    return edges;
  }

  private int at(double x) {
    double[] edges = edges(getWidth());
    for (int i = 0; i < blocks.size(); i++) {
      if (x >= edges[i] && x < edges[i + 1]) {
        return i;
      }
    }
    return -1;
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    double[] edges = edges(width);
    double tall = height - TOP - 2;
    for (int i = 0; i < blocks.size(); i++) {
      block(g, blocks.get(i), i, edges[i], Math.max(1.5, edges[i + 1] - edges[i] - 2), tall);
    }
    if (!cutText.isEmpty() && cut >= 0 && cut < edges.length) {
      double x = Math.max(1, Math.min(width - 1, edges[cut] - 1));
      g.setStroke(colour(Token.BAD));
      g.setLineWidth(2);
      g.strokeLine(x, 2, x, height);
      double wide = widthOf(cutText, 11.5, true);
      double left = x + 6 + wide > width ? x - 6 - wide : x + 6;
      text(g, cutText, Math.max(2, left), 8, 11.5, true, colour(Token.BAD));
    }
  }

  private void block(
      GraphicsContext g, Block block, int index, double x, double wide, double tall) {
    boolean doomed = !cutText.isEmpty() && index < cut;
    g.setFill(
        block.state() == State.LEAVING
            ? colour(Token.BACKGROUND)
            : block.state() == State.ACTIVE
                ? colour(Token.COMMITTED).deriveColor(0, 1, 1, 0.42)
                : colour(Token.COMMITTED).deriveColor(0, 1, 1, 0.22));
    g.fillRoundRect(x, TOP, wide, tall, 6, 6);
    if (block.state() == State.LEAVING) {
      hatch(g, x, TOP, wide, tall, colour(Token.LINE));
    } else if (doomed) {
      hatch(g, x, TOP, wide, tall, colour(Token.BAD).deriveColor(0, 1, 1, 0.55));
    }
    boolean chosenOne = index == choice;
    g.setStroke(
        colour(
            block.damaged()
                ? Token.BAD
                : chosenOne
                    ? Token.ACCENT
                    : block.state() == State.ACTIVE ? Token.COMMITTED : Token.LINE));
    g.setLineWidth(chosenOne || block.damaged() ? 2.5 : 1);
    g.strokeRoundRect(x + 1, TOP + 1, Math.max(1, wide - 2), tall - 2, 6, 6);
    if (chosenOne && isFocused()) {
      g.setStroke(colour(Token.TEXT));
      g.setLineWidth(1);
      g.strokeRoundRect(x + 4, TOP + 4, Math.max(1, wide - 8), tall - 8, 4, 4);
    }
    if (widthOf(block.first(), 12, true) + 16 < wide) {
      text(g, block.first(), x + 9, TOP + tall / 2 - 9, 12, true, colour(Token.TEXT));
    }
    if (widthOf(block.second(), 11.5, false) + 16 < wide) {
      text(g, block.second(), x + 9, TOP + tall / 2 + 9, 11.5, false, colour(Token.MUTED));
    }
  }
}
