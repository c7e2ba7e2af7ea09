package io.vitrine.console.cluster;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.cluster.snapshot.TrafficView;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import io.vitrine.console.control.FlowMap;
import io.vitrine.console.control.Pill;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The cluster as cards, with what moves between them. JavaFX thread only. */
public final class ClusterView implements Screen {
  private static final double GAP_ABOVE = 40;
  private static final double GAP_BELOW = 50;
  private static final double GAPS_MOST = 96;

  private final Messages texts;
  private final Quantities quantities;
  private final Theme theme;
  private final Selection selection;
  private final Desk desk;
  private final ClusterViewModel model = new ClusterViewModel();
  private final Map<Integer, BrokerCardView> cards = new TreeMap<>();
  private final StackPane root = new StackPane();
  private final VBox page = new VBox();
  private final HBox brokers = new HBox(14);
  private final HBox top = new HBox(14);
  private final VBox traffic = new VBox(8);
  private final VBox keeper = new VBox(8);
  private final FlowMap above;
  private final FlowMap below;
  private final VBox loading;
  private final StackPane scene = new StackPane();
  private final Label acknowledged = figure("acknowledged");
  private final Label received = figure("received");
  private final Label rate = figure("rate");
  private final Label gap = figure("gap");
  private final Label missing = new Label("0");
  private final Label missingText = new Label();
  private final Label trafficText = new Label();
  private final ToggleButton trafficSwitch = new ToggleButton();
  private final Pill keeperState = new Pill();
  private final Label keeperAddress = new Label();
  private final Label controllerText = new Label();
  private final Button keeperSwitch = new Button();
  private ClusterPage shown;
  private boolean keeperRuns;

  /**
   * The view.
   *
   * @param motion whether streams may move
   */
  public ClusterView(Locale locale, Theme theme, Selection selection, Desk desk, boolean motion) {
    this.texts = Messages.of(ClusterView.class, locale);
    this.quantities = new Quantities(locale);
    this.theme = theme;
    this.selection = selection;
    this.desk = desk;
    this.above = new FlowMap(theme, motion);
    this.below = new FlowMap(theme, motion);
    trafficCard();
    keeperCard();
    HBox.setHgrow(traffic, Priority.ALWAYS);
    HBox.setHgrow(keeper, Priority.SOMETIMES);
    if (desk.may(Capability.TRAFFIC)) {
      top.getChildren().add(traffic);
    }
    top.getChildren().add(keeper);
    brokers.setAlignment(Pos.TOP_CENTER);
    stretch(above, GAP_ABOVE);
    stretch(below, GAP_BELOW);
    page.getChildren().addAll(head(), top, above, brokers, below);
    VBox.setMargin(top, new Insets(10, 0, 0, 0));
    page.setFillWidth(true);
    scene.getChildren().add(page);
    page.setPickOnBounds(false);
    scene.getStyleClass().add("page");
    ScrollPane scroll = new ScrollPane(scene);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.getStyleClass().add("bare-scroll");
    loading = new VBox(new ProgressIndicator(), new Label(texts.get("loading")));
    loading.getStyleClass().add("empty");
    root.getChildren().addAll(scroll, loading);
    root.setId("cluster-view");
    // Cards move when the window does; streams follow them.
    scene.widthProperty().addListener((o, a, b) -> drawLater());
    brokers.boundsInParentProperty().addListener((o, a, b) -> drawLater());
    selection.subscribe(item -> cards.forEach((id, card) -> card.chosen(selection.isBroker(id))));
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    ClusterPage next = model.page(frame);
    loading.setVisible(next.loading());
    scene.setVisible(!next.loading());
    cards(next);
    traffic(next.traffic());
    keeper(next.zooKeeper());
    shown = next;
    draw();
  }

  @Override
  public Optional<String> explain() {
    if (shown == null || shown.loading()) {
      return Optional.empty();
    }
    TrafficView counts = shown.traffic().counts();
    return Optional.of(
        texts.get(
            "explain-traffic",
            quantities.count(counts.acknowledged()),
            quantities.count(counts.received()),
            quantities.count(counts.missing())));
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button elect = new Button(texts.get("elect"));
    elect.setId("elect-all");
    elect.getStyleClass().addAll("compact", "acts");
    elect.setOnAction(e -> desk.ask(new ClusterCommand.ElectPreferredLeaders(Set.of())));
    Button create = new Button(texts.get("create-topic"));
    create.setId("create-topic");
    create.getStyleClass().addAll("compact", "acts");
    create.setOnAction(e -> desk.askForTopic());
    HBox head = new HBox(8, title, spring);
    if (desk.may(Capability.ADMINISTER)) {
      head.getChildren().addAll(elect, create);
    }
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void trafficCard() {
    traffic.getStyleClass().add("card");
    traffic.setId("traffic-card");
    missing.getStyleClass().add("calm-zero");
    missing.setId("missing");
    missing.setMinWidth(Region.USE_PREF_SIZE);
    missingText.getStyleClass().add("caption");
    missingText.setText(texts.get("missing"));
    missingText.setWrapText(true);
    VBox calm = new VBox(-6, missing, missingText);
    calm.setMinWidth(Region.USE_PREF_SIZE);
    trafficText.getStyleClass().add("caption");
    trafficSwitch.setId("traffic-switch");
    trafficSwitch.getStyleClass().addAll("chip", "acts");
    trafficSwitch.setMinWidth(Region.USE_PREF_SIZE);
    trafficSwitch.setOnAction(
        e -> {
          boolean on = trafficSwitch.isSelected();
          // The switch shows what is; it moves with the snapshot.
          trafficSwitch.setSelected(!on);
          desk.ask(new ClusterCommand.SwitchTraffic(on));
        });
    Label title = new Label(texts.get("clients"));
    title.getStyleClass().add("heading");
    title.setMinWidth(Region.USE_PREF_SIZE);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox head = new HBox(10, title, trafficText, spring, trafficSwitch);
    head.setAlignment(Pos.CENTER_LEFT);
    HBox figures =
        new HBox(
            26,
            calm,
            labelled("acknowledged", acknowledged),
            labelled("received", received),
            labelled("rate", rate),
            labelled("gap", gap));
    figures.setAlignment(Pos.CENTER_LEFT);
    figures.setMinHeight(Region.USE_PREF_SIZE);
    traffic.getChildren().addAll(head, figures);
  }

  private void keeperCard() {
    keeper.getStyleClass().add("card");
    keeper.setId("zookeeper-card");
    keeper.setMinWidth(260);
    keeper.setSpacing(5);
    Label title = new Label(texts.get("zookeeper"));
    title.getStyleClass().add("heading");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox head = new HBox(8, title, spring, keeperState);
    head.setAlignment(Pos.CENTER_LEFT);
    keeperAddress.getStyleClass().add("caption");
    controllerText.getStyleClass().addAll("small", "strong");
    controllerText.setId("controller-text");
    keeperSwitch.getStyleClass().addAll("compact", "acts");
    keeperSwitch.setId("zookeeper-switch");
    keeperSwitch.setMinWidth(Region.USE_PREF_SIZE);
    keeperSwitch.setOnAction(
        e ->
            desk.ask(
                keeperRuns
                    ? new ClusterCommand.StopZooKeeper(false)
                    : new ClusterCommand.StartZooKeeper()));
    Region gapBetween = new Region();
    HBox.setHgrow(gapBetween, Priority.ALWAYS);
    HBox foot = new HBox(8, controllerText, gapBetween);
    if (desk.may(Capability.SUPERVISE)) {
      foot.getChildren().add(keeperSwitch);
    }
    foot.setAlignment(Pos.CENTER_LEFT);
    Region grow = new Region();
    VBox.setVgrow(grow, Priority.ALWAYS);
    keeper.getChildren().addAll(head, keeperAddress, grow, foot);
    keeper.setOnMouseClicked(e -> selection.choose(new Selection.Controller()));
  }

  private VBox labelled(String key, Label figure) {
    Label caption = new Label(texts.get(key));
    caption.getStyleClass().add("caption");
    caption.setMinWidth(Region.USE_PREF_SIZE);
    VBox box = new VBox(1, caption, figure);
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  private static Label figure(String id) {
    Label label = new Label("–");
    label.setId(id);
    label.getStyleClass().add("figure");
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  /** Streams are drawn in the gaps alone: what moves is a small part of the screen. */
  private static void stretch(FlowMap map, double least) {
    map.setMinHeight(least);
    map.setPrefHeight(least);
    map.setMaxHeight(GAPS_MOST);
    VBox.setVgrow(map, Priority.ALWAYS);
  }

  // ---- showing
  // -----------------------------------------------------------------------------------

  private void cards(ClusterPage next) {
    for (ClusterPage.Card card : next.brokers()) {
      BrokerCardView view = cards.get(card.id());
      if (view == null) {
        view = new BrokerCardView(card.id(), texts, quantities, theme, selection, desk);
        view.chosen(selection.isBroker(card.id()));
        cards.put(card.id(), view);
        HBox.setHgrow(view, Priority.ALWAYS);
        brokers.getChildren().setAll(cards.values());
      }
      view.show(card);
    }
  }

  private void traffic(ClusterPage.Traffic next) {
    TrafficView counts = next.counts();
    boolean ever = counts.on() || counts.sent() > 0;
    trafficSwitch.setSelected(counts.on());
    trafficSwitch.setText(texts.get(counts.on() ? "traffic-on" : "traffic-off"));
    trafficText.setText(
        !counts.on()
            ? texts.get("traffic-is-off")
            : next.leaderless() > 0
                ? texts.get("traffic-waits", Integer.toString(next.leaderless()))
                : texts.get("traffic-topic", counts.topic()));
    missing.setText(ever ? quantities.count(counts.missing()) : "–");
    missing.getStyleClass().remove("not-zero");
    if (counts.missing() > 0) {
      missing.getStyleClass().add("not-zero");
    }
    acknowledged.setText(ever ? quantities.count(counts.acknowledged()) : "–");
    received.setText(ever ? quantities.count(counts.received()) : "–");
    rate.setText(
        counts.on() ? String.format(Locale.ROOT, "%,.0f/s", counts.acknowledgedPerSecond()) : "–");
    gap.setText(ever ? quantities.millis(counts.longestGapMs()) : "–");
  }

  private void keeper(ClusterPage.Keeper next) {
    ZooKeeperView view = next.view();
    keeperRuns = view.state() == ZooKeeperView.State.RUNNING;
    keeperState.show(
        texts.get("zookeeper-" + view.state().name().toLowerCase(Locale.ROOT)),
        keeperRuns
            ? Token.OK
            : view.state() == ZooKeeperView.State.UNKNOWN ? Token.IDLE : Token.BAD);
    keeperAddress.setText(
        view.connectString().isEmpty()
            ? "–"
            : view.sessions() == 0 && !desk.may(Capability.SUPERVISE)
                ? view.connectString()
                : texts.get(
                    "zookeeper-address", view.connectString(), Integer.toString(view.sessions())));
    controllerText.setText(
        next.controller() >= 0 && next.controllerEpoch() < 0
            ? texts.get("controller-only", Integer.toString(next.controller()))
            : controller(next));
    controllerText.getStyleClass().remove("tone-bad");
    if (next.controller() < 0) {
      controllerText.getStyleClass().add("tone-bad");
    }
    keeperSwitch.setText(texts.get(keeperRuns ? "stop" : "start"));
    keeperSwitch.setAccessibleText(
        texts.get(keeperRuns ? "zookeeper-stop-accessible" : "zookeeper-start-accessible"));
  }

  private String controller(ClusterPage.Keeper next) {
    return next.controller() >= 0
        ? texts.get(
            "controller-is",
            Integer.toString(next.controller()),
            Integer.toString(next.controllerEpoch()))
        : texts.get("controller-nobody", Integer.toString(next.controllerEpoch()));
  }

  // ---- streams
  // -----------------------------------------------------------------------------------

  private void drawLater() {
    Platform.runLater(this::draw);
  }

  private void draw() {
    if (shown == null || cards.isEmpty() || scene.getWidth() <= 0) {
      return;
    }
    List<FlowMap.Flow> upper = new ArrayList<>();
    for (ClusterPage.Card card : shown.brokers()) {
      if (cards.containsKey(card.id())) {
        produce(card).ifPresent(upper::add);
        session(card).ifPresent(upper::add);
      }
    }
    List<FlowMap.Flow> lower = new ArrayList<>();
    for (ClusterPage.Stream stream : shown.fetches()) {
      if (cards.containsKey(stream.from()) && cards.containsKey(stream.to())) {
        lower.add(fetch(stream));
      }
    }
    above.show(upper, shown.paused());
    below.show(lower, shown.paused());
  }

  /** What clients append at this broker. */
  private Optional<FlowMap.Flow> produce(ClusterPage.Card card) {
    if (!card.running() || !shown.traffic().counts().on()) {
      return Optional.empty();
    }
    Bounds clients = bounds(traffic, above);
    Bounds at = bounds(cards.get(card.id()), above);
    double x = at.getMinX() + at.getWidth() * 0.38;
    return Optional.of(
        new FlowMap.Flow(
            Math.max(clients.getMinX() + 40, Math.min(clients.getMaxX() - 40, x)),
            0,
            x,
            above.getHeight(),
            0,
            card.load().recordsInPerSecond(),
            Token.COMMITTED,
            false));
  }

  /** The session that keeps this broker's node alive. */
  private Optional<FlowMap.Flow> session(ClusterPage.Card card) {
    SessionView.State state = card.session().state();
    if (state != SessionView.State.CONNECTED && state != SessionView.State.RUNNING_OUT) {
      return Optional.empty();
    }
    Bounds zooKeeper = bounds(keeper, above);
    Bounds at = bounds(cards.get(card.id()), above);
    double share = (card.id() - 0.5) / Math.max(1, shown.brokers().size());
    return Optional.of(
        new FlowMap.Flow(
            zooKeeper.getMinX() + zooKeeper.getWidth() * Math.min(0.92, 0.1 + 0.8 * share),
            0,
            at.getMinX() + at.getWidth() * 0.72,
            above.getHeight(),
            0,
            0,
            state == SessionView.State.RUNNING_OUT ? Token.WARN : Token.IDLE,
            true));
  }

  /** What one broker copies from another. */
  private FlowMap.Flow fetch(ClusterPage.Stream stream) {
    Bounds from = bounds(cards.get(stream.from()), below);
    Bounds to = bounds(cards.get(stream.to()), below);
    boolean rightwards = from.getMinX() < to.getMinX();
    double apart = Math.abs(from.getMinX() - to.getMinX()) / Math.max(1, from.getWidth());
    double bend = apart > 1.5 ? (rightwards ? 62 : 50) : (rightwards ? 36 : 24);
    return new FlowMap.Flow(
        from.getMinX() + from.getWidth() * (rightwards ? 0.66 : 0.34),
        0,
        to.getMinX() + to.getWidth() * (rightwards ? 0.26 : 0.74),
        0,
        bend,
        stream.recordsPerSecond(),
        rightwards ? Token.EPOCH_B : Token.EPOCH_C,
        false);
  }

  private static Bounds bounds(Node node, Node in) {
    return in.sceneToLocal(node.localToScene(node.getLayoutBounds()));
  }
}
