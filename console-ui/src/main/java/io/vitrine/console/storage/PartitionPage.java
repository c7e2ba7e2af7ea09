package io.vitrine.console.storage;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.control.SegmentMap;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.storage.inspect.Damage;
import io.vitrine.storage.inspect.SegmentView;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** One partition's files to scale, and below them what is looked at closer. */
final class PartitionPage extends VBox {
  /** What can be looked at closer. */
  interface Look {
    /** Its name in the texts and in the ids. */
    String key();

    /** What is shown, the same node every time. */
    Node node();

    /** Draws what was read and what is live now. */
    void show(PartitionDetail detail, Frame frame);

    /** The rule behind what is shown, with its numbers; empty when there is none. */
    default Optional<String> explain() {
      return Optional.empty();
    }
  }

  private final Messages texts;
  private final Quantities quantities;
  private final DateTimeFormatter time;
  private final StorageModel model;
  private final Desk desk;
  private final SegmentMap map;
  private final TableView<SegmentView> table = new TableView<>();
  private final Label caption = new Label();
  private final BytesPane bytes;
  private final List<Look> looks;
  private final StackPane below = new StackPane();
  private final ToggleGroup chips = new ToggleGroup();
  private final Button roll = new Button();
  private final ToggleButton asTable = new ToggleButton();
  private Look look;
  private PartitionDetail detail;
  private Frame frame;
  private List<SegmentView> ordered = List.of();
  private SegmentView drawn;
  private List<Damage> damages;
  private boolean updating;

  PartitionPage(
      Messages texts,
      Quantities quantities,
      Theme theme,
      ZoneId zone,
      StorageModel model,
      Desk desk,
      BytesPane bytes,
      List<Look> more) {
    this.texts = texts;
    this.quantities = quantities;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(zone);
    this.model = model;
    this.desk = desk;
    this.bytes = bytes;
    this.map = new SegmentMap(theme, texts.get("map-accessible"), this::chosen);
    map.setId("storage-map");
    this.looks = more;
    table();
    VBox.setVgrow(below, Priority.ALWAYS);
    setSpacing(8);
    StackPane mapOrTable = new StackPane(map, table);
    getChildren().addAll(mapHead(), mapOrTable, bar(), below);
    open("bytes");
  }

  /** Opens one of the closer looks. */
  void open(String key) {
    look = looks.stream().filter(p -> p.key().equals(key)).findFirst().orElse(null);
    below.getChildren().setAll(look == null ? bytes : look.node());
    chips.getToggles().stream()
        .filter(t -> t.getUserData().equals(key))
        .findFirst()
        .ifPresent(t -> t.setSelected(true));
    if (look != null && detail != null) {
      look.show(detail, frame);
    }
  }

  /** The rule behind what is looked at closer. */
  Optional<String> explain() {
    return look == null ? Optional.empty() : look.explain();
  }

  /** The line in front of which segments in use go; an empty text takes it away. */
  void cut(int segments, String text) {
    List<SegmentView> inUse = detail.partition().inUse();
    map.cut(segments < inUse.size() ? ordered.indexOf(inUse.get(segments)) : ordered.size(), text);
  }

  /** Draws what was read and what is live now. */
  void show(PartitionDetail next, Frame now) {
    SegmentView chosen = model.segment().orElse(null);
    boolean same =
        next == detail && Objects.equals(chosen, drawn) && damages == bytes.model().damages();
    detail = next;
    frame = now;
    if (!same) {
      drawn = chosen;
      roll.setVisible(next.brokerId() >= 0);
      damages = bytes.model().damages();
      segments(chosen);
    }
    if (look != null) {
      look.show(next, now);
    }
  }

  private void segments(SegmentView chosen) {
    ordered = detail.ordered();
    Set<Path> damaged =
        damages == null ? Set.of() : damages.stream().map(Damage::file).collect(Collectors.toSet());
    map.show(
        ordered.stream()
            .map(
                s ->
                    new SegmentMap.Block(
                        Long.toString(s.baseOffset()),
                        s.state().isEmpty()
                            ? quantities.bytes(s.sizeBytes())
                            : quantities.bytes(s.sizeBytes()) + " ." + s.state(),
                        s.sizeBytes(),
                        !s.state().isEmpty()
                            ? SegmentMap.State.LEAVING
                            : detail.active().filter(s::equals).isPresent()
                                ? SegmentMap.State.ACTIVE
                                : SegmentMap.State.SEALED,
                        damaged.contains(s.log())))
            .toList(),
        chosen == null ? -1 : ordered.indexOf(chosen));
    caption.setText(
        texts.get(
            "map-caption",
            detail.partition().inUse().size(),
            quantities.bytes(detail.partition().sizeBytes()),
            chosen == null ? "–" : chosen.log().getFileName().toString()));
    updating = true;
    try {
      if (!ordered.equals(table.getItems())) {
        table.getItems().setAll(ordered);
      }
      if (chosen == null) {
        table.getSelectionModel().clearSelection();
      } else {
        table.getSelectionModel().select(chosen);
      }
    } finally {
      updating = false;
    }
    if (chosen != null) {
      bytes.show(chosen, detail.partition().topic());
    }
  }

  private void chosen(int index) {
    if (index < ordered.size()) {
      model.choose(ordered.get(index));
    }
  }

  // ---- building --------------------------------------------------------------------------------

  private Node mapHead() {
    Label title = new Label(texts.get("segments"));
    title.getStyleClass().addAll("small", "strong");
    caption.getStyleClass().add("caption");
    caption.setId("storage-segment");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    asTable.setText(texts.get("as-table"));
    asTable.setId("storage-as-table");
    asTable.getStyleClass().add("chip");
    asTable.setMinWidth(Region.USE_PREF_SIZE);
    asTable.selectedProperty().addListener((o, before, on) -> asTable(on));
    asTable(false);
    Button copy = new Button(texts.get("copy-dump"));
    copy.setId("storage-copy-dump");
    copy.getStyleClass().addAll("compact", "quiet");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.setOnAction(e -> model.segment().ifPresent(s -> desk.copy(dump(s))));
    roll.setText(texts.get("roll"));
    roll.setId("storage-roll");
    roll.getStyleClass().addAll("compact", "acts", "quiet");
    roll.setMinWidth(Region.USE_PREF_SIZE);
    roll.setOnAction(e -> desk.ask(new ClusterCommand.RollSegment(detail.id())));
    HBox head = new HBox(10, title, caption, spring, roll, copy, asTable);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  /** The line of a shell that prints a segment with Kafka's own tool. */
  private static String dump(SegmentView segment) {
    String file = segment.log().toAbsolutePath().toString();
    String quoted =
        file.matches("[A-Za-z0-9_./@%+-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    return "kafka-dump-log.sh --deep-iteration --print-data-log --files " + quoted;
  }

  private void asTable(boolean on) {
    table.setVisible(on);
    table.setManaged(on);
    map.setVisible(!on);
    map.setManaged(!on);
  }

  private Node bar() {
    HBox bar = new HBox(6);
    bar.setAlignment(Pos.CENTER_LEFT);
    bar.getChildren().add(chip("bytes"));
    looks.forEach(p -> bar.getChildren().add(chip(p.key())));
    return bar;
  }

  private ToggleButton chip(String key) {
    ToggleButton chip = new ToggleButton(texts.get("look-" + key));
    chip.setId("storage-look-" + key);
    chip.setUserData(key);
    chip.getStyleClass().add("chip");
    chip.setToggleGroup(chips);
    chip.setMinWidth(Region.USE_PREF_SIZE);
    chip.setOnAction(e -> open(key));
    return chip;
  }

  private void table() {
    table.setId("storage-segments");
    table.setFixedCellSize(26);
    table.setMinHeight(150);
    table.setPrefHeight(150);
    table.setMaxHeight(150);
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    table.setAccessibleText(texts.get("map-accessible"));
    column("column-file", s -> s.log().getFileName().toString());
    column("column-size", s -> quantities.bytes(s.sizeBytes()));
    column("column-index", s -> quantities.bytes(s.offsetIndexBytes()));
    column("column-timeindex", s -> quantities.bytes(s.timeIndexBytes()));
    column("column-txnindex", s -> quantities.bytes(s.transactionIndexBytes()));
    column("column-newest", this::newest);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, s) -> {
              if (s != null && !updating) {
                model.choose(s);
              }
            });
  }

  private String newest(SegmentView segment) {
    Long ms =
        segment.state().isEmpty() ? detail.largestTimestampMs().get(segment.baseOffset()) : null;
    return ms == null || ms < 0 ? "–" : time.format(Instant.ofEpochMilli(ms));
  }

  private void column(String key, Function<SegmentView, String> value) {
    TableColumn<SegmentView, String> column = new TableColumn<>(texts.get(key));
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    table.getColumns().add(column);
  }
}
