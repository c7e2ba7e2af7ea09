package io.vitrine.console;

import io.vitrine.console.control.Hatching;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.theme.Theme;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * Stands for a view of which nothing can be known over this connection, and says why. JavaFX thread
 * only.
 */
final class UnknownScreen implements Screen {
  private final StackPane root = new StackPane();

  /**
   * The view.
   *
   * @param id of the node
   * @param reason why nothing can be known
   * @param hint where it could be
   */
  UnknownScreen(String id, Theme theme, String title, String reason, String hint) {
    Label heading = new Label(title);
    heading.getStyleClass().add("title");
    VBox card = new VBox(8, heading, words(reason, "muted"), words(hint, "caption"));
    card.getStyleClass().addAll("card", "unknown");
    card.setAlignment(Pos.CENTER_LEFT);
    card.setMaxSize(560, VBox.USE_PREF_SIZE);
    // By keyboard too somebody arrives here, and hears why there is nothing.
    card.setFocusTraversable(true);
    card.setAccessibleText(title + ". " + reason + " " + hint);
    root.setId(id);
    root.getChildren().addAll(new Hatching(theme), card);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {}

  private static Label words(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(VBox.USE_PREF_SIZE);
    return label;
  }
}
