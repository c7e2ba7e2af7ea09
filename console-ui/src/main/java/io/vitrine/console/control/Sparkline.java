package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.Arrays;
import javafx.scene.canvas.GraphicsContext;

/** A line of the last values, the newest at the right. JavaFX thread only. */
public final class Sparkline extends Drawing {
  private double[] values = {};

  /** An empty line. */
  public Sparkline(Theme theme) {
    super(theme);
    setMinSize(40, 26);
    setPrefSize(90, 26);
    setMaxHeight(26);
  }

  /** Draws these values, none negative, from now on. */
  public void show(double[] next) {
    if (!Arrays.equals(values, next)) {
      values = next.clone();
      redraw();
    }
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    g.setStroke(colour(Token.LINE));
    g.setLineWidth(1);
    g.strokeLine(0, height - 1.5, width, height - 1.5);
    if (values.length < 2) {
      return;
    }
    double most = Math.max(1, Arrays.stream(values).max().orElse(1));
    double[] x = new double[values.length + 2];
    double[] y = new double[values.length + 2];
    for (int i = 0; i < values.length; i++) {
      x[i] = width * i / (values.length - 1);
      y[i] = height - 2 - values[i] / most * (height - 5);
    }
    x[values.length] = width;
    y[values.length] = height - 1;
    x[values.length + 1] = 0;
    y[values.length + 1] = height - 1;
    g.setFill(colour(Token.ACCENT).deriveColor(0, 1, 1, 0.15));
    g.fillPolygon(x, y, x.length);
    g.setStroke(colour(Token.ACCENT));
    g.setLineWidth(1.5);
    g.strokePolyline(x, y, values.length);
  }
}
