package io.vitrine.console.storage;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.control.KeepStrip;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.storage.inspect.CompactionPreview;
import io.vitrine.storage.inspect.CompactionPreview.Fate;
import io.vitrine.storage.inspect.CompactionPreview.Verdict;
import io.vitrine.storage.inspect.PartitionView;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * A partition's records before and after the cleaner's next pass, each with the reason. JavaFX
 * thread only; reads files off it, when asked.
 */
final class CompactionPane extends VBox implements PartitionPage.Look {
  private final Messages texts;
  private final Quantities quantities;
  private final DateTimeFormatter time;
  private final Work work;
  private final FindPane.Seen seen;
  private final Button foresee = new Button();
  private final Button clean = new Button();
  private final Button stop = new Button();
  private final ToggleButton onlyGoing = new ToggleButton();
  private final Label summary = new Label();
  private final Label rule = new Label();
  private final KeepStrip strip;
  private final TableView<Fate> table = new TableView<>();
  private AtomicBoolean goOn = new AtomicBoolean();
  private PartitionDetail detail;
  private Frame frame;
  private Path shown;
  private CompactionPreview preview;

  CompactionPane(
      Messages texts,
      Quantities quantities,
      Theme theme,
      ZoneId zone,
      Work work,
      Desk desk,
      FindPane.Seen seen) {
    this.texts = texts;
    this.quantities = quantities;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(zone);
    this.work = work;
    this.seen = seen;
    this.strip =
        new KeepStrip(
            theme, texts.get("strip-accessible"), texts.get("before"), texts.get("after"));
    clean.setText(texts.get("clean-now"));
    clean.setId("storage-clean");
    clean.getStyleClass().addAll("compact", "acts");
    clean.setMinWidth(Region.USE_PREF_SIZE);
    clean.setOnAction(e -> desk.ask(new ClusterCommand.TendLogs()));
    rule.getStyleClass().addAll("explain", "small");
    rule.setWrapText(true);
    rule.setMaxWidth(Double.MAX_VALUE);
    rule.setMinHeight(Region.USE_PREF_SIZE);
    table();
    VBox.setVgrow(table, Priority.ALWAYS);
    setSpacing(8);
    getChildren().addAll(bar(), rule, strip, table);
  }

  @Override
  public String key() {
    return "compaction";
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(PartitionDetail next, Frame now) {
    detail = next;
    frame = now;
    if (!next.partition().directory().equals(shown)) {
      shown = next.partition().directory();
      goOn.set(false);
      work.forget("compaction");
      preview = null;
      begin();
    }
    clean.setVisible(next.brokerId() >= 0);
    clean.setManaged(clean.isVisible());
    String policy = next.config(now).getOrDefault("cleanup.policy", "delete");
    rule.setText(
        texts.get(
            next.brokerId() < 0
                ? "compaction-rule-folder"
                : policy.contains("compact") ? "compaction-rule" : "compaction-rule-not",
            offset(next.checkpoint("cleaner-offset-checkpoint")),
            next.active().map(s -> quantities.count(s.baseOffset())).orElse("–"),
            policy));
  }

  @Override
  public Optional<String> explain() {
    return Optional.of(rule.getText());
  }

  // ---- building --------------------------------------------------------------------------------

  private Node bar() {
    foresee.setText(texts.get("foresee"));
    foresee.setId("storage-foresee");
    foresee.getStyleClass().add("compact");
    foresee.setMinWidth(Region.USE_PREF_SIZE);
    foresee.setOnAction(e -> begin());
    stop.setText(texts.get("stop"));
    stop.setId("storage-foresee-stop");
    stop.getStyleClass().add("compact");
    stop.setMinWidth(Region.USE_PREF_SIZE);
    stop.setOnAction(e -> goOn.set(false));
    onlyGoing.setText(texts.get("only-going"));
    onlyGoing.setId("storage-only-going");
    onlyGoing.getStyleClass().add("chip");
    onlyGoing.setMinWidth(Region.USE_PREF_SIZE);
    onlyGoing.setOnAction(e -> fill());
    summary.setId("storage-compaction");
    summary.getStyleClass().addAll("small", "strong");
    summary.setWrapText(true);
    HBox bar = new HBox(8, foresee, stop, clean, onlyGoing, summary);
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private void table() {
    table.setId("storage-fates");
    table.setFixedCellSize(26);
    table.setAccessibleText(texts.get("fates-accessible"));
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("column-offset", f -> quantities.count(f.offset()));
    column("column-key", Fate::key);
    column("column-value", f -> f.value());
    column("column-fate", f -> texts.get(f.verdict().stays() ? "stays" : "goes-away"));
    column("column-why", this::why);
    Label none = new Label(texts.get("no-fates"));
    none.getStyleClass().add("muted");
    none.setWrapText(true);
    table.setPlaceholder(none);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, fate) -> {
              if (fate != null) {
                seen.at(fate.segment(), fate.position());
              }
            });
  }

  private String why(Fate fate) {
    String key = "why-" + fate.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return fate.verdict() == Verdict.TOMBSTONE
        ? fate.untilMs() < 0
            ? texts.get("why-tombstone-unstamped")
            : texts.get(key, time.format(Instant.ofEpochMilli(fate.untilMs())))
        : texts.get(key, quantities.count(fate.newer()));
  }

  private void column(String key, Function<Fate, String> value) {
    TableColumn<Fate, String> column = new TableColumn<>(texts.get(key));
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    table.getColumns().add(column);
  }

  // ---- foreseeing ------------------------------------------------------------------------------

  private void begin() {
    if (detail == null) {
      return;
    }
    PartitionView of = detail.partition();
    long dirty = Math.max(0, detail.checkpoint("cleaner-offset-checkpoint"));
    long nowMs =
        frame.snapshot().wallMs() + (frame.nowNanos() - frame.snapshot().nanos()) / 1_000_000;
    AtomicBoolean on = new AtomicBoolean(true);
    goOn = on;
    summary.setText(texts.get("foreseeing"));
    buttons();
    work.begin(
        "compaction",
        () -> CompactionPreview.of(of, dirty, nowMs, on::get),
        found -> {
          on.set(false);
          preview = found;
          fill();
        },
        reason -> {
          on.set(false);
          preview = null;
          fill();
          summary.setText(texts.get("foresee-failed", reason));
        });
  }

  private void fill() {
    buttons();
    List<Fate> fates = preview == null ? List.of() : preview.fates();
    strip.show(
        fates.stream()
            .map(
                f ->
                    f.verdict() == Verdict.TOMBSTONE
                        ? KeepStrip.Fate.TOMBSTONE
                        : f.verdict().stays() ? KeepStrip.Fate.STAYS : KeepStrip.Fate.GOES)
            .toArray(KeepStrip.Fate[]::new));
    List<Fate> rows =
        onlyGoing.isSelected() ? fates.stream().filter(f -> !f.verdict().stays()).toList() : fates;
    table.setItems(FXCollections.observableArrayList(rows));
    if (preview != null) {
      long goes = fates.stream().filter(f -> !f.verdict().stays()).count();
      summary.setText(
          texts.get(
              preview.complete() ? "compaction-summary" : "compaction-summary-part",
              quantities.count(fates.size()),
              quantities.count(goes),
              quantities.bytes(preview.bytesBefore()),
              quantities.bytes(preview.bytesAfter())));
    }
  }

  private void buttons() {
    boolean runs = goOn.get();
    stop.setVisible(runs);
    stop.setManaged(runs);
    foresee.setDisable(runs);
  }

  private String offset(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }
}
