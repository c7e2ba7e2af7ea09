package io.vitrine.console.control;

import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.Locale;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/** A short word with a coloured dot: a state, said twice. JavaFX thread only. */
public final class Pill extends Label {
  private final Region dot = new Region();

  /** An empty pill. */
  public Pill() {
    getStyleClass().add("pill");
    setMinWidth(USE_PREF_SIZE);
    setGraphic(dot);
  }

  /**
   * Shows a state.
   *
   * @param token one of OK, WARN, BAD, ACCENT; anything else is grey
   */
  public void show(String text, Token token) {
    setText(text);
    dot.getStyleClass().setAll(List.of("dot", "dot-" + token.name().toLowerCase(Locale.ROOT)));
  }
}
