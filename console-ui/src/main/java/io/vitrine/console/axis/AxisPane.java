package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.console.axis.AxisModel.BrokerLane;
import io.vitrine.console.axis.AxisModel.ClientLane;
import io.vitrine.console.axis.AxisModel.ControllerLane;
import io.vitrine.console.axis.AxisModel.Kind;
import io.vitrine.console.axis.AxisModel.LaneId;
import io.vitrine.console.axis.FailoverStory.Step;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.control.TimeAxis;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.TimeMachine;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import javafx.animation.AnimationTimer;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Separator;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The time axis with its bar: what happened, and the way to the moments at which it did.
 *
 * <p>It always shows the present's lanes, also while the rest of the screen is in the past. JavaFX
 * thread only.
 */
public final class AxisPane extends VBox {
  /** Time alone moves the axis this often at most: the eye sees no more on a minute's width. */
  private static final long LEAST_REDRAW_NANOS = 90_000_000;

  private static final int EVENTS_LISTED = 200;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final DateTimeFormatter FILE = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final List<Double> SPEEDS = List.of(0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0);

  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final ZoneId zone;
  private final TimeMachine machine;
  private final Work work;
  private final FileAsker files;
  private final AxisModel model;
  private final TimeAxis axis;
  private final StackPane stack;
  private final Label story = new Label();
  private final ListView<StampedEvent> list = new ListView<>();
  private final Button now = new Button();
  private final Button play = new Button();
  private final FontIcon playIcon = new FontIcon(Feather.PLAY);
  private final Tooltip playTip = new Tooltip();
  private final ComboBox<Double> speed = new ComboBox<>();
  private final List<Region> ofThePast = new ArrayList<>();
  private final Player player;
  private Frame frame;
  private boolean following = true;
  private String said = "";
  private long drawnAtNanos;

  /** Gives the machine the time that passes between two pulses. */
  private static final class Player extends AnimationTimer {
    private final TimeMachine machine;
    private long last;
    private boolean runs;

    Player(TimeMachine machine) {
      this.machine = machine;
    }

    void run(boolean wanted) {
      if (wanted && !runs) {
        last = 0;
        start();
      } else if (!wanted) {
        stop();
      }
      runs = wanted;
    }

    @Override
    public void handle(long nanos) {
      if (last != 0) {
        machine.pass(nanos - last);
      }
      last = nanos;
    }
  }

  /** What the axis asks for while it draws. */
  private final class Lanes implements TimeAxis.Content {
    @Override
    public List<TimeAxis.Lane> lanes(long fromNanos, long toNanos, long togetherNanos) {
      List<FailoverStory> stories = model.stories();
      return model.lanes(fromNanos, toNanos, togetherNanos).stream()
          .map(lane -> lane(lane, stories))
          .toList();
    }

    @Override
    public List<TimeAxis.Bracket> brackets() {
      List<TimeAxis.Bracket> brackets = new ArrayList<>();
      for (FailoverStory each : model.stories()) {
        for (FailoverStory.Bracket bracket : each.brackets()) {
          if (bracket.phase() == FailoverStory.Phase.TOTAL) {
            brackets.add(
                new TimeAxis.Bracket(bracket.fromNanos(), bracket.toNanos(), phase(bracket), true));
          }
        }
      }
      return brackets;
    }
  }

  /**
   * An axis.
   *
   * @param model told of every event before the frame that brings it
   * @param machine takes the screen to the past
   * @param work reads events of long ago, and writes files
   * @param files asks where an export goes
   */
  public AxisPane(
      Locale locale,
      Theme theme,
      ZoneId zone,
      Selection selection,
      AxisModel model,
      TimeMachine machine,
      Work work,
      FileAsker files) {
    this.texts = Messages.of(AxisPane.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.zone = zone;
    this.model = model;
    this.machine = machine;
    this.work = work;
    this.files = files;
    this.player = new Player(machine);
    this.axis = new TimeAxis(theme, zone, texts.get("accessible"), new Lanes());
    getStyleClass().add("axis-pane");
    setId("axis");
    axis.setId("time-axis");
    axis.onLane(i -> choose(model.ids().get(i)));
    axis.onMoment(machine::goTo);
    axis.onNow(this::backToNow);
    axis.onFollowing(
        follows -> {
          following = follows;
          bar(machine.past());
        });
    list();
    stack = new StackPane(axis, list);
    VBox.setVgrow(stack, Priority.ALWAYS);
    getChildren().addAll(makeBar(), stack);
    tall();
    bar(machine.past());
    selection.subscribe(item -> draw());
    machine.subscribe(this::moved);
  }

  /** Draws this frame of the present. */
  public void show(Frame next) {
    frame = next;
    if (!next.events().isEmpty()) {
      tall();
      if (!machine.past()) {
        fillList();
      }
    }
    if (!next.events().isEmpty()
        || next.paused()
        || next.nowNanos() - drawnAtNanos >= LEAST_REDRAW_NANOS) {
      drawnAtNanos = next.nowNanos();
      draw();
    }
  }

  /**
   * Goes to the next or the previous event and says what it was.
   *
   * @param forward whether to the next
   */
  public void step(boolean forward) {
    if (machine.history().isEmpty()) {
      say(texts.get("not-kept"));
    }
    machine.step(forward);
  }

  /** Lets time pass from the moment on the screen, or stops it. */
  public void play() {
    if (machine.plays()) {
      machine.stop();
    } else if (machine.history().isEmpty()) {
      say(texts.get("not-kept"));
    } else {
      machine.play(speed.getValue());
    }
  }

  /** Shows the present again. */
  public void backToNow() {
    machine.backToNow();
    axis.follow();
  }

  /** Writes what happened between the axis' ends into a file. */
  public void export() {
    Optional<ClusterHistory> kept = machine.history();
    long from = axis.fromNanos();
    long to = axis.toNanos();
    if (kept.isEmpty()) {
      say(texts.get("not-kept"));
      return;
    }
    String name = "events-" + FILE.format(wall(to)) + ".jsonl";
    files
        .toSave(texts.get("export"), name, getScene() == null ? null : getScene().getWindow())
        .ifPresent(
            file ->
                work.begin(
                    "export",
                    () -> EventExport.write(kept.get(), from, to, file),
                    count -> say(texts.get("exported", count, file.toString())),
                    reason -> say(texts.get("not-exported", file.toString(), reason))));
  }

  /** Ends what moves by itself. */
  public void close() {
    player.run(false);
  }

  private void say(String text) {
    said = text;
    tell();
  }

  private void choose(LaneId lane) {
    if (lane instanceof BrokerLane broker) {
      selection.choose(new Selection.Broker(broker.id()));
    } else if (lane instanceof ControllerLane) {
      selection.choose(new Selection.Controller());
    } else if (lane instanceof AxisModel.ZooKeeperLane) {
      selection.choose(new Selection.ZooKeeper());
    }
  }

  /** Higher with more lanes. */
  private void tall() {
    stack.setPrefHeight(TimeAxis.heightOf(model.ids().size()));
  }

  // ---- the past
  // ----------------------------------------------------------------------------------

  private void moved() {
    boolean past = machine.past();
    said = "";
    if (past) {
      axis.keepInSight(machine.nanos());
    } else {
      axis.follow();
    }
    player.run(machine.plays());
    axis.playhead(past ? OptionalLong.of(machine.nanos()) : OptionalLong.empty());
    bar(past);
    fillList();
    tell();
  }

  private void bar(boolean past) {
    boolean possible = machine.history().isPresent();
    ofThePast.forEach(each -> each.setDisable(!possible));
    // In the past, the window itself offers the way back.
    now.setVisible(!past && !following);
    playIcon.setIconCode(machine.plays() ? Feather.PAUSE : Feather.PLAY);
    String does = texts.get(!possible ? "not-kept" : machine.plays() ? "stop" : "play");
    playTip.setText(does);
    play.setAccessibleText(does);
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private HBox makeBar() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().addAll("small", "strong");
    title.setMinWidth(Region.USE_PREF_SIZE);
    story.getStyleClass().add("small");
    story.setId("story");
    story.setMinWidth(0);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    now.setText(texts.get("follow"));
    now.setId("axis-now");
    now.getStyleClass().addAll("compact", "primary");
    now.setVisible(false);
    now.setMinWidth(Region.USE_PREF_SIZE);
    now.setOnAction(e -> backToNow());
    now.managedProperty().bind(now.visibleProperty());
    play.setId("axis-play");
    play.getStyleClass().add("quiet");
    play.setGraphic(playIcon);
    play.setTooltip(playTip);
    play.setOnAction(e -> play());
    ofThePast.add(play);
    speed.setId("axis-speed");
    speed.getStyleClass().add("compact");
    speed.setAccessibleText(texts.get("speed"));
    speed.setTooltip(new Tooltip(texts.get("speed")));
    speed.getItems().setAll(SPEEDS);
    speed.setConverter(new Pace());
    speed.setValue(1.0);
    speed.setMinWidth(76);
    speed.setPrefWidth(76);
    speed.setOnAction(
        e -> {
          if (machine.plays()) {
            machine.play(speed.getValue());
          }
        });
    ofThePast.add(speed);
    Button back = icon("axis-back", Feather.SKIP_BACK, "step-back", () -> step(false));
    Button on = icon("axis-on", Feather.SKIP_FORWARD, "step-on", () -> step(true));
    Button export = icon("axis-export", Feather.DOWNLOAD, "export", this::export);
    ofThePast.addAll(List.of(back, on, export));
    Button wider =
        icon("axis-wider", Feather.ZOOM_OUT, "zoom-out", () -> axis.span(axis.spanNanos() * 2));
    Button closer =
        icon("axis-closer", Feather.ZOOM_IN, "zoom-in", () -> axis.span(axis.spanNanos() / 2));
    Button all = icon("axis-all", Feather.MAXIMIZE_2, "zoom-all", axis::showAll);
    ToggleButton asList = new ToggleButton(texts.get("as-list"));
    asList.setId("axis-as-list");
    asList.getStyleClass().addAll("quiet", "small");
    asList.setMinWidth(Region.USE_PREF_SIZE);
    asList
        .selectedProperty()
        .addListener(
            (o, before, selected) -> {
              list.setVisible(selected);
              axis.setVisible(!selected);
              fillList();
            });
    HBox player = new HBox(back, play, on, speed);
    HBox zoom = new HBox(wider, closer, all);
    for (HBox box : List.of(player, zoom)) {
      box.setAlignment(Pos.CENTER);
      box.setMinWidth(Region.USE_PREF_SIZE);
    }
    HBox bar =
        new HBox(
            title,
            story,
            spring,
            now,
            player,
            new Separator(Orientation.VERTICAL),
            zoom,
            new Separator(Orientation.VERTICAL),
            export,
            asList);
    bar.getStyleClass().add("axis-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private Button icon(String id, Feather icon, String key, Runnable action) {
    Button button = new Button();
    button.setId(id);
    button.setGraphic(new FontIcon(icon));
    button.getStyleClass().add("quiet");
    button.setAccessibleText(texts.get(key));
    button.setTooltip(new Tooltip(texts.get(key)));
    button.setOnAction(e -> action.run());
    return button;
  }

  private void list() {
    list.setId("event-list");
    list.setVisible(false);
    list.setPlaceholder(new Label(texts.get("empty")));
    list.setCellFactory(
        view ->
            new ListCell<>() {
              @Override
              protected void updateItem(StampedEvent event, boolean empty) {
                super.updateItem(event, empty);
                setText(empty ? "" : line(event));
              }
            });
    list.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (e.getCode() == KeyCode.ENTER) {
            goToListed();
            e.consume();
          }
        });
    list.addEventHandler(
        MouseEvent.MOUSE_CLICKED,
        e -> {
          if (e.getClickCount() == 2) {
            goToListed();
          }
        });
  }

  private void goToListed() {
    StampedEvent event = list.getSelectionModel().getSelectedItem();
    if (event != null) {
      machine.goToEvent(event.sequence(), event.nanos());
    }
  }

  /** The newest events up to the moment on the screen. */
  private void fillList() {
    if (!list.isVisible()) {
      return;
    }
    Optional<StampedEvent> at = machine.event();
    if (at.isPresent() && machine.history().isPresent()) {
      ClusterHistory kept = machine.history().get();
      long upTo = at.get().sequence();
      work.begin("list", () -> kept.latest(upTo, EVENTS_LISTED), this::fill, this::say);
    } else {
      work.forget("list");
      fill(model.recent());
    }
  }

  private void fill(List<StampedEvent> newestFirst) {
    list.getItems().setAll(newestFirst);
  }

  /** A pace as it is written. */
  private static final class Pace extends StringConverter<Double> {
    @Override
    public String toString(Double times) {
      return times == null ? "" : (times >= 1 ? Long.toString(Math.round(times)) : times) + "×";
    }

    @Override
    public Double fromString(String text) {
      throw new UnsupportedOperationException("nothing is typed here");
    }
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private void draw() {
    if (frame == null) {
      return;
    }
    tell();
    axis.show(
        new TimeAxis.Times(
            frame.nowNanos(),
            frame.wallMs(),
            machine
                .extent()
                .map(ClusterHistory.Extent::firstNanos)
                .orElse(model.firstNanos().orElse(frame.nowNanos()))));
  }

  /** What the bar says: what was done last, else what the screen shows. */
  private void tell() {
    if (!said.isEmpty()) {
      story.setText(said);
    } else if (machine.past()) {
      story.setText(machine.event().map(this::line).orElseGet(() -> texts.get("nothing-yet")));
    } else {
      List<FailoverStory> stories = model.stories();
      story.setText(
          stories.isEmpty() ? texts.get("quiet") : headline(stories.get(stories.size() - 1)));
    }
  }

  private TimeAxis.Lane lane(AxisModel.Lane lane, List<FailoverStory> stories) {
    List<TimeAxis.Band> bands =
        lane.stretches().stream()
            .map(
                s ->
                    new TimeAxis.Band(
                        s.fromNanos(),
                        s.toNanos(),
                        switch (s.condition()) {
                          case UP -> TimeAxis.Look.SOLID;
                          case STARTING, STOPPING -> TimeAxis.Look.PALE;
                          case UNKNOWN -> TimeAxis.Look.HATCHED;
                          case REBALANCING -> TimeAxis.Look.WAITING;
                          case INTERRUPTED -> TimeAxis.Look.ALARM;
                        },
                        label(lane.id(), s)))
            .toList();
    List<TimeAxis.Mark> marks = new ArrayList<>();
    for (AxisModel.Mark mark : lane.marks()) {
      marks.add(
          new TimeAxis.Mark(
              mark.firstNanos(),
              token(mark.kind()),
              cap(mark.kind()),
              0,
              mark.count(),
              () -> tip(mark),
              () -> machine.goToEvent(mark.lastSequence(), mark.lastNanos())));
    }
    for (FailoverStory each : stories) {
      numbered(lane.id(), each, marks);
    }
    return new TimeAxis.Lane(name(lane.id()), chosen(lane.id()), bands, marks);
  }

  /** The numbered steps of a story that belong on this lane. */
  private void numbered(LaneId lane, FailoverStory each, List<TimeAxis.Mark> marks) {
    List<Step> steps = each.stepsInOrder();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      long nanos = each.times().get(step);
      if (laneOf(step, each).equals(lane)) {
        marks.add(
            new TimeAxis.Mark(
                nanos,
                step == Step.CLIENT_SUCCESS || step == Step.LEADER_READY
                    ? Token.OK
                    : step == Step.CLIENT_ERROR || step == Step.SESSION_LOST
                        ? Token.BAD
                        : Token.ACCENT,
                false,
                i + 1,
                1,
                () -> stepText(step),
                () -> machine.goTo(nanos)));
      }
    }
  }

  private static LaneId laneOf(Step step, FailoverStory story) {
    return switch (step) {
      case LEADER_READY -> new BrokerLane(story.newLeader());
      case CLIENT_ERROR, CLIENT_SUCCESS -> new ClientLane();
      case SESSION_LOST -> new AxisModel.ZooKeeperLane();
      default -> new ControllerLane();
    };
  }

  private String label(LaneId lane, AxisModel.Stretch stretch) {
    return switch (stretch.condition()) {
      case UNKNOWN -> texts.get("nobody-knows");
      case INTERRUPTED -> texts.get("interrupted");
      case REBALANCING -> texts.get("rebalancing", stretch.label());
      case STARTING -> texts.get("starting");
      case STOPPING -> texts.get("stopping");
      case UP ->
          lane instanceof ControllerLane
              ? texts.get("reign", Integer.toString(stretch.brokerId()), stretch.label())
              : "";
    };
  }

  private String name(LaneId lane) {
    if (lane instanceof BrokerLane broker) {
      return texts.get("lane-broker", Integer.toString(broker.id()));
    }
    if (lane instanceof AxisModel.GroupLane) {
      return texts.get("lane-groups");
    }
    if (lane instanceof AxisModel.TransactionLane) {
      return texts.get("lane-transactions");
    }
    return texts.get(
        lane instanceof ControllerLane
            ? "lane-controller"
            : lane instanceof ClientLane ? "lane-clients" : "lane-zookeeper");
  }

  private boolean chosen(LaneId lane) {
    return lane instanceof BrokerLane broker && selection.isBroker(broker.id())
        || lane instanceof ControllerLane && selection.item() instanceof Selection.Controller
        || lane instanceof AxisModel.ZooKeeperLane
            && selection.item() instanceof Selection.ZooKeeper;
  }

  private static boolean cap(Kind kind) {
    return kind == Kind.KILLED || kind == Kind.STOPPED || kind == Kind.FAILED;
  }

  private static Token token(Kind kind) {
    return switch (kind) {
      case KILLED, FAILED, SESSION_LOST, CLIENT_ERROR -> Token.BAD;
      case STOPPED, FORGOTTEN -> Token.MUTED;
      case REGISTERED, ISR_EXPANDED, CLIENT_SUCCESS, SHARED_OUT -> Token.OK;
      case ISR_SHRUNK, TRUNCATED, ABORTED, MEMBER_LOST -> Token.WARN;
      case ELECTED, COMMAND, REBALANCE, PRODUCER -> Token.ACCENT;
    };
  }

  // ---- words
  // -------------------------------------------------------------------------------------

  private String headline(FailoverStory each) {
    return texts.get(
        each.ending() == FailoverStory.Ending.KILLED ? "killed" : "stopped",
        Integer.toString(each.broker()),
        Integer.toString(each.partitionsLed()),
        summary(each));
  }

  private String summary(FailoverStory each) {
    List<FailoverStory.Bracket> brackets = each.brackets();
    if (brackets.isEmpty()) {
      return texts.get("waiting-for-session");
    }
    return brackets.stream().map(this::phase).collect(Collectors.joining("  ·  "));
  }

  private String phase(FailoverStory.Bracket bracket) {
    return texts.get(
        "phase-" + bracket.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        quantities.millis(bracket.millis()));
  }

  private String stepText(Step step) {
    return texts.get("step-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private String tip(AxisModel.Mark mark) {
    if (mark.count() > 1) {
      return texts.get("together", mark.count(), clock(mark.firstNanos()), clock(mark.lastNanos()));
    }
    return machine
        .history()
        .flatMap(kept -> kept.before(mark.lastSequence() + 1))
        .or(
            () ->
                model.recent().stream()
                    .filter(e -> e.sequence() == mark.lastSequence())
                    .findFirst())
        .map(this::line)
        .orElseGet(() -> clock(mark.firstNanos()));
  }

  private String clock(long nanos) {
    return CLOCK.format(wall(nanos));
  }

  /** The time of day at a moment. */
  private ZonedDateTime wall(long nanos) {
    long wallMs = frame.wallMs() - Math.floorDiv(frame.nowNanos() - nanos, 1_000_000L);
    return Instant.ofEpochMilli(wallMs).atZone(zone);
  }

  private String line(StampedEvent stamped) {
    ClusterEvent event = stamped.event();
    String who =
        stamped.brokerId() < 0
            ? ""
            : texts.get("lane-broker", Integer.toString(stamped.brokerId())) + "  ";
    String time = CLOCK.format(Instant.ofEpochMilli(stamped.wallMs()).atZone(zone));
    // An event's own words are Kafka's, the same in every language.
    String told = event.toString();
    int components = told.indexOf('[');
    return time
        + "  "
        + who
        + told.substring(0, components)
        + "  "
        + told.substring(components + 1, told.length() - 1);
  }
}
