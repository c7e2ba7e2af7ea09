package io.vitrine.console.data;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.data.DataCommandLine;
import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.DataTask;
import io.vitrine.cluster.data.Encoding;
import io.vitrine.cluster.data.RecordFiles;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.cluster.data.SendOrder;
import io.vitrine.cluster.data.SendProgress;
import io.vitrine.cluster.data.SendProgress.Answer;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
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
 * Records that are written: by hand, many that differ by a number, or from a file; beside the form
 * what became of them. JavaFX thread only.
 */
final class WritePane {
  /** Shows a record that was written. */
  @FunctionalInterface
  interface Opener {
    void open(TopicPartition partition, long offset);
  }

  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final Desk desk;
  private final Work work;
  private final FileAsker files;

  private final TopicChooser topic;
  private final ComboBox<SendOrder.Acks> acks;
  private final ToggleButton byHand = new ToggleButton();
  private final ToggleButton fromFile = new ToggleButton();
  private final CheckBox hasKey = new CheckBox();
  private final TextField key = new TextField();
  private final ComboBox<Encoding> keyEncoding;
  private final CheckBox tombstone = new CheckBox();
  private final TextArea value = new TextArea();
  private final ComboBox<Encoding> valueEncoding;
  private final TextArea headers = new TextArea();
  private final TextField count = new TextField("1");
  private final TextField file = new TextField();
  private final ComboBox<RecordFiles.Format> format;
  private final VBox hand = new VBox(8);
  private final VBox ofFile = new VBox(8);
  private final Label effect = new Label();
  private final Label wrong = new Label();
  private final Button send = new Button();
  private final Button stop = new Button();
  private final Pill state = new Pill();
  private final Label status = new Label();
  private final RowTable<AnswerRow> answers;
  private final HBox root;

  private ClusterSnapshot snapshot = ClusterSnapshot.empty();
  private boolean past;
  private DataTask task;
  private int sendings;
  private SendProgress newest = SendProgress.nothing();
  private SendProgress shown;

  /** Where a record went, as a line. */
  private record AnswerRow(int number, Answer answer) {}

  WritePane(
      Messages texts,
      Quantities quantities,
      Selection selection,
      Desk desk,
      Work work,
      FileAsker files,
      Opener opener) {
    this.texts = texts;
    this.quantities = quantities;
    this.selection = selection;
    this.desk = desk;
    this.work = work;
    this.files = files;
    this.topic = new TopicChooser("write", texts, texts.get("key-decides"), false, this::effect);
    this.acks =
        Choosers.of(
            "write-acks",
            "acks",
            144,
            List.of(SendOrder.Acks.values()),
            each -> texts.get("acks-" + each.name().toLowerCase(Locale.ROOT)));
    this.keyEncoding = encodings("write-key-encoding", "key-as");
    this.valueEncoding = encodings("write-value-encoding", "value-as");
    this.format =
        Choosers.of(
            "write-format",
            texts.get("format"),
            250,
            List.of(RecordFiles.Format.values()),
            each -> texts.get("format-" + each.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    this.answers =
        new RowTable<>(
            "answers",
            texts.get("answers-accessible"),
            AnswerRow::number,
            row -> selection.choose(new Selection.Partition(row.answer().partition())));
    this.root = new HBox(14, form(), outcome(opener));
    VBox.setVgrow(root, Priority.ALWAYS);
    turn(false);
    show(SendProgress.nothing());
  }

  Node node() {
    return root;
  }

  // ---- doing
  // -------------------------------------------------------------------------------------

  /** Writes what the form says. */
  void send() {
    if (task != null || send.isDisabled()) {
      return;
    }
    try {
      SendOrder order = order();
      String line = commandLine();
      wrong("");
      int number = ++sendings;
      newest = SendProgress.nothing();
      desk.noted(line);
      task = desk.data().send(order, progress -> heard(number, progress));
    } catch (WrongInput e) {
      wrong(e.in(texts));
    }
    draw();
  }

  /** Called on the sending's thread. */
  private void heard(int number, SendProgress progress) {
    work.later(
        () -> {
          if (number == sendings) {
            newest = progress;
            if (progress.state().ended()) {
              task = null;
            }
            draw();
          }
        });
  }

  void stop() {
    if (task != null) {
      task.stop();
    }
  }

  boolean running() {
    return task != null;
  }

  /** Fills the form with a record that was read; what is no text, in hex. */
  void take(DataRecord record) {
    turn(false);
    topic.choose(record.partition().topic(), Optional.empty());
    hasKey.setSelected(record.key() != null);
    fill(record.key(), key::setText, keyEncoding);
    tombstone.setSelected(record.tombstone());
    fill(record.value(), value::setText, valueEncoding);
    headers.setText(
        record.headers().stream()
            .map(
                header ->
                    header.value() == null
                        ? header.key()
                        : header.key() + ": " + RecordTexts.header(header).text())
            .collect(Collectors.joining("\n")));
    count.setText("1");
    enable();
    effect();
  }

  private static void fill(byte[] bytes, Consumer<String> into, ComboBox<Encoding> box) {
    Encoding by =
        bytes == null || Encoding.guess(bytes) != Encoding.HEX ? Encoding.TEXT : Encoding.HEX;
    box.setValue(by);
    into.accept(bytes == null ? "" : by.decode(bytes).orElse(""));
  }

  /** Follows the selection while nothing is typed. */
  void chosen(Selection.Item item) {
    if (!value.getText().isEmpty() || running()) {
      return;
    }
    if (item instanceof Selection.Partition partition) {
      topic.choose(partition.id().topic(), Optional.empty());
    } else if (item instanceof Selection.Topic one) {
      topic.choose(one.name(), Optional.empty());
    }
  }

  private WriteForm byHand() {
    return new WriteForm(
        topic.topic(),
        topic.partition(),
        acks.getValue(),
        hasKey.isSelected() ? Optional.of(key.getText()) : Optional.empty(),
        keyEncoding.getValue(),
        tombstone.isSelected() ? Optional.empty() : Optional.of(value.getText()),
        valueEncoding.getValue(),
        headers.getText(),
        count.getText());
  }

  private SendOrder order() throws WrongInput {
    if (!fromFile.isSelected()) {
      return byHand().order();
    }
    if (topic.topic().isEmpty()) {
      throw new WrongInput("wrong-topic", "");
    }
    if (file.getText().isBlank()) {
      throw new WrongInput("wrong-file", "");
    }
    return new SendOrder(
        topic.topic(),
        acks.getValue(),
        RecordFiles.read(Path.of(file.getText().trim()), format.getValue()));
  }

  private String commandLine() throws WrongInput {
    return fromFile.isSelected()
        ? DataCommandLine.sendFile(
            topic.topic(),
            file.getText().trim(),
            format.getValue(),
            acks.getValue(),
            snapshot.bootstrapServers())
        : byHand().commandLine(snapshot.bootstrapServers());
  }

  private void copyCommand() {
    try {
      desk.copy(commandLine());
    } catch (WrongInput e) {
      wrong(e.in(texts));
    }
  }

  private void wrong(String text) {
    wrong.setText(text);
    wrong.setVisible(!text.isEmpty());
    wrong.setManaged(!text.isEmpty());
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  void show(Frame frame) {
    boolean first = topic.topic().isEmpty();
    snapshot = frame.snapshot();
    past = frame.past();
    topic.show(snapshot);
    if (first) {
      chosen(selection.item());
    }
    effect();
    draw();
  }

  private void draw() {
    boolean allowed = desk.may(Capability.PRODUCE);
    send.setDisable(!allowed || past || running() || topic.topic().isEmpty());
    stop.setDisable(!running());
    if (!allowed) {
      wrong(texts.get("read-only"));
    }
    if (!newest.equals(shown)) {
      show(newest);
    }
  }

  private void show(SendProgress progress) {
    shown = progress;
    boolean any = sendings > 0;
    state.setVisible(any);
    answers.placeholder(texts.get(any ? "no-answers" : "nothing-written"));
    if (!any) {
      status.setText("");
      return;
    }
    state.show(
        texts.get("sending-" + progress.state().name().toLowerCase(Locale.ROOT)), tone(progress));
    status.setText(
        texts.get(
                "sent",
                quantities.count(progress.sent()),
                quantities.count(progress.acknowledged()),
                quantities.count(progress.refused()),
                quantities.millis(progress.elapsedMs()))
            + (progress.reason().isEmpty() ? "" : "\n" + progress.reason()));
    List<AnswerRow> rows = new ArrayList<>();
    List<Answer> told = progress.newest();
    for (int i = told.size() - 1; i >= 0; i--) {
      rows.add(new AnswerRow(rows.size(), told.get(i)));
    }
    answers.show(rows);
  }

  private static Token tone(SendProgress progress) {
    switch (progress.state()) {
      case RUNNING:
        return Token.ACCENT;
      case COMPLETE:
        return progress.refused() == 0 ? Token.OK : Token.WARN;
      case FAILED:
        return Token.BAD;
      default:
        return Token.IDLE;
    }
  }

  /** What sending would do, before it is done. */
  private void effect() {
    if (topic.topic().isEmpty()) {
      effect.setText("");
      return;
    }
    effect.setText(
        where()
            + lacking()
                .map(partitions -> "\n" + texts.get("effect-min-isr", partitions))
                .orElse(""));
  }

  private String where() {
    if (fromFile.isSelected()) {
      return texts.get("effect-file", topic.topic());
    }
    WriteForm form = byHand();
    if (form.partition().isPresent()) {
      return texts.get("effect-partition", topic.topic() + "-" + form.partition().get());
    }
    OptionalInt partition = form.partitionOfKey(topic.count());
    return partition.isEmpty() || form.key().orElse("").contains(WriteForm.NUMBER)
        ? texts.get(form.key().isEmpty() ? "effect-sticky" : "effect-keys", topic.topic())
        : texts.get(
            "effect-key",
            topic.topic() + "-" + partition.getAsInt(),
            Integer.toString(topic.count()),
            Integer.toString(partition.getAsInt()));
  }

  /** Partitions that refuse acks=all now. */
  private Optional<String> lacking() {
    if (acks.getValue() != SendOrder.Acks.ALL) {
      return Optional.empty();
    }
    return snapshot.partitions().values().stream()
        .filter(each -> each.id().topic().equals(topic.topic()) && each.underMinIsr())
        .filter(
            each -> topic.partition().map(number -> number == each.id().partition()).orElse(true))
        .map(PartitionView::id)
        .map(TopicPartition::toString)
        .reduce((a, b) -> a + ", " + b);
  }

  Optional<String> explain() {
    return Optional.of(
        effect.getText()
            + "\n"
            + texts.get(
                "rule-acks-" + acks.getValue().name().toLowerCase(Locale.ROOT),
                topic.topic().isEmpty() ? "–" : topic.topic(),
                minInSync()));
  }

  private String minInSync() {
    return snapshot.partitions().values().stream()
        .filter(each -> each.id().topic().equals(topic.topic()))
        .findFirst()
        .map(each -> Integer.toString(each.minInSyncReplicas()))
        .orElse("–");
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node form() {
    FlowPane to = bar(topic.topics(), topic.partitions(), acks);
    acks.valueProperty().addListener((o, before, after) -> effect());
    ToggleGroup group = new ToggleGroup();
    FlowPane kinds =
        bar(
            kind(byHand, "write-by-hand", "by-hand", group, false),
            kind(fromFile, "write-from-file", "from-file", group, true));
    hand.getChildren()
        .addAll(
            keyRow(),
            valueRow(),
            value,
            caption("headers"),
            headers,
            bar(caption("count"), count, caption("count-hint")));
    VBox.setVgrow(value, Priority.ALWAYS);
    VBox.setVgrow(hand, Priority.ALWAYS);
    area(value, "write-value", "value", 4);
    area(headers, "write-headers", "headers", 2);
    count.setId("write-count");
    count.setPrefWidth(90);
    count.setAccessibleText(texts.get("count"));
    ofFile.getChildren().addAll(fileRow(), format, caption("file-hint"));
    effect.setId("write-effect");
    effect.setWrapText(true);
    effect.setMinHeight(Region.USE_PREF_SIZE);
    effect.getStyleClass().add("explain");
    effect.setMaxWidth(Double.MAX_VALUE);
    wrong.setId("write-wrong");
    wrong.setWrapText(true);
    wrong.setMinHeight(Region.USE_PREF_SIZE);
    wrong.getStyleClass().addAll("small", "tone-bad");
    wrong("");
    ScrollPane scroll = new ScrollPane(new VBox(hand, ofFile));
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setMinHeight(80);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    VBox form = new VBox(9, kinds, to, scroll, effect, wrong, buttons());
    form.getStyleClass().add("card");
    form.setMinWidth(240);
    form.setPrefWidth(520);
    HBox.setHgrow(form, Priority.ALWAYS);
    return form;
  }

  private Node buttons() {
    send.setId("write-send");
    send.setText(texts.get("send"));
    send.getStyleClass().addAll("compact", "primary");
    send.setOnAction(e -> send());
    stop.setId("write-stop");
    stop.setText(texts.get("stop"));
    stop.getStyleClass().add("compact");
    stop.setOnAction(e -> stop());
    Button command = new Button(texts.get("copy-command"));
    command.setId("write-copy-command");
    command.getStyleClass().add("compact");
    command.setOnAction(e -> copyCommand());
    return bar(send, stop, command);
  }

  private Node outcome(Opener opener) {
    state.setId("write-state");
    status.setId("write-status");
    status.getStyleClass().addAll("small", "muted");
    status.setWrapText(true);
    status.setMinHeight(Region.USE_PREF_SIZE);
    Label heading = new Label(texts.get("outcome"));
    heading.getStyleClass().add("strong");
    HBox head = new HBox(10, heading, state);
    head.getStyleClass().add("toolbar");
    answers.text(
        "answer-partition",
        texts.get("column-partition"),
        110,
        false,
        Comparator.comparing(row -> row.answer().partition().toString()),
        (label, row) -> label.setText(row.answer().partition().toString()));
    answer(
        "offset",
        90,
        Comparator.comparingLong(row -> row.answer().offset()),
        (label, row) ->
            label.setText(
                row.answer().offset() < 0 ? "–" : quantities.count(row.answer().offset())));
    answer(
        "took",
        80,
        Comparator.comparingLong(row -> row.answer().tookMs()),
        (label, row) -> label.setText(quantities.millis(row.answer().tookMs())));
    VBox.setVgrow(answers, Priority.ALWAYS);
    Button open = new Button(texts.get("open-record"));
    open.setId("write-open");
    open.getStyleClass().add("compact");
    open.setDisable(true);
    answers
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((o, before, row) -> open.setDisable(row == null || row.answer().offset() < 0));
    open.setOnAction(
        e -> {
          Answer answer = answers.getSelectionModel().getSelectedItem().answer();
          opener.open(answer.partition(), answer.offset());
        });
    VBox side = new VBox(8, head, status, answers, open);
    side.setMinWidth(180);
    side.setPrefWidth(320);
    side.setMaxWidth(420);
    HBox.setHgrow(side, Priority.SOMETIMES);
    return side;
  }

  private void answer(
      String key, double width, Comparator<AnswerRow> order, BiConsumer<Label, AnswerRow> fill) {
    answers.text("answer-" + key, texts.get("column-" + key), width, true, order, fill);
  }

  private Node kind(ToggleButton chip, String id, String text, ToggleGroup group, boolean toFile) {
    chip.setId(id);
    chip.setText(texts.get(text));
    chip.getStyleClass().add("chip");
    chip.setMinWidth(Region.USE_PREF_SIZE);
    chip.setToggleGroup(group);
    chip.setOnAction(e -> turn(toFile));
    return chip;
  }

  private void turn(boolean toFile) {
    byHand.setSelected(!toFile);
    fromFile.setSelected(toFile);
    hand.setVisible(!toFile);
    hand.setManaged(!toFile);
    ofFile.setVisible(toFile);
    ofFile.setManaged(toFile);
    topic.partitions().setDisable(toFile);
    effect();
  }

  private Node keyRow() {
    hasKey.setText(texts.get("key"));
    hasKey.setId("write-has-key");
    hasKey.setSelected(true);
    hasKey.setMinWidth(Region.USE_PREF_SIZE);
    hasKey.setOnAction(
        e -> {
          enable();
          effect();
        });
    key.setId("write-key");
    key.setAccessibleText(texts.get("key"));
    key.textProperty().addListener((o, before, after) -> effect());
    HBox.setHgrow(key, Priority.ALWAYS);
    HBox row = new HBox(8, hasKey, key, keyEncoding);
    row.setAlignment(Pos.CENTER_LEFT);
    return row;
  }

  private Node valueRow() {
    tombstone.setText(texts.get("write-tombstone"));
    tombstone.setId("write-tombstone");
    tombstone.setMinWidth(Region.USE_PREF_SIZE);
    tombstone.setOnAction(e -> enable());
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Label label = new Label(texts.get("value"));
    label.setMinWidth(Region.USE_PREF_SIZE);
    HBox row = new HBox(8, label, spring, tombstone, valueEncoding);
    row.setAlignment(Pos.CENTER_LEFT);
    return row;
  }

  private Node fileRow() {
    file.setId("write-file");
    file.setPromptText(texts.get("file"));
    file.setAccessibleText(texts.get("file"));
    HBox.setHgrow(file, Priority.ALWAYS);
    Button browse = new Button(texts.get("browse"));
    browse.setId("write-browse");
    browse.getStyleClass().add("compact");
    browse.setMinWidth(Region.USE_PREF_SIZE);
    browse.setOnAction(
        e ->
            files
                .toOpen(texts.get("from-file"), root.getScene().getWindow())
                .ifPresent(path -> file.setText(path.toString())));
    HBox row = new HBox(8, file, browse);
    row.setAlignment(Pos.CENTER_LEFT);
    return row;
  }

  private void enable() {
    key.setDisable(!hasKey.isSelected());
    keyEncoding.setDisable(!hasKey.isSelected());
    value.setDisable(tombstone.isSelected());
    valueEncoding.setDisable(tombstone.isSelected());
  }

  private void area(TextArea area, String id, String words, int rows) {
    area.setId(id);
    area.setAccessibleText(texts.get(words));
    area.setPrefRowCount(rows);
    area.setMinHeight(24 + rows * 16);
    area.setWrapText(true);
  }

  private ComboBox<Encoding> encodings(String id, String accessible) {
    List<Encoding> writable = new ArrayList<>(List.of(Encoding.values()));
    writable.remove(Encoding.AUTO);
    ComboBox<Encoding> box =
        Choosers.of(
            id,
            texts.get(accessible),
            110,
            writable,
            each -> texts.get("encoding-" + each.name().toLowerCase(Locale.ROOT)));
    box.valueProperty().addListener((o, before, after) -> effect());
    return box;
  }

  private Label caption(String key) {
    Label label = new Label(texts.get(key));
    label.getStyleClass().add("caption");
    label.setWrapText(true);
    return label;
  }

  private static FlowPane bar(Node... nodes) {
    FlowPane bar = new FlowPane(8, 8, nodes);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }
}
