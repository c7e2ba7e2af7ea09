package io.vitrine.console.lane;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.event.ClusterEvent.EpochSample;
import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.console.control.LaneChart;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.SegmentStrip;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/** One partition's replicas on one ruler. JavaFX thread only. */
public final class LaneView implements Screen {
  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final Desk desk;
  private final ComboBox<TopicPartition> chooser = new ComboBox<>();
  private final LaneChart chart;
  private final SegmentStrip strip;
  private final TableView<LanePage.Lane> table = new TableView<>();
  private final Label rule = new Label();
  private final Pill leader = new Pill();
  private final Pill waiting = new Pill();
  private final Label stripText = new Label();
  private final TextField offset = new TextField();
  private final Label found = new Label();
  private final Button kill = new Button();
  private final Label empty = new Label();
  private final VBox content = new VBox(10);
  private final StackPane root = new StackPane();
  private Frame frame;
  private LanePage page;
  private TopicPartition shownId;
  private boolean updating;

  /** The view; it shows the first partition until another is chosen. */
  public LaneView(Locale locale, Theme theme, Selection selection, Desk desk) {
    this.texts = Messages.of(LaneView.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.desk = desk;
    this.chart =
        new LaneChart(
            theme,
            new LaneChart.Words(
                "LEO", "HW", texts.get("isr"), texts.get("epoch"), texts.get("unknown")),
            texts.get("chart-accessible"));
    this.strip = new SegmentStrip(theme, texts.get("strip-accessible"));
    root.setId("lane-view");
    root.getStyleClass().add("page");
    empty.getStyleClass().add("muted");
    empty.setWrapText(true);
    VBox card = new VBox(chart);
    card.getStyleClass().add("card");
    VBox.setVgrow(chart, Priority.ALWAYS);
    VBox.setVgrow(card, Priority.ALWAYS);
    table();
    StackPane chartOrTable = new StackPane(card, table);
    VBox.setVgrow(chartOrTable, Priority.ALWAYS);
    ToggleButton asTable = new ToggleButton(texts.get("as-table"));
    asTable.setId("as-table");
    asTable.getStyleClass().add("chip");
    asTable.selectedProperty().addListener((o, before, on) -> asTable(card, on));
    asTable(card, false);
    rule.getStyleClass().addAll("explain", "small");
    rule.setId("lane-rule");
    rule.setWrapText(true);
    rule.setMaxWidth(Double.MAX_VALUE);
    rule.setMinHeight(Region.USE_PREF_SIZE);
    content.getChildren().addAll(head(asTable), states(), chartOrTable, rule, stripHead(), strip);
    root.getChildren().addAll(content, empty);
    selection.subscribe(this::chosen);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame next) {
    frame = next;
    partitions(next);
    page = shownId == null ? null : LanePage.of(shownId, next).orElse(null);
    content.setVisible(page != null);
    empty.setVisible(page == null);
    empty.setText(texts.get(next.snapshot().sequence() == 0 ? "loading" : "empty"));
    if (page != null) {
      draw();
    }
  }

  @Override
  public Optional<String> explain() {
    return page == null ? Optional.empty() : Optional.of(ruleText());
  }

  @Override
  public void focusFilter() {
    chooser.requestFocus();
    chooser.show();
  }

  @Override
  public void goTo() {
    offset.requestFocus();
    offset.selectAll();
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node head(ToggleButton asTable) {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    chooser.setId("partition-chooser");
    chooser.setAccessibleText(texts.get("chooser"));
    chooser.setPrefWidth(170);
    chooser.setVisibleRowCount(14);
    chooser
        .valueProperty()
        .addListener(
            (o, before, id) -> {
              if (id != null && !updating) {
                selection.choose(new Selection.Partition(id));
              }
            });
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    offset.setPromptText(texts.get("go-to"));
    offset.setId("go-to-offset");
    offset.setPrefWidth(130);
    offset.setOnAction(e -> find());
    kill.setId("kill-leader");
    kill.getStyleClass().addAll("compact", "acts", "dangerous");
    kill.setMinWidth(Region.USE_PREF_SIZE);
    kill.setOnAction(e -> desk.ask(new ClusterCommand.KillBroker(page.leader())));
    asTable.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(10, title, chooser, spring, offset, asTable, kill);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private Node states() {
    found.getStyleClass().add("small");
    found.setId("found");
    HBox states = new HBox(8, leader, waiting, found);
    states.setAlignment(Pos.CENTER_LEFT);
    states.setMinHeight(26);
    return states;
  }

  private Node stripHead() {
    Label title = new Label(texts.get("segments"));
    title.getStyleClass().addAll("small", "strong");
    stripText.getStyleClass().add("caption");
    HBox head = new HBox(10, title, stripText);
    head.setAlignment(Pos.BASELINE_LEFT);
    return head;
  }

  private void table() {
    table.setId("lane-table");
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column("column-broker", l -> Integer.toString(l.replica().brokerId()));
    column("column-role", this::role);
    column("column-isr", l -> texts.get(l.replica().inIsr() ? "yes" : "no"));
    column("column-start", l -> number(l.replica().logStartOffset()));
    column("column-hw", l -> number(l.replica().highWatermark()));
    column("column-leo", l -> number(l.replica().logEndOffset()));
    column("column-known", l -> number(l.replica().knownToLeaderOffset()));
    column("column-fetch", l -> age(l.sinceFetchMs()));
    column("column-caught-up", l -> age(l.sinceCaughtUpMs()));
    column("column-epoch", l -> number(l.replica().leaderEpoch()));
  }

  private void column(String key, Function<LanePage.Lane, String> value) {
    TableColumn<LanePage.Lane, String> column = new TableColumn<>(texts.get(key));
    column.setCellValueFactory(f -> new ReadOnlyStringWrapper(value.apply(f.getValue())));
    column.setSortable(false);
    table.getColumns().add(column);
  }

  private void asTable(Node card, boolean on) {
    table.setVisible(on);
    card.setVisible(!on);
  }

  // ---- showing
  // -----------------------------------------------------------------------------------

  private void partitions(Frame next) {
    List<TopicPartition> ids = List.copyOf(next.snapshot().partitions().keySet());
    if (!ids.equals(chooser.getItems())) {
      updating = true;
      chooser.getItems().setAll(ids);
      updating = false;
    }
    if (shownId == null && !ids.isEmpty()) {
      shownId =
          ids.stream()
              .filter(p -> p.topic().equals(next.snapshot().traffic().topic()))
              .findFirst()
              .orElse(ids.get(0));
    }
    updating = true;
    chooser.setValue(shownId != null && ids.contains(shownId) ? shownId : null);
    updating = false;
  }

  private void chosen(Selection.Item item) {
    if (item instanceof Selection.Partition partition) {
      shownId = partition.id();
      found.setText("");
    }
    if (frame != null) {
      show(frame);
    }
  }

  private void draw() {
    leader.show(leaderText(), page.leaderLives() ? Token.OK : Token.BAD);
    waiting.setVisible(page.waitingProduces() > 0 && page.leaderLives());
    waiting.show(texts.get("waiting-produces", page.waitingProduces()), Token.WARN);
    kill.setText(texts.get("kill-leader", Integer.toString(page.leader())));
    kill.setDisable(!page.leaderLives());
    List<LaneChart.Lane> lanes = new ArrayList<>();
    for (LanePage.Lane lane : page.lanes()) {
      lanes.add(lane(lane));
    }
    List<LaneChart.Epoch> epochs = epochs();
    chart.show(page.window(), lanes, epochs);
    chart.onLane(
        i -> selection.choose(new Selection.Broker(page.lanes().get(i).replica().brokerId())));
    if (table.isVisible() || table.getItems().isEmpty()) {
      table.getItems().setAll(page.lanes());
    }
    rule.setText(ruleText());
    stripText.setText(
        texts.get(
            "segments-text",
            page.segments().size(),
            quantities.bytes(page.segments().stream().mapToLong(SegmentSample::sizeBytes).sum())));
    strip.show(
        page.segments().stream()
            .map(
                s ->
                    new SegmentStrip.Block(
                        s.baseOffset(),
                        s.nextOffset(),
                        String.format("%020d.log", s.baseOffset())
                            + "  "
                            + quantities.bytes(s.sizeBytes()),
                        s.active()))
            .toList(),
        epochs);
  }

  private LaneChart.Lane lane(LanePage.Lane lane) {
    ReplicaView replica = lane.replica();
    return new LaneChart.Lane(
        texts.get("broker", Integer.toString(replica.brokerId())),
        role(lane),
        !lane.reachable() ? Token.BAD : lane.leads() ? Token.ACCENT : Token.MUTED,
        new LaneChart.Offsets(
            replica.logStartOffset(), replica.highWatermark(), replica.logEndOffset()),
        lane.leads(),
        replica.inIsr(),
        lane.reachable(),
        selection.isBroker(replica.brokerId()),
        notice(lane),
        page.leaderLives() ? lane.limitUsed() : -1,
        page.leaderLives() && lane.reachable() && !lane.leads() && lane.sinceFetchMs() >= 0,
        lane.leads() && lane.reachable() ? replica.waitingProduces() : 0);
  }

  private LaneChart.Notice notice(LanePage.Lane lane) {
    ReplicaView replica = lane.replica();
    if (!lane.reachable()) {
      return new LaneChart.Notice(
          lane.reportedAgoMs() < 0
              ? texts.get("never-reported")
              : texts.get("reported-ago", quantities.millis(lane.reportedAgoMs() / 100 * 100)),
          lane.limitUsed() >= 0 && page.leaderLives()
              ? texts.get(
                  "behind",
                  quantities.millis(lane.sinceCaughtUpMs() / 100 * 100),
                  quantities.millis(replica.lagLimitMs()))
              : "",
          "");
    }
    if (lane.leads()) {
      return new LaneChart.Notice(
          texts.get("leads", Integer.toString(page.leaderEpoch())),
          texts.get("keeps", replica.waitingProduces()),
          "");
    }
    if (lane.sinceFetchMs() < 0 || !page.leaderLives()) {
      return new LaneChart.Notice(texts.get("no-fetch"), number(replica.logEndOffset()), "");
    }
    return new LaneChart.Notice(
        texts.get("asks", number(replica.knownToLeaderOffset()), number(replica.highWatermark())),
        texts.get("fetched-ago", quantities.millis(lane.sinceFetchMs())),
        texts.get(
            "behind",
            quantities.millis(lane.sinceCaughtUpMs()),
            quantities.millis(replica.lagLimitMs())));
  }

  private String role(LanePage.Lane lane) {
    if (!lane.reachable()) {
      return texts.get(lane.leads() ? "role-dead-leader" : "role-offline");
    }
    return texts.get(
        lane.leads() ? "role-leader" : lane.replica().inIsr() ? "role-follower" : "role-behind");
  }

  private String leaderText() {
    if (page.leader() < 0) {
      return texts.get("leader-nobody");
    }
    return texts.get(
        page.leaderLives() ? "leader-is" : "leader-gone",
        Integer.toString(page.leader()),
        Integer.toString(page.leaderEpoch()));
  }

  private List<LaneChart.Epoch> epochs() {
    List<LaneChart.Epoch> found = new ArrayList<>();
    List<EpochSample> epochs = page.epochs();
    for (int i = 0; i < epochs.size(); i++) {
      long end = i + 1 < epochs.size() ? epochs.get(i + 1).startOffset() : page.logEndOffset();
      found.add(new LaneChart.Epoch(epochs.get(i).epoch(), epochs.get(i).startOffset(), end));
    }
    return found;
  }

  private String ruleText() {
    String ends =
        page.ends().entrySet().stream()
            .map(e -> e.getKey() + ": " + number(e.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    String watermark = number(page.highWatermark());
    if (!page.leaderLives()) {
      return texts.get("rule-leader-gone", watermark);
    }
    if (page.isr().size() < page.minInSyncReplicas()) {
      return texts.get("rule-frozen", page.isr().size(), page.minInSyncReplicas(), watermark);
    }
    return texts.get("rule", ends, watermark);
  }

  private void find() {
    try {
      long wanted = Long.parseLong(offset.getText().trim().replace(",", ""));
      Optional<SegmentSample> segment =
          page.segments().stream()
              .filter(s -> s.baseOffset() <= wanted && wanted < s.nextOffset())
              .findFirst();
      int epoch =
          page.epochs().stream()
              .filter(e -> e.startOffset() <= wanted)
              .mapToInt(EpochSample::epoch)
              .max()
              .orElse(-1);
      found.setText(
          segment
              .map(
                  s ->
                      texts.get(
                          "found",
                          number(wanted),
                          String.format("%020d.log", s.baseOffset()),
                          Integer.toString(epoch),
                          texts.get(
                              wanted < page.highWatermark() ? "found-readable" : "found-waiting")))
              .orElseGet(() -> texts.get("found-not", number(wanted))));
    } catch (NumberFormatException e) {
      found.setText(texts.get("found-no-number"));
    }
  }

  private String age(long ms) {
    return ms < 0 ? "–" : quantities.millis(ms);
  }

  private String number(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }
}
