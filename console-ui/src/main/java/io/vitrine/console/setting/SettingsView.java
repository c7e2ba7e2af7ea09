package io.vitrine.console.setting;

import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.text.Messages;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The console's own settings; each takes effect at once. JavaFX thread only. */
public final class SettingsView implements Screen {
  private final Messages texts;
  private final ConsoleSettings now;
  private final Consumer<ConsoleSettings> change;
  private final Desk desk;
  private final VBox root = new VBox();

  /**
   * The view.
   *
   * @param now what holds as long as this view lives
   * @param change hears what is wanted instead, and makes the window anew
   * @param dataDirectory where the console and its cluster keep everything
   */
  public SettingsView(
      ConsoleSettings now, Consumer<ConsoleSettings> change, Path dataDirectory, Desk desk) {
    this.texts = Messages.of(SettingsView.class, now.language());
    this.now = now;
    this.change = change;
    this.desk = desk;
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    VBox cards =
        new VBox(12, language(), dress(), motion(), invitation(), directory(dataDirectory));
    cards.setMaxWidth(720);
    ScrollPane scroll = new ScrollPane(cards);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    root.getStyleClass().add("page");
    root.setId("settings-view");
    root.getChildren().addAll(title, scroll);
  }

  @Override
  public Node node() {
    return root;
  }

  /** Tells nothing of the cluster. */
  @Override
  public void show(Frame frame) {}

  private Node language() {
    ToggleGroup group = new ToggleGroup();
    boolean korean = now.language().equals(Locale.KOREAN);
    return card(
        "language",
        choice(group, "language-english", !korean, now.speaking(Locale.ENGLISH)),
        choice(group, "language-korean", korean, now.speaking(Locale.KOREAN)));
  }

  private Node dress() {
    ToggleGroup group = new ToggleGroup();
    return card(
        "theme",
        choice(group, "theme-system", now.dress() == Dress.SYSTEM, now.wearing(Dress.SYSTEM)),
        choice(group, "theme-light", now.dress() == Dress.LIGHT, now.wearing(Dress.LIGHT)),
        choice(group, "theme-dark", now.dress() == Dress.DARK, now.wearing(Dress.DARK)));
  }

  private Node motion() {
    ToggleGroup group = new ToggleGroup();
    return card(
        "motion",
        choice(group, "motion-full", now.motion(), now.moving(true)),
        choice(group, "motion-reduced", !now.motion(), now.moving(false)));
  }

  private Node invitation() {
    ToggleGroup group = new ToggleGroup();
    return card(
        "invitation",
        choice(group, "invitation-on", now.invitation(), now.inviting(true)),
        choice(group, "invitation-off", !now.invitation(), now.inviting(false)));
  }

  private Node directory(Path directory) {
    String path = directory.toAbsolutePath().normalize().toString();
    Label where = new Label(path);
    where.setId("data-directory");
    where.getStyleClass().add("command-line");
    where.setWrapText(true);
    HBox.setHgrow(where, Priority.ALWAYS);
    Button copy = new Button(texts.get("copy"));
    copy.setId("copy-data-directory");
    copy.getStyleClass().add("compact");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.setOnAction(e -> desk.copy(path));
    HBox line = new HBox(10, where, copy);
    line.setAlignment(Pos.CENTER_LEFT);
    VBox card = new VBox(words("directory"), line);
    card.getStyleClass().add("card");
    return card;
  }

  private Node card(String key, RadioButton... choices) {
    Node words = words(key);
    HBox.setHgrow(words, Priority.ALWAYS);
    HBox line = new HBox(18);
    line.getChildren().add(words);
    line.getChildren().addAll(choices);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("card");
    return line;
  }

  private Node words(String key) {
    Label title = new Label(texts.get(key));
    title.getStyleClass().add("heading");
    Label hint = new Label(texts.get("hint-" + key));
    hint.getStyleClass().add("caption");
    hint.setWrapText(true);
    hint.setMinHeight(Region.USE_PREF_SIZE);
    return new VBox(2, title, hint);
  }

  private RadioButton choice(
      ToggleGroup group, String key, boolean chosen, ConsoleSettings wanted) {
    RadioButton button = new RadioButton(texts.get(key));
    button.setId(key);
    button.setToggleGroup(group);
    button.setSelected(chosen);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(
        e -> {
          if (!wanted.equals(now)) {
            change.accept(wanted);
          }
        });
    return button;
  }
}
