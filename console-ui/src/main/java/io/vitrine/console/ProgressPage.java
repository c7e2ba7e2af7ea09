package io.vitrine.console;

import io.vitrine.console.text.Messages;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** What is shown while there is no cluster to look at. JavaFX thread only. */
final class ProgressPage extends VBox {
  private final Messages texts;
  private final ProgressBar bar = new ProgressBar();
  private final Label detail = new Label();

  private ProgressPage(Messages texts, String title, String id) {
    this.texts = texts;
    setId(id);
    getStyleClass().add("empty");
    setAlignment(Pos.CENTER);
    Label wordmark = new Label("Vitrine");
    wordmark.getStyleClass().add("title");
    Label heading = new Label(title);
    heading.getStyleClass().add("heading");
    detail.setWrapText(true);
    detail.setMaxWidth(560);
    detail.getStyleClass().add("muted");
    bar.setPrefWidth(320);
    getChildren().addAll(wordmark, heading, bar, detail);
  }

  static ProgressPage starting(Messages texts) {
    ProgressPage page = new ProgressPage(texts, texts.get("starting"), "starting");
    page.detail.setText(texts.get("starting-detail"));
    return page;
  }

  static ProgressPage closing(Messages texts) {
    ProgressPage page = new ProgressPage(texts, texts.get("closing"), "closing");
    page.detail.setText(texts.get("closing-detail"));
    return page;
  }

  /** Says why there is no cluster, and lets the operator try again or leave. */
  static ProgressPage failed(Messages texts, String reason, Runnable again, Runnable leave) {
    ProgressPage page = new ProgressPage(texts, texts.get("failed"), "failed");
    page.getChildren().remove(page.bar);
    page.detail.setText(reason);
    Button retry = new Button(texts.get("retry"));
    retry.getStyleClass().add("primary");
    retry.setDefaultButton(true);
    retry.setOnAction(e -> again.run());
    Button quit = new Button(texts.get("quit"));
    quit.setOnAction(e -> leave.run());
    HBox buttons = new HBox(8, retry, quit);
    buttons.setAlignment(Pos.CENTER);
    page.getChildren().add(buttons);
    return page;
  }

  /** How far closing is. */
  void progress(long stopped, int all) {
    bar.setProgress(all == 0 ? -1 : (stopped + 0.5) / (all + 1.0));
    detail.setText(texts.get("closing-progress", Long.toString(stopped), Integer.toString(all)));
  }
}
