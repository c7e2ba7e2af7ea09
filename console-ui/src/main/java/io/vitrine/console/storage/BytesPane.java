package io.vitrine.console.storage;

import io.vitrine.console.control.HexPane;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.storage.inspect.BatchView;
import io.vitrine.storage.inspect.Damage;
import io.vitrine.storage.inspect.IndexEntry;
import io.vitrine.storage.inspect.SegmentView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * A segment's structure, bytes and indexes side by side: what is chosen in one is chosen in all.
 * JavaFX thread only.
 */
final class BytesPane extends VBox implements BytesModel.Listener {
  private static final double ROW = 24;

  private final Messages texts;
  private final Quantities quantities;
  private final BytesModel model;
  private final TreeView<Part> tree = new TreeView<>(new TreeItem<>());
  private final HexPane hex;
  private final TableView<IndexEntry> index = new TableView<>();
  private final TableColumn<IndexEntry, String> key = new TableColumn<>();
  private final TableColumn<IndexEntry, String> points = new TableColumn<>();
  private final ToggleGroup kinds = new ToggleGroup();
  private final Label chosenText = new Label();
  private final Label damageText = new Label();
  private final Button check = new Button();
  private IndexEntry.Kind kind = IndexEntry.Kind.OFFSET;
  private List<IndexEntry> shown = List.of();
  private boolean updating;

  BytesPane(Messages texts, Quantities quantities, Theme theme, Work work) {
    this.texts = texts;
    this.quantities = quantities;
    this.model = new BytesModel(work, this);
    this.hex = new HexPane(theme, texts.get("hex-accessible"), model::choose);
    hex.setId("storage-hex");
    hex.onHover(this::hover);
    tree();
    index();
    SplitPane columns =
        new SplitPane(
            column(texts.get("structure"), tree),
            column(texts.get("bytes"), hex),
            column(kindChips(), index));
    columns.setDividerPositions(0.32, 0.75);
    columns.getStyleClass().add("columns");
    VBox.setVgrow(columns, Priority.ALWAYS);
    setSpacing(6);
    getChildren().addAll(bar(), columns);
  }

  BytesModel model() {
    return model;
  }

  /** Shows a segment. */
  void show(SegmentView segment, String topic) {
    model.show(segment, topic);
  }

  // ---- building --------------------------------------------------------------------------------

  private Node bar() {
    chosenText.setId("storage-chosen");
    chosenText.getStyleClass().add("small");
    damageText.setId("storage-damage");
    damageText.getStyleClass().add("small");
    check.setId("storage-check");
    check.getStyleClass().add("compact");
    check.setMinWidth(Region.USE_PREF_SIZE);
    check.setOnAction(e -> model.check());
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox bar = new HBox(10, chosenText, spring, damageText, check);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private static Node column(String title, Node content) {
    Label label = new Label(title);
    label.getStyleClass().add("caption");
    return column(label, content);
  }

  private static Node column(Node title, Node content) {
    HBox head = new HBox(title);
    head.setAlignment(Pos.CENTER_LEFT);
    head.setMinHeight(30);
    VBox column = new VBox(head, content);
    VBox.setVgrow(content, Priority.ALWAYS);
    return column;
  }

  private void tree() {
    tree.setId("storage-tree");
    tree.setShowRoot(false);
    tree.setFixedCellSize(ROW);
    tree.setAccessibleText(texts.get("tree-accessible"));
    tree.setCellFactory(t -> new PartCell());
    tree.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, item) -> {
              if (item != null && !updating) {
                picked(item.getValue());
              }
            });
    tree.setOnKeyPressed(
        e -> {
          TreeItem<Part> item = tree.getSelectionModel().getSelectedItem();
          if (e.getCode() == KeyCode.ENTER && item != null) {
            if (item.getValue() instanceof Part.More) {
              turn(item.getValue());
            } else {
              item.setExpanded(!item.isExpanded());
            }
            e.consume();
          }
        });
  }

  private void picked(Part part) {
    if (!(part instanceof Part.More) && !(part instanceof Part.Waiting)) {
      model.choose(part);
    }
  }

  private void turn(Part part) {
    if (part instanceof Part.More side) {
      if (side.before()) {
        model.earlier();
      } else {
        model.later();
      }
    }
  }

  private void index() {
    index.setId("storage-index");
    index.setFixedCellSize(ROW);
    index.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    index.setAccessibleText(texts.get("index-accessible"));
    column(key, e -> Long.toString(e.key()));
    column(points, e -> pointsTo(e));
    Label none = new Label(texts.get("index-empty"));
    none.getStyleClass().add("muted");
    none.setWrapText(true);
    index.setPlaceholder(none);
    index
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, entry) -> {
              if (entry != null && !updating) {
                model.choose(entry);
              }
            });
  }

  private String pointsTo(IndexEntry entry) {
    return switch (entry.kind()) {
      case OFFSET -> Long.toString(entry.position());
      case TIME -> Long.toString(entry.offset());
      case TRANSACTION -> entry.points();
    };
  }

  private void column(TableColumn<IndexEntry, String> column, Function<IndexEntry, String> value) {
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    index.getColumns().add(column);
  }

  private Node kindChips() {
    HBox chips = new HBox(4);
    chips.setAlignment(Pos.CENTER_LEFT);
    for (IndexEntry.Kind each : IndexEntry.Kind.values()) {
      String name = each.name().toLowerCase(Locale.ROOT);
      ToggleButton chip = new ToggleButton(texts.get("index-" + name));
      chip.setId("index-" + name);
      chip.getStyleClass().add("chip");
      chip.setToggleGroup(kinds);
      chip.setMinWidth(Region.USE_PREF_SIZE);
      chip.setSelected(each == kind);
      chip.setOnAction(
          e -> {
            chip.setSelected(true);
            kind = each;
            indexed();
          });
      chips.getChildren().add(chip);
    }
    return chips;
  }

  // ---- what the model says ---------------------------------------------------------------------

  @Override
  public void opened() {
    hex.show(model::at, model.sizeBytes());
    paged();
    indexed();
    checked();
    chosen();
  }

  @Override
  public void paged() {
    hex.grow(model.sizeBytes());
    updating = true;
    try {
      Map<BatchView, TreeItem<Part>> known = known();
      List<TreeItem<Part>> items = new ArrayList<>();
      if (model.moreBefore()) {
        items.add(new TreeItem<>(new Part.More(true)));
      }
      List<HexPane.Band> bands = new ArrayList<>();
      boolean odd = false;
      for (BatchView batch : model.batches()) {
        TreeItem<Part> item = known.get(batch);
        items.add(item == null ? new BatchItem(batch) : item);
        Part.Header header = new Part.Header(batch);
        bands.add(new HexPane.Band(header.from(), header.to(), true, odd));
        bands.add(new HexPane.Band(header.to(), batch.end(), false, odd));
        odd = !odd;
      }
      if (model.moreBehind()) {
        items.add(new TreeItem<>(new Part.More(false)));
      }
      model
          .stopped()
          .ifPresent(d -> items.add(new TreeItem<>(new Part.Broken(d.position(), d.reason()))));
      tree.getRoot().getChildren().setAll(items);
      hex.bands(bands);
      hex.damage(model.stopped().map(Damage::position).orElse(-1L));
    } finally {
      updating = false;
    }
    chosen();
  }

  /** The items that are there, so that what is open stays open. */
  private Map<BatchView, TreeItem<Part>> known() {
    Map<BatchView, TreeItem<Part>> known = new HashMap<>();
    for (TreeItem<Part> item : tree.getRoot().getChildren()) {
      if (item instanceof BatchItem batch) {
        known.put(batch.batch(), item);
      }
    }
    return known;
  }

  @Override
  public void recorded(BatchView batch) {
    updating = true;
    try {
      for (TreeItem<Part> item : tree.getRoot().getChildren()) {
        if (item instanceof BatchItem known && known.batch().equals(batch)) {
          known.fill();
        }
      }
    } finally {
      updating = false;
    }
  }

  @Override
  public void chosen() {
    Part part = model.chosen().orElse(null);
    updating = true;
    try {
      if (part == null) {
        tree.getSelectionModel().clearSelection();
        hex.choose(-1, -1);
      } else {
        select(part);
        hex.choose(part.from(), part.to());
      }
      int entry = model.entryOfChosen(kind);
      if (entry < 0) {
        index.getSelectionModel().clearSelection();
      } else if (index.getSelectionModel().getSelectedIndex() != entry
          && entry < index.getItems().size()) {
        index.getSelectionModel().select(entry);
        index.scrollTo(Math.max(0, entry - 4));
      }
    } finally {
      updating = false;
    }
    chosenText.setText(part == null ? texts.get("choose-bytes") : say(part));
    hex.setAccessibleHelp(chosenText.getText());
  }

  private void select(Part part) {
    TreeItem<Part> item = find(part);
    if (item != null && tree.getSelectionModel().getSelectedItem() != item) {
      for (TreeItem<Part> up = item.getParent(); up != null; up = up.getParent()) {
        up.setExpanded(true);
      }
      tree.getSelectionModel().select(item);
      tree.scrollTo(Math.max(0, tree.getRow(item) - 4));
    }
  }

  private TreeItem<Part> find(Part part) {
    for (TreeItem<Part> item : tree.getRoot().getChildren()) {
      if (item.getValue().equals(part)) {
        return item;
      }
      if (item instanceof BatchItem batch && batch.holds(part)) {
        batch.open();
        return within(batch, part);
      }
    }
    return null;
  }

  private static TreeItem<Part> within(TreeItem<Part> above, Part part) {
    for (TreeItem<Part> item : above.getChildren()) {
      if (item.getValue().equals(part)) {
        return item;
      }
      TreeItem<Part> below = within(item, part);
      if (below != null) {
        return below;
      }
    }
    return null;
  }

  @Override
  public void indexed() {
    updating = true;
    try {
      key.setText(texts.get("index-key-" + kind.name().toLowerCase(Locale.ROOT)));
      points.setText(texts.get("index-points-" + kind.name().toLowerCase(Locale.ROOT)));
      List<IndexEntry> entries = model.entries(kind);
      if (entries != shown) {
        shown = entries;
        index.setItems(FXCollections.observableArrayList(entries));
      }
    } finally {
      updating = false;
    }
    chosen();
  }

  @Override
  public void loaded() {
    hex.refresh();
  }

  @Override
  public void checked() {
    check.setText(texts.get(model.checking() ? "checking" : "check"));
    check.setDisable(model.checking() || model.segment().isEmpty());
    damageText.getStyleClass().removeAll("tone-bad", "tone-ok", "tone-warn");
    if (!model.trouble().isEmpty()) {
      damageText.setText(model.trouble());
      damageText.getStyleClass().add("tone-bad");
    } else if (model.damages() == null) {
      damageText.setText("");
    } else if (model.damages().isEmpty()) {
      damageText.setText(texts.get("check-fine"));
      damageText.getStyleClass().add("tone-ok");
    } else {
      Damage first = model.damages().get(0);
      damageText.setText(
          texts.get(
              "check-damage",
              model.damages().size(),
              first.file().getFileName().toString(),
              Long.toString(first.position()),
              first.reason()));
      damageText.getStyleClass().add("tone-bad");
      hex.damage(
          model.segment().filter(s -> s.log().equals(first.file())).isPresent()
              ? first.position()
              : -1);
    }
  }

  private void hover(long position) {
    long from = -1;
    long to = -1;
    for (BatchView batch : model.batches()) {
      if (position >= batch.position() && position < batch.end()) {
        Part.Header header = new Part.Header(batch);
        from = header.to();
        to = batch.end();
        for (var field : batch.fields()) {
          if (position >= field.from() && position < field.to()) {
            from = field.from();
            to = field.to();
          }
        }
      }
    }
    hex.frame(from, to);
  }

  // ---- words -----------------------------------------------------------------------------------

  /** What a piece is, with its bytes. */
  private String say(Part part) {
    return texts.get(
        "chosen",
        name(part),
        Long.toString(part.from()),
        Long.toString(part.to() - 1),
        quantities.count(part.to() - part.from()));
  }

  private String name(Part part) {
    if (part instanceof Part.Batch b) {
      return texts.get(
          "part-batch",
          Long.toString(b.batch().header().baseOffset()),
          Long.toString(b.batch().header().lastOffset()),
          Integer.toString(b.batch().header().recordCount()));
    }
    if (part instanceof Part.Header) {
      return texts.get("part-header");
    }
    if (part instanceof Part.Value v) {
      return v.field().name() + ": " + v.field().value();
    }
    if (part instanceof Part.Entry e) {
      return texts.get(
          "part-record",
          Long.toString(e.record().offset()),
          e.record().meaning().isEmpty()
              ? e.record().key() + " → " + e.record().value()
              : e.record().meaning());
    }
    if (part instanceof Part.More more) {
      return texts.get(more.before() ? "part-earlier" : "part-later");
    }
    if (part instanceof Part.Broken broken) {
      return texts.get("part-broken", broken.reason());
    }
    return texts.get("part-waiting");
  }

  /** A batch; its records are read when it is opened. */
  private final class BatchItem extends TreeItem<Part> {
    private boolean filled;

    BatchItem(BatchView batch) {
      super(new Part.Batch(batch));
      getChildren().add(new TreeItem<>(new Part.Waiting(batch)));
      expandedProperty()
          .addListener(
              (o, before, open) -> {
                if (open) {
                  open();
                }
              });
    }

    BatchView batch() {
      return ((Part.Batch) getValue()).batch();
    }

    boolean holds(Part part) {
      return part instanceof Part.Header h && h.batch().equals(batch())
          || part instanceof Part.Value v && v.batch().equals(batch())
          || part instanceof Part.Entry e && e.batch().equals(batch());
    }

    void open() {
      if (!filled && model.records(batch()).isPresent()) {
        fill();
      }
    }

    void fill() {
      if (filled) {
        return;
      }
      filled = true;
      List<TreeItem<Part>> items = new ArrayList<>();
      TreeItem<Part> header = new TreeItem<>(new Part.Header(batch()));
      batch()
          .fields()
          .forEach(f -> header.getChildren().add(new TreeItem<>(Part.value(batch(), f))));
      items.add(header);
      model
          .records(batch())
          .ifPresent(
              records ->
                  records.forEach(
                      record -> {
                        Part.Entry entry = Part.entry(batch(), record);
                        TreeItem<Part> item = new TreeItem<>(entry);
                        record
                            .fields()
                            .forEach(
                                f -> item.getChildren().add(new TreeItem<>(Part.value(entry, f))));
                        items.add(item);
                      }));
      getChildren().setAll(items);
    }
  }

  /** A line of the structure. */
  private final class PartCell extends TreeCell<Part> {
    PartCell() {
      setOnMouseClicked(
          e -> {
            if (!isEmpty()) {
              turn(getItem());
            }
          });
    }

    @Override
    protected void updateItem(Part part, boolean empty) {
      super.updateItem(part, empty);
      getStyleClass().removeAll("tone-bad", "tone-accent", "muted");
      setText(empty || part == null ? null : name(part));
      if (part instanceof Part.Broken) {
        getStyleClass().add("tone-bad");
      } else if (part instanceof Part.More) {
        getStyleClass().add("tone-accent");
      } else if (part instanceof Part.Waiting) {
        getStyleClass().add("muted");
      }
    }
  }
}
