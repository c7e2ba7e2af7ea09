package io.vitrine.console.home;

import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** A large button of two texts that wrap, which a button's label cannot. JavaFX thread only. */
final class Tile extends HBox {
  private static final double LEAST_WIDTH = 150;

  /**
   * The tile.
   *
   * @param run what a click, Enter and Space do
   */
  Tile(Feather icon, String title, String detail, Runnable run) {
    getStyleClass().add("tile");
    setAlignment(Pos.TOP_LEFT);
    setPrefWidth(LEAST_WIDTH);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.BUTTON);
    setAccessibleText(title + " " + detail);
    VBox words = new VBox(3, wrapped(title, "strong"), wrapped(detail, "caption"));
    HBox.setHgrow(words, Priority.ALWAYS);
    getChildren().addAll(new FontIcon(icon), words);
    setOnMouseClicked(e -> run.run());
    setOnKeyPressed(
        e -> {
          if (e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE) {
            run.run();
            e.consume();
          }
        });
  }

  private static Label wrapped(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(USE_PREF_SIZE);
    return label;
  }
}
