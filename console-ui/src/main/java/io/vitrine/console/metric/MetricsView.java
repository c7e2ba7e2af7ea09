package io.vitrine.console.metric;

import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.console.control.ChartInk;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.metric.MetricChart.Field;
import io.vitrine.console.metric.MetricChart.Lines;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javafx.embed.swing.SwingFXUtils;
import javafx.event.ActionEvent;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.TilePane;
import javafx.scene.layout.VBox;
import javax.imageio.ImageIO;

/**
 * Charts of what was recorded, pinned ones first.
 *
 * <p>A chart is drawn when there is something new to see on it and it is in sight: at once when the
 * operator changed something, and otherwise no more than {@value #MOST_A_FRAME} a frame, so that no
 * frame waits for many charts. JavaFX thread only.
 */
public final class MetricsView implements Screen {
  private static final int MOST_A_FRAME = 2;

  private static final double GAP = 12;
  private static final double LEAST_WIDTH = 370;
  private static final double CARD_HEIGHT = 208;
  private static final double MOST_HEIGHT = 340;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter FILE_TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

  /** How much time is seen. */
  private enum Range {
    MINUTE(1),
    FIVE_MINUTES(5),
    QUARTER(15),
    HOUR(60);

    private final long minutes;

    Range(long minutes) {
      this.minutes = minutes;
    }

    long nanos() {
      return TimeUnit.MINUTES.toNanos(minutes);
    }
  }

  private final Theme theme;
  private final ZoneId zone;
  private final Selection selection;
  private final Work work;
  private final MetricHistory history;
  private final Pins pins;
  private final FileAsker files;
  private final Messages texts;
  private final Quantities quantities;
  private final Map<MetricChart, MetricCard> cards = new EnumMap<>(MetricChart.class);
  private final HBox brokerChips = new HBox(4);
  private final ToggleButton together = new ToggleButton();
  private final ToggleButton asTable = new ToggleButton();
  private final MenuButton export = new MenuButton();
  private final Label pointed = new Label();
  private final Label status = new Label();
  private final Label waiting = new Label();
  private final TilePane grid = new TilePane(GAP, GAP);
  private final ScrollPane scroll = new ScrollPane(grid);
  private final MetricTable table;
  private final VBox root = new VBox();
  private final Runnable endSelection;
  private final Set<Integer> unwanted = new HashSet<>();
  private Optional<Field> field = Optional.empty();
  private Optional<MetricChart> large = Optional.empty();
  private Range range = Range.FIVE_MINUTES;
  private OptionalLong point = OptionalLong.empty();
  private Optional<String> said = Optional.empty();
  private Frame newest;
  private boolean loading;

  /** Grows with each change by the operator; every chart is drawn anew then. */
  private long wish;

  private Optional<MetricCard.Drawn> tabledState = Optional.empty();
  private boolean goesOn;
  private int next;

  /** The view; times of day are of this zone. */
  public MetricsView(
      Locale locale,
      Theme theme,
      ZoneId zone,
      Selection selection,
      Work work,
      MetricRecorder recorder,
      Pins pins) {
    this(locale, theme, zone, selection, work, recorder, pins, FileAsker.dialogs());
  }

  MetricsView(
      Locale locale,
      Theme theme,
      ZoneId zone,
      Selection selection,
      Work work,
      MetricRecorder recorder,
      Pins pins,
      FileAsker files) {
    this.theme = theme;
    this.zone = zone;
    this.selection = selection;
    this.work = work;
    this.history = recorder.history();
    this.pins = pins;
    this.files = files;
    this.texts = Messages.of(MetricsView.class, locale);
    this.quantities = new Quantities(locale);
    this.table = new MetricTable(texts, quantities);
    root.getStyleClass().add("page");
    root.setId("metrics-view");
    waiting.getStyleClass().add("muted");
    waiting.setWrapText(true);
    waiting.setText(texts.get("preparing"));
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setId("metrics-scroll");
    scroll.viewportBoundsProperty().addListener((o, before, now) -> arrange());
    scroll.vvalueProperty().addListener((o, before, now) -> draw());
    grid.setId("metrics-grid");
    table.node().setVisible(false);
    StackPane middle = new StackPane(waiting, scroll, table.node());
    VBox.setVgrow(middle, Priority.ALWAYS);
    status.getStyleClass().add("caption");
    root.getChildren().addAll(head(), tools(), middle, status);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    endSelection = selection.subscribe(item -> changed());
  }

  // ---- the head
  // ----------------------------------------------------------------------------------

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(6, title);
    head.getStyleClass().add("toolbar");
    ToggleGroup group = new ToggleGroup();
    List<Optional<Field>> all = new ArrayList<>();
    all.add(Optional.empty());
    List.of(Field.values()).forEach(each -> all.add(Optional.of(each)));
    for (Optional<Field> each : all) {
      String id = each.map(f -> f.name().toLowerCase(Locale.ROOT)).orElse("all");
      ToggleButton chip = chip("metrics-field-" + id, texts.get("field-" + id), group);
      chip.setSelected(each.isEmpty());
      chip.setOnAction(
          e -> {
            field = each;
            large = Optional.empty();
            arrange();
          });
      head.getChildren().add(chip);
    }
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    pointed.getStyleClass().add("caption");
    pointed.setId("metrics-pointed");
    head.getChildren().addAll(spring, pointed);
    return head;
  }

  private Node tools() {
    HBox tools = new HBox(6);
    tools.getStyleClass().add("toolbar");
    ToggleGroup ranges = new ToggleGroup();
    for (Range each : Range.values()) {
      ToggleButton chip =
          chip(
              "metrics-range-" + each.minutes,
              quantities.span(TimeUnit.NANOSECONDS.toMillis(each.nanos())),
              ranges);
      chip.setSelected(each == range);
      chip.setOnAction(
          e -> {
            range = each;
            changed();
          });
      tools.getChildren().add(chip);
    }
    Region left = new Region();
    left.setMinWidth(10);
    brokerChips.getStyleClass().add("toolbar");
    together.setText(texts.get("together"));
    together.setId("metrics-together");
    together.getStyleClass().add("chip");
    together.setMinWidth(Region.USE_PREF_SIZE);
    together.setOnAction(e -> changed());
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    asTable.setText(texts.get("as-table"));
    asTable.setId("metrics-as-table");
    asTable.getStyleClass().add("chip");
    asTable.setMinWidth(Region.USE_PREF_SIZE);
    asTable.setOnAction(e -> changed());
    export.setText(texts.get("export"));
    export.setId("metrics-export");
    export.getStyleClass().add("compact");
    export.setMinWidth(Region.USE_PREF_SIZE);
    export.getItems().addAll(item("csv", this::saveCsv), item("png", this::savePng));
    tools.getChildren().addAll(left, brokerChips, together, spring, asTable, export);
    return tools;
  }

  private MenuItem item(String kind, Runnable save) {
    MenuItem item = new MenuItem(texts.get("export-" + kind));
    item.setId("metrics-export-" + kind);
    item.setOnAction(e -> save.run());
    return item;
  }

  private static ToggleButton chip(String id, String text, ToggleGroup group) {
    ToggleButton chip = new ToggleButton(text);
    chip.setId(id);
    chip.getStyleClass().add("chip");
    chip.setMinWidth(Region.USE_PREF_SIZE);
    chip.setToggleGroup(group);
    // One is always chosen.
    chip.addEventFilter(ActionEvent.ACTION, e -> chip.setSelected(true));
    return chip;
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public List<Key> keys() {
    return List.of(
        new Key("Enter", texts.get("does-enlarge")),
        new Key("P", texts.get("does-pin")),
        new Key("← →", texts.get("does-step")),
        new Key("Ctrl+E", texts.get("does-export")));
  }

  @Override
  public void close() {
    endSelection.run();
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.E && event.isShortcutDown()) {
      export.show();
      export.requestFocus();
      event.consume();
    }
  }

  // ---- frames
  // ------------------------------------------------------------------------------------

  @Override
  public void show(Frame frame) {
    newest = frame;
    brokers(frame.snapshot().brokers().stream().map(BrokerView::id).sorted().toList());
    load();
    draw();
  }

  /** Reads the typeface of charts, once, before the first of them. */
  private void load() {
    if (!loading) {
      loading = true;
      Callable<ChartInk> ink = () -> ChartInk.load(theme);
      work.begin(
          "ink",
          ink,
          this::make,
          reason -> {
            waiting.setText(texts.get("no-charts", reason));
            asTable.setSelected(true);
            changed();
          });
    }
  }

  private void make(ChartInk ink) {
    waiting.setVisible(false);
    Hand hand = new Hand();
    for (MetricChart chart : MetricChart.values()) {
      cards.put(chart, new MetricCard(chart, texts, quantities, theme, zone, selection, ink, hand));
    }
    arrange();
  }

  /** One chip a broker; made anew only when there are others. */
  private void brokers(List<Integer> all) {
    List<Integer> chips = all.size() > Sheet.MOST_BROKERS ? List.of() : all;
    List<String> ids = chips.stream().map(id -> "metrics-broker-" + id).toList();
    if (brokerChips.getChildren().stream().map(Node::getId).toList().equals(ids)) {
      return;
    }
    brokerChips.getChildren().clear();
    for (int id : chips) {
      ToggleButton chip = new ToggleButton(Integer.toString(id));
      chip.setId("metrics-broker-" + id);
      chip.setAccessibleText(texts.get("broker", Integer.toString(id)));
      chip.getStyleClass().add("chip");
      chip.setSelected(!unwanted.contains(id));
      chip.setOnAction(
          e -> {
            if (chip.isSelected()) {
              unwanted.remove(id);
            } else {
              unwanted.add(id);
            }
            changed();
          });
      brokerChips.getChildren().add(chip);
    }
    changed();
  }

  /** The operator wants to see something else. */
  private void changed() {
    wish++;
    draw();
  }

  // ---- arranging
  // ---------------------------------------------------------------------------------

  /** The charts that are to be seen, pinned ones first. */
  private List<MetricChart> charts() {
    Set<String> pinned = pins.pinned();
    return List.of(MetricChart.values()).stream()
        .filter(chart -> field.isEmpty() || chart.field() == field.get())
        .sorted(
            Comparator.comparing((MetricChart chart) -> !pinned.contains(chart.id()))
                .thenComparing(MetricChart::field))
        .filter(chart -> large.isEmpty() || chart == large.get())
        .toList();
  }

  private void arrange() {
    if (cards.isEmpty()) {
      changed();
      return;
    }
    Bounds room = scroll.getViewportBounds();
    List<MetricCard> shown = charts().stream().map(cards::get).toList();
    if (!grid.getChildren().equals(shown)) {
      Node focused = root.getScene() == null ? null : root.getScene().getFocusOwner();
      grid.getChildren().setAll(shown);
      if (focused != null && shown.contains(focused)) {
        focused.requestFocus();
      }
    }
    int columns =
        large.isPresent() ? 1 : Math.max(1, (int) ((room.getWidth() + GAP) / (LEAST_WIDTH + GAP)));
    grid.setPrefColumns(columns);
    grid.setPrefTileWidth(
        Math.max(1, Math.floor((room.getWidth() - GAP * (columns - 1)) / columns)));
    grid.setPrefTileHeight(height(room.getHeight(), (shown.size() + columns - 1) / columns));
    shown.forEach(
        card -> {
          card.pinned(pins.pinned().contains(card.chart().id()));
          card.large(large.isPresent());
        });
    changed();
  }

  /** Few charts share the room there is; many are scrolled. */
  private double height(double room, int rows) {
    double share = Math.floor((room - GAP * (rows - 1)) / Math.max(1, rows));
    double most = large.isPresent() ? share : Math.min(share, MOST_HEIGHT);
    return Math.max(CARD_HEIGHT, most);
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private List<Integer> allBrokers() {
    return newest.snapshot().brokers().stream().map(BrokerView::id).sorted().toList();
  }

  private Sheet.Choice choice() {
    SortedSet<Integer> chosen = new TreeSet<>(allBrokers());
    chosen.removeAll(unwanted);
    boolean one = chosen.size() > Sheet.MOST_BROKERS && isHere(chosen);
    if (one) {
      // Too many lines; but the one that is looked at everywhere is looked at here.
      chosen.removeIf(id -> !selection.isBroker(id));
    }
    long row = history.newestNanos(newest.nowNanos());
    long end = newest.nowNanos() - row < MetricHistory.HOLE_NANOS ? row : newest.nowNanos();
    return new Sheet.Choice(end - range.nanos(), end, chosen, together.isSelected() && !one);
  }

  private boolean isHere(Set<Integer> brokers) {
    return selection.item() instanceof Selection.Broker broker && brokers.contains(broker.id());
  }

  private void draw() {
    if (newest == null) {
      return;
    }
    boolean tabled = asTable.isSelected();
    scroll.setVisible(!tabled && !cards.isEmpty());
    table.node().setVisible(tabled);
    if (tabled) {
      drawTable();
    } else {
      drawCards();
    }
    status.setText(said.orElseGet(this::hint));
  }

  private void drawTable() {
    MetricCard.Drawn state = state(choice(), 1);
    if (!tabledState.equals(Optional.of(state))) {
      tabledState = Optional.of(state);
      table.show(sheets());
    }
  }

  private List<Sheet> sheets() {
    Sheet.Choice choice = choice();
    return charts().stream()
        .map(chart -> Sheet.of(chart, history, choice, Integer.MAX_VALUE))
        .toList();
  }

  private void drawCards() {
    Sheet.Choice choice = choice();
    List<MetricCard> seen =
        grid.getChildren().stream().map(MetricCard.class::cast).filter(this::inSight).toList();
    for (MetricCard card : seen) {
      MetricCard.Drawn state = state(choice, card.points());
      if (card.drawn().filter(drawn -> drawn.wish() == state.wish()).isEmpty()) {
        draw(card, choice, state);
      }
    }
    int first = next;
    int drawn = 0;
    for (int i = 0; i < seen.size(); i++) {
      MetricCard card = seen.get((first + i) % seen.size());
      MetricCard.Drawn state = state(choice, card.points());
      if (card.drawn().equals(Optional.of(state))) {
        continue;
      }
      if (drawn == MOST_A_FRAME) {
        goOn();
        return;
      }
      draw(card, choice, state);
      next = (first + i + 1) % seen.size();
      drawn++;
    }
  }

  /** Draws the rest soon; by itself no further frame comes to a screen that stands. */
  private void goOn() {
    if (newest.stands() && !goesOn) {
      goesOn = true;
      work.later(
          () -> {
            goesOn = false;
            draw();
          });
    }
  }

  /** What a card shows is the same as long as this is: a new row may be narrower than a point. */
  private MetricCard.Drawn state(Sheet.Choice choice, int points) {
    long step = Math.max(MetricRecorder.INTERVAL_NANOS, range.nanos() / points);
    return new MetricCard.Drawn(Math.floorDiv(choice.toNanos(), step), wish);
  }

  private void draw(MetricCard card, Sheet.Choice choice, MetricCard.Drawn state) {
    card.show(
        Sheet.of(card.chart(), history, choice, card.points()),
        choice,
        state,
        nothing(card.chart()),
        allBrokers(),
        large.isPresent());
    card.point(point);
  }

  private boolean inSight(Node card) {
    if (root.getScene() == null || card.getLayoutBounds().getWidth() <= 0) {
      return false;
    }
    double height = scroll.getViewportBounds().getHeight();
    double hidden = Math.max(0, grid.getHeight() - height);
    double top = scroll.getVvalue() * hidden;
    Bounds bounds = card.getBoundsInParent();
    return bounds.getMaxY() >= top && bounds.getMinY() <= top + height;
  }

  /** Why a chart may have no lines. */
  private String nothing(MetricChart chart) {
    if (history.version() == 0) {
      return texts.get("nothing-recorded");
    }
    if (chart.field() == Field.PROCESS) {
      return texts.get("nothing-process");
    }
    if (chart.lines() == Lines.GROUPS) {
      return texts.get("nothing-groups");
    }
    boolean told =
        newest.snapshot().brokers().stream().anyMatch(broker -> broker.requests().told());
    if (chart.lines() == Lines.QUANTITIES) {
      return texts.get(
          told || chart != MetricChart.ISR_CHANGES ? "nothing-topics" : "nothing-told");
    }
    if (choice().brokers().isEmpty()) {
      return texts.get("nothing-chosen");
    }
    if (!told) {
      return texts.get("nothing-told");
    }
    return texts.get(chart.fold() == MetricChart.Fold.MEAN ? "nothing-asked" : "nothing-brokers");
  }

  private String hint() {
    if (history.full()) {
      return texts.get("full");
    }
    if (allBrokers().size() > Sheet.MOST_BROKERS) {
      return texts.get("many-brokers", Sheet.MOST_BROKERS);
    }
    return texts.get("hint");
  }

  // ---- explaining
  // --------------------------------------------------------------------------------

  /** What the chart with the focus, or the first, shows, where Kafka tells it, and its numbers. */
  @Override
  public Optional<String> explain() {
    if (newest == null) {
      return Optional.empty();
    }
    Node focus = root.getScene() == null ? null : root.getScene().getFocusOwner();
    MetricChart chart =
        focus instanceof MetricCard card && grid.getChildren().contains(card)
            ? card.chart()
            : charts().get(0);
    Sheet sheet = Sheet.of(chart, history, choice(), Integer.MAX_VALUE);
    List<String> numbers = new ArrayList<>();
    sheet
        .lines()
        .forEach(
            (key, line) -> {
              Sheet.Summary summary = Sheet.summary(line);
              numbers.add(
                  texts.get(
                      "explain-line",
                      MetricCard.name(key, texts),
                      chart.unit().text(summary.newest(), quantities),
                      chart.unit().text(summary.most(), quantities)));
            });
    return Optional.of(
        texts.get(
            "explain",
            texts.get("chart-" + chart.id()),
            texts.get("rule-" + chart.id()),
            numbers.isEmpty() ? nothing(chart) : String.join("\n", numbers),
            chart.kafkaName()));
  }

  // ---- exporting
  // ---------------------------------------------------------------------------------

  private void saveCsv() {
    if (newest == null) {
      return;
    }
    List<Sheet> sheets = sheets();
    ask("csv")
        .ifPresent(
            file ->
                save(file, () -> texts.get("exported-rows", rows(file, sheets), file.toString())));
  }

  private int rows(Path file, List<Sheet> sheets) throws IOException {
    return MetricFiles.writeCsv(file, sheets, zone, texts);
  }

  /** A picture of all charts that are to be seen, also of those one would have to scroll to. */
  private void savePng() {
    if (newest == null || cards.isEmpty()) {
      return;
    }
    Sheet.Choice choice = choice();
    for (Node card : grid.getChildren()) {
      draw((MetricCard) card, choice, state(choice, ((MetricCard) card).points()));
    }
    SnapshotParameters on = new SnapshotParameters();
    on.setFill(theme.colour(Theme.Token.BACKGROUND));
    WritableImage picture = grid.snapshot(on, null);
    ask("png")
        .ifPresent(
            file ->
                save(
                    file,
                    () -> {
                      ImageIO.write(SwingFXUtils.fromFXImage(picture, null), "png", file.toFile());
                      return texts.get("exported", file.toString());
                    }));
  }

  private Optional<Path> ask(String kind) {
    String at = FILE_TIME.format(Instant.ofEpochMilli(newest.snapshot().wallMs()).atZone(zone));
    return files
        .toSave(
            texts.get("export-" + kind), "metrics-" + at + "." + kind, root.getScene().getWindow())
        .map(Path::toAbsolutePath);
  }

  private void save(Path file, Callable<String> write) {
    work.begin(
        "export",
        write,
        done -> {
          said = Optional.of(done);
          draw();
        },
        reason -> {
          said = Optional.of(texts.get("not-exported", file.toString(), reason));
          draw();
        });
  }

  // ---- pointing
  // ----------------------------------------------------------------------------------

  private void pointAt(OptionalLong nanos) {
    point = nanos;
    Optional<Sheet> sheet =
        grid.getChildren().stream()
            .flatMap(card -> ((MetricCard) card).sheet().stream())
            .filter(each -> each.stretch().rows() > 0)
            .findFirst();
    if (nanos.isEmpty() || sheet.isEmpty()) {
      pointed.setText("");
    } else {
      long at = nanos.getAsLong();
      long reach = range.nanos() / 100;
      String time = TIME.format(Instant.ofEpochMilli(sheet.get().stretch().toMs(at)).atZone(zone));
      pointed.setText(
          sheet.get().stretch().marks().stream()
              .filter(mark -> Math.abs(mark.nanos() - at) <= reach)
              .min(Comparator.comparingLong(mark -> Math.abs(mark.nanos() - at)))
              .map(mark -> time + " · " + MetricCard.said(mark, texts))
              .orElse(time));
    }
    for (Node card : grid.getChildren()) {
      if (inSight(card)) {
        ((MetricCard) card).point(nanos);
      }
    }
  }

  /** What a card asks for. */
  private final class Hand implements MetricCard.Owner {
    @Override
    public void pointed(OptionalLong nanos) {
      pointAt(nanos);
    }

    @Override
    public void stepped(MetricCard card, int rows) {
      long[] all = card.sheet().map(sheet -> sheet.stretch().nanos()).orElse(new long[0]);
      if (all.length > 0) {
        int from =
            point.isPresent() ? card.sheet().orElseThrow().row(point.getAsLong()) : all.length;
        int to = Math.max(0, Math.min(all.length - 1, (from < 0 ? all.length : from) + rows));
        pointAt(OptionalLong.of(all[to]));
      }
    }

    @Override
    public void pinned(MetricChart chart, boolean on) {
      Set<String> now = new TreeSet<>(pins.pinned());
      if (on) {
        now.add(chart.id());
      } else {
        now.remove(chart.id());
      }
      pins.pin(now);
      arrange();
    }

    @Override
    public void enlarged(MetricChart chart) {
      large = large.isPresent() ? Optional.empty() : Optional.of(chart);
      arrange();
      cards.get(chart).requestFocus();
    }
  }
}
