package io.vitrine.console.home;

import io.vitrine.console.control.Pill;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme.Token;
import java.io.File;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

/**
 * The clusters that can be on the screen, and a form for one more. Attaching takes a while: the
 * window is made anew when it is done, or the card says why it cannot be. JavaFX thread only.
 */
final class ConnectionCard extends VBox {
  private final Messages texts;
  private final Connections connections;
  private final VBox rows = new VBox(4);
  private final TextField bootstrap = new TextField();
  private final TextField name = new TextField();
  private final TextField zooKeeper = new TextField();
  private final TextField settings = new TextField();
  private final Button attach = new Button();
  private final Label said = new Label();
  private final Node form;

  ConnectionCard(Messages texts, Connections connections) {
    this.texts = texts;
    this.connections = connections;
    setId("home-connections");
    getStyleClass().add("card");
    Label title = new Label(texts.get("clusters"));
    title.getStyleClass().add("heading");
    Label hint = new Label(texts.get("clusters-hint"));
    hint.getStyleClass().add("caption");
    hint.setWrapText(true);
    hint.setMinHeight(Region.USE_PREF_SIZE);
    said.setId("attach-said");
    said.setWrapText(true);
    said.setMinHeight(Region.USE_PREF_SIZE);
    say("", "muted");
    this.form = form();
    getChildren().addAll(title, hint, rows, form, said);
    list();
  }

  // ---- known clusters
  // ----------------------------------------------------------------------------

  private void list() {
    Optional<Connection> shown = connections.shown();
    rows.getChildren().clear();
    Button bundled = button("show-bundled", texts.get("show"));
    bundled.setOnAction(e -> connections.showBundled());
    rows.getChildren()
        .add(row(texts.get("bundled"), texts.get("bundled-hint"), shown.isEmpty(), bundled));
    for (Connection each : connections.saved()) {
      Button again = button("", texts.get("attach-again"));
      again.setAccessibleText(texts.get("attach-accessible", each.name()));
      again.setOnAction(e -> begin(each));
      Button forget = button("", texts.get("forget"));
      forget.getStyleClass().add("quiet");
      forget.setAccessibleText(texts.get("forget-accessible", each.name()));
      forget.setOnAction(
          e -> {
            connections.forget(each);
            list();
          });
      rows.getChildren()
          .add(
              row(
                  each.name(),
                  each.bootstrapServers(),
                  shown.filter(each::equals).isPresent(),
                  again,
                  forget));
    }
  }

  /** A cluster: with a mark when it is the one on the screen, else with what can be done. */
  private Node row(String title, String detail, boolean shown, Button... does) {
    Label first = new Label(title);
    first.getStyleClass().add("strong");
    first.setMinWidth(Region.USE_PREF_SIZE);
    Label second = new Label(detail);
    second.getStyleClass().add("caption");
    second.setMinWidth(20);
    second.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(second, Priority.ALWAYS);
    HBox row = new HBox(8, first, second);
    row.setAlignment(Pos.CENTER_LEFT);
    row.setMinHeight(28);
    if (shown) {
      Pill pill = new Pill();
      pill.show(texts.get("on-screen"), Token.ACCENT);
      row.getChildren().add(pill);
    } else {
      row.getChildren().addAll(does);
    }
    return row;
  }

  private static Button button(String id, String text) {
    Button button = new Button(text);
    if (!id.isEmpty()) {
      button.setId(id);
    }
    button.getStyleClass().add("compact");
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  // ---- one more
  // ----------------------------------------------------------------------------------

  private Node form() {
    field(bootstrap, "attach-bootstrap");
    field(name, "attach-name");
    field(zooKeeper, "attach-zookeeper");
    field(settings, "attach-settings");
    Button choose = button("attach-choose", texts.get("choose"));
    choose.setAccessibleText(texts.get("choose-settings"));
    choose.setOnAction(e -> choose());
    attach.setText(texts.get("attach"));
    attach.setId("attach");
    attach.getStyleClass().add("compact");
    attach.setMinWidth(Region.USE_PREF_SIZE);
    attach.setOnAction(e -> typed());
    attach.disableProperty().bind(bootstrap.textProperty().isEmpty());
    HBox first = new HBox(8, bootstrap, name, attach);
    HBox second = new HBox(8, zooKeeper, settings, choose);
    first.setAlignment(Pos.CENTER_LEFT);
    second.setAlignment(Pos.CENTER_LEFT);
    name.setMaxWidth(130);
    zooKeeper.setMaxWidth(160);
    return new VBox(6, first, second);
  }

  private void field(TextField field, String id) {
    field.setId(id);
    field.setPromptText(texts.get(id));
    field.setAccessibleText(texts.get(id));
    field.setMinWidth(60);
    field.setPrefWidth(140);
    field.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(field, Priority.ALWAYS);
    field.setOnAction(e -> typed());
  }

  private void choose() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(texts.get("choose-settings"));
    File chosen = chooser.showOpenDialog(getScene().getWindow());
    if (chosen != null) {
      settings.setText(chosen.getPath());
    }
  }

  private void typed() {
    if (bootstrap.getText().isBlank()) {
      return;
    }
    Connection wanted =
        new Connection(
            name.getText(), bootstrap.getText(), zooKeeper.getText(), settings.getText());
    wanted
        .wrongAddress()
        .ifPresentOrElse(
            wrong -> say(texts.get("wrong-address", wrong), "tone-bad"), () -> begin(wanted));
  }

  private void begin(Connection to) {
    say(texts.get("attaching", to.name()), "muted");
    busy(true);
    connections.attach(
        to,
        reason -> {
          busy(false);
          say(texts.get("not-attached", to.name(), reason), "tone-bad");
        });
  }

  private void busy(boolean attaching) {
    rows.setDisable(attaching);
    form.setDisable(attaching);
  }

  private void say(String words, String tone) {
    said.setText(words);
    said.getStyleClass().removeAll(List.of("muted", "tone-bad"));
    said.getStyleClass().add(tone);
    said.setVisible(!words.isEmpty());
    said.setManaged(!words.isEmpty());
  }
}
