package io.vitrine.console.storage;

import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.console.live.Frame;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.PartitionView.Epoch;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * What the checkpoint files say of a partition, beside what its broker says now, and its leader
 * epochs. JavaFX thread only.
 */
final class CheckpointPane extends HBox implements PartitionPage.Look {
  private final Messages texts;
  private final Quantities quantities;
  private final GridPane grid = new GridPane();
  private final TableView<Epoch> epochs = new TableView<>();
  private PartitionDetail detail;
  private Frame frame;
  private List<Line> shown = List.of();

  CheckpointPane(Messages texts, Quantities quantities) {
    this.texts = texts;
    this.quantities = quantities;
    grid.getStyleClass().add("facts");
    grid.setId("storage-checkpoints");
    epochs.setId("storage-epochs");
    epochs.setFixedCellSize(26);
    epochs.setAccessibleText(texts.get("epochs-accessible"));
    epochs.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("column-epoch", e -> Integer.toString(e.epoch()));
    column("column-epoch-start", e -> quantities.count(e.startOffset()));
    Label none = new Label(texts.get("no-epochs"));
    none.getStyleClass().add("muted");
    none.setWrapText(true);
    epochs.setPlaceholder(none);
    Label title = new Label("leader-epoch-checkpoint");
    title.getStyleClass().add("caption");
    VBox left = new VBox(grid);
    left.getStyleClass().add("card");
    VBox right = new VBox(4, title, epochs);
    VBox.setVgrow(epochs, Priority.ALWAYS);
    HBox.setHgrow(left, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    right.setPrefWidth(320);
    setSpacing(12);
    getChildren().addAll(left, right);
  }

  @Override
  public String key() {
    return "checkpoints";
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(PartitionDetail next, Frame now) {
    detail = next;
    frame = now;
    List<Line> lines = lines();
    if (!lines.equals(shown)) {
      shown = lines;
      grid.getChildren().clear();
      for (int i = 0; i < lines.size(); i++) {
        grid.addRow(i, cells(lines.get(i)));
      }
    }
    if (!next.partition().epochs().equals(epochs.getItems())) {
      epochs.getItems().setAll(next.partition().epochs());
    }
  }

  /** A line of the page. */
  private record Line(String name, String disk, String live, String about) {}

  private List<Line> lines() {
    PartitionView partition = detail.partition();
    String snapshots =
        partition.snapshotOffsets().stream()
            .map(quantities::count)
            .collect(Collectors.joining(" · "));
    return List.of(
        new Line("", texts.get("on-disk"), texts.get("in-broker"), ""),
        checkpoint("recovery", r -> -1),
        checkpoint("replication", ReplicaView::highWatermark),
        checkpoint("log", ReplicaView::logStartOffset),
        checkpoint("cleaner", r -> -1),
        new Line("topic_id", partition.topicId().orElse("–"), "", texts.get("about-topic-id")),
        new Line(
            ".snapshot", snapshots.isEmpty() ? "–" : snapshots, "", texts.get("about-snapshot")));
  }

  private Line checkpoint(String what, ToLongFunction<ReplicaView> live) {
    String file =
        switch (what) {
          case "recovery" -> "recovery-point-offset-checkpoint";
          case "log" -> "log-start-offset-checkpoint";
          default -> what + "-offset-checkpoint";
        };
    return new Line(
        file,
        offset(detail.checkpoint(file)),
        detail.replica(frame).map(r -> offset(live.applyAsLong(r))).orElse("–"),
        texts.get("about-" + what));
  }

  private static Label[] cells(Line line) {
    Label name = new Label(line.name());
    name.getStyleClass().addAll("small", "strong");
    name.setMinWidth(USE_PREF_SIZE);
    Label disk = new Label(line.disk());
    Label live = new Label(line.live());
    Label about = new Label(line.about());
    if (line.name().isEmpty()) {
      disk.getStyleClass().add("caption");
      live.getStyleClass().add("caption");
    }
    about.getStyleClass().add("caption");
    about.setWrapText(true);
    return new Label[] {name, disk, live, about};
  }

  private void column(String key, Function<Epoch, String> value) {
    TableColumn<Epoch, String> column = new TableColumn<>(texts.get(key));
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    epochs.getColumns().add(column);
  }

  private String offset(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }
}
