package io.vitrine.console.shell;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandLine;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Facts;
import io.vitrine.console.live.FactsSource;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What is chosen, in words, and what can be done with it. JavaFX thread only. */
final class InspectorPane extends ScrollPane {
  private final Messages texts;
  private final List<FactsSource> sources;
  private final Selection selection;
  private final Desk desk;
  private final VBox body = new VBox();
  private final Label title = new Label();
  private final Label subtitle = new Label();
  private final GridPane grid = new GridPane();
  private final FlowPane actions = new FlowPane(6, 6);
  private final Label rule = new Label();
  private final Label ruleTitle = new Label();
  private final Label off = new Label();
  private final Button copy = new Button();
  private final MenuButton copies = new MenuButton();
  private final List<Label> labels = new ArrayList<>();
  private Frame frame;
  private Facts shown;
  private ClusterCommand firstCommand;
  private boolean buttonsOfPast;

  InspectorPane(Messages texts, List<FactsSource> sources, Selection selection, Desk desk) {
    this.texts = texts;
    this.sources = List.copyOf(sources);
    this.selection = selection;
    this.desk = desk;
    getStyleClass().add("inspector");
    setId("inspector");
    setFitToWidth(true);
    setFitToHeight(true);
    setHbarPolicy(ScrollBarPolicy.NEVER);
    title.getStyleClass().add("heading");
    title.setId("inspector-title");
    title.setWrapText(true);
    subtitle.getStyleClass().add("caption");
    subtitle.setWrapText(true);
    grid.getStyleClass().add("facts");
    ColumnConstraints left = new ColumnConstraints();
    left.setMinWidth(96);
    left.setMaxWidth(128);
    ColumnConstraints right = new ColumnConstraints();
    right.setHgrow(Priority.ALWAYS);
    right.setFillWidth(true);
    grid.getColumnConstraints().addAll(left, right);
    ruleTitle.setText(texts.get("why"));
    ruleTitle.getStyleClass().addAll("small", "strong");
    rule.getStyleClass().addAll("explain", "small");
    rule.setId("inspector-rule");
    rule.setWrapText(true);
    rule.setMaxWidth(Double.MAX_VALUE);
    rule.setMinHeight(Region.USE_PREF_SIZE);
    off.setText(texts.get("not-in-the-past"));
    off.setId("inspector-off");
    off.getStyleClass().add("caption");
    off.setWrapText(true);
    off.setMinHeight(Region.USE_PREF_SIZE);
    copy.setText(texts.get("copy-command"));
    copy.getStyleClass().addAll("quiet", "small");
    copy.setOnAction(e -> copyCommand());
    copies.setText(texts.get("copy-command"));
    copies.setId("inspector-copies");
    copies.getStyleClass().addAll("quiet", "small");
    VBox head = new VBox(1, title, subtitle);
    body.getStyleClass().add("inspector-body");
    body.getChildren().addAll(head, actions, off, grid, ruleTitle, rule, copy, copies);
    setContent(body);
    selection.subscribe(item -> draw());
  }

  void show(Frame next) {
    frame = next;
    draw();
  }

  /** Puts the command line of the first action on the clipboard. */
  void copyCommand() {
    if (firstCommand != null && frame != null) {
      copy(firstCommand);
    }
  }

  private void copy(ClusterCommand command) {
    desk.copy(CommandLine.of(command, frame.snapshot().bootstrapServers()));
  }

  private static void show(Node node, boolean wanted) {
    node.setVisible(wanted);
    node.setManaged(wanted);
  }

  private void draw() {
    if (frame == null) {
      return;
    }
    Optional<Facts> found =
        sources.stream()
            .map(s -> s.facts(selection.item(), frame))
            .flatMap(Optional::stream)
            .findFirst()
            .map(this::allowed);
    Facts facts =
        found.orElseGet(
            () ->
                new Facts(
                    texts.get("nothing-chosen"),
                    texts.get("nothing-chosen-hint"),
                    List.of(),
                    List.of(),
                    ""));
    title.setText(facts.title());
    subtitle.setText(facts.subtitle());
    subtitle.setVisible(!facts.subtitle().isEmpty());
    subtitle.setManaged(!facts.subtitle().isEmpty());
    lines(facts.facts());
    if (shown == null
        || !names(shown).equals(names(facts))
        || !shown.title().equals(facts.title())
        || frame.past() != buttonsOfPast) {
      buttons(facts.actions());
    }
    rule.setText(facts.rule());
    boolean ruled = !facts.rule().isEmpty();
    rule.setVisible(ruled);
    rule.setManaged(ruled);
    ruleTitle.setVisible(ruled);
    ruleTitle.setManaged(ruled);
    shown = facts;
  }

  /** Without what the connection does not let its operator do. */
  private Facts allowed(Facts facts) {
    return new Facts(
        facts.title(),
        facts.subtitle(),
        facts.facts(),
        facts.actions().stream()
            .filter(a -> !(a instanceof Facts.Command c) || desk.may(c.command().needs()))
            .toList(),
        facts.rule());
  }

  /** What is said of the chosen thing, empty when nothing is chosen. */
  Optional<Facts> shown() {
    return Optional.ofNullable(shown).filter(facts -> !facts.facts().isEmpty());
  }

  private static List<String> names(Facts facts) {
    return facts.actions().stream().map(Facts.Action::text).toList();
  }

  private void lines(List<Facts.Fact> facts) {
    if (labels.size() != facts.size() * 2) {
      grid.getChildren().clear();
      labels.clear();
      for (int i = 0; i < facts.size(); i++) {
        Label name = new Label();
        name.getStyleClass().add("caption");
        name.setWrapText(true);
        Label value = new Label();
        value.setWrapText(true);
        labels.add(name);
        labels.add(value);
        grid.addRow(i, name, value);
      }
    }
    for (int i = 0; i < facts.size(); i++) {
      Facts.Fact fact = facts.get(i);
      labels.get(i * 2).setText(fact.label());
      Label value = labels.get(i * 2 + 1);
      value.setText(fact.value());
      List<String> styles =
          List.of("label", "small", "tone-" + fact.tone().name().toLowerCase(Locale.ROOT));
      if (!value.getStyleClass().equals(styles)) {
        value.getStyleClass().setAll(styles);
      }
    }
  }

  private void buttons(List<Facts.Action> wanted) {
    actions.getChildren().clear();
    copies.getItems().clear();
    firstCommand = null;
    buttonsOfPast = frame.past();
    for (Facts.Action action : wanted) {
      Button button = new Button(action.text());
      button.getStyleClass().add("compact");
      if (action instanceof Facts.Command command) {
        if (firstCommand == null) {
          firstCommand = command.command();
        }
        if (command.command() instanceof ClusterCommand.KillBroker
            || command.command().danger() == ClusterCommand.Danger.DESTRUCTIVE) {
          button.getStyleClass().add("dangerous");
        }
        button.setOnAction(e -> desk.ask(command.command()));
        button.setDisable(buttonsOfPast);
        MenuItem copied = new MenuItem(command.text());
        copied.setOnAction(e -> copy(command.command()));
        copies.getItems().add(copied);
      } else if (action instanceof Facts.Step step) {
        button.setOnAction(e -> step.run().run());
      }
      actions.getChildren().add(button);
    }
    show(off, buttonsOfPast && firstCommand != null);
    show(copy, copies.getItems().size() == 1);
    show(copies, copies.getItems().size() > 1);
    actions.setVisible(!wanted.isEmpty());
    actions.setManaged(!wanted.isEmpty());
  }
}
