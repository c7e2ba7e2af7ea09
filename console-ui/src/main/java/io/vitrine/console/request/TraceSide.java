package io.vitrine.console.request;

import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireFilter;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The wire trace: exchanges in the order they began, the newest at the end, and the chosen one
 * taken apart. JavaFX thread only.
 */
final class TraceSide {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** More nobody scrolls through; filters find the others. */
  private static final int MOST_ROWS = 400;

  private final Messages texts;
  private final Quantities quantities;
  private final ZoneId zone;
  private final Optional<WireTrace> trace;
  private final RowTable<WireExchange> table;
  private final ExchangePane detail;
  private final ToggleButton on = new ToggleButton();
  private final ToggleButton oneBroker = new ToggleButton();
  private final ToggleButton failed = new ToggleButton();
  private final ToggleButton follow = new ToggleButton();
  private final ComboBox<String> api = new ComboBox<>();
  private final Label count = new Label();
  private final VBox root = new VBox(8);
  private int broker;
  private String filter = "";

  TraceSide(Messages texts, Quantities quantities, Theme theme, ZoneId zone, Desk desk, Work work) {
    this.texts = texts;
    this.quantities = quantities;
    this.zone = zone;
    this.trace = desk.wireTrace();
    this.detail = new ExchangePane(texts, quantities, theme, desk, work);
    this.table =
        new RowTable<>("wire-trace", texts.get("trace-accessible"), WireExchange::id, this::chosen);
    columns();
    table.setMinHeight(120);
    SplitPane split = new SplitPane(table, detail.node());
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.46);
    VBox.setVgrow(split, Priority.ALWAYS);
    root.getChildren().addAll(bar(), split);
  }

  Node node() {
    return root;
  }

  private Node bar() {
    on.setId("trace-on");
    on.getStyleClass().add("chip");
    on.setDisable(trace.isEmpty());
    on.setSelected(trace.filter(WireTrace::isOn).isPresent());
    on.setOnAction(
        e -> {
          trace.ifPresent(each -> each.turn(on.isSelected()));
          draw();
        });
    api.setId("trace-api");
    api.setAccessibleText(texts.get("column-api"));
    api.getItems().setAll(texts.get("all-apis"));
    api.getSelectionModel().selectFirst();
    api.setOnShowing(e -> refreshApis());
    api.setOnAction(e -> draw());
    chip(oneBroker, "trace-one-broker", "");
    chip(failed, "trace-failed", texts.get("only-failed"));
    chip(follow, "trace-follow", texts.get("follow-newest"));
    follow.setSelected(true);
    Button clear = new Button(texts.get("clear"));
    clear.setId("trace-clear");
    clear.getStyleClass().addAll("compact", "quiet");
    clear.setOnAction(
        e -> {
          trace.ifPresent(WireTrace::clear);
          draw();
        });
    count.getStyleClass().add("muted");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox bar = new HBox(8, on, api, oneBroker, failed, follow, spring, count, clear);
    bar.getStyleClass().add("toolbar");
    return bar;
  }

  private void chip(ToggleButton button, String id, String text) {
    button.setId(id);
    button.setText(text);
    button.getStyleClass().add("chip");
    button.setOnAction(e -> draw());
  }

  private void refreshApis() {
    List<String> names = new ArrayList<>();
    names.add(texts.get("all-apis"));
    trace.ifPresent(each -> names.addAll(each.apis()));
    String selected = api.getValue();
    if (!names.contains(selected)) {
      names.add(selected);
    }
    if (!api.getItems().equals(names)) {
      api.getItems().setAll(names);
      api.setValue(selected);
    }
  }

  private void columns() {
    table.text(
        "trace-time",
        texts.get("column-time"),
        92,
        false,
        Comparator.comparingLong(WireExchange::id),
        (label, row) ->
            label.setText(CLOCK.format(Instant.ofEpochMilli(row.wallMs()).atZone(zone))));
    table.text(
        "trace-broker",
        texts.get("column-broker"),
        58,
        true,
        Comparator.comparingInt(WireExchange::brokerId),
        (label, row) -> label.setText(Integer.toString(row.brokerId())));
    table.text(
        "trace-exchange",
        texts.get("column-api"),
        140,
        false,
        Comparator.comparing(WireExchange::api),
        (label, row) -> label.setText(row.api() + "  v" + row.version()));
    table.text(
        "trace-client",
        texts.get("column-client"),
        150,
        false,
        Comparator.comparing(WireExchange::clientId),
        (label, row) -> label.setText(row.clientId().isEmpty() ? row.client() : row.clientId()));
    table.text(
        "trace-request-size",
        texts.get("column-request-size"),
        74,
        true,
        Comparator.comparingLong(row -> row.request().sizeBytes()),
        (label, row) -> label.setText(quantities.bytes(row.request().sizeBytes())));
    table.text(
        "trace-answer-size",
        texts.get("column-answer-size"),
        74,
        true,
        Comparator.comparingLong(row -> row.answer().sizeBytes()),
        (label, row) ->
            label.setText(row.answered() ? quantities.bytes(row.answer().sizeBytes()) : "–"));
    table.text(
        "trace-total",
        texts.get("column-total"),
        74,
        true,
        Comparator.comparingLong(row -> row.times().totalNanos()),
        (label, row) ->
            label.setText(
                row.times().totalNanos() == 0 ? "–" : quantities.nanos(row.times().totalNanos())));
    table.column(
        "trace-outcome",
        texts.get("column-outcome"),
        180,
        false,
        Comparator.comparing(row -> row.state().name() + row.errors()),
        Pill::new,
        (pill, row) -> pill.show(outcome(row), tone(row)));
  }

  private String outcome(WireExchange exchange) {
    return exchange.errors().isEmpty()
        ? texts.get("state-" + exchange.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        : String.join(", ", exchange.errors());
  }

  private static Token tone(WireExchange exchange) {
    if (!exchange.errors().isEmpty()) {
      return Token.BAD;
    }
    return switch (exchange.state()) {
      case UNDER_WAY, ANSWERED -> Token.ACCENT;
      case OVER -> Token.OK;
      case WITHOUT_ANSWER -> Token.IDLE;
      case LOST -> Token.BAD;
    };
  }

  /**
   * Draws what the trace holds now.
   *
   * @param shownBroker the broker the view is at
   * @param text what clients, principals or errors must hold
   */
  void show(int shownBroker, String text) {
    broker = shownBroker;
    filter = text;
    draw();
  }

  private void draw() {
    oneBroker.setText(texts.get("only-broker", Integer.toString(broker)));
    boolean watching = trace.filter(WireTrace::isOn).isPresent();
    on.setSelected(watching);
    on.setText(texts.get(watching ? "trace-is-on" : "trace-is-off"));
    if (trace.isEmpty()) {
      table.placeholder(texts.get("trace-unknown"));
      return;
    }
    List<WireExchange> rows = new ArrayList<>(trace.get().newest(wanted(), MOST_ROWS));
    Collections.reverse(rows);
    count.setText(
        texts.get("trace-count", quantities.count(rows.size()), quantities.count(seen())));
    table.placeholder(
        texts.get(seen() > 0 ? "nothing-matches" : watching ? "trace-waits" : "trace-off-hint"));
    table.show(rows);
    if (follow.isSelected() && !rows.isEmpty()) {
      table.scrollTo(rows.size() - 1);
    }
    detail.refresh(trace.get());
  }

  private long seen() {
    return trace.map(WireTrace::seen).orElse(0L);
  }

  private WireFilter wanted() {
    return new WireFilter(
        oneBroker.isSelected() ? OptionalInt.of(broker) : OptionalInt.empty(),
        api.getSelectionModel().getSelectedIndex() <= 0 ? "" : api.getValue(),
        filter,
        failed.isSelected());
  }

  /** Whoever looks at one exchange does not want it to be scrolled away. */
  private void chosen(WireExchange exchange) {
    follow.setSelected(false);
    trace.ifPresent(each -> detail.show(exchange, each));
  }

  /** What is kept, with its bounds. */
  Optional<String> explain() {
    return trace.map(
        each ->
            texts.get(
                "rule-trace",
                quantities.count(each.capacity()),
                quantities.bytes(each.headBytes()),
                quantities.count(each.seen())));
  }
}
