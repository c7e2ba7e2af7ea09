package io.vitrine.console.storage;

import io.vitrine.console.control.RowTable;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.storage.inspect.DirectoryView;
import io.vitrine.storage.inspect.PartitionView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableRow;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The partitions of one log directory, with what the directory's own files say. */
final class DirectoryPage extends VBox {
  private final Messages texts;
  private final Quantities quantities;
  private final TextField filter = new TextField();
  private final Label facts = new Label();
  private final Label free = new Label();
  private final Label problems = new Label();
  private final RowTable<LogRow> table;
  private DirectoryView directory;
  private List<LogRow> rows = List.of();

  /**
   * @param opened hears which partition the operator wants to see
   */
  DirectoryPage(Messages texts, Quantities quantities, Consumer<PartitionView> opened) {
    this.texts = texts;
    this.quantities = quantities;
    this.table =
        new RowTable<>(
            "storage-partitions", texts.get("partitions-accessible"), LogRow::name, row -> {});
    columns();
    table.setRowFactory(
        view -> {
          TableRow<LogRow> row = new TableRow<>();
          row.setOnMouseClicked(
              e -> {
                if (!row.isEmpty() && e.getClickCount() == 2) {
                  opened.accept(row.getItem().partition());
                }
              });
          return row;
        });
    table.setOnKeyPressed(
        e -> {
          LogRow row = table.getSelectionModel().getSelectedItem();
          if (e.getCode() == KeyCode.ENTER && row != null) {
            opened.accept(row.partition());
            e.consume();
          }
        });
    filter.setId("storage-filter");
    filter.setPromptText(texts.get("filter"));
    filter.setPrefWidth(190);
    filter
        .textProperty()
        .addListener(
            (o, before, now) -> {
              // From the beginning, so that rows that come back stand where they stood.
              table.show(List.of());
              fill();
              table.sort();
            });
    facts.getStyleClass().add("muted");
    facts.setId("storage-directory-facts");
    facts.setWrapText(true);
    problems.getStyleClass().addAll("small", "tone-warn");
    problems.setWrapText(true);
    free.getStyleClass().add("muted");
    free.setMinWidth(Region.USE_PREF_SIZE);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox bar = new HBox(12, filter, facts, spring, free);
    bar.setAlignment(Pos.CENTER_LEFT);
    VBox.setVgrow(table, Priority.ALWAYS);
    setSpacing(10);
    getChildren().addAll(bar, table, problems);
  }

  void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  /** Shows a directory. */
  void show(DirectoryView next, LogPlace place) {
    free.setText(
        place.freeBytes() < 0 ? "" : texts.get("free", quantities.bytes(place.freeBytes())));
    if (next.equals(directory)) {
      return;
    }
    directory = next;
    rows = next.partitions().stream().map(p -> LogRow.of(next, p)).toList();
    facts.setText(
        texts.get(
            "directory-facts",
            rows.size(),
            quantities.bytes(rows.stream().mapToLong(LogRow::sizeBytes).sum()),
            next.properties().getOrDefault("cluster.id", "–"),
            texts.get(next.stoppedCleanly() ? "stopped-cleanly" : "no-clean-stop")));
    problems.setText(String.join("\n", next.problems()));
    problems.setVisible(!next.problems().isEmpty());
    problems.setManaged(problems.isVisible());
    fill();
  }

  private void fill() {
    String wanted = filter.getText().trim().toLowerCase(Locale.ROOT);
    List<LogRow> shown =
        rows.stream().filter(r -> r.name().toLowerCase(Locale.ROOT).contains(wanted)).toList();
    table.placeholder(texts.get(rows.isEmpty() ? "no-partitions" : "nothing-matches"));
    table.show(shown);
  }

  private void columns() {
    table.text(
        "log-name",
        texts.get("column-partition"),
        220,
        false,
        Comparator.comparing(LogRow::name),
        (label, r) -> {
          label.setText(r.partition().name());
          if (r.partition().kind() != PartitionView.Kind.LOG) {
            label.setText(
                r.partition().name()
                    + "  "
                    + texts.get("kind-" + r.partition().kind().name().toLowerCase(Locale.ROOT)));
            label.getStyleClass().add("tone-warn");
          }
        });
    table.text(
        "log-size",
        texts.get("column-size"),
        90,
        true,
        Comparator.comparingLong(LogRow::sizeBytes),
        (label, r) -> label.setText(quantities.bytes(r.sizeBytes())));
    table.text(
        "log-segments",
        texts.get("column-segments"),
        90,
        true,
        Comparator.comparingInt(LogRow::segments),
        (label, r) -> label.setText(Integer.toString(r.segments())));
    table.text(
        "log-leaving",
        texts.get("column-leaving"),
        96,
        true,
        Comparator.comparingInt(LogRow::leaving),
        (label, r) -> label.setText(r.leaving() == 0 ? "–" : Integer.toString(r.leaving())));
    table.text(
        "log-first",
        texts.get("column-first"),
        110,
        true,
        Comparator.comparingLong(LogRow::firstOffset),
        (label, r) -> label.setText(offset(r.firstOffset())));
    table.text(
        "log-hw",
        texts.get("column-hw"),
        150,
        true,
        Comparator.comparingLong(LogRow::highWatermark),
        (label, r) -> label.setText(offset(r.highWatermark())));
  }

  private String offset(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }
}
