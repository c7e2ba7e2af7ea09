package io.vitrine.console.partition;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.control.MiniRuler;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/** All partitions in a table. JavaFX thread only. */
public final class PartitionView implements Screen {
  private static final double ROW = 34;

  private final Messages texts;
  private final Quantities quantities;
  private final Theme theme;
  private final Selection selection;
  private final Desk desk;
  private final PartitionViewModel model = new PartitionViewModel();
  private final TableView<PartitionRow> table = new TableView<>();
  private final TextField filter = new TextField();
  private final Map<PartitionFilter, ToggleButton> chips = new EnumMap<>(PartitionFilter.class);
  private final Label count = new Label();
  private final Button elect = new Button();
  private final VBox root = new VBox();
  private boolean updating;

  /** The view. */
  public PartitionView(Locale locale, Theme theme, Selection selection, Desk desk) {
    this.texts = Messages.of(PartitionView.class, locale);
    this.quantities = new Quantities(locale);
    this.theme = theme;
    this.selection = selection;
    this.desk = desk;
    root.getStyleClass().add("page");
    root.setId("partition-view");
    table.setId("partitions");
    table.setFixedCellSize(ROW);
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    table.setTableMenuButtonVisible(true);
    table.setAccessibleText(texts.get("table-accessible"));
    columns();
    table.setSortPolicy(
        view -> {
          model.sort(view.getComparator());
          rows();
          return true;
        });
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, row) -> {
              if (row != null && !updating) {
                selection.choose(new Selection.Partition(row.id()));
              }
            });
    table.setRowFactory(
        view -> {
          TableRow<PartitionRow> row = new TableRow<>();
          row.setOnMouseClicked(
              e -> {
                if (e.getClickCount() == 2 && !row.isEmpty()) {
                  desk.openLanes(row.getItem().id());
                }
              });
          return row;
        });
    table.setOnKeyPressed(
        e -> {
          PartitionRow row = table.getSelectionModel().getSelectedItem();
          if (e.getCode() == KeyCode.ENTER && row != null) {
            desk.openLanes(row.id());
            e.consume();
          }
        });
    VBox.setVgrow(table, Priority.ALWAYS);
    root.getChildren().addAll(head(), bar(), table);
    selection.subscribe(this::chosen);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    boolean first = model.size() == 0;
    model.take(frame.snapshot());
    Label placeholder =
        new Label(
            texts.get(
                frame.snapshot().sequence() == 0
                    ? "loading"
                    : model.size() == 0 ? "empty" : "nothing-matches"));
    placeholder.setWrapText(true);
    if (!(table.getPlaceholder() instanceof Label old)
        || !old.getText().equals(placeholder.getText())) {
      table.setPlaceholder(placeholder);
    }
    rows();
    model.counts().forEach(this::chip);
    elect.setDisable(model.counts().get(PartitionFilter.NOT_PREFERRED) == 0);
    if (first) {
      chosen(selection.item());
    }
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public Optional<String> explain() {
    Map<PartitionFilter, Integer> counts = model.counts();
    return Optional.of(
        texts.get(
            "explain",
            counts.get(PartitionFilter.NOT_PREFERRED),
            counts.get(PartitionFilter.UNDER_REPLICATED),
            counts.get(PartitionFilter.UNDER_MIN_ISR),
            counts.get(PartitionFilter.OFFLINE)));
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    count.getStyleClass().add("muted");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    elect.setText(texts.get("elect"));
    elect.setId("elect-preferred");
    elect.getStyleClass().addAll("compact", "acts");
    elect.setOnAction(e -> desk.ask(new ClusterCommand.ElectPreferredLeaders(Set.of())));
    Button create = new Button(texts.get("create"));
    create.setId("create");
    create.getStyleClass().addAll("compact", "acts", "primary");
    create.setOnAction(e -> desk.askForTopic());
    HBox head = new HBox(10, title, count, spring);
    if (desk.may(Capability.ADMINISTER)) {
      head.getChildren().addAll(elect, create);
    }
    head.getStyleClass().add("toolbar");
    return head;
  }

  private Node bar() {
    filter.setPromptText(texts.get("filter"));
    filter.setId("filter");
    filter.setPrefWidth(180);
    filter
        .textProperty()
        .addListener(
            (o, before, after) -> {
              model.text(after);
              rows();
            });
    FlowPane bar = new FlowPane(8, 8, filter);
    bar.setAlignment(Pos.CENTER_LEFT);
    for (PartitionFilter each : PartitionFilter.values()) {
      ToggleButton chip = new ToggleButton();
      chip.setId("filter-" + key(each));
      chip.getStyleClass().add("chip");
      chip.setOnAction(e -> filtered());
      chips.put(each, chip);
      bar.getChildren().add(chip);
    }
    return bar;
  }

  private void filtered() {
    Set<PartitionFilter> on = EnumSet.noneOf(PartitionFilter.class);
    chips.forEach(
        (each, chip) -> {
          if (chip.isSelected()) {
            on.add(each);
          }
        });
    model.filters(on);
    rows();
  }

  private void chip(PartitionFilter each, int rows) {
    chips.get(each).setText(texts.get("filter-" + key(each), rows));
  }

  private static String key(PartitionFilter filter) {
    return filter.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void columns() {
    column(
        "partition",
        150,
        false,
        Comparator.comparing(r -> r.id().toString()),
        (label, r) -> label.setText(r.id().toString()));
    TableColumn<PartitionRow, PartitionRow> ruler = new TableColumn<>(texts.get("column-ruler"));
    ruler.setCellValueFactory(f -> new ReadOnlyObjectWrapper<>(f.getValue()));
    ruler.setCellFactory(c -> new RulerCell(theme));
    ruler.setSortable(false);
    ruler.setPrefWidth(140);
    ruler.setMinWidth(90);
    table.getColumns().add(ruler);
    column("leader", 66, true, Comparator.comparingInt(PartitionRow::leader), this::leader);
    column(
        "preferred",
        78,
        true,
        Comparator.comparingInt(PartitionRow::preferred),
        (label, r) -> label.setText(Integer.toString(r.preferred())));
    column(
        "epoch",
        62,
        true,
        Comparator.comparingInt(PartitionRow::leaderEpoch),
        (label, r) -> label.setText(Integer.toString(r.leaderEpoch())));
    column("isr", 86, false, Comparator.comparingInt(r -> r.isr().size()), this::isr);
    column(
        "leo",
        72,
        true,
        Comparator.comparingLong(PartitionRow::logEndOffset),
        (label, r) -> label.setText(offset(r.logEndOffset())));
    column(
        "hw",
        72,
        true,
        Comparator.comparingLong(PartitionRow::highWatermark),
        (label, r) -> label.setText(offset(r.highWatermark())));
    column(
        "size",
        82,
        true,
        Comparator.comparingLong(PartitionRow::sizeBytes),
        (label, r) -> label.setText(quantities.bytes(r.sizeBytes())));
    column(
        "segments",
        96,
        true,
        Comparator.comparingInt(PartitionRow::segments),
        (label, r) -> label.setText(r.segments() < 0 ? "–" : Integer.toString(r.segments())));
  }

  private void column(
      String key,
      double width,
      boolean right,
      Comparator<PartitionRow> order,
      BiConsumer<Label, PartitionRow> fill) {
    TableColumn<PartitionRow, PartitionRow> column = new TableColumn<>(texts.get("column-" + key));
    column.setId("column-" + key);
    column.setCellValueFactory(f -> new ReadOnlyObjectWrapper<>(f.getValue()));
    column.setCellFactory(c -> new TextCell(right, fill));
    column.setComparator(order);
    column.setPrefWidth(width);
    column.setMinWidth(Math.min(width, 58));
    if (right) {
      column.getStyleClass().add("right");
    }
    table.getColumns().add(column);
  }

  private String offset(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }

  private void leader(Label label, PartitionRow row) {
    label.setText(row.offline() ? texts.get("nobody") : Integer.toString(row.leader()));
    if (row.offline()) {
      label.getStyleClass().add("tone-bad");
    } else if (!row.leaderLives() || row.notPreferred()) {
      label.getStyleClass().add("tone-warn");
      label.setText(
          texts.get(row.leaderLives() ? "leader-not-preferred" : "leader-dead", row.leader()));
    }
  }

  private void isr(Label label, PartitionRow row) {
    label.setText(
        row.isr().stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (row.underReplicated()
                ? "  " + texts.get("isr-of", row.isr().size(), row.assignment().size())
                : ""));
    if (row.underMinIsr()) {
      label.getStyleClass().add("tone-bad");
    } else if (row.underReplicated()) {
      label.getStyleClass().add("tone-warn");
    }
  }

  // ---- rows
  // --------------------------------------------------------------------------------------

  /** Brings the table's items to the model's rows; a row that did not change is left alone. */
  private void rows() {
    List<PartitionRow> rows = model.rows();
    count.setText(texts.get("count", rows.size(), model.size()));
    List<PartitionRow> items = table.getItems();
    updating = true;
    try {
      if (ids(items).equals(ids(rows))) {
        for (int i = 0; i < rows.size(); i++) {
          if (!rows.get(i).equals(items.get(i))) {
            boolean selected = table.getSelectionModel().isSelected(i);
            items.set(i, rows.get(i));
            if (selected) {
              table.getSelectionModel().select(i);
            }
          }
        }
      } else {
        table.getItems().setAll(rows);
        select(selection.item());
      }
    } finally {
      updating = false;
    }
  }

  private static List<TopicPartition> ids(List<PartitionRow> rows) {
    return rows.stream().map(PartitionRow::id).toList();
  }

  private void chosen(Selection.Item item) {
    updating = true;
    try {
      select(item);
    } finally {
      updating = false;
    }
  }

  private void select(Selection.Item item) {
    int index = -1;
    if (item instanceof Selection.Partition partition) {
      index = ids(table.getItems()).indexOf(partition.id());
    }
    if (index < 0) {
      table.getSelectionModel().clearSelection();
    } else {
      table.getSelectionModel().select(index);
    }
  }

  /** A line of text, right or left. */
  private static final class TextCell extends TableCell<PartitionRow, PartitionRow> {
    private final Label label = new Label();
    private final BiConsumer<Label, PartitionRow> fill;

    TextCell(boolean right, BiConsumer<Label, PartitionRow> fill) {
      this.fill = fill;
      if (right) {
        getStyleClass().add("right");
      }
    }

    @Override
    protected void updateItem(PartitionRow row, boolean empty) {
      super.updateItem(row, empty);
      if (empty || row == null) {
        setGraphic(null);
      } else {
        label.getStyleClass().setAll("label");
        fill.accept(label, row);
        setGraphic(label);
      }
    }
  }

  /** A mini ruler. */
  private static final class RulerCell extends TableCell<PartitionRow, PartitionRow> {
    private final MiniRuler ruler;

    RulerCell(Theme theme) {
      ruler = new MiniRuler(theme);
    }

    @Override
    protected void updateItem(PartitionRow row, boolean empty) {
      super.updateItem(row, empty);
      if (empty || row == null) {
        setGraphic(null);
      } else {
        ruler.setPrefWidth(Math.max(60, getTableColumn().getWidth() - 18));
        ruler.show(row.window(), row.bars());
        setGraphic(ruler);
      }
    }
  }
}
