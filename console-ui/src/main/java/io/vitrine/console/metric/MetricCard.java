package io.vitrine.console.metric;

import io.vitrine.console.control.ChartInk;
import io.vitrine.console.control.StageBar;
import io.vitrine.console.control.TimeChart;
import io.vitrine.console.live.Selection;
import io.vitrine.console.metric.MetricChart.Lines;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javafx.scene.Cursor;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.Line;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * One chart with its title, its lines' names and values, and what can be done with it. JavaFX
 * thread only.
 */
final class MetricCard extends VBox {
  private static final Token[] RING = {Token.EPOCH_A, Token.EPOCH_B, Token.EPOCH_C, Token.EPOCH_D};
  private static final double FAINT = 0.42;
  private static final double SAMPLE = 14;
  private static final double VALUE_WIDTH = 66;

  /** Labels of marks are not nearer to each other than that, as a share of the time. */
  private static final double LABEL_DISTANCE = 0.16;

  /** What a card tells the view. */
  interface Owner {
    /** The operator points at a moment of this card, or at none. */
    void pointed(OptionalLong nanos);

    /** The operator goes some rows on or back, by keyboard. */
    void stepped(MetricCard card, int rows);

    void pinned(MetricChart chart, boolean on);

    void enlarged(MetricChart chart);
  }

  /** How a line looks and what it is called. */
  record Style(String name, String tag, Token token, int dash) {}

  /**
   * A state of things.
   *
   * @param moment where the stretch of time ends, as far as it can be told apart on the screen
   * @param wish how often the operator wanted something else
   */
  record Drawn(long moment, long wish) {}

  private record Entry(HBox node, Label value) {}

  private final MetricChart chart;
  private final Messages texts;
  private final Quantities quantities;
  private final Theme theme;
  private final Selection selection;
  private final TimeChart lines;
  private final Label unknown = new Label();
  private final FlowPane legend = new FlowPane(14, 2);
  private final Map<SeriesKey, Entry> entries = new HashMap<>();
  private final ToggleButton pin = new ToggleButton();
  private final Button enlarge = new Button();
  private Optional<Sheet> sheet = Optional.empty();
  private OptionalLong pointNanos = OptionalLong.empty();
  private boolean roomyLegend;
  private Optional<Drawn> drawn = Optional.empty();

  MetricCard(
      MetricChart chart,
      Messages texts,
      Quantities quantities,
      Theme theme,
      ZoneId zone,
      Selection selection,
      ChartInk ink,
      Owner owner) {
    this.chart = chart;
    this.texts = texts;
    this.quantities = quantities;
    this.theme = theme;
    this.selection = selection;
    this.lines =
        new TimeChart(
            ink,
            texts.locale(),
            zone,
            chart.unit().binary(),
            value -> chart.unit().axis(value, quantities));
    setId("metric-" + chart.id());
    getStyleClass().addAll("card", "metric-card");
    setFocusTraversable(true);
    unknown.getStyleClass().add("muted");
    unknown.setWrapText(true);
    unknown.setVisible(false);
    StackPane room = new StackPane(lines, unknown);
    VBox.setVgrow(room, Priority.ALWAYS);
    legend.setMinHeight(Region.USE_PREF_SIZE);
    getChildren().addAll(head(owner), legend, room);
    lines.setOnMouseMoved(e -> owner.pointed(nanosAt(e.getX())));
    lines.setOnMouseExited(e -> owner.pointed(OptionalLong.empty()));
    setOnMouseClicked(
        e -> {
          requestFocus();
          if (e.getClickCount() == 2) {
            owner.enlarged(chart);
          }
        });
    addEventHandler(KeyEvent.KEY_PRESSED, e -> key(e, owner));
  }

  private HBox head(Owner owner) {
    Label title = new Label(texts.get("chart-" + chart.id()));
    title.getStyleClass().add("strong");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    icon(pin, "pin", Feather.MAP_PIN);
    pin.setOnAction(e -> owner.pinned(chart, pin.isSelected()));
    icon(enlarge, "enlarge", Feather.MAXIMIZE_2);
    enlarge.setOnAction(e -> owner.enlarged(chart));
    HBox head = new HBox(4, title, spring, pin, enlarge);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void icon(ButtonBase button, String what, Feather icon) {
    button.setId("metric-" + what + "-" + chart.id());
    button.getStyleClass().addAll("quiet", "card-icon");
    button.setGraphic(new FontIcon(icon));
    say(button, what);
  }

  private void say(ButtonBase button, String what) {
    button.setAccessibleText(texts.get(what, texts.get("chart-" + chart.id())));
    button.setTooltip(new Tooltip(button.getAccessibleText()));
  }

  private void key(KeyEvent e, Owner owner) {
    if (e.getTarget() != this || e.isControlDown() || e.isAltDown() || e.isMetaDown()) {
      return;
    }
    if (e.getCode() == KeyCode.ENTER) {
      owner.enlarged(chart);
    } else if (e.getCode() == KeyCode.P) {
      owner.pinned(chart, !pin.isSelected());
    } else if (e.getCode() == KeyCode.LEFT) {
      owner.stepped(this, -1);
    } else if (e.getCode() == KeyCode.RIGHT) {
      owner.stepped(this, 1);
    } else {
      return;
    }
    e.consume();
  }

  MetricChart chart() {
    return chart;
  }

  /** How many values a line has room for. */
  int points() {
    return lines.points();
  }

  /** What it shows now. */
  Optional<Sheet> sheet() {
    return sheet;
  }

  /** The state of things it was drawn for, empty before the first time. */
  Optional<Drawn> drawn() {
    return drawn;
  }

  void pinned(boolean on) {
    pin.setSelected(on);
    say(pin, on ? "unpin" : "pin");
  }

  void large(boolean on) {
    ((FontIcon) enlarge.getGraphic()).setIconCode(on ? Feather.MINIMIZE_2 : Feather.MAXIMIZE_2);
    say(enlarge, on ? "back" : "enlarge");
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  /**
   * Shows a sheet.
   *
   * @param state of things, as {@link #drawn} tells from now on
   * @param nothing says why there is nothing, when there is nothing
   * @param brokers all there are, in order: their place decides how their lines look
   * @param labels whether marks and lines have room to say what they are
   */
  void show(
      Sheet now,
      Sheet.Choice choice,
      Drawn state,
      String nothing,
      List<Integer> brokers,
      boolean labels) {
    sheet = Optional.of(now);
    drawn = Optional.of(state);
    boolean known = now.known() && now.stretch().rows() > 0;
    lines.setVisible(known);
    unknown.setVisible(!known);
    unknown.setText(nothing);
    List<TimeChart.Curve> curves = new ArrayList<>();
    Map<SeriesKey, Style> styles = new HashMap<>();
    int place = 0;
    for (Map.Entry<SeriesKey, double[]> line : now.lines().entrySet()) {
      Style style = style(line.getKey(), place++, brokers);
      styles.put(line.getKey(), style);
      curves.add(
          new TimeChart.Curve(
              style.tag(), colour(line.getKey(), style), style.dash(), line.getValue()));
    }
    legend(new ArrayList<>(now.lines().keySet()), styles, labels);
    if (known) {
      lines.show(
          new TimeChart.Picture(
              now.stretch().toMs(choice.fromNanos()),
              now.stretch().toMs(choice.toNanos()),
              Arrays.stream(now.stretch().nanos()).map(now.stretch()::toMs).toArray(),
              curves,
              chart.lines() == Lines.PARTS,
              chart.least(),
              marks(now.stretch(), choice, labels),
              now.stretch().holes().stream()
                  .map(
                      hole ->
                          new TimeChart.Gap(
                              now.stretch().toMs(hole.fromNanos()),
                              now.stretch().toMs(hole.toNanos())))
                  .toList()));
    }
    point(pointNanos);
  }

  /** Says the values of this moment, or the newest, and marks it. */
  void point(OptionalLong nanos) {
    pointNanos = nanos;
    if (sheet.isEmpty()) {
      return;
    }
    Sheet now = sheet.get();
    int last = now.stretch().rows() - 1;
    int row = nanos.isPresent() ? now.row(nanos.getAsLong()) : last;
    List<String> said = new ArrayList<>();
    now.lines()
        .forEach(
            (key, line) -> {
              double value = row < 0 || row >= line.length ? Double.NaN : line[row];
              Entry entry = entries.get(key);
              entry.value().setText(chart.unit().text(value, quantities));
              said.add(entry.node().getAccessibleText() + ": " + entry.value().getText());
            });
    setAccessibleText(texts.get("chart-" + chart.id()) + ". " + String.join(", ", said));
    lines.point(
        nanos.isPresent() && last >= 0
            ? OptionalLong.of(now.stretch().toMs(nanos.getAsLong()))
            : OptionalLong.empty());
  }

  private OptionalLong nanosAt(double x) {
    OptionalLong ms = lines.timeAt(x);
    return ms.isPresent() && sheet.isPresent() && sheet.get().stretch().rows() > 0
        ? OptionalLong.of(sheet.get().stretch().toNanos(ms.getAsLong()))
        : OptionalLong.empty();
  }

  private List<TimeChart.Mark> marks(Stretch stretch, Sheet.Choice choice, boolean labels) {
    List<TimeChart.Mark> marks = new ArrayList<>();
    double apart = LABEL_DISTANCE * (choice.toNanos() - choice.fromNanos());
    double free = Double.NEGATIVE_INFINITY;
    for (EventMark mark : stretch.marks()) {
      boolean room = labels && mark.nanos() >= free;
      if (room) {
        free = mark.nanos() + apart;
      }
      marks.add(
          new TimeChart.Mark(
              stretch.toMs(mark.nanos()), mark.kind().token(), room ? said(mark, texts) : ""));
    }
    return marks;
  }

  /** What happened, in words. */
  static String said(EventMark mark, Messages texts) {
    return texts.get(
        "mark-" + mark.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        Integer.toString(mark.broker()));
  }

  private void legend(List<SeriesKey> keys, Map<SeriesKey, Style> styles, boolean roomy) {
    if (roomy == roomyLegend
        && entries.keySet().equals(styles.keySet())
        && legend.getChildren().size() == keys.size()) {
      keys.forEach(key -> emphasize(key, entries.get(key)));
      return;
    }
    roomyLegend = roomy;
    entries.clear();
    legend.getChildren().clear();
    for (SeriesKey key : keys) {
      Style style = styles.get(key);
      Line sample = new Line(0, 0, SAMPLE, 0);
      sample.setStroke(theme.colour(style.token()));
      sample.setStrokeWidth(2.5);
      if (style.dash() > 0 && chart.lines() != Lines.PARTS) {
        sample.getStrokeDashArray().setAll(3.0, 2.5);
      }
      // A broker's number stands at the end of its line as well.
      Label name = new Label(roomy || style.tag().isEmpty() ? style.name() : style.tag());
      name.getStyleClass().add("caption");
      Label value = new Label();
      value.getStyleClass().addAll("small", "strong");
      value.setMinWidth(VALUE_WIDTH);
      HBox node = new HBox(5, sample, name, value);
      node.getStyleClass().add("toolbar");
      node.setAccessibleText(style.name());
      Optional<Selection.Item> item = item(key);
      if (item.isPresent()) {
        node.setCursor(Cursor.HAND);
        node.setOnMouseClicked(e -> selection.choose(item.get()));
      }
      entries.put(key, new Entry(node, value));
      emphasize(key, entries.get(key));
      legend.getChildren().add(node);
    }
  }

  private void emphasize(SeriesKey key, Entry entry) {
    entry.node().setOpacity(faint(key) ? 0.55 : 1);
  }

  private Optional<Selection.Item> item(SeriesKey key) {
    if (key.isWhole() || key.isTogether()) {
      return Optional.empty();
    }
    return Optional.of(
        key.isGroups()
            ? new Selection.Group(key.of())
            : new Selection.Broker(Integer.parseInt(key.of())));
  }

  /** Whether another broker or group of this chart is the one that is looked at. */
  private boolean faint(SeriesKey key) {
    Selection.Item chosen = selection.item();
    return item(key).isPresent()
        && chosen.getClass() == item(key).get().getClass()
        && sheet.stream()
            .flatMap(s -> s.lines().keySet().stream())
            .anyMatch(other -> item(other).filter(chosen::equals).isPresent())
        && !item(key).get().equals(chosen);
  }

  private Color colour(SeriesKey key, Style style) {
    Color full = theme.colour(style.token());
    return faint(key) ? theme.colour(Token.SURFACE).interpolate(full, FAINT) : full;
  }

  private Style style(SeriesKey key, int place, List<Integer> brokers) {
    if (key.isTogether()) {
      return chart.lines() == Lines.PARTS
          ? new Style(name(key, texts), "", StageBar.TOKENS[place % StageBar.TOKENS.length], 0)
          : new Style(name(key, texts), "", Token.ACCENT, 0);
    }
    return switch (chart.lines()) {
      case BROKERS -> {
        int at = Math.max(0, brokers.indexOf(Integer.valueOf(key.of())));
        yield new Style(name(key, texts), key.of(), RING[at % RING.length], at / RING.length);
      }
      case GROUPS ->
          new Style(name(key, texts), "", RING[place % RING.length], place / RING.length);
      default -> new Style(name(key, texts), "", token(key.quantity()), place);
    };
  }

  private static Token token(Quantity quantity) {
    return switch (quantity) {
      case UNDER_REPLICATED, ISR_SHRINKS -> Token.WARN;
      case OFFLINE -> Token.BAD;
      case ISR_EXPANDS -> Token.OK;
      case UNDER_MIN_ISR, DIRECT_BYTES -> Token.EPOCH_C;
      case HEAP_COMMITTED -> Token.IDLE;
      default -> Token.EPOCH_A;
    };
  }

  /** A line's name. */
  static String name(SeriesKey key, Messages texts) {
    if (key.isGroups()) {
      return key.of();
    }
    if (key.isWhole()) {
      return texts.get("part-" + key.quantity().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    if (!key.isTogether()) {
      return texts.get("broker", key.of());
    }
    return switch (key.quantity()) {
      case PRODUCE_QUEUE, FETCH_QUEUE -> texts.get("stage-queue");
      case PRODUCE_LOCAL, FETCH_LOCAL -> texts.get("stage-local");
      case PRODUCE_REMOTE, FETCH_REMOTE -> texts.get("stage-remote");
      case PRODUCE_RESPONSE_QUEUE, FETCH_RESPONSE_QUEUE -> texts.get("stage-response-queue");
      case PRODUCE_SEND, FETCH_SEND -> texts.get("stage-send");
      default -> texts.get("together-line");
    };
  }
}
