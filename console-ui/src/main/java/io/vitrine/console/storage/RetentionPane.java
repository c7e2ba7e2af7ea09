package io.vitrine.console.storage;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.storage.RetentionPlan.Piece;
import io.vitrine.console.storage.RetentionPlan.Rule;
import io.vitrine.console.storage.RetentionPlan.Verdict;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.storage.inspect.SegmentView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/**
 * What retention takes now and next, with settings that can be tried before they are made. JavaFX
 * thread only.
 */
final class RetentionPane extends VBox implements PartitionPage.Look {
  private static final String MS = "retention.ms";
  private static final String BYTES = "retention.bytes";
  private static final long HOUR_MS = 3_600_000;

  /** Hears where the cut line is. */
  interface Cut {
    /**
     * The line.
     *
     * @param segments how many of the oldest go
     * @param text at the line
     */
    void at(int segments, String text);
  }

  private final Messages texts;
  private final Quantities quantities;
  private final DateTimeFormatter time;
  private final Desk desk;
  private final Cut cut;
  private final TextField ms = new TextField();
  private final TextField bytes = new TextField();
  private final Label msHuman = new Label();
  private final Label bytesHuman = new Label();
  private final Button changeMs = new Button();
  private final Button changeBytes = new Button();
  private final Button tend = new Button();
  private final Button asIs = new Button();
  private final Label now = new Label();
  private final Label next = new Label();
  private final Label worst = new Label();
  private final Label source = new Label();
  private final TableView<Verdict> table = new TableView<>();
  private TopicPartition shown;
  private Map<String, String> config = Map.of();
  private boolean tried;
  private boolean filling;
  private PartitionDetail detail;
  private Frame frame;
  private RetentionPlan plan;
  private Rule rule = Rule.defaults();

  RetentionPane(Messages texts, Quantities quantities, ZoneId zone, Desk desk, Cut cut) {
    this.texts = texts;
    this.quantities = quantities;
    this.time = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss").withZone(zone);
    this.desk = desk;
    this.cut = cut;
    table();
    source.getStyleClass().addAll("explain", "small");
    source.setId("storage-retention-rule");
    source.setWrapText(true);
    source.setMaxWidth(Double.MAX_VALUE);
    source.setMinHeight(Region.USE_PREF_SIZE);
    HBox figures =
        new HBox(
            10,
            figure("retention-now", now),
            figure("retention-next", next),
            figure("retention-worst", worst));
    VBox.setVgrow(table, Priority.ALWAYS);
    setSpacing(8);
    getChildren().addAll(fields(), figures, source, table);
  }

  @Override
  public String key() {
    return "retention";
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(PartitionDetail nextDetail, Frame nextFrame) {
    detail = nextDetail;
    frame = nextFrame;
    Map<String, String> settings = detail.config(frame);
    boolean other = !detail.id().equals(shown);
    boolean changed = !settings.equals(config);
    shown = detail.id();
    config = settings;
    if (other || changed && !tried) {
      reset();
    }
    plan();
  }

  @Override
  public Optional<String> explain() {
    return plan == null ? Optional.empty() : Optional.of(source.getText());
  }

  // ---- building --------------------------------------------------------------------------------

  private Node fields() {
    field(ms, MS, msHuman);
    field(bytes, BYTES, bytesHuman);
    change(changeMs, MS, ms);
    change(changeBytes, BYTES, bytes);
    asIs.setText(texts.get("retention-as-is"));
    asIs.setId("storage-retention-as-is");
    asIs.getStyleClass().addAll("compact", "quiet");
    asIs.setMinWidth(Region.USE_PREF_SIZE);
    asIs.setOnAction(
        e -> {
          reset();
          plan();
        });
    FlowPane first =
        new FlowPane(8, 6, name(MS), ms, msHuman, preset(0), preset(HOUR_MS), preset(24 * HOUR_MS));
    first.getChildren().addAll(preset(7 * 24 * HOUR_MS), preset(-1), changeMs);
    tend.setText(texts.get("tend"));
    tend.setId("storage-tend");
    tend.getStyleClass().addAll("compact", "acts");
    tend.setMinWidth(Region.USE_PREF_SIZE);
    tend.setOnAction(e -> desk.ask(new ClusterCommand.TendLogs()));
    FlowPane second = new FlowPane(8, 6, name(BYTES), bytes, bytesHuman, changeBytes, tend, asIs);
    first.setAlignment(Pos.CENTER_LEFT);
    second.setAlignment(Pos.CENTER_LEFT);
    return new VBox(6, first, second);
  }

  private static Label name(String setting) {
    Label label = new Label(setting);
    label.getStyleClass().addAll("small", "strong");
    label.setMinWidth(104);
    return label;
  }

  private void field(TextField field, String setting, Label human) {
    field.setId("storage-" + setting.replace('.', '-'));
    field.setPrefWidth(130);
    field.setAccessibleText(setting);
    human.getStyleClass().addAll("small", "muted");
    human.setMinWidth(80);
    field
        .textProperty()
        .addListener(
            (o, before, after) -> {
              if (!filling) {
                tried = true;
                plan();
              }
            });
  }

  private Button preset(long value) {
    Button button = new Button(quantities.span(value));
    button.getStyleClass().addAll("compact", "quiet");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(e -> ms.setText(Long.toString(value)));
    return button;
  }

  private void change(Button button, String setting, TextField field) {
    button.setText(texts.get("retention-change", setting));
    button.setId("storage-change-" + setting.replace('.', '-'));
    button.getStyleClass().addAll("compact", "acts", "dangerous");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(
        e ->
            number(field)
                .ifPresent(
                    value -> {
                      tried = false;
                      desk.ask(
                          new ClusterCommand.SetTopicConfig(
                              shown.topic(), setting, Optional.of(Long.toString(value))));
                    }));
  }

  private VBox figure(String key, Label value) {
    Label title = new Label(texts.get(key));
    title.getStyleClass().add("caption");
    value.setId("storage-" + key);
    value.getStyleClass().add("strong");
    value.setWrapText(true);
    value.setMinHeight(Region.USE_PREF_SIZE);
    VBox card = new VBox(2, title, value);
    card.getStyleClass().add("card");
    card.setPrefWidth(260);
    HBox.setHgrow(card, Priority.ALWAYS);
    return card;
  }

  private void table() {
    table.setId("storage-verdicts");
    table.setFixedCellSize(26);
    table.setAccessibleText(texts.get("verdicts-accessible"));
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("column-file", v -> String.format("%020d.log", v.piece().baseOffset()));
    column("column-size", v -> quantities.bytes(v.piece().sizeBytes()));
    column("column-newest", v -> moment(v.piece().largestTimestampMs()));
    column("column-until", v -> moment(v.atMs()));
    column(
        "column-verdict", v -> texts.get("reason-" + v.reason().name().toLowerCase(Locale.ROOT)));
  }

  private void column(String key, Function<Verdict, String> value) {
    TableColumn<Verdict, String> column = new TableColumn<>(texts.get(key));
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    table.getColumns().add(column);
  }

  // ---- planning --------------------------------------------------------------------------------

  private void reset() {
    tried = false;
    filling = true;
    try {
      Rule defaults = Rule.defaults();
      ms.setText(config.getOrDefault(MS, Long.toString(defaults.retentionMs())));
      bytes.setText(config.getOrDefault(BYTES, Long.toString(defaults.retentionBytes())));
    } finally {
      filling = false;
    }
  }

  private void plan() {
    if (detail == null) {
      return;
    }
    OptionalLong wantedMs = number(ms);
    OptionalLong wantedBytes = number(bytes);
    msHuman.setText(wantedMs.isPresent() ? quantities.span(wantedMs.getAsLong()) : "?");
    bytesHuman.setText(
        wantedBytes.isPresent() ? quantities.byteLimit(wantedBytes.getAsLong()) : "?");
    Rule defaults = Rule.defaults();
    rule =
        new Rule(
            wantedMs.orElse(-1),
            wantedBytes.orElse(-1),
            setting("segment.bytes", defaults.segmentBytes()),
            config.getOrDefault("cleanup.policy", "delete").contains("delete"));
    long highWatermark =
        detail
            .replica(frame)
            .map(r -> r.highWatermark())
            .orElseGet(() -> detail.checkpoint("replication-offset-checkpoint"));
    plan = RetentionPlan.of(pieces(), rule, highWatermark, nowMs());
    boolean live = detail.brokerId() >= 0;
    changeMs.setVisible(live);
    changeBytes.setVisible(live);
    tend.setVisible(live);
    changeMs.setDisable(wantedMs.isEmpty() || is(MS, wantedMs, defaults.retentionMs()));
    changeBytes.setDisable(
        wantedBytes.isEmpty() || is(BYTES, wantedBytes, defaults.retentionBytes()));
    asIs.setVisible(tried);
    say(highWatermark);
  }

  private boolean is(String key, OptionalLong wanted, long otherwise) {
    return config
        .getOrDefault(key, Long.toString(otherwise))
        .equals(Long.toString(wanted.getAsLong()));
  }

  private void say(long highWatermark) {
    now.setText(
        plan.goes() == 0
            ? texts.get("goes-nothing")
            : texts.get(
                "goes",
                plan.goes(),
                quantities.bytes(plan.bytesGone()),
                quantities.count(plan.recordsGone())));
    next.setText(
        plan.nextAtMs() < 0
            ? texts.get("next-unknown")
            : texts.get("next-at", moment(plan.nextAtMs()), span(plan.nextAtMs() - nowMs())));
    worst.setText(worst());
    source.setText(
        texts.get(
            rule.deletes() ? "retention-rule" : "retention-rule-compact",
            Long.toString(rule.retentionMs()),
            Long.toString(rule.retentionBytes()),
            highWatermark < 0 ? "–" : quantities.count(highWatermark),
            Long.toString(rule.segmentBytes()),
            texts.get(
                detail.brokerId() < 0
                    ? "settings-folder"
                    : tried
                        ? "settings-tried"
                        : config.containsKey(MS) || config.containsKey(BYTES)
                            ? "settings-topic"
                            : "settings-default")));
    if (!plan.verdicts().equals(table.getItems())) {
      table.getItems().setAll(plan.verdicts());
    }
    cut.at(
        plan.goes(),
        !tried && (plan.goes() == 0 || detail.brokerId() < 0)
            ? ""
            : texts.get("cut", plan.goes(), plan.verdicts().size()));
  }

  private String worst() {
    if (plan.worstBytes() >= 0) {
      return texts.get(
          "worst-bytes",
          quantities.bytes(plan.worstBytes()),
          quantities.bytes(rule.retentionBytes()),
          quantities.bytes(rule.segmentBytes()));
    }
    if (rule.retentionMs() < 0 || !rule.deletes()) {
      return texts.get("worst-none");
    }
    return plan.bytesPerSecond() < 0
        ? texts.get("worst-unknown")
        : texts.get(
            "worst-rate",
            quantities.bytes(
                plan.bytesPerSecond() * rule.retentionMs() / 1000 + rule.segmentBytes()),
            quantities.bytesPerSecond(plan.bytesPerSecond()));
  }

  private List<Piece> pieces() {
    Map<Long, SegmentView> all = new LinkedHashMap<>();
    detail.partition().inUse().forEach(s -> all.put(s.baseOffset(), s));
    List<SegmentView> segments = List.copyOf(all.values());
    long end = detail.replica(frame).map(r -> r.logEndOffset()).orElse(-1L);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SegmentView segment = segments.get(i);
      boolean active = i == segments.size() - 1;
      pieces.add(
          new Piece(
              segment.baseOffset(),
              active ? Math.max(end, segment.baseOffset()) : segments.get(i + 1).baseOffset(),
              segment.sizeBytes(),
              newest(segment),
              active));
    }
    return pieces;
  }

  /** As a broker: the largest timestamp, or when the file was written when it has none. */
  private long newest(SegmentView segment) {
    long largest = detail.largestTimestampMs().getOrDefault(segment.baseOffset(), -1L);
    return largest >= 0 ? largest : segment.lastModifiedMs();
  }

  private long nowMs() {
    return frame.snapshot().wallMs() + (frame.nowNanos() - frame.snapshot().nanos()) / 1_000_000;
  }

  private long setting(String key, long otherwise) {
    try {
      return Long.parseLong(config.getOrDefault(key, Long.toString(otherwise)));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static OptionalLong number(TextField field) {
    try {
      long value = Long.parseLong(field.getText().trim().replace(",", ""));
      return value < -1 ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private String moment(long ms) {
    return ms < 0 ? "–" : time.format(Instant.ofEpochMilli(ms));
  }

  private String span(long ms) {
    long rounded = ms > 24 * HOUR_MS ? ms / HOUR_MS * HOUR_MS : Math.max(0, ms) / 1000 * 1000;
    return quantities.span(rounded);
  }
}
