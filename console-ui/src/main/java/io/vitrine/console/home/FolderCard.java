package io.vitrine.console.home;

import io.vitrine.console.text.Messages;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** Asks for a folder with logs of a Kafka; no broker has to run on it. JavaFX thread only. */
final class FolderCard extends VBox {
  /** As many as fit beside the clusters. */
  private static final int LISTED = 3;

  private final Messages texts;
  private final Consumer<Path> open;
  private final TextField field = new TextField();
  private final Label said = new Label();

  /**
   * @param open hears which folder is wanted
   */
  FolderCard(Messages texts, Connections connections, Consumer<Path> open) {
    this.texts = texts;
    this.open = open;
    setId("home-folders");
    getStyleClass().add("card");
    Label title = new Label(texts.get("folder"));
    title.getStyleClass().add("heading");
    Label hint = new Label(texts.get("folder-hint"));
    hint.getStyleClass().add("caption");
    hint.setWrapText(true);
    hint.setMinHeight(Region.USE_PREF_SIZE);
    said.setId("folder-said");
    said.getStyleClass().addAll("small", "tone-bad");
    said.setWrapText(true);
    said.setManaged(false);
    getChildren().addAll(title, hint, line(), said);
    List<Path> lately = connections.folders();
    lately.stream().limit(LISTED).forEach(this::add);
  }

  private HBox line() {
    field.setId("folder-field");
    field.setPromptText(texts.get("folder-prompt"));
    field.setAccessibleText(texts.get("folder"));
    field.setOnAction(e -> typed());
    HBox.setHgrow(field, Priority.ALWAYS);
    Button go = new Button(texts.get("open"));
    go.setId("folder-open");
    go.setOnAction(e -> typed());
    go.disableProperty().bind(field.textProperty().isEmpty());
    Button choose = new Button(texts.get("choose"));
    choose.setId("folder-choose");
    choose.setOnAction(e -> choose());
    for (Button button : List.of(go, choose)) {
      button.getStyleClass().add("compact");
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    HBox line = new HBox(8, field, go, choose);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private void add(Path folder) {
    Button button = new Button(folder.toString());
    button.setGraphic(new FontIcon(Feather.FOLDER));
    button.getStyleClass().addAll("compact", "quiet", "path");
    button.setTooltip(new Tooltip(folder.toString()));
    button.setAccessibleText(texts.get("folder-again", folder.toString()));
    button.setMinWidth(60);
    button.setOnAction(e -> open.accept(folder));
    getChildren().add(button);
  }

  private void typed() {
    if (field.getText().isBlank()) {
      return;
    }
    try {
      open.accept(Path.of(field.getText().strip()).toAbsolutePath());
      say("");
    } catch (InvalidPathException e) {
      say(texts.get("folder-wrong", e.getReason()));
    }
  }

  private void say(String words) {
    said.setText(words);
    said.setManaged(!words.isEmpty());
  }

  private void choose() {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(texts.get("folder"));
    File chosen = chooser.showDialog(getScene().getWindow());
    if (chosen != null) {
      open.accept(chosen.toPath());
    }
  }
}
