package io.vitrine.console.data;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.Encoding;
import io.vitrine.cluster.data.RecordFiles;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.cluster.data.RecordTexts.Kind;
import io.vitrine.cluster.data.RecordTexts.Text;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** One record taken apart: its texts, its bytes, its headers. JavaFX thread only. */
final class RecordDetail {
  /** More letters than this nobody reads, and the text area would not scroll. */
  private static final int MOST_LETTERS = 200_000;

  private final Messages texts;
  private final Quantities quantities;
  private final Work work;
  private final Desk desk;
  private final Label title = new Label();
  private final TextArea text = new TextArea();
  private final RowTable<HexLine> bytes;
  private final RowTable<HeaderLine> headers;
  private final ToggleButton asText = new ToggleButton();
  private final ToggleButton asBytes = new ToggleButton();
  private final ToggleButton asHeaders = new ToggleButton();
  private final VBox root = new VBox(8);
  private DataRecord shown;
  private RecordTexts shownBy;

  /** A header as a line. */
  private record HeaderLine(int number, String name, String value, Kind kind) {}

  /** What is worked out of a record. */
  private record Parts(String text, List<HexLine> bytes, List<HeaderLine> headers) {}

  /**
   * @param again takes a record the operator wants to write again
   */
  RecordDetail(
      Messages texts, Quantities quantities, Work work, Desk desk, Consumer<DataRecord> again) {
    this.texts = texts;
    this.quantities = quantities;
    this.work = work;
    this.desk = desk;
    bytes = new RowTable<>("record-bytes", texts.get("bytes-accessible"), HexLine::at, line -> {});
    headers =
        new RowTable<>(
            "record-headers", texts.get("headers-accessible"), HeaderLine::number, h -> {});
    build(again);
  }

  Node node() {
    return root;
  }

  /** Shows a record, or nothing. */
  void show(DataRecord record, RecordTexts by) {
    root.setVisible(record != null);
    root.setManaged(record != null);
    boolean same = record == null ? shown == null : record == shown && by.equals(shownBy);
    if (same) {
      return;
    }
    shown = record;
    shownBy = by;
    if (record == null) {
      work.forget("record");
      return;
    }
    title.setText(
        texts.get(
            "record-title",
            record.partition().toString(),
            Long.toString(record.offset()),
            quantities.bytes(record.sizeBytes()),
            record.leaderEpoch() < 0 ? "–" : Integer.toString(record.leaderEpoch()),
            texts.get(record.appendTime() ? "time-append" : "time-create")));
    asHeaders.setText(texts.get("headers-count", record.headers().size()));
    work.begin("record", () -> parts(record, by), this::show, reason -> text.setText(reason));
  }

  private void show(Parts parts) {
    text.setText(parts.text());
    text.setScrollTop(0);
    bytes.show(parts.bytes());
    bytes.scrollTo(0);
    headers.show(parts.headers());
  }

  // ---- worked out off the JavaFX thread
  // ----------------------------------------------------------

  private Parts parts(DataRecord record, RecordTexts by) {
    List<HeaderLine> lines = new ArrayList<>();
    for (DataRecord.Header header : record.headers()) {
      Text value = RecordTexts.header(header);
      lines.add(
          new HeaderLine(
              lines.size(),
              header.key(),
              value.kind() == Kind.NONE ? texts.get("kind-none") : value.text(),
              value.kind()));
    }
    return new Parts(
        part("key", by.key(record)) + "\n\n" + part("value", by.value(record)),
        HexLine.of(record.key(), record.value()),
        lines);
  }

  private String part(String name, Text part) {
    String kind = texts.get("kind-" + part.kind().name().toLowerCase(Locale.ROOT));
    if (part.kind() == Kind.NONE) {
      return texts.get(name) + "  ·  " + kind;
    }
    String words =
        part.kind() == Kind.JSON || part.kind() == Kind.INTERNAL
            ? Encoding.indented(part.text())
            : part.text();
    String cut =
        words.length() <= MOST_LETTERS
            ? words
            : words.substring(0, MOST_LETTERS)
                + "\n"
                + texts.get("cut", quantities.count(words.length() - MOST_LETTERS));
    return texts.get(name) + "  ·  " + kind + "\n" + cut;
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private void build(Consumer<DataRecord> again) {
    title.getStyleClass().add("strong");
    title.setId("record-title");
    text.setEditable(false);
    text.setWrapText(true);
    text.setId("record-text");
    text.setAccessibleText(texts.get("record-accessible"));
    hexColumns();
    headerColumns();
    ToggleGroup sides = new ToggleGroup();
    side(asText, "record-as-text", texts.get("as-text"), sides, text);
    side(asBytes, "record-as-bytes", texts.get("as-bytes"), sides, bytes);
    side(asHeaders, "record-as-headers", texts.get("headers-count", 0), sides, headers);
    asText.setSelected(true);
    turn(text);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button copyValue = button("copy-value", () -> desk.copy(shownBy.value(shown).text()));
    Button copyJson = button("copy-json", () -> desk.copy(RecordFiles.jsonLine(shown)));
    Button write = button("write-again", () -> again.accept(shown));
    HBox head = new HBox(6, asText, asBytes, asHeaders, spring, copyValue, copyJson, write);
    head.setAlignment(Pos.CENTER_LEFT);
    StackPane side = new StackPane(text, bytes, headers);
    VBox.setVgrow(side, Priority.ALWAYS);
    root.getStyleClass().add("card");
    root.setId("record");
    root.getChildren().addAll(title, head, side);
    root.setVisible(false);
    root.setManaged(false);
  }

  private void side(ToggleButton button, String id, String words, ToggleGroup sides, Node what) {
    button.setId(id);
    button.setText(words);
    button.getStyleClass().add("chip");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setToggleGroup(sides);
    button.setOnAction(
        e -> {
          button.setSelected(true);
          turn(what);
        });
  }

  private void turn(Node to) {
    for (Node each : List.of(text, bytes, headers)) {
      each.setVisible(each == to);
    }
  }

  private Button button(String key, Runnable run) {
    Button button = new Button(texts.get(key));
    button.setId(key);
    button.getStyleClass().add("compact");
    button.setOnAction(e -> run.run());
    return button;
  }

  private void hexColumns() {
    bytes.text(
        "hex-at",
        texts.get("column-at"),
        110,
        false,
        Comparator.comparing(HexLine::at),
        (label, line) -> {
          label.setText(texts.get(line.ofKey() ? "at-key" : "at-value", line.position()));
          label.getStyleClass().add("muted");
        });
    for (int i = 0; i < HexLine.LENGTH; i++) {
      int byteAt = i;
      bytes.text(
          "hex-" + i,
          Integer.toHexString(i),
          28,
          false,
          Comparator.comparing(HexLine::at),
          (label, line) -> label.setText(line.hex(byteAt)));
    }
    bytes.text(
        "hex-text",
        texts.get("column-letters"),
        160,
        false,
        Comparator.comparing(HexLine::at),
        (label, line) -> label.setText(line.letters()));
    bytes.getColumns().forEach(column -> column.setSortable(false));
    bytes.placeholder(texts.get("no-bytes"));
  }

  private void headerColumns() {
    headers.text(
        "header-name",
        texts.get("column-header"),
        160,
        false,
        Comparator.comparing(HeaderLine::name),
        (label, line) -> label.setText(line.name()));
    headers.text(
        "header-value",
        texts.get("column-value"),
        360,
        false,
        Comparator.comparing(HeaderLine::value),
        (label, line) -> {
          label.setText(line.value());
          if (line.kind() == Kind.NONE || line.kind() == Kind.HEX) {
            label.getStyleClass().add("muted");
          }
        });
    headers.placeholder(texts.get("no-headers"));
  }
}
