package io.vitrine.console.cluster;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.console.control.Meter;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.Sparkline;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** One broker's card. JavaFX thread only. */
final class BrokerCardView extends VBox {
  private final int id;
  private final Messages texts;
  private final Quantities quantities;
  private final Desk desk;
  private final Label name = new Label();
  private final Pill crown = new Pill();
  private final Pill state = new Pill();
  private final Label address = new Label();
  private final Label epoch = new Label();
  private final Label session = new Label();
  private final Label sessionLeft = new Label();
  private final Meter meter = new Meter();
  private final Label leads = figure();
  private final Label disk = figure();
  private final Label threads = figure();
  private final Label rate = new Label();
  private final Label rateCaption = new Label();
  private final Label age = new Label();
  private final Sparkline sparkline;
  private final Button start;
  private final Button stop;
  private final Button kill;
  private final Button restart;
  private final HBox buttons = new HBox(6);
  private ClusterPage.Card shown;

  BrokerCardView(
      int id, Messages texts, Quantities quantities, Theme theme, Selection selection, Desk desk) {
    this.id = id;
    this.texts = texts;
    this.quantities = quantities;
    this.desk = desk;
    this.sparkline = new Sparkline(theme);
    getStyleClass().add("card");
    setId("broker-" + id);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.BUTTON);
    setMinWidth(236);
    setPrefWidth(236);
    name.setText(texts.get("broker", Integer.toString(id)));
    name.getStyleClass().add("heading");
    crown.setGraphicTextGap(5);
    crown.setVisible(false);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    epoch.getStyleClass().add("caption");
    HBox head = new HBox(8, name, epoch, gap, state);
    head.setAlignment(Pos.CENTER_LEFT);
    address.getStyleClass().addAll("caption");
    HBox second = new HBox(8, address, crown);
    second.setAlignment(Pos.CENTER_LEFT);
    second.setMinHeight(24);
    Region sessionGap = new Region();
    HBox.setHgrow(sessionGap, Priority.ALWAYS);
    session.getStyleClass().add("caption");
    sessionLeft.getStyleClass().addAll("caption", "strong");
    sessionLeft.setId("session-left-" + id);
    sessionLeft.setMinWidth(USE_PREF_SIZE);
    VBox sessionBox = new VBox(4, new HBox(6, session, sessionGap, sessionLeft), meter);
    rate.getStyleClass().addAll("small", "strong");
    rate.setMinWidth(86);
    HBox.setHgrow(sparkline, Priority.ALWAYS);
    age.getStyleClass().add("caption");
    VBox rateBox = new VBox(0, rateCaption, rate);
    rateCaption.getStyleClass().add("caption");
    rateBox.setMinWidth(USE_PREF_SIZE);
    HBox traffic = new HBox(10, rateBox, sparkline);
    traffic.setAlignment(Pos.BOTTOM_LEFT);
    start = button("start", "start", "primary", () -> desk.ask(new ClusterCommand.StartBroker(id)));
    stop = button("stop", "stop", "compact", () -> desk.ask(new ClusterCommand.StopBroker(id)));
    kill = button("kill", "kill", "dangerous", () -> desk.ask(new ClusterCommand.KillBroker(id)));
    restart =
        button(
            "restart", "restart", "compact", () -> desk.ask(new ClusterCommand.RestartBroker(id)));
    Region spring = new Region();
    VBox.setVgrow(spring, Priority.ALWAYS);
    getChildren().addAll(head, second, sessionBox, figures(), traffic, age, spring, buttons);
    setOnMouseClicked(
        e -> {
          selection.choose(new Selection.Broker(id));
          requestFocus();
        });
    setOnKeyPressed(
        e -> {
          if (e.getTarget() == this
              && (e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE)) {
            selection.choose(new Selection.Broker(id));
            e.consume();
          }
        });
  }

  private Button button(String key, String idPart, String style, Runnable action) {
    Button button = new Button(texts.get(key));
    button.setId(idPart + "-" + id);
    button.getStyleClass().addAll("compact", "acts", style);
    button.setMinWidth(USE_PREF_SIZE);
    button.setAccessibleText(texts.get(key + "-accessible", Integer.toString(id)));
    button.setOnAction(e -> action.run());
    return button;
  }

  private static Label figure() {
    Label label = new Label();
    label.getStyleClass().add("figure");
    label.setMinWidth(USE_PREF_SIZE);
    return label;
  }

  private Label caption(String key) {
    Label label = new Label(texts.get(key));
    label.getStyleClass().add("caption");
    return label;
  }

  private Node figures() {
    GridPane grid = new GridPane();
    grid.setHgap(10);
    ColumnConstraints third = new ColumnConstraints();
    third.setPercentWidth(33.3);
    grid.getColumnConstraints().addAll(third, third, third);
    grid.addRow(
        0,
        new VBox(0, caption("leads"), leads),
        new VBox(0, caption("disk"), disk),
        new VBox(0, caption("io-threads"), threads));
    return grid;
  }

  /** Whether this card is what the operator chose. */
  void chosen(boolean chosen) {
    toggle("chosen", chosen);
  }

  /** Where streams end on this card, in the coordinates of its parent. */
  double middle() {
    return getBoundsInParent().getCenterX();
  }

  void show(ClusterPage.Card card) {
    if (card.equals(shown)) {
      return;
    }
    shown = card;
    boolean ghost = !card.running();
    toggle("ghost", ghost);
    toggle("alarm", card.session().state() == SessionView.State.RUNNING_OUT);
    state.show(stateText(card), stateToken(card.state()));
    address.setText(card.address().isEmpty() ? texts.get("no-address") : card.address());
    epoch.setText(
        card.brokerEpoch() < 0 ? "" : texts.get("broker-epoch", Long.toString(card.brokerEpoch())));
    crown.setVisible(card.controllerEpoch() >= 0);
    crown.setManaged(card.controllerEpoch() >= 0);
    if (card.controllerEpoch() >= 0) {
      crown.show(
          card.controllerEpoch() == 0
              ? texts.get("controller-untold")
              : texts.get("controller-here", Integer.toString(card.controllerEpoch())),
          Token.ACCENT);
      FontIcon icon = new FontIcon(Feather.AWARD);
      icon.setIconSize(13);
      crown.setGraphic(icon);
    }
    session(card.session());
    leads.setText(
        texts.get(
            "leads-of", Integer.toString(card.leaders()), Integer.toString(card.partitions())));
    disk.setText(card.measuredAgoMs() < 0 ? "–" : quantities.bytes(card.load().diskBytes()));
    threads.setText(
        ghost || card.measuredAgoMs() < 0 || !card.load().told()
            ? "–"
            : texts.get(
                "threads-busy",
                Integer.toString(card.load().busyIoThreads()),
                Integer.toString(card.load().ioThreads())));
    rateCaption.setText(
        card.stale()
            ? texts.get("measured-ago", quantities.millis(card.measuredAgoMs() / 1000 * 1000))
            : texts.get(card.load().told() ? "rate-in" : "rate-untold"));
    rate.setText(
        ghost || card.measuredAgoMs() < 0 || !card.load().told()
            ? "–"
            : quantities.bytesPerSecond(card.load().bytesInPerSecond()));
    sparkline.show(card.history());
    sparkline.setOpacity(ghost ? 0.35 : 1);
    sparkline.setVisible(card.load().told());
    age(card);
    buttons(card);
    setAccessibleText(
        texts.get(
            "card-accessible",
            Integer.toString(id),
            stateText(card),
            Integer.toString(card.leaders())));
  }

  private void session(ClusterPage.Session now) {
    String word = now.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
    boolean untold = now.state() == SessionView.State.NONE && !desk.may(Capability.SUPERVISE);
    meter.setVisible(!untold);
    session.setText(texts.get(untold ? "session-untold" : "session-" + word));
    sessionLeft.setText(
        switch (now.state()) {
          case CONNECTED -> quantities.millis(now.timeoutMs());
          case RUNNING_OUT ->
              texts.get("session-left", String.format(Locale.ROOT, "%.1f", now.leftMs() / 1000.0));
          default -> "";
        });
    sessionLeft.getStyleClass().remove("tone-warn");
    if (now.state() == SessionView.State.RUNNING_OUT) {
      sessionLeft.getStyleClass().add("tone-warn");
    }
    meter.show(
        now.share(),
        switch (now.state()) {
          case CONNECTED -> Meter.State.FINE;
          case RUNNING_OUT -> Meter.State.RUNNING_OUT;
          default -> Meter.State.OVER;
        });
  }

  private void age(ClusterPage.Card card) {
    String text = "";
    if (!card.failure().isEmpty()) {
      text = card.failure();
    } else if (card.remainingLeaders() >= 0) {
      text = texts.get("draining", Integer.toString(card.remainingLeaders()));
    }
    age.setText(text);
    age.setVisible(!text.isEmpty());
    age.setManaged(!text.isEmpty());
    age.setWrapText(true);
    age.getStyleClass().remove("tone-bad");
    if (!card.failure().isEmpty()) {
      age.getStyleClass().add("tone-bad");
    }
  }

  private void buttons(ClusterPage.Card card) {
    if (!desk.may(Capability.SUPERVISE)) {
      return;
    }
    List<Button> wanted = card.running() ? List.of(kill, stop, restart) : List.of(start);
    if (!buttons.getChildren().equals(wanted)) {
      boolean focused = wanted.stream().noneMatch(Node::isFocused) && buttonFocused();
      buttons.getChildren().setAll(wanted);
      if (focused) {
        wanted.get(0).requestFocus();
      }
    }
    boolean busy = card.state() == BrokerState.STARTING;
    stop.setDisable(busy || card.state() == BrokerState.STOPPING);
    restart.setDisable(busy || card.state() == BrokerState.STOPPING);
    kill.setDisable(busy);
  }

  private boolean buttonFocused() {
    return buttons.getChildren().stream().anyMatch(Node::isFocused);
  }

  private String stateText(ClusterPage.Card card) {
    return texts.get("state-" + card.state().name().toLowerCase(Locale.ROOT));
  }

  private static Token stateToken(BrokerState state) {
    return switch (state) {
      case SERVING -> Token.OK;
      case STARTING, STOPPING -> Token.WARN;
      case KILLED, FAILED -> Token.BAD;
      case STOPPED -> Token.IDLE;
    };
  }

  private void toggle(String style, boolean on) {
    if (on && !getStyleClass().contains(style)) {
      getStyleClass().add(style);
    } else if (!on) {
      getStyleClass().remove(style);
    }
  }
}
