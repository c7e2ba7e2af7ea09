package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import javafx.scene.canvas.GraphicsContext;

/** A ground that says: of this nothing can be known. JavaFX thread only. */
public final class Hatching extends Drawing {
  /** Hatched in this theme. */
  public Hatching(Theme theme) {
    super(theme);
    setMouseTransparent(true);
  }

  @Override
  void draw(GraphicsContext g, double width, double height) {
    hatch(g, 0, 0, width, height, colour(Token.LINE));
  }
}
