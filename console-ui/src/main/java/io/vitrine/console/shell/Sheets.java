package io.vitrine.console.shell;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.control.Layers;
import io.vitrine.console.live.Screen;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The sheets that ask the operator something. JavaFX thread only. */
final class Sheets {
  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private final Layers layers;
  private final Messages texts;
  private final Quantities quantities;

  Sheets(Layers layers, Messages texts, Quantities quantities) {
    this.layers = layers;
    this.texts = texts;
    this.quantities = quantities;
  }

  /** Asks before something that clients notice or that cannot be taken back. */
  void confirm(Confirmation question, String commandLine, Runnable yes) {
    VBox sheet = sheet(question.title());
    VBox effects = new VBox(5);
    for (String effect : question.effects()) {
      Label line = new Label("•  " + effect);
      line.setWrapText(true);
      line.setMinHeight(Region.USE_PREF_SIZE);
      effects.getChildren().add(line);
    }
    effects.setId("effects");
    Label command = new Label(commandLine);
    command.getStyleClass().add("command-line");
    command.setWrapText(true);
    command.setMaxWidth(Double.MAX_VALUE);
    command.setMinHeight(Region.USE_PREF_SIZE);
    Button cancel = cancel();
    Button go = button(question.action(), question.dangerous() ? "dangerous" : "primary");
    go.setId("confirm");
    go.setOnAction(
        e -> {
          layers.close();
          yes.run();
        });
    sheet.getChildren().addAll(effects, command);
    Node focus = go;
    if (question.typed().isPresent()) {
      String name = question.typed().get();
      TextField typed = new TextField();
      typed.setId("typed-name");
      typed.setPromptText(name);
      go.setDisable(true);
      typed.textProperty().addListener((o, before, after) -> go.setDisable(!after.equals(name)));
      typed.setOnAction(e -> go.fire());
      sheet.getChildren().addAll(new Label(texts.get("type-name", name)), typed);
      focus = typed;
    }
    sheet.getChildren().add(foot(cancel, go));
    layers.open(sheet, Pos.CENTER, focus);
  }

  /** Asks which topic to create. */
  void createTopic(int brokers, Consumer<ClusterCommand> create) {
    VBox sheet = sheet(texts.get("create-title"));
    TextField name = new TextField();
    name.setId("topic-name");
    Spinner<Integer> partitions = new Spinner<>(1, 500, 6);
    partitions.setId("topic-partitions");
    partitions.setEditable(true);
    Spinner<Integer> replicas =
        new Spinner<>(1, Math.max(1, brokers), Math.max(1, Math.min(3, brokers)));
    replicas.setId("topic-replicas");
    Spinner<Integer> minInSync =
        new Spinner<>(1, Math.max(1, brokers), Math.min(2, Math.max(1, brokers)));
    minInSync.setId("topic-min-isr");
    Label wrong = new Label(texts.get("topic-name-rule"));
    wrong.getStyleClass().add("caption");
    wrong.setWrapText(true);
    GridPane form = new GridPane();
    form.getStyleClass().add("facts");
    form.addRow(0, new Label(texts.get("topic-name")), name);
    form.addRow(1, new Label(texts.get("topic-partitions")), partitions);
    form.addRow(2, new Label(texts.get("topic-replication")), replicas);
    form.addRow(3, new Label("min.insync.replicas"), minInSync);
    Button go = button(texts.get("do-create"), "primary");
    go.setId("confirm");
    go.setDisable(true);
    name.textProperty().addListener((o, before, after) -> go.setDisable(!validTopic(after)));
    name.setOnAction(e -> go.fire());
    go.setOnAction(
        e -> {
          layers.close();
          Map<String, String> settings = new LinkedHashMap<>();
          settings.put("min.insync.replicas", minInSync.getValue().toString());
          create.accept(
              new ClusterCommand.CreateTopic(
                  name.getText(), partitions.getValue(), replicas.getValue(), settings));
        });
    sheet.getChildren().addAll(form, wrong, foot(cancel(), go));
    layers.open(sheet, Pos.CENTER, name);
  }

  private static boolean validTopic(String name) {
    return TOPIC_NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  /** Asks how long a topic keeps its records. */
  void retention(String topic, Optional<String> present, Consumer<ClusterCommand> change) {
    VBox sheet = sheet(texts.get("retention-title", topic));
    TextField raw = new TextField(present.orElse("604800000"));
    raw.setId("retention-ms");
    Label human = new Label();
    human.setId("retention-human");
    human.getStyleClass().add("strong");
    HBox row = new HBox(10, new Label("retention.ms"), raw, human);
    row.setAlignment(Pos.CENTER_LEFT);
    Label hint = new Label(texts.get(present.isPresent() ? "retention-own" : "retention-default"));
    hint.getStyleClass().add("caption");
    hint.setWrapText(true);
    Button go = button(texts.get("do-change"), "primary");
    go.setId("confirm");
    Runnable check =
        () -> {
          Optional<Long> ms = number(raw.getText());
          human.setText(ms.map(quantities::span).orElse("?"));
          go.setDisable(ms.isEmpty());
        };
    raw.textProperty().addListener((o, before, after) -> check.run());
    check.run();
    HBox presets = new HBox(6);
    for (long ms : List.of(60_000L, 3_600_000L, 86_400_000L, 604_800_000L, -1L)) {
      Button preset = button(quantities.span(ms), "compact");
      preset.setOnAction(e -> raw.setText(Long.toString(ms)));
      presets.getChildren().add(preset);
    }
    Button reset = button(texts.get("do-reset"), "compact");
    reset.setId("retention-reset");
    reset.setDisable(present.isEmpty());
    reset.setOnAction(
        e -> {
          layers.close();
          change.accept(new ClusterCommand.SetTopicConfig(topic, "retention.ms", Optional.empty()));
        });
    go.setOnAction(
        e -> {
          layers.close();
          change.accept(
              new ClusterCommand.SetTopicConfig(
                  topic, "retention.ms", Optional.of(raw.getText().trim())));
        });
    raw.setOnAction(e -> go.fire());
    sheet.getChildren().addAll(row, presets, hint, foot(reset, cancel(), go));
    layers.open(sheet, Pos.CENTER, raw);
  }

  /** -1 or more. */
  private static Optional<Long> number(String text) {
    try {
      long value = Long.parseLong(text.trim());
      return value < -1 ? Optional.empty() : Optional.of(value);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Says something that is read and closed. */
  void tell(String title, String text, String id) {
    VBox sheet = sheet(title);
    Label words = new Label(text);
    words.setId(id);
    words.setWrapText(true);
    words.setMinHeight(Region.USE_PREF_SIZE);
    Button close = button(texts.get("close"), "primary");
    close.setDefaultButton(true);
    close.setOnAction(e -> layers.close());
    sheet.getChildren().addAll(words, foot(close));
    layers.open(sheet, Pos.CENTER, close);
  }

  /** Tells all keys, in two columns. */
  void keys(List<KeyList.Section> sections) {
    VBox sheet = sheet(texts.get("keys-title"));
    sheet.getStyleClass().add("wide");
    FlowPane columns = new FlowPane(28, 18);
    columns.setId("all-keys");
    columns.setPrefWrapLength(640);
    for (KeyList.Section section : sections) {
      Label title = new Label(section.title());
      title.getStyleClass().addAll("small", "strong");
      GridPane grid = new GridPane();
      grid.getStyleClass().add("facts");
      int row = 0;
      for (Screen.Key key : section.keys()) {
        Label cap = new Label(key.keys());
        cap.getStyleClass().addAll("caption", "keycap");
        cap.setMinWidth(Region.USE_PREF_SIZE);
        GridPane.setHalignment(cap, HPos.RIGHT);
        Label does = new Label(key.does());
        does.getStyleClass().add("small");
        does.setWrapText(true);
        does.setMaxWidth(180);
        grid.addRow(row, cap, does);
        row++;
      }
      columns.getChildren().add(new VBox(8, title, grid));
    }
    Button close = button(texts.get("close"), "primary");
    close.setDefaultButton(true);
    close.setOnAction(e -> layers.close());
    sheet.getChildren().addAll(columns, foot(close));
    layers.open(sheet, Pos.CENTER, close);
  }

  /** Tells what was noticed, the newest first. */
  void notices(List<Layers.Said> said) {
    VBox sheet = sheet(texts.get("notices"));
    sheet.getStyleClass().add("wide");
    VBox lines = new VBox(8);
    lines.setId("all-notices");
    for (Layers.Said one : said) {
      Label time = new Label(one.time());
      time.getStyleClass().add("caption");
      time.setMinWidth(62);
      Label text = new Label(one.text());
      text.setWrapText(true);
      text.getStyleClass().addAll("small", one.wrong() ? "tone-bad" : "plain");
      lines.getChildren().add(new HBox(10, time, text));
    }
    if (said.isEmpty()) {
      lines.getChildren().add(new Label(texts.get("notices-none")));
    }
    ScrollPane scroll = new ScrollPane(lines);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setFitToWidth(true);
    scroll.setMaxHeight(360);
    Button close = button(texts.get("close"), "primary");
    close.setDefaultButton(true);
    close.setOnAction(e -> layers.close());
    sheet.getChildren().addAll(scroll, foot(close));
    layers.open(sheet, Pos.CENTER, close);
  }

  private VBox sheet(String title) {
    Label heading = new Label(title);
    heading.getStyleClass().add("heading");
    heading.setWrapText(true);
    VBox sheet = new VBox(heading);
    sheet.setAccessibleRole(AccessibleRole.DIALOG);
    sheet.setAccessibleText(title);
    sheet.getStyleClass().add("question");
    sheet.setId("sheet");
    return sheet;
  }

  private Button cancel() {
    Button cancel = button(texts.get("cancel"), "compact");
    cancel.setId("cancel");
    cancel.setOnAction(e -> layers.close());
    return cancel;
  }

  private static Button button(String text, String style) {
    Button button = new Button(text);
    button.getStyleClass().add(style);
    button.setMinWidth(Region.USE_PREF_SIZE);
    return button;
  }

  private static HBox foot(Node... buttons) {
    HBox foot = new HBox(8, buttons);
    foot.setAlignment(Pos.CENTER_RIGHT);
    return foot;
  }
}
