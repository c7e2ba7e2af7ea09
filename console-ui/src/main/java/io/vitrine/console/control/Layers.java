package io.vitrine.console.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.PauseTransition;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
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
  private static final int MOST_REMEMBERED = 200;

  /**
   * A notice that was given.
   *
   * @param time of day as the window shows it, when it was given first
   * @param wrong whether it told of something that went wrong
   */
  public record Said(String time, String text, boolean wrong) {}

  private final Node content;
  private final StackPane veil = new StackPane();
  private final VBox notices = new VBox(8);
  private final String closeText;
  private final Deque<Node> focusBefore = new ArrayDeque<>();
  private final Deque<Said> said = new ArrayDeque<>();
  private Supplier<String> time = () -> "";
  private Consumer<Said> listener = s -> {};

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

  /**
   * Keeps the time with each notice from now on, and tells of it.
   *
   * @param time of day as the window shows it
   */
  public void onNotice(Supplier<String> time, Consumer<Said> listener) {
    this.time = time;
    this.listener = listener;
  }

  /** The newest notices, the newest first, whether they are still shown or not. */
  public List<Said> said() {
    return List.copyOf(said);
  }

  /**
   * Says something for a while; what went wrong stays until it is closed. Takes no focus. What is
   * said already is not said beside it but counted.
   */
  public void notice(String text, boolean wrong) {
    for (Node shown : notices.getChildren()) {
      if (shown instanceof Notice same && same.says(text, wrong)) {
        same.again();
        return;
      }
    }
    Said now = new Said(time.get(), text, wrong);
    said.addFirst(now);
    if (said.size() > MOST_REMEMBERED) {
      said.removeLast();
    }
    listener.accept(now);
    Notice notice = new Notice(text, wrong);
    notices.getChildren().add(notice);
    if (notices.getChildren().size() > MOST_NOTICES) {
      notices.getChildren().remove(0);
    }
    notice.stay();
  }

  /**
   * Closes the newest notice.
   *
   * @return false when there is none
   */
  public boolean dismissNewest() {
    if (notices.getChildren().isEmpty()) {
      return false;
    }
    notices.getChildren().remove(notices.getChildren().size() - 1);
    return true;
  }

  /** What is said once, and how often it was. */
  private final class Notice extends HBox {
    private final String text;
    private final boolean wrong;
    private final Label count = new Label();
    private final PauseTransition stay = new PauseTransition(NOTICE_STAYS);
    private int times = 1;

    Notice(String text, boolean wrong) {
      this.text = text;
      this.wrong = wrong;
      getStyleClass().addAll("notice", wrong ? "bad" : "ok");
      setAccessibleRole(AccessibleRole.TEXT);
      setAccessibleText(text);
      Label words = new Label(text);
      words.setWrapText(true);
      HBox.setHgrow(words, Priority.ALWAYS);
      count.getStyleClass().addAll("caption", "strong");
      count.setMinWidth(USE_PREF_SIZE);
      count.setVisible(false);
      count.setManaged(false);
      Button close = new Button("×");
      close.setAccessibleText(closeText);
      close.getStyleClass().add("quiet");
      // A click closes it without taking the focus from where somebody types; keys have Escape.
      close.setFocusTraversable(false);
      close.setOnAction(e -> leave());
      getChildren().addAll(words, count, close);
      stay.setOnFinished(e -> leave());
    }

    boolean says(String said, boolean saidWrong) {
      return text.equals(said) && wrong == saidWrong;
    }

    void again() {
      times++;
      count.setText("×" + times);
      count.setVisible(true);
      count.setManaged(true);
      stay();
    }

    void stay() {
      if (!wrong) {
        stay.playFromStart();
      }
    }

    private void leave() {
      notices.getChildren().remove(this);
    }
  }
}
