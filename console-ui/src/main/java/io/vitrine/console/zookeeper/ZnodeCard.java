package io.vitrine.console.zookeeper;

import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The chosen node: what ZooKeeper says of it, and its data. JavaFX thread only. */
final class ZnodeCard {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final Messages texts;
  private final Quantities quantities;
  private final ZoneId zone;
  private final Label path = new Label();
  private final Label hint = new Label();
  private final GridPane facts = new GridPane();
  private final TextArea data = new TextArea();
  private final ToggleButton raw = new ToggleButton();
  private final Label dataTitle = new Label();
  private final Button copy = new Button();
  private final HBox dataHead;
  private final VBox root;
  private List<String> shownFacts = List.of();
  private Optional<ZooKeeperContents.Body> body = Optional.empty();

  /**
   * @param copied takes text for the clipboard
   */
  ZnodeCard(Messages texts, Quantities quantities, ZoneId zone, Consumer<String> copied) {
    this.texts = texts;
    this.quantities = quantities;
    this.zone = zone;
    path.getStyleClass().add("heading");
    path.setWrapText(true);
    path.setId("znode-path");
    path.setMinHeight(Region.USE_PREF_SIZE);
    hint.getStyleClass().add("muted");
    hint.setWrapText(true);
    hint.setMinHeight(Region.USE_PREF_SIZE);
    facts.getStyleClass().add("znode-facts");
    facts.setMinHeight(Region.USE_PREF_SIZE);
    data.setEditable(false);
    data.setPromptText(texts.get("no-data"));
    data.setWrapText(true);
    data.setId("znode-data");
    data.setAccessibleText(texts.get("data-accessible"));
    data.getStyleClass().add("znode-data");
    data.setMinHeight(60);
    data.setPrefRowCount(4);
    VBox.setVgrow(data, Priority.ALWAYS);
    dataTitle.getStyleClass().add("strong");
    raw.setText(texts.get("raw"));
    raw.setId("znode-raw");
    raw.getStyleClass().add("chip");
    raw.setMinWidth(Region.USE_PREF_SIZE);
    raw.setOnAction(e -> text());
    copy.setText(texts.get("copy"));
    copy.setId("znode-copy");
    copy.getStyleClass().add("compact");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.setOnAction(e -> body.ifPresent(b -> copied.accept(b.text())));
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    dataHead = new HBox(8, dataTitle, spring, raw, copy);
    dataHead.getStyleClass().add("toolbar");
    dataHead.setMinHeight(Region.USE_PREF_SIZE);
    root = new VBox(8, path, hint, facts, dataHead, data);
    root.getStyleClass().add("card");
    root.setMinWidth(250);
  }

  Region node() {
    return root;
  }

  /**
   * Shows a node.
   *
   * @param chosen the path that is looked at, empty for none
   * @param now what is known of it, empty when it is not there or not read yet
   * @param read whether an answer to the present question is there
   * @param who tells who is behind a session
   */
  void show(
      String chosen, Optional<ZooKeeperContents.Body> now, boolean read, LongFunction<String> who) {
    path.setText(chosen.isEmpty() ? texts.get("nothing-chosen") : chosen);
    boolean known = now.isPresent();
    for (Node part : List.of(facts, dataHead, data)) {
      part.setVisible(known);
      part.setManaged(known);
    }
    hint.setText(
        known ? "" : texts.get(chosen.isEmpty() ? "choose-hint" : read ? "not-there" : "reading"));
    hint.setVisible(!known);
    hint.setManaged(!known);
    boolean changed =
        !Objects.equals(
            body.map(ZooKeeperContents.Body::text), now.map(ZooKeeperContents.Body::text));
    body = now;
    now.ifPresent(
        b -> {
          facts(lines(b.node(), who));
          dataTitle.setText(texts.get("data", quantities.count(b.node().dataBytes())));
        });
    if (changed) {
      text();
    }
  }

  private void text() {
    String text = body.map(ZooKeeperContents.Body::text).orElse("");
    String shown = raw.isSelected() ? text : PrettyJson.of(text);
    if (!shown.equals(data.getText())) {
      data.setText(shown);
    }
  }

  /** Labels and values in turn. */
  private List<String> lines(Znode node, LongFunction<String> who) {
    List<String> lines = new ArrayList<>();
    lines.add(texts.get("column-mode"));
    lines.add(
        node.ephemeral()
            ? texts.get("ephemeral-of", who.apply(node.owner()))
            : texts.get("persistent"));
    lines.add(texts.get("created"));
    lines.add(texts.get("at-zxid", clock(node.createdWallMs()), Long.toHexString(node.created())));
    lines.add(texts.get("modified"));
    lines.add(
        texts.get("at-zxid", clock(node.modifiedWallMs()), Long.toHexString(node.modified())));
    lines.add(texts.get("versions"));
    lines.add(
        texts.get(
            "versions-value",
            Integer.toString(node.version()),
            Integer.toString(node.childrenVersion()),
            Integer.toString(node.aclVersion())));
    lines.add(texts.get("children"));
    lines.add(quantities.count(node.children()));
    lines.add(texts.get("watched-by"));
    lines.add(
        texts.get(
            "watchers", watchers(node.dataWatchers(), who), watchers(node.childWatchers(), who)));
    return lines;
  }

  private static String watchers(List<Long> sessions, LongFunction<String> who) {
    return sessions.isEmpty()
        ? "–"
        : sessions.stream().map(who::apply).sorted().collect(Collectors.joining(", "));
  }

  private String clock(long wallMs) {
    return CLOCK.format(Instant.ofEpochMilli(wallMs).atZone(zone));
  }

  private void facts(List<String> lines) {
    if (lines.equals(shownFacts)) {
      return;
    }
    shownFacts = lines;
    facts.getChildren().clear();
    for (int i = 0; i < lines.size(); i += 2) {
      Label label = new Label(lines.get(i));
      label.getStyleClass().addAll("muted", "small");
      label.setMinWidth(Region.USE_PREF_SIZE);
      Label value = new Label(lines.get(i + 1));
      value.getStyleClass().add("small");
      value.setWrapText(true);
      facts.addRow(i / 2, label, value);
    }
  }
}
