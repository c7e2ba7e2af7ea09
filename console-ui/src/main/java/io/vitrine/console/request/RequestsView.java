package io.vitrine.console.request;

import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * A broker's request pipeline, what waits in its purgatories, and the wire trace of all brokers.
 *
 * <p>Shows the chosen broker, or the last one that was chosen. JavaFX thread only.
 */
public final class RequestsView implements Screen {
  private enum Side {
    PIPELINE,
    WAITING,
    TRACE
  }

  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final PipelineSide pipeline;
  private final WaitingSide waiting;
  private final TraceSide trace;
  private final ToggleButton pipelineSide = new ToggleButton();
  private final ToggleButton waitingSide = new ToggleButton();
  private final ToggleButton traceSide = new ToggleButton();
  private final HBox brokers = new HBox(4);
  private final TextField filter = new TextField();
  private final Label age = new Label();
  private final Label unknown = new Label();
  private final VBox root = new VBox();
  private Side side = Side.PIPELINE;
  private OptionalInt shownBroker = OptionalInt.empty();
  private Frame newest;

  /**
   * The view.
   *
   * @param zone of times of day
   * @param motion whether streams may move
   * @param work takes frames apart
   */
  public RequestsView(
      Locale locale,
      Theme theme,
      ZoneId zone,
      Selection selection,
      Desk desk,
      boolean motion,
      Work work) {
    this.texts = Messages.of(RequestsView.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.pipeline = new PipelineSide(texts, quantities, theme, motion);
    this.waiting = new WaitingSide(texts, quantities, selection);
    this.trace = new TraceSide(texts, quantities, theme, zone, desk, work);
    root.getStyleClass().add("page");
    root.setId("requests-view");
    unknown.setWrapText(true);
    unknown.getStyleClass().add("muted");
    StackPane sides = new StackPane(unknown, pipeline.node(), waiting.node(), trace.node());
    VBox.setVgrow(sides, Priority.ALWAYS);
    root.getChildren().addAll(head(), sides);
    turn(Side.PIPELINE);
    selection.subscribe(item -> draw());
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public boolean showsThePresent() {
    return side == Side.TRACE;
  }

  @Override
  public void show(Frame frame) {
    newest = frame;
    draw();
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public Optional<String> explain() {
    return switch (side) {
      case PIPELINE -> shown().filter(RequestPage::known).flatMap(pipeline::explain);
      case WAITING -> waiting.explain();
      case TRACE -> trace.explain();
    };
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    ToggleGroup group = new ToggleGroup();
    chip(pipelineSide, group, "requests-pipeline", Side.PIPELINE);
    chip(waitingSide, group, "requests-waiting", Side.WAITING);
    chip(traceSide, group, "requests-trace", Side.TRACE);
    pipelineSide.setText(texts.get("side-pipeline"));
    traceSide.setText(texts.get("side-trace"));
    waitingSide.setText(texts.get("side-waiting", 0));
    age.getStyleClass().add("caption");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    brokers.getStyleClass().add("toolbar");
    filter.setPromptText(texts.get("filter"));
    filter.setId("request-filter");
    filter.setPrefWidth(140);
    filter.textProperty().addListener((o, before, after) -> draw());
    HBox head =
        new HBox(8, title, pipelineSide, waitingSide, traceSide, spring, age, brokers, filter);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void chip(ToggleButton button, ToggleGroup group, String id, Side which) {
    button.setId(id);
    button.getStyleClass().add("chip");
    button.setToggleGroup(group);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(e -> turn(which));
  }

  private void turn(Side next) {
    side = next;
    pipelineSide.setSelected(next == Side.PIPELINE);
    waitingSide.setSelected(next == Side.WAITING);
    traceSide.setSelected(next == Side.TRACE);
    filter.setDisable(next == Side.PIPELINE);
    draw();
  }

  private Optional<BrokerView> shown() {
    return newest == null
        ? Optional.empty()
        : RequestPage.broker(newest.snapshot(), selection.item(), shownBroker);
  }

  private void draw() {
    Optional<BrokerView> broker = shown();
    shownBroker = broker.isPresent() ? OptionalInt.of(broker.get().id()) : OptionalInt.empty();
    boolean known = broker.filter(RequestPage::known).isPresent();
    pipeline.node().setVisible(side == Side.PIPELINE && known);
    waiting.node().setVisible(side == Side.WAITING && known);
    trace.node().setVisible(side == Side.TRACE);
    unknown.setVisible(side != Side.TRACE && !known);
    unknown.setText(
        broker
            .map(each -> texts.get("broker-unknown", Integer.toString(each.id())))
            .orElseGet(() -> texts.get("no-brokers")));
    if (newest == null) {
      return;
    }
    brokers(newest.snapshot().brokers());
    age.setText(
        known
            ? texts.get("age", quantities.millis(newest.sinceMs(broker.get().sampledNanos())))
            : "");
    if (known) {
      waitingSide.setText(
          texts.get(
              "side-waiting",
              RequestPage.rooms(broker.get()).values().stream().mapToInt(Integer::intValue).sum()));
    }
    drawSide(broker, known);
  }

  private void drawSide(Optional<BrokerView> broker, boolean known) {
    String text = filter.getText().trim().toLowerCase(Locale.ROOT);
    if (side == Side.TRACE) {
      trace.show(shownBroker.orElse(0), text);
    } else if (known && side == Side.WAITING) {
      waiting.show(broker.get(), newest, text);
    } else if (known) {
      pipeline.show(broker.get(), newest);
    }
  }

  /** One chip a broker; made anew only when there are others. */
  private void brokers(List<BrokerView> all) {
    List<String> ids = all.stream().map(broker -> "requests-broker-" + broker.id()).toList();
    if (!brokers.getChildren().stream().map(Node::getId).toList().equals(ids)) {
      brokers.getChildren().clear();
      for (BrokerView broker : all) {
        ToggleButton chip = new ToggleButton(Integer.toString(broker.id()));
        chip.setId("requests-broker-" + broker.id());
        chip.setAccessibleText(texts.get("broker", Integer.toString(broker.id())));
        chip.getStyleClass().add("chip");
        chip.setOnAction(
            e -> {
              selection.choose(new Selection.Broker(broker.id()));
              draw();
            });
        brokers.getChildren().add(chip);
      }
    }
    for (int i = 0; i < all.size(); i++) {
      ((ToggleButton) brokers.getChildren().get(i))
          .setSelected(shownBroker.isPresent() && shownBroker.getAsInt() == all.get(i).id());
    }
  }
}
