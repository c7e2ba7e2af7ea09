package io.vitrine.console.request;

import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.cluster.wire.WireFrame;
import io.vitrine.cluster.wire.WireText;
import io.vitrine.cluster.wire.WireTimes;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.console.control.ByteView;
import io.vitrine.console.control.StageBar;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableColumn;
import javafx.scene.control.TreeTableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * One exchange: its fields and its bytes side by side, each showing what the other points at.
 * Frames are taken apart off the JavaFX thread, to which everything else belongs.
 */
final class ExchangePane {
  private static final int OPEN_LEVELS = 3;

  private final Messages texts;
  private final Quantities quantities;
  private final Desk desk;
  private final Work work;
  private final Label title = new Label();
  private final Label about = new Label();
  private final Label time = new Label();
  private final Label missing = new Label();
  private final StageBar stages;
  private final ToggleButton requestSide = new ToggleButton();
  private final ToggleButton answerSide = new ToggleButton();
  private final Button copyHex = new Button();
  private final Button copyJson = new Button();
  private final TreeTableView<WireField> fields = new TreeTableView<>();
  private final ByteView bytes;
  private final SplitPane sides;
  private final StackPane root;
  private final VBox content;
  private final Label nothing = new Label();
  private Decoded shown;
  private long chosenId;
  private WireExchange wanted;
  private boolean linking;

  /** An exchange taken apart. */
  private record Decoded(WireExchange exchange, List<WireField> request, List<WireField> answer) {}

  ExchangePane(Messages texts, Quantities quantities, Theme theme, Desk desk, Work work) {
    this.texts = texts;
    this.quantities = quantities;
    this.desk = desk;
    this.work = work;
    this.stages = new StageBar(theme);
    this.bytes =
        new ByteView(theme, "exchange-bytes", texts.get("bytes-accessible"), this::pointedAt);
    fields.setId("exchange-fields");
    fields.setAccessibleText(texts.get("fields-accessible"));
    fields.setShowRoot(false);
    fields.setColumnResizePolicy(TreeTableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column(texts.get("column-field"), 190, WireField::name);
    column(texts.get("column-value"), 220, ExchangePane::said);
    fields
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((o, before, item) -> chosen(item));
    sides = new SplitPane(fields, bytes);
    sides.setDividerPositions(0.45);
    VBox.setVgrow(sides, Priority.ALWAYS);
    content = new VBox(6, head(), bar(), sides);
    content.getStyleClass().add("exchange");
    nothing.setText(texts.get("choose-exchange"));
    nothing.getStyleClass().add("muted");
    nothing.setWrapText(true);
    root = new StackPane(nothing, content);
    root.setMinHeight(150);
    content.setVisible(false);
  }

  Node node() {
    return root;
  }

  private Node head() {
    title.getStyleClass().add("strong");
    title.setMinWidth(Region.USE_PREF_SIZE);
    about.getStyleClass().add("muted");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    copyHex.setText(texts.get("copy-hex"));
    copyHex.setId("copy-hex");
    copyHex.setOnAction(e -> desk.copy(WireText.hex(frame().head())));
    copyJson.setText(texts.get("copy-json"));
    copyJson.setId("copy-json");
    copyJson.setOnAction(
        e -> desk.copy(WireText.json(shown.exchange(), shown.request(), shown.answer())));
    for (Button each : List.of(copyHex, copyJson)) {
      each.getStyleClass().add("compact");
      each.setMinWidth(Region.USE_PREF_SIZE);
    }
    HBox head = new HBox(10, title, about, spring, copyHex, copyJson);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private Node bar() {
    ToggleGroup group = new ToggleGroup();
    side(requestSide, group, "exchange-request");
    side(answerSide, group, "exchange-answer");
    requestSide.setSelected(true);
    missing.getStyleClass().add("tone-warn");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    stages.setMinWidth(140);
    time.getStyleClass().add("caption");
    HBox bar = new HBox(8, requestSide, answerSide, missing, spring, time, stages);
    bar.getStyleClass().add("toolbar");
    return bar;
  }

  private void side(ToggleButton button, ToggleGroup group, String id) {
    button.setId(id);
    button.setToggleGroup(group);
    button.getStyleClass().add("chip");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(
        e -> {
          button.setSelected(true);
          drawFrame();
        });
  }

  private void column(String name, double width, Function<WireField, String> text) {
    TreeTableColumn<WireField, String> column = new TreeTableColumn<>(name);
    column.setCellValueFactory(
        cell -> new ReadOnlyStringWrapper(text.apply(cell.getValue().getValue())));
    column.setPrefWidth(width);
    column.setSortable(false);
    fields.getColumns().add(column);
  }

  private static String said(WireField field) {
    String value =
        switch (field.kind()) {
          case STRUCT -> "";
          case ARRAY -> "[" + field.value() + "]";
          case CUT -> "…";
          default -> field.value();
        };
    return field.note().isEmpty() ? value : value + "  " + field.note();
  }

  /** Shows an exchange of the trace from now on. */
  void show(WireExchange exchange, WireTrace trace) {
    chosenId = exchange.id();
    decode(exchange, trace);
  }

  /** What became of the exchange meanwhile is shown too. */
  void refresh(WireTrace trace) {
    if (chosenId > 0 && wanted != null) {
      trace
          .exchange(chosenId)
          .filter(now -> now.state() != wanted.state())
          .ifPresent(now -> decode(now, trace));
    }
  }

  private void decode(WireExchange exchange, WireTrace trace) {
    wanted = exchange;
    work.begin(
        "exchange",
        () ->
            new Decoded(
                exchange, trace.decoder().request(exchange), trace.decoder().answer(exchange)),
        this::draw,
        reason -> {
          content.setVisible(false);
          nothing.setText(texts.get("cannot-decode", reason));
          nothing.setVisible(true);
        });
  }

  private void draw(Decoded next) {
    boolean another = shown == null || shown.exchange().id() != next.exchange().id();
    shown = next;
    WireExchange exchange = next.exchange();
    content.setVisible(true);
    nothing.setVisible(false);
    title.setText(exchange.api() + "  v" + exchange.version());
    about.setText(
        texts.get(
            "about",
            exchange.clientId().isEmpty() ? exchange.client() : exchange.clientId(),
            Integer.toString(exchange.brokerId()),
            exchange.listener(),
            exchange.principal(),
            Integer.toString(exchange.correlationId())));
    WireTimes times = exchange.times();
    stages.show(
        times.queueNanos(),
        times.localNanos(),
        times.remoteNanos(),
        times.responseQueueNanos(),
        times.sendNanos());
    time.setText(
        times.totalNanos() == 0
            ? texts.get("not-over")
            : texts.get(
                "took",
                quantities.nanos(times.totalNanos()),
                quantities.nanos(times.queueNanos()),
                quantities.nanos(times.localNanos()),
                quantities.nanos(times.remoteNanos())));
    requestSide.setText(texts.get("request", quantities.bytes(exchange.request().sizeBytes())));
    answerSide.setText(
        exchange.answered()
            ? texts.get("answer", quantities.bytes(exchange.answer().sizeBytes()))
            : texts.get("no-answer"));
    answerSide.setDisable(!exchange.answered());
    if (!exchange.answered()) {
      requestSide.setSelected(true);
    }
    if (another || answerSide.isSelected()) {
      drawFrame();
    }
  }

  private WireFrame frame() {
    return answerSide.isSelected() ? shown.exchange().answer() : shown.exchange().request();
  }

  private void drawFrame() {
    WireFrame frame = frame();
    TreeItem<WireField> top = new TreeItem<>();
    for (WireField field : answerSide.isSelected() ? shown.answer() : shown.request()) {
      top.getChildren().add(item(field, 1));
    }
    fields.setRoot(top);
    bytes.show(frame.head());
    copyHex.setDisable(frame.head().length == 0);
    missing.setText(
        frame.kept() == WireFrame.Kept.BEGINNING
            ? texts.get("kept-beginning", quantities.bytes(frame.head().length))
            : frame.kept() == WireFrame.Kept.ALL
                ? ""
                : texts.get("kept-" + frame.kept().name().toLowerCase(Locale.ROOT)));
  }

  private static TreeItem<WireField> item(WireField field, int level) {
    TreeItem<WireField> item = new TreeItem<>(field);
    field.children().forEach(child -> item.getChildren().add(item(child, level + 1)));
    item.setExpanded(level < OPEN_LEVELS);
    return item;
  }

  // ---- fields and bytes point at each other

  private void chosen(TreeItem<WireField> item) {
    if (item != null && item.getValue() != null && !linking) {
      bytes.mark(item.getValue().offset(), item.getValue().length());
    }
  }

  private void pointedAt(int offset) {
    if (fields.getRoot() == null) {
      return;
    }
    List<WireField> shownFields = answerSide.isSelected() ? shown.answer() : shown.request();
    Optional<WireField> field = RequestPage.fieldAt(shownFields, offset);
    field.flatMap(each -> find(fields.getRoot(), each)).ifPresent(this::choose);
  }

  private void choose(TreeItem<WireField> item) {
    for (TreeItem<WireField> up = item.getParent(); up != null; up = up.getParent()) {
      up.setExpanded(true);
    }
    linking = true;
    try {
      int row = fields.getRow(item);
      fields.getSelectionModel().select(row);
      fields.scrollTo(Math.max(0, row - 2));
    } finally {
      linking = false;
    }
    bytes.highlight(item.getValue().offset(), item.getValue().length());
  }

  private static Optional<TreeItem<WireField>> find(TreeItem<WireField> under, WireField field) {
    for (TreeItem<WireField> each : under.getChildren()) {
      if (each.getValue() == field) {
        return Optional.of(each);
      }
      Optional<TreeItem<WireField>> below = find(each, field);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }
}
