package io.vitrine.console.request;

import io.vitrine.cluster.event.ClusterEvent.AwaitedSample;
import io.vitrine.cluster.event.ClusterEvent.WaitingSample;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.console.control.Meter;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.request.RequestPage.WaitRow;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/** What waits in a broker's purgatories: each item, why, what would release it. JavaFX thread. */
final class WaitingSide {
  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final RowTable<WaitRow> table;
  private final Label summary = new Label();
  private final VBox root;
  private Optional<WaitRow> oldest = Optional.empty();

  WaitingSide(Messages texts, Quantities quantities, Selection selection) {
    this.texts = texts;
    this.quantities = quantities;
    this.selection = selection;
    this.table =
        new RowTable<>(
            "waiting-room",
            texts.get("waiting-accessible"),
            row -> List.of(row.broker(), row.operation().purgatory(), row.operation().number()),
            this::chosen);
    columns();
    summary.getStyleClass().add("muted");
    VBox.setVgrow(table, Priority.ALWAYS);
    root = new VBox(8, summary, table);
  }

  Node node() {
    return root;
  }

  private void columns() {
    table.column(
        "waiting-purgatory",
        texts.get("column-purgatory"),
        118,
        false,
        Comparator.comparing(row -> row.operation().purgatory()),
        Pill::new,
        (pill, row) -> pill.show(row.operation().purgatory(), Token.ACCENT));
    table.text(
        "waiting-who",
        texts.get("column-who"),
        86,
        false,
        Comparator.comparingInt(row -> row.operation().follower()),
        (label, row) ->
            label.setText(
                row.operation().follower() < 0
                    ? texts.get("client")
                    : texts.get("follower", Integer.toString(row.operation().follower()))));
    table.text(
        "waiting-why",
        texts.get("column-why"),
        290,
        false,
        Comparator.comparing(row -> why(row.operation())),
        (label, row) -> {
          label.setText(why(row.operation()));
          hint(label);
        });
    table.text(
        "waiting-release",
        texts.get("column-release"),
        195,
        false,
        Comparator.comparing(row -> release(row.operation())),
        (label, row) -> label.setText(release(row.operation())));
    table.column(
        "waiting-deadline",
        texts.get("column-deadline"),
        150,
        false,
        Comparator.comparingLong(WaitRow::leftMs),
        Countdown::new,
        (countdown, row) ->
            countdown.show(row.share(), texts.get("left", quantities.millis(row.leftMs()))));
  }

  /** What does not fit into its cell can be read by pointing at it. */
  private static void hint(Label label) {
    if (label.getTooltip() == null) {
      Tooltip hint = new Tooltip();
      hint.textProperty().bind(label.textProperty());
      label.setTooltip(hint);
    }
  }

  /** Draws the operations that hold this text. */
  void show(BrokerView broker, Frame frame, String filter) {
    List<WaitRow> rows = RequestPage.waiting(broker, frame);
    int all = RequestPage.rooms(broker).values().stream().mapToInt(Integer::intValue).sum();
    oldest = rows.stream().findFirst();
    summary.setText(
        all > rows.size()
            ? texts.get("waiting-some", all, rows.size())
            : texts.get("waiting-all", all));
    table.placeholder(texts.get(rows.isEmpty() ? "nothing-waits" : "nothing-matches"));
    table.show(rows.stream().filter(row -> has(row, filter)).toList());
  }

  /** What would release the one that waits longest. */
  Optional<String> explain() {
    return Optional.of(
        oldest
            .map(
                row ->
                    texts.get(
                        "rule-waiting",
                        row.operation().purgatory(),
                        why(row.operation()),
                        release(row.operation()),
                        quantities.millis(row.leftMs())))
            .orElseGet(() -> texts.get("nothing-waits")));
  }

  private boolean has(WaitRow row, String filter) {
    return filter.isEmpty()
        || (row.operation().purgatory() + " " + why(row.operation()))
            .toLowerCase(Locale.ROOT)
            .contains(filter);
  }

  /** The first partition it waits for is chosen everywhere. */
  private void chosen(WaitRow row) {
    if (row.operation().awaited().isEmpty()) {
      return;
    }
    String name = row.operation().awaited().get(0).partition();
    int dash = name.lastIndexOf('-');
    selection.choose(
        new Selection.Partition(
            new TopicPartition(
                name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)))));
  }

  private String why(WaitingSample operation) {
    return operation.awaited().stream()
        .map(each -> why(operation.purgatory(), each))
        .collect(Collectors.joining("  ·  "));
  }

  private String why(String purgatory, AwaitedSample awaited) {
    String reached =
        awaited.reached() < 0 ? texts.get("unknown") : quantities.count(awaited.reached());
    return switch (purgatory) {
      case "Produce" ->
          texts.get(
              "why-produce", awaited.partition(), reached, quantities.count(awaited.required()));
      case "Fetch" ->
          texts.get(
              "why-fetch", awaited.partition(), quantities.count(awaited.required() - 1), reached);
      case "DeleteRecords" ->
          texts.get(
              "why-delete", awaited.partition(), reached, quantities.count(awaited.required()));
      default ->
          texts.get(
              "why-other", awaited.partition(), reached, quantities.count(awaited.required()));
    };
  }

  private String release(WaitingSample operation) {
    return switch (operation.purgatory()) {
      case "Produce" -> texts.get("release-produce");
      case "Fetch" -> texts.get("release-fetch", quantities.bytes(operation.leastBytes()));
      case "DeleteRecords" -> texts.get("release-delete");
      default -> texts.get("release-other");
    };
  }

  /** A meter with words beside it. */
  private static final class Countdown extends HBox {
    private static final double ALARMING = 0.66;

    private final Meter meter = new Meter();
    private final Label label = new Label();

    Countdown() {
      super(8);
      setAlignment(Pos.CENTER_LEFT);
      meter.setPrefWidth(52);
      meter.setMinWidth(52);
      getChildren().addAll(meter, label);
    }

    void show(double share, String said) {
      meter.show(share, share > ALARMING ? Meter.State.RUNNING_OUT : Meter.State.FINE);
      label.setText(said);
    }
  }
}
