package io.vitrine.console.controller;

import io.vitrine.cluster.snapshot.ControllerTrail.Done;
import io.vitrine.cluster.snapshot.ControllerTrail.Election;
import io.vitrine.cluster.snapshot.ControllerTrail.Order;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.SpanBar;
import io.vitrine.console.controller.ControllerPage.BrokerRow;
import io.vitrine.console.controller.ControllerPage.StepRow;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme.Token;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** What controllers did lately, one kind of it at a time. JavaFX thread only. */
final class TrailPane {
  private final Messages texts;
  private final Times times;
  private final RowTable<Done> events;
  private final RowTable<Order> orders;
  private final RowTable<Order> refused;
  private final RowTable<Election> elections;
  private final RowTable<BrokerRow> brokers;
  private final RowTable<StepRow> steps;
  private final ToggleGroup sides = new ToggleGroup();
  private final HBox chips = new HBox(8);
  private final StackPane tables = new StackPane();
  private final Label balance = new Label();
  private final VBox root;
  private final ToggleButton eventsChip;
  private final ToggleButton ordersChip;
  private final ToggleButton electionsChip;
  private final ToggleButton refusedChip;
  private final ToggleButton brokersChip;
  private final ToggleButton stepsChip;

  TrailPane(Messages texts, Times times, Selection selection) {
    this.texts = texts;
    this.times = times;
    events =
        new RowTable<Done>(
                "controller-events",
                texts.get("events-accessible"),
                Done::sequence,
                done -> selection.choose(new Selection.Controller()))
            .newestFirst();
    orders = orders("controller-orders", selection);
    refused = orders("controller-refused", selection);
    elections =
        new RowTable<Election>(
                "controller-elections",
                texts.get("elections-accessible"),
                Election::sequence,
                election -> selection.choose(new Selection.Partition(election.partition())))
            .newestFirst();
    brokers =
        new RowTable<>(
            "controller-brokers",
            texts.get("brokers-accessible"),
            BrokerRow::id,
            broker -> selection.choose(new Selection.Broker(broker.id())));
    steps =
        new RowTable<StepRow>(
                "controller-steps",
                texts.get("steps-accessible"),
                StepRow::number,
                step -> selection.choose(new Selection.Controller()))
            .newestFirst();
    stepColumns();
    eventColumns();
    orderColumns(orders, "order");
    orderColumns(refused, "refused");
    electionColumns();
    brokerColumns();
    eventsChip = side("side-events-chip", events);
    ordersChip = side("side-orders-chip", orders);
    electionsChip = side("side-elections-chip", elections);
    refusedChip = side("side-refused-chip", refused);
    stepsChip = side("side-steps-chip", steps);
    brokersChip = side("side-brokers-chip", brokers);
    balance.getStyleClass().addAll("muted", "small");
    balance.setMinWidth(0);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    chips.getStyleClass().add("toolbar");
    chips.getChildren().addAll(spring, balance);
    tables.setMinHeight(110);
    VBox.setVgrow(tables, Priority.ALWAYS);
    root = new VBox(8, chips, tables);
    eventsChip.setSelected(true);
  }

  Node node() {
    return root;
  }

  void show(ControllerPage page) {
    eventsChip.setText(texts.get("side-events"));
    ordersChip.setText(texts.get("side-orders"));
    electionsChip.setText(texts.get("side-elections"));
    refusedChip.setText(texts.get("side-refused", page.trail().refused().size()));
    stepsChip.setText(texts.get("side-steps"));
    steps.placeholder(texts.get("no-steps"));
    steps.show(page.steps());
    brokersChip.setText(texts.get("side-brokers"));
    balance.setText(texts.get("balance", page.notPreferred(), page.leaderless()));
    events.placeholder(texts.get("no-events"));
    events.show(page.trail().events());
    orders.placeholder(texts.get("no-orders"));
    orders.show(page.trail().orders());
    refused.placeholder(texts.get("no-refused"));
    refused.show(page.trail().refused());
    elections.placeholder(texts.get("no-elections"));
    elections.show(page.trail().elections());
    brokers.placeholder(texts.get("no-brokers"));
    brokers.show(page.brokers());
  }

  // ---- building ------------------------------------------------------------------------------

  private ToggleButton side(String id, RowTable<?> table) {
    ToggleButton chip = new ToggleButton();
    chip.setId(id);
    chip.getStyleClass().add("chip");
    chip.setToggleGroup(sides);
    chip.setMinWidth(Region.USE_PREF_SIZE);
    // One side is always shown: a second press does not take it away.
    chip.setOnAction(e -> chip.setSelected(true));
    table.visibleProperty().bind(chip.selectedProperty());
    tables.getChildren().add(table);
    chips.getChildren().add(chip);
    return chip;
  }

  private RowTable<Order> orders(String id, Selection selection) {
    return new RowTable<Order>(
            id,
            texts.get("orders-accessible"),
            Order::sequence,
            order -> selection.choose(new Selection.Broker(order.broker())))
        .newestFirst();
  }

  private void stepColumns() {
    steps.text(
        "step-number",
        texts.get("column-number"),
        48,
        true,
        Comparator.comparingInt(StepRow::number),
        (label, step) -> label.setText(Integer.toString(step.number())));
    steps.text(
        "step-name",
        texts.get("column-step"),
        430,
        false,
        Comparator.comparingInt(StepRow::number),
        (label, step) ->
            label.setText(texts.get("step-" + step.view().step().name().toLowerCase(Locale.ROOT))));
    steps.column(
        "step-span",
        texts.get("column-when"),
        260,
        false,
        Comparator.comparingDouble(StepRow::from),
        SpanBar::new,
        (bar, step) -> bar.show(step.from(), step.to(), SpanBar.State.NOW));
    steps.text(
        "step-took",
        texts.get("column-took"),
        90,
        true,
        Comparator.comparingLong(step -> step.view().tookNanos()),
        (label, step) -> label.setText(times.nanos(step.view().tookNanos())));
  }

  private void eventColumns() {
    events.text(
        "event-time",
        texts.get("column-time"),
        104,
        false,
        Comparator.comparingLong(Done::sequence),
        (label, done) -> label.setText(times.clock(done.wallMs())));
    events.text(
        "event-broker",
        texts.get("column-broker"),
        70,
        true,
        Comparator.comparingInt(Done::controller),
        (label, done) -> label.setText(Integer.toString(done.controller())));
    events.text(
        "event-name",
        texts.get("column-event"),
        260,
        false,
        Comparator.comparing(Done::event),
        (label, done) -> label.setText(done.event()));
    events.text(
        "event-state",
        texts.get("column-state"),
        190,
        false,
        Comparator.comparing(Done::state),
        (label, done) -> {
          label.setText(done.state().label());
          label.getStyleClass().add("muted");
        });
    events.text(
        "event-waited",
        texts.get("column-waited"),
        84,
        true,
        Comparator.comparingLong(Done::queuedNanos),
        (label, done) -> label.setText(times.nanos(done.queuedNanos())));
    events.text(
        "event-took",
        texts.get("column-took"),
        84,
        true,
        Comparator.comparingLong(Done::tookNanos),
        (label, done) -> label.setText(times.nanos(done.tookNanos())));
    events.text(
        "event-waiting",
        texts.get("column-waiting"),
        76,
        true,
        Comparator.comparingInt(Done::waiting),
        (label, done) -> label.setText(Integer.toString(done.waiting())));
  }

  private void orderColumns(RowTable<Order> table, String prefix) {
    table.text(
        prefix + "-time",
        texts.get("column-time"),
        104,
        false,
        Comparator.comparingLong(Order::sequence),
        (label, order) -> label.setText(times.clock(order.wallMs())));
    table.text(
        prefix + "-from",
        texts.get("column-from"),
        130,
        false,
        Comparator.comparingInt(Order::epoch),
        (label, order) ->
            label.setText(
                texts.get(
                    "from-epoch",
                    Integer.toString(order.controller()),
                    Integer.toString(order.epoch()))));
    table.text(
        prefix + "-to",
        texts.get("column-to"),
        64,
        true,
        Comparator.comparingInt(Order::broker),
        (label, order) -> label.setText(Integer.toString(order.broker())));
    table.text(
        prefix + "-api",
        texts.get("column-order"),
        140,
        false,
        Comparator.comparing(Order::api),
        (label, order) -> label.setText(order.api()));
    table.text(
        prefix + "-partitions",
        texts.get("column-partitions"),
        76,
        true,
        Comparator.comparingInt(Order::partitions),
        (label, order) -> label.setText(Integer.toString(order.partitions())));
    table.text(
        prefix + "-took",
        texts.get("column-answered-in"),
        92,
        true,
        Comparator.comparingLong(Order::tookNanos),
        (label, order) -> label.setText(times.nanos(order.tookNanos())));
    table.column(
        prefix + "-answer",
        texts.get("column-answer"),
        230,
        false,
        Comparator.comparing(Order::fate),
        Pill::new,
        this::answer);
  }

  private void answer(Pill pill, Order order) {
    String fate = texts.get("fate-" + order.fate().name().toLowerCase(Locale.ROOT));
    Token tone =
        switch (order.fate()) {
          case OPEN -> Token.WARN;
          case ANSWERED -> Token.OK;
          case REFUSED -> Token.BAD;
          case DROPPED -> Token.IDLE;
        };
    pill.show(order.error().isEmpty() ? fate : order.error(), tone);
  }

  private void electionColumns() {
    elections.text(
        "election-time",
        texts.get("column-time"),
        104,
        false,
        Comparator.comparingLong(Election::sequence),
        (label, election) -> label.setText(times.clock(election.wallMs())));
    elections.text(
        "election-partition",
        texts.get("column-partition"),
        190,
        false,
        Comparator.comparing(election -> election.partition().toString()),
        (label, election) -> label.setText(election.partition().toString()));
    elections.text(
        "election-reason",
        texts.get("column-reason"),
        200,
        false,
        Comparator.comparing(Election::reason),
        (label, election) ->
            label.setText(
                texts.get(
                    "reason-"
                        + election.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'))));
    elections.text(
        "election-leader",
        texts.get("column-leader"),
        110,
        false,
        Comparator.comparingInt(Election::leader),
        this::leader);
    elections.text(
        "election-epoch",
        texts.get("column-leader-epoch"),
        96,
        true,
        Comparator.comparingInt(Election::leaderEpoch),
        (label, election) -> label.setText(Integer.toString(election.leaderEpoch())));
    elections.text(
        "election-isr",
        "ISR",
        110,
        false,
        Comparator.comparingInt(election -> election.isr().size()),
        (label, election) ->
            label.setText(
                election.isr().stream().map(Object::toString).collect(Collectors.joining(", "))));
  }

  private void leader(Label label, Election election) {
    if (ControllerPage.movesLeader(election)) {
      label.setText(id(election.previousLeader()) + " → " + id(election.leader()));
      label.getStyleClass().add(election.leader() < 0 ? "tone-bad" : "strong");
    } else {
      label.setText(id(election.leader()));
    }
  }

  private static String id(int broker) {
    return broker < 0 ? "–" : Integer.toString(broker);
  }

  private void brokerColumns() {
    brokers.text(
        "broker-id",
        texts.get("column-broker"),
        100,
        false,
        Comparator.comparingInt(BrokerRow::id),
        (label, row) -> {
          label.setText(texts.get("broker", Integer.toString(row.id())));
          label.getStyleClass().add(row.live() ? "strong" : "tone-idle");
        });
    count("broker-sent", "column-sent", row -> row.orders().sent());
    count("broker-open", "column-open", row -> row.orders().open());
    count("broker-refused", "column-refused", row -> row.orders().refused());
    count("broker-preferred", "column-preferred", row -> (long) row.preferred());
    count("broker-elsewhere", "column-elsewhere", row -> (long) row.elsewhere());
    brokers.column(
        "broker-imbalance",
        texts.get("column-imbalance"),
        200,
        false,
        Comparator.comparingInt(BrokerRow::imbalancePercent),
        Pill::new,
        (pill, row) ->
            pill.show(
                texts.get("imbalance", row.imbalancePercent(), ControllerPage.IMBALANCE_PERCENT),
                row.imbalanced() ? Token.WARN : Token.OK));
  }

  private void count(String id, String title, ToLongFunction<BrokerRow> of) {
    brokers.text(
        id,
        texts.get(title),
        96,
        true,
        Comparator.comparingLong(of),
        (label, row) -> label.setText(Long.toString(of.applyAsLong(row))));
  }
}
