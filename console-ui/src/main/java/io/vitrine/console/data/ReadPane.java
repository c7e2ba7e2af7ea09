package io.vitrine.console.data;

import io.vitrine.cluster.data.DataCommandLine;
import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.Encoding;
import io.vitrine.cluster.data.ReadProgress;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.RecordFiles;
import io.vitrine.cluster.data.RecordFilter;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.cluster.data.RecordTexts.Kind;
import io.vitrine.cluster.data.RecordTexts.Text;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.data.ReadForm.From;
import io.vitrine.console.data.ReadForm.Mode;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that are read: a tail, a search or what compaction would leave; below, the chosen one
 * taken apart. JavaFX thread only.
 */
final class ReadPane {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
  private static final String TAIL_FROM = "20";

  /** How many rows are left in sight above one that is scrolled to. */
  private static final int ROWS_ABOVE = 2;

  private final Messages texts;
  private final Quantities quantities;
  private final ZoneId zone;
  private final InstantSource clock;
  private final Selection selection;
  private final Desk desk;
  private final Work work;
  private final FileAsker files;
  private final ReadModel model;
  private final RecordDetail detail;

  private final Map<Mode, ToggleButton> modes = new EnumMap<>(Mode.class);
  private final TopicChooser topic;
  private final ComboBox<From> from;
  private final TextField argument = new TextField();
  private final ComboBox<RecordFilter.Where> where;
  private final ComboBox<RecordFilter.How> how;
  private final TextField search = new TextField();
  private final TextField mostMatches = new TextField("500");
  private final TextField mostRead = new TextField("100000");
  private final HBox limits;
  private final ToggleButton committed = new ToggleButton();
  private final ComboBox<Encoding> keyEncoding;
  private final ComboBox<Encoding> valueEncoding;
  private final Button start = new Button();
  private final Button stop = new Button();
  private final ToggleButton follow = new ToggleButton();
  private final MenuButton export = new MenuButton();
  private final Pill state = new Pill();
  private final Label status = new Label();
  private final Label wrong = new Label();
  private final RowTable<RecordRow> table;
  private final VBox root = new VBox(10);

  private ClusterSnapshot snapshot = ClusterSnapshot.empty();
  private Mode mode = Mode.TAIL;
  private Mode shownMode = Mode.TAIL;
  private long shownVersion = -1;
  private ReadModel.Page page = ReadModel.Page.EMPTY;
  private DataRecord chosen;
  private Optional<String> exported = Optional.empty();

  ReadPane(
      Messages texts,
      Quantities quantities,
      ZoneId zone,
      InstantSource clock,
      Selection selection,
      Desk desk,
      Work work,
      FileAsker files,
      Consumer<DataRecord> again) {
    this.texts = texts;
    this.quantities = quantities;
    this.zone = zone;
    this.clock = clock;
    this.selection = selection;
    this.desk = desk;
    this.work = work;
    this.files = files;
    this.model = new ReadModel(desk.data(), work::later, this::draw);
    this.detail = new RecordDetail(texts, quantities, work, desk, again);
    this.topic = new TopicChooser("data", texts, texts.get("all-partitions"), true, () -> {});
    this.from =
        Choosers.of("data-from", texts.get("from"), 124, List.of(From.values()), this::words);
    this.where =
        Choosers.of(
            "data-where",
            texts.get("where"),
            104,
            List.of(RecordFilter.Where.values()),
            each -> texts.get("where-" + key(each)));
    this.how =
        Choosers.of(
            "data-how",
            texts.get("how"),
            104,
            List.of(RecordFilter.How.values()),
            each -> texts.get("how-" + key(each)));
    this.keyEncoding = encodings("data-key-encoding", "key-as");
    this.valueEncoding = encodings("data-value-encoding", "value-as");
    this.limits = limits();
    this.table =
        new RowTable<>("records", texts.get("records-accessible"), RecordRow::record, this::choose);
    columns();
    VBox.setVgrow(table, Priority.ALWAYS);
    table.setMinHeight(140);
    table.setPrefHeight(240);
    Region apart = (Region) detail.node();
    apart.setPrefHeight(196);
    apart.setMinHeight(160);
    root.getChildren().addAll(whatBar(), searchBar(), stateBar(), table, apart);
    turn(Mode.TAIL);
  }

  Node node() {
    return root;
  }

  // ---- doing
  // -------------------------------------------------------------------------------------

  /** Begins what the form says. */
  void start() {
    try {
      ReadQuery query = form().query(zone, clock);
      wrong("");
      exported = Optional.empty();
      chosen = null;
      shownMode = mode;
      shownVersion = -1;
      follow.setSelected(mode == Mode.TAIL);
      model.begin(query, encodings(), mode == Mode.COMPACTED);
    } catch (WrongInput e) {
      wrong(e.in(texts));
    }
    draw();
  }

  /** Ends what is under way. */
  void stop() {
    model.stop();
    draw();
  }

  boolean running() {
    return model.running();
  }

  void focusSearch() {
    search.requestFocus();
    search.selectAll();
  }

  /** Asks for an offset to begin at. */
  void goTo() {
    if (mode != Mode.READ) {
      turn(Mode.READ);
    }
    from.setValue(From.OFFSET);
    argument.requestFocus();
    argument.selectAll();
  }

  /** Reads a record that is somewhere. */
  void open(TopicPartition partition, long offset) {
    topic.choose(partition);
    turn(Mode.READ);
    from.setValue(From.OFFSET);
    argument.setText(Long.toString(offset));
    search.clear();
    start();
  }

  /** Follows the selection while nothing is read. */
  void chosen(Selection.Item item) {
    if (model.running()) {
      return;
    }
    if (item instanceof Selection.Partition partition) {
      topic.choose(partition.id());
    } else if (item instanceof Selection.Topic one) {
      topic.choose(one.name(), Optional.empty());
    }
  }

  void export() {
    export.show();
    export.requestFocus();
  }

  private void wrong(String text) {
    wrong.setText(text);
    wrong.setVisible(!text.isEmpty());
    wrong.setManaged(!text.isEmpty());
  }

  private ReadForm form() {
    return new ReadForm(
        mode,
        topic.topic(),
        topic.partition(),
        from.getValue(),
        argument.getText(),
        new RecordFilter(where.getValue(), how.getValue(), search.getText()),
        encodings(),
        committed.isSelected(),
        mostMatches.getText(),
        mostRead.getText());
  }

  private RecordTexts encodings() {
    return new RecordTexts(keyEncoding.getValue(), valueEncoding.getValue());
  }

  private void decodeAnew() {
    Runnable decoding = model.decoding(encodings());
    work.begin(
        "decoding",
        () -> {
          decoding.run();
          return true;
        },
        done -> {
          shownVersion = -1;
          draw();
        },
        this::wrong);
    detail.show(chosen, encodings());
  }

  private void choose(RecordRow row) {
    boolean appears = chosen == null;
    chosen = row.record();
    follow.setSelected(false);
    detail.show(chosen, encodings());
    selection.choose(new Selection.Partition(row.record().partition()));
    draw();
    if (appears) {
      // The table has just become shorter; the row must not be lost from sight.
      int index = table.getSelectionModel().getSelectedIndex();
      work.later(() -> table.scrollTo(Math.max(0, index - ROWS_ABOVE)));
    }
  }

  private void save(boolean csv) {
    List<DataRecord> records = page.rows().stream().map(RecordRow::record).toList();
    RecordTexts by = encodings();
    files
        .toSave(
            texts.get("export"),
            model.query().map(ReadQuery::topic).orElse("records") + (csv ? ".csv" : ".jsonl"),
            root.getScene().getWindow())
        .ifPresent(
            file ->
                work.begin(
                    "export",
                    () -> write(file, records, csv, by),
                    done -> {
                      exported =
                          Optional.of(
                              texts.get("exported", done, file.toAbsolutePath().toString()));
                      draw();
                    },
                    reason -> wrong(texts.get("not-exported", reason))));
  }

  private static int write(Path file, List<DataRecord> records, boolean csv, RecordTexts by)
      throws IOException {
    if (csv) {
      RecordFiles.writeCsv(file, records, by);
    } else {
      RecordFiles.writeJsonLines(file, records);
    }
    return records.size();
  }

  private void copyCommand() {
    try {
      desk.copy(DataCommandLine.of(form().query(zone, clock), snapshot.bootstrapServers()));
    } catch (WrongInput e) {
      wrong(e.in(texts));
    }
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  void show(Frame frame) {
    boolean first = topic.topic().isEmpty();
    snapshot = frame.snapshot();
    topic.show(snapshot);
    if (first) {
      chosen(selection.item());
    }
    draw();
  }

  private void draw() {
    page = model.page();
    ReadProgress progress = page.progress();
    boolean running = model.running();
    start.setDisable(topic.topic().isEmpty());
    stop.setDisable(!running);
    export.setDisable(page.rows().isEmpty());
    follow.setVisible(shownMode == Mode.TAIL && model.query().isPresent());
    boolean held = shownMode == Mode.TAIL && !follow.isSelected() && shownVersion >= 0;
    if (!held && page.version() != shownVersion) {
      shownVersion = page.version();
      table.show(page.rows());
      if (shownMode == Mode.TAIL && !page.rows().isEmpty()) {
        table.scrollTo(page.rows().size() - 1);
      }
    }
    long newer = held ? page.rows().stream().filter(row -> row.order() > lastShown()).count() : 0;
    follow.setText(newer > 0 ? texts.get("newer", newer) : texts.get("follow"));
    table.choose(chosen);
    table.placeholder(placeholder(progress, running));
    detail.show(chosen, encodings());
    state(progress, running);
  }

  private long lastShown() {
    return table.getItems().stream().mapToLong(RecordRow::order).max().orElse(-1);
  }

  private String placeholder(ReadProgress progress, boolean running) {
    if (snapshot.topics().isEmpty()) {
      return texts.get(snapshot.sequence() == 0 ? "loading" : "no-topics");
    }
    if (model.query().isEmpty()) {
      return texts.get("nothing-yet");
    }
    if (progress.state() == ReadProgress.State.FAILED) {
      return progress.reason();
    }
    return texts.get(
        running
            ? progress.state() == ReadProgress.State.WAITING ? "waiting-for-more" : "looking"
            : progress.read() == 0 ? "no-records" : "nothing-matches");
  }

  private void state(ReadProgress progress, boolean running) {
    boolean any = model.query().isPresent();
    state.setVisible(any);
    if (!any) {
      status.setText(texts.get("hint"));
      return;
    }
    state.show(texts.get("state-" + key(progress.state())), tone(progress.state()));
    status.setText(
        exported.orElseGet(
            () ->
                progress.state() == ReadProgress.State.FAILED
                    ? progress.reason()
                    : offline(running).orElseGet(() -> counted(progress))));
  }

  /** Why nothing may come although something is there. */
  private Optional<String> offline(boolean running) {
    if (!running) {
      return Optional.empty();
    }
    ReadQuery query = model.query().orElseThrow();
    List<Integer> nobody =
        snapshot.partitions().values().stream()
            .filter(each -> each.id().topic().equals(query.topic()) && each.offline())
            .map(each -> each.id().partition())
            .filter(number -> query.partition().map(number::equals).orElse(true))
            .toList();
    return nobody.isEmpty()
        ? Optional.empty()
        : Optional.of(
            texts.get(
                "leaderless",
                nobody.stream().map(String::valueOf).reduce((a, b) -> a + ", " + b).orElseThrow()));
  }

  private String counted(ReadProgress progress) {
    StringBuilder words =
        new StringBuilder(
            texts.get(
                "counted",
                quantities.count(progress.read()),
                quantities.count(progress.matched()),
                quantities.bytes(progress.bytes()),
                quantities.millis(progress.elapsedMs())));
    if (progress.left() > 0) {
      words.append("  ·  ").append(texts.get("left", quantities.count(progress.left())));
    }
    Kept.Counts counts = page.counts();
    if (shownMode == Mode.COMPACTED) {
      words
          .append("  ·  ")
          .append(
              texts.get(
                  "compacted",
                  quantities.count(counts.kept()),
                  quantities.count(counts.superseded()),
                  quantities.count(counts.tombstones())));
      if (counts.keyless() > 0) {
        words.append("  ·  ").append(texts.get("keyless", quantities.count(counts.keyless())));
      }
    }
    if (counts.forgotten() > 0) {
      words.append("  ·  ").append(texts.get("forgotten", quantities.count(counts.forgotten())));
    }
    return words.toString();
  }

  private static Token tone(ReadProgress.State state) {
    switch (state) {
      case OPENING:
      case READING:
        return Token.ACCENT;
      case WAITING:
      case COMPLETE:
        return Token.OK;
      case ENOUGH_MATCHES:
      case ENOUGH_READ:
        return Token.WARN;
      case FAILED:
        return Token.BAD;
      default:
        return Token.IDLE;
    }
  }

  /** How far a consumer sees, with the numbers of the chosen partition. */
  Optional<String> explain() {
    TopicPartition id =
        chosen != null
            ? chosen.partition()
            : new TopicPartition(topic.topic(), topic.partition().orElse(0));
    PartitionView partition = snapshot.partitions().get(id);
    Optional<ReplicaView> leader =
        Optional.ofNullable(partition).flatMap(each -> each.replica(each.leader()));
    if (leader.filter(replica -> replica.highWatermark() >= 0).isEmpty()) {
      return Optional.of(texts.get("rule-unknown", id.toString()));
    }
    ReplicaView known = leader.get();
    return Optional.of(
        texts.get(
            shownMode == Mode.COMPACTED ? "rule-compacted" : "rule-read",
            id.toString(),
            Long.toString(known.logStartOffset()),
            Long.toString(known.highWatermark()),
            Long.toString(known.lastStableOffset()),
            Long.toString(known.logEndOffset())));
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node whatBar() {
    ToggleGroup group = new ToggleGroup();
    HBox chips = new HBox(6);
    for (Mode each : Mode.values()) {
      ToggleButton chip = new ToggleButton(texts.get("mode-" + key(each)));
      chip.setId("data-mode-" + key(each));
      chip.getStyleClass().add("chip");
      chip.setMinWidth(Region.USE_PREF_SIZE);
      chip.setToggleGroup(group);
      chip.setOnAction(e -> turn(each));
      modes.put(each, chip);
      chips.getChildren().add(chip);
    }
    argument.setId("data-argument");
    argument.setPrefWidth(120);
    argument.setOnAction(e -> start());
    from.valueProperty().addListener((o, before, after) -> argument(after));
    committed.setText("read_committed");
    committed.setMnemonicParsing(false);
    committed.setMinWidth(Region.USE_PREF_SIZE);
    committed.setId("data-committed");
    committed.setSelected(true);
    committed.setAccessibleText(texts.get("committed-accessible"));
    committed.getStyleClass().add("chip");
    return bar(chips, topic.topics(), topic.partitions(), from, argument);
  }

  private Node searchBar() {
    search.setId("data-search");
    search.setPromptText(texts.get("search"));
    search.setAccessibleText(texts.get("search"));
    search.setPrefWidth(150);
    search.setOnAction(e -> start());
    return bar(
        where,
        how,
        search,
        labelled("key-as", keyEncoding),
        labelled("value-as", valueEncoding),
        committed,
        limits);
  }

  private HBox limits() {
    mostMatches.setId("data-most-matches");
    mostMatches.setPrefWidth(64);
    mostMatches.setAccessibleText(texts.get("most-matches"));
    mostRead.setId("data-most-read");
    mostRead.setPrefWidth(84);
    mostRead.setAccessibleText(texts.get("most-read"));
    HBox box = new HBox(6, caption("most-matches"), mostMatches, caption("most-read"), mostRead);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  private Node stateBar() {
    start.setId("data-start");
    start.getStyleClass().addAll("compact", "primary");
    start.setMinWidth(Region.USE_PREF_SIZE);
    start.setOnAction(e -> start());
    stop.setId("data-stop");
    stop.setText(texts.get("stop"));
    stop.getStyleClass().add("compact");
    stop.setMinWidth(Region.USE_PREF_SIZE);
    stop.setOnAction(e -> stop());
    state.setId("data-state");
    status.setId("data-status");
    status.getStyleClass().addAll("small", "muted");
    status.setMinWidth(0);
    HBox.setHgrow(status, Priority.ALWAYS);
    status.setMaxWidth(Double.MAX_VALUE);
    follow.setId("data-follow");
    follow.getStyleClass().add("chip");
    follow.setMinWidth(Region.USE_PREF_SIZE);
    follow.setOnAction(
        e -> {
          if (follow.isSelected()) {
            chosen = null;
            shownVersion = -1;
          }
          draw();
        });
    export.setText(texts.get("export"));
    export.setId("data-export");
    export.getStyleClass().add("compact");
    export.setMinWidth(Region.USE_PREF_SIZE);
    MenuItem lines = new MenuItem(texts.get("export-lines"));
    lines.setId("data-export-lines");
    lines.setOnAction(e -> save(false));
    MenuItem csv = new MenuItem(texts.get("export-csv"));
    csv.setId("data-export-csv");
    csv.setOnAction(e -> save(true));
    export.getItems().addAll(lines, csv);
    Button command = new Button(texts.get("copy-command"));
    command.setId("data-copy-command");
    command.getStyleClass().add("compact");
    command.setMinWidth(Region.USE_PREF_SIZE);
    command.setOnAction(e -> copyCommand());
    HBox line = new HBox(8, start, stop, state, status, follow, export, command);
    line.getStyleClass().add("toolbar");
    wrong.setId("data-wrong");
    wrong.getStyleClass().addAll("small", "tone-bad");
    wrong.setWrapText(true);
    wrong("");
    return new VBox(6, line, wrong);
  }

  private static FlowPane bar(Node... nodes) {
    FlowPane bar = new FlowPane(8, 8, nodes);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private Label caption(String key) {
    Label label = new Label(texts.get(key));
    label.getStyleClass().add("caption");
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  private HBox labelled(String key, Node node) {
    HBox box = new HBox(6, caption(key), node);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  private ComboBox<Encoding> encodings(String id, String accessible) {
    ComboBox<Encoding> box =
        Choosers.of(
            id,
            texts.get(accessible),
            98,
            List.of(Encoding.values()),
            each -> texts.get("encoding-" + key(each)));
    box.valueProperty().addListener((o, before, after) -> decodeAnew());
    return box;
  }

  private void turn(Mode to) {
    mode = to;
    modes.get(to).setSelected(true);
    limits.setVisible(to == Mode.READ);
    limits.setManaged(to == Mode.READ);
    from.setDisable(to == Mode.COMPACTED);
    if (to == Mode.TAIL) {
      from.setValue(From.LAST);
    } else if (to == Mode.COMPACTED || from.getValue() != From.OFFSET) {
      from.setValue(From.BEGINNING);
    }
    argument(from.getValue());
    start.setText(texts.get("start-" + key(to)));
  }

  private void argument(From to) {
    argument.setVisible(to.wantsArgument());
    argument.setManaged(to.wantsArgument());
    if (to.wantsArgument()) {
      argument.setPromptText(texts.get("argument-" + key(to)));
      argument.setAccessibleText(texts.get("argument-" + key(to)));
      if (to == From.LAST && argument.getText().isBlank()) {
        argument.setText(TAIL_FROM);
      }
    }
  }

  private String words(From each) {
    return texts.get("from-" + key(each));
  }

  private static String key(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void columns() {
    column(
        "partition",
        72,
        true,
        Comparator.comparingInt(row -> row.record().partition().partition()),
        (label, row) -> label.setText(Integer.toString(row.record().partition().partition())));
    column(
        "offset",
        82,
        true,
        Comparator.comparingLong(row -> row.record().offset()),
        (label, row) -> label.setText(quantities.count(row.record().offset())));
    column(
        "time",
        176,
        false,
        Comparator.comparingLong(row -> row.record().timestampMs()),
        (label, row) ->
            label.setText(
                row.record().timestampMs() < 0
                    ? "–"
                    : TIME.format(Instant.ofEpochMilli(row.record().timestampMs()).atZone(zone))));
    column(
        "key",
        130,
        false,
        Comparator.comparing(row -> row.key().text()),
        (label, row) -> text(label, row.key(), "no-key"));
    column(
        "value",
        310,
        false,
        Comparator.comparing(row -> row.value().text()),
        (label, row) -> text(label, row.value(), "tombstone"));
    column(
        "size",
        70,
        true,
        Comparator.comparingLong(row -> row.record().sizeBytes()),
        (label, row) -> label.setText(quantities.bytes(row.record().sizeBytes())));
  }

  private void column(
      String key,
      double width,
      boolean right,
      Comparator<RecordRow> order,
      BiConsumer<Label, RecordRow> fill) {
    table.text("record-" + key, texts.get("column-" + key), width, right, order, fill);
  }

  private void text(Label label, Text text, String none) {
    if (text.kind() == Kind.NONE) {
      label.setText(texts.get(none));
      label.getStyleClass().add("muted");
      return;
    }
    label.setText(text.text().isEmpty() ? texts.get("empty-text") : text.text());
    if (text.kind() == Kind.MISFIT) {
      label.setText(texts.get("misfit", text.text()));
      label.getStyleClass().add("tone-warn");
    } else if (text.kind() == Kind.HEX || text.text().isEmpty()) {
      label.getStyleClass().add("muted");
    }
  }
}
