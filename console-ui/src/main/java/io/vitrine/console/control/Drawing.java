package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

/**
 * A canvas as large as its region, drawn anew in one go when its content or its size changes.
 *
 * <p>JavaFX thread only.
 */
abstract class Drawing extends Region {
  /** Distance of two lines of a hatching, along an edge. */
  private static final double HATCH = 6;

  private final Canvas canvas = new Canvas();
  private final Text measure = new Text();
  private final Theme theme;

  Drawing(Theme theme) {
    this.theme = theme;
    canvas.setManaged(false);
    getChildren().add(canvas);
  }

  @Override
  protected final void layoutChildren() {
    double width = Math.max(0, Math.floor(getWidth()));
    double height = Math.max(0, Math.floor(getHeight()));
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      canvas.setWidth(width);
      canvas.setHeight(height);
      redraw();
    }
  }

  /** Draws what there is to draw now. */
  final void redraw() {
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    if (width <= 0 || height <= 0) {
      return;
    }
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, width, height);
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    g.setLineDashes();
    g.setGlobalAlpha(1);
    draw(g, width, height);
  }

  /** Draws the whole content; the canvas is clear. */
  abstract void draw(GraphicsContext g, double width, double height);

  final Theme theme() {
    return theme;
  }

  final Color colour(Token token) {
    return theme.colour(token);
  }

  /** Writes one line, vertically centred on y. */
  final void text(
      GraphicsContext g,
      String text,
      double x,
      double y,
      double size,
      boolean strong,
      Paint paint) {
    g.setFont(Theme.font(size, strong));
    g.setFill(paint);
    g.fillText(text, x, y);
  }

  /** Width of one line in pixels. */
  final double widthOf(String text, double size, boolean strong) {
    measure.setText(text);
    measure.setFont(Theme.font(size, strong));
    return measure.getLayoutBounds().getWidth();
  }

  /** Diagonal lines over a box: something that cannot be known or relied on. */
  static void hatch(
      GraphicsContext g, double x, double y, double width, double height, Paint paint) {
    g.save();
    g.setStroke(paint);
    g.setLineWidth(1.2);
    // Cut by hand: a clip between pixels makes the renderer mix whole buffers.
    for (double at = x - height; at < x + width; at += HATCH) {
      double from = Math.max(0, x - at);
      double to = Math.min(height, x + width - at);
      g.strokeLine(at + from, y + height - from, at + to, y + height - to);
    }
    g.restore();
  }
}
