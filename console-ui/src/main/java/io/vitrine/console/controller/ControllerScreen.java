package io.vitrine.console.controller;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.OrdersView;
import io.vitrine.console.control.OrderFlow;
import io.vitrine.console.control.Pill;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Who decides, since when, and what it is at. JavaFX thread only. */
public final class ControllerScreen implements Screen {
  private final Messages texts;
  private final Quantities quantities;
  private final Desk desk;
  private final Pill office = new Pill();
  private final Label since = new Label();
  private final Button elect = new Button();
  private final OrderFlow flow;
  private final ReignTable ladder;
  private final TrailPane trail;
  private final Label empty = new Label();
  private final VBox content = new VBox(10);
  private final StackPane root = new StackPane();
  private Frame frame;
  private ControllerPage page;

  /** The view; times of day are of this zone. */
  public ControllerScreen(Locale locale, Theme theme, ZoneId zone, Selection selection, Desk desk) {
    this.texts = Messages.of(ControllerScreen.class, locale);
    this.quantities = new Quantities(locale);
    this.desk = desk;
    this.flow = new OrderFlow(theme, texts.get("flow-accessible"));
    Times times = new Times(zone, quantities);
    this.ladder = new ReignTable(texts, quantities, times, selection);
    this.trail = new TrailPane(texts, times, selection);
    root.setId("controller-view");
    root.getStyleClass().add("page");
    empty.getStyleClass().add("muted");
    empty.setWrapText(true);
    VBox card = new VBox(flow);
    card.getStyleClass().add("card");
    card.setMinHeight(Region.USE_PREF_SIZE);
    Label rungs = new Label(texts.get("ladder"));
    rungs.getStyleClass().add("strong");
    ladder.table().setMinHeight(132);
    ladder.table().setPrefHeight(162);
    VBox.setVgrow(trail.node(), Priority.ALWAYS);
    content.getChildren().addAll(head(), card, rungs, ladder.table(), trail.node());
    root.getChildren().addAll(content, empty);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame next) {
    frame = next;
    page = ControllerPage.of(next);
    boolean nothing = page.loading() || page.reigns().isEmpty();
    content.setVisible(!nothing);
    empty.setVisible(nothing);
    if (nothing) {
      empty.setText(texts.get(page.loading() ? "loading" : "nobody-yet"));
      return;
    }
    office();
    flow.show(flow());
    ladder.show(page.reigns());
    trail.show(page);
  }

  @Override
  public Optional<String> explain() {
    if (page == null || page.epoch() == 0) {
      return Optional.empty();
    }
    String epoch = Integer.toString(page.epoch());
    return Optional.of(
        page.broker() < 0
            ? texts.get("rule-nobody", epoch, Integer.toString(page.epoch() + 1))
            : texts.get("rule", Integer.toString(page.broker()), epoch));
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    office.setId("controller-office");
    since.getStyleClass().add("muted");
    since.setMinWidth(0);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button preferred = new Button(texts.get("elect-preferred"));
    preferred.setId("controller-elect-preferred");
    preferred.getStyleClass().addAll("compact", "acts");
    preferred.setMinWidth(Region.USE_PREF_SIZE);
    preferred.setOnAction(e -> desk.ask(new ClusterCommand.ElectPreferredLeaders(Set.of())));
    elect.setText(texts.get("elect"));
    elect.setId("controller-elect");
    elect.getStyleClass().addAll("compact", "acts", "dangerous");
    elect.setMinWidth(Region.USE_PREF_SIZE);
    elect.setOnAction(
        e ->
            desk.ask(
                new ClusterCommand.ElectController(frame.snapshot().zooKeeper().connectString())));
    HBox head = new HBox(10, title, office, since, spring, preferred, elect);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void office() {
    boolean somebody = page.broker() >= 0;
    office.show(
        somebody ? texts.get("in-office", Integer.toString(page.broker())) : texts.get("nobody"),
        somebody ? Token.OK : Token.BAD);
    since.setText(
        texts.get(
            somebody ? "since" : "nobody-since",
            Integer.toString(page.epoch()),
            quantities.millis(page.heldMs())));
    elect.setDisable(!somebody);
  }

  private OrderFlow.Content flow() {
    var work = page.work();
    boolean somebody = page.broker() >= 0;
    boolean busy = !work.event().isEmpty();
    List<OrderFlow.Receiver> receivers = new ArrayList<>();
    for (ControllerPage.BrokerRow broker : page.brokers()) {
      OrdersView orders = broker.orders();
      receivers.add(
          new OrderFlow.Receiver(
              texts.get("broker", Integer.toString(broker.id())),
              orders.open(),
              broker.live()
                  ? texts.get("orders-of", orders.sent(), orders.open(), orders.refused())
                  : texts.get("gone"),
              orders.refused() > 0,
              !broker.live() || !somebody));
    }
    return new OrderFlow.Content(
        texts.get("queue"),
        work.queueLength(),
        texts.get(
            "queue-times",
            quantities.millis(work.queuedNanos() / 1_000_000),
            quantities.millis(work.longestQueuedNanos() / 1_000_000)),
        texts.get("thread"),
        !somebody ? texts.get("nobody") : busy ? work.event() : work.state().label(),
        busy,
        texts.get("events-done", work.eventsDone()),
        receivers,
        texts.get("more-brokers", Math.max(0, receivers.size() - OrderFlow.RECEIVERS_DRAWN)));
  }
}
