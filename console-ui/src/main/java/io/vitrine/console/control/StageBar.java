package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.Arrays;
import javafx.scene.canvas.GraphicsContext;

/**
 * The parts of one time, side by side to scale, as wide as the whole. What each part is stands
 * beside it in numbers. JavaFX thread only.
 */
public final class StageBar extends Drawing {
  /** The colours of the parts, in their order; the first as many as there are parts are used. */
  public static final Token[] TOKENS = {
    Token.EPOCH_D, Token.EPOCH_A, Token.EPOCH_C, Token.IDLE, Token.EPOCH_B
  };

  private double[] parts = {};

  /** An empty bar. */
  public StageBar(Theme theme) {
    super(theme);
    setMinSize(60, 14);
    setPrefSize(140, 14);
    setMaxHeight(14);
  }

  /** Draws these parts, none negative, from left to right. */
  public void show(double... next) {
    if (!Arrays.equals(parts, next)) {
      parts = next.clone();
      redraw();
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    g.setFill(colour(Token.SUNKEN));
    g.fillRoundRect(0, 0, width, height, 5, 5);
    double all = Arrays.stream(parts).sum();
    if (all <= 0) {
      return;
    }
    double x = 0;
    for (int i = 0; i < parts.length; i++) {
      double wide = width * parts[i] / all;
      g.setFill(colour(TOKENS[i % TOKENS.length]));
      g.fillRect(x, 1, Math.max(0, wide - 1), height - 2);
      x += wide;
    }
  }
}
