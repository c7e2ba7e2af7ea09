package io.vitrine.console.control;

import java.util.ArrayDeque;
import java.util.Deque;
import javafx.animation.PauseTransition;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/**
 * What lies over a window's content: sheets that ask something, one at a time on a veil, and
 * notices that pass.
 *
 * <p>While a sheet is open the content below takes no input; Escape closes the sheet and the focus
 * goes back to where it was. JavaFX thread only.
 */
public final class Layers extends StackPane {
  private static final Duration NOTICE_STAYS = Duration.seconds(8);
  private static final int MOST_NOTICES = 4;

  private final Node content;
  private final StackPane veil = new StackPane();
  private final VBox notices = new VBox(8);
  private final String closeText;
  private final Deque<Node> focusBefore = new ArrayDeque<>();

  /**
   * Layers over this content.
   *
   * @param closeText what the button that closes a notice is called
   */
  public Layers(Node content, String closeText) {
    this.content = content;
    this.closeText = closeText;
    veil.getStyleClass().add("veil");
    veil.setVisible(false);
    veil.setOnMouseClicked(
        e -> {
          if (e.getTarget() == veil) {
            close();
          }
        });
    veil.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (e.getCode() == KeyCode.ESCAPE) {
            close();
          }
          // Nothing reaches the shortcuts of the window below.
          e.consume();
        });
    notices.setPickOnBounds(false);
    notices.setFillWidth(false);
    notices.setAlignment(Pos.BOTTOM_RIGHT);
    notices.setPadding(new Insets(0, 18, 18, 0));
    getChildren().addAll(content, veil, notices);
  }

  /** Puts a sheet on the veil and the focus into it; an open one is replaced. */
  public void open(Region sheet, Pos position, Node focus) {
    if (!veil.isVisible() && getScene() != null && getScene().getFocusOwner() != null) {
      focusBefore.push(getScene().getFocusOwner());
    }
    sheet.setMaxHeight(position == Pos.TOP_CENTER ? sheet.getMaxHeight() : USE_PREF_SIZE);
    veil.getChildren().setAll(sheet);
    StackPane.setAlignment(sheet, position);
    StackPane.setMargin(sheet, new Insets(position == Pos.TOP_CENTER ? 70 : 20, 20, 20, 20));
    veil.setVisible(true);
    content.setDisable(true);
    focus.requestFocus();
  }

  /** Closes the open sheet. */
  public void close() {
    veil.setVisible(false);
    veil.getChildren().clear();
    content.setDisable(false);
    if (!focusBefore.isEmpty()) {
      focusBefore.pop().requestFocus();
    }
  }

  /** Whether a sheet is open. */
  public boolean isOpen() {
    return veil.isVisible();
  }

  /** Says something for a while; what went wrong stays until it is closed. */
  public void notice(String text, boolean wrong) {
    Label label = new Label(text);
    label.setWrapText(true);
    HBox.setHgrow(label, Priority.ALWAYS);
    Button close = new Button("×");
    close.setAccessibleText(closeText);
    close.getStyleClass().add("quiet");
    HBox notice = new HBox(label, close);
    notice.getStyleClass().addAll("notice", wrong ? "bad" : "ok");
    close.setOnAction(e -> notices.getChildren().remove(notice));
    notices.getChildren().add(notice);
    if (notices.getChildren().size() > MOST_NOTICES) {
      notices.getChildren().remove(0);
    }
    if (!wrong) {
      PauseTransition stay = new PauseTransition(NOTICE_STAYS);
      stay.setOnFinished(e -> notices.getChildren().remove(notice));
      stay.play();
    }
  }
}
