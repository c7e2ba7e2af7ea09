package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.console.axis.AxisModel.BrokerLane;
import io.vitrine.console.axis.AxisModel.ClientLane;
import io.vitrine.console.axis.AxisModel.ControllerLane;
import io.vitrine.console.axis.AxisModel.Kind;
import io.vitrine.console.axis.AxisModel.LaneId;
import io.vitrine.console.axis.FailoverStory.Step;
import io.vitrine.console.control.TimeAxis;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The time axis with its bar. JavaFX thread only. */
public final class AxisPane extends VBox {
  /** Time alone moves the axis this often at most: the eye sees no more on a minute's width. */
  private static final long LEAST_REDRAW_NANOS = 90_000_000;

  private static final int EVENTS_KEPT = 2_000;
  private static final int EVENTS_LISTED = 200;
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final ZoneId zone;
  private final AxisModel model = new AxisModel();
  private final Deque<StampedEvent> events = new ArrayDeque<>();
  private final TimeAxis axis;
  private final Label story = new Label();
  private final ListView<String> list = new ListView<>();
  private final Button follow = new Button();
  private Frame frame;
  private long steppedTo = -1;
  private long drawnAtNanos;

  /**
   * An axis.
   *
   * @param history what happened before the first frame, oldest first
   */
  public AxisPane(
      Locale locale, Theme theme, ZoneId zone, Selection selection, List<StampedEvent> history) {
    this.texts = Messages.of(AxisPane.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.zone = zone;
    this.axis = new TimeAxis(theme, zone, texts.get("accessible"));
    getStyleClass().add("axis-pane");
    setId("axis");
    axis.setId("time-axis");
    list.setId("event-list");
    list.setVisible(false);
    list.setPlaceholder(new Label(texts.get("empty")));
    StackPane stack = new StackPane(axis, list);
    stack.setPrefHeight(144);
    VBox.setVgrow(stack, Priority.ALWAYS);
    getChildren().addAll(bar(), stack);
    history.forEach(this::take);
    axis.onLane(i -> choose(model.lanes().get(i).id()));
    selection.subscribe(item -> draw());
  }

  /** Draws this frame. */
  public void show(Frame next) {
    frame = next;
    next.events().forEach(this::take);
    if (list.isVisible() && !next.events().isEmpty()) {
      fillList();
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
    List<StampedEvent> all = List.copyOf(events);
    if (all.isEmpty()) {
      return;
    }
    StampedEvent found = null;
    if (forward) {
      found = all.stream().filter(e -> e.sequence() > steppedTo).findFirst().orElse(null);
    } else {
      for (StampedEvent event : all) {
        if (steppedTo < 0 || event.sequence() < steppedTo) {
          found = event;
        }
      }
    }
    if (found == null) {
      follow();
      return;
    }
    steppedTo = found.sequence();
    axis.lookAt(found.nanos());
    story.setText(line(found));
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

  private void take(StampedEvent event) {
    model.apply(event);
    events.add(event);
    if (events.size() > EVENTS_KEPT) {
      events.removeFirst();
    }
  }

  private void follow() {
    steppedTo = -1;
    axis.follow();
    draw();
  }

  private HBox bar() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().addAll("small", "strong");
    title.setMinWidth(Region.USE_PREF_SIZE);
    story.getStyleClass().add("small");
    story.setId("story");
    story.setMinWidth(0);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    follow.setText(texts.get("follow"));
    follow.getStyleClass().addAll("quiet", "small");
    follow.setVisible(false);
    follow.setMinWidth(Region.USE_PREF_SIZE);
    follow.setOnAction(e -> follow());
    axis.onFollowing(
        following -> {
          follow.setVisible(!following);
          if (following) {
            steppedTo = -1;
          }
        });
    Button closer = small("+", "zoom-in", () -> axis.span(axis.spanNanos() / 2));
    Button wider = small("−", "zoom-out", () -> axis.span(axis.spanNanos() * 2));
    ToggleButton asList = new ToggleButton(texts.get("as-list"));
    asList.setId("axis-as-list");
    asList.getStyleClass().addAll("quiet", "small");
    asList.setMinWidth(Region.USE_PREF_SIZE);
    asList
        .selectedProperty()
        .addListener(
            (o, before, on) -> {
              list.setVisible(on);
              axis.setVisible(!on);
              if (on) {
                fillList();
              }
            });
    HBox bar = new HBox(title, story, spring, follow, wider, closer, asList);
    bar.getStyleClass().add("axis-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    return bar;
  }

  private Button small(String text, String key, Runnable action) {
    Button button = new Button(text);
    button.getStyleClass().add("quiet");
    button.setAccessibleText(texts.get(key));
    button.setMinWidth(28);
    button.setOnAction(e -> action.run());
    return button;
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  private void draw() {
    if (frame == null) {
      return;
    }
    List<FailoverStory> stories = model.stories();
    FailoverStory last = stories.isEmpty() ? null : stories.get(stories.size() - 1);
    List<TimeAxis.Lane> lanes = new ArrayList<>();
    for (AxisModel.Lane lane : model.lanes()) {
      lanes.add(lane(lane, stories));
    }
    List<TimeAxis.Bracket> brackets = new ArrayList<>();
    for (FailoverStory each : stories) {
      for (FailoverStory.Bracket bracket : each.brackets()) {
        if (bracket.phase() == FailoverStory.Phase.TOTAL) {
          brackets.add(
              new TimeAxis.Bracket(bracket.fromNanos(), bracket.toNanos(), phase(bracket), true));
        }
      }
    }
    if (steppedTo < 0) {
      story.setText(last == null ? texts.get("quiet") : headline(last));
    }
    long wallMs =
        frame.snapshot().wallMs() + (frame.nowNanos() - frame.snapshot().nanos()) / 1_000_000;
    axis.show(
        new TimeAxis.Picture(
            lanes,
            brackets,
            frame.nowNanos(),
            frame.snapshot().sequence() == 0 ? 0 : wallMs,
            events.isEmpty() ? frame.nowNanos() : events.peekFirst().nanos()));
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
                          case INTERRUPTED -> TimeAxis.Look.ALARM;
                        },
                        label(lane.id(), s)))
            .toList();
    List<TimeAxis.Mark> marks = new ArrayList<>();
    for (AxisModel.Mark mark : lane.marks()) {
      marks.add(
          new TimeAxis.Mark(
              mark.event().nanos(), token(mark.kind()), cap(mark.kind()), 0, line(mark.event())));
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
      if (laneOf(step, each).equals(lane)) {
        marks.add(
            new TimeAxis.Mark(
                each.times().get(step),
                step == Step.CLIENT_SUCCESS || step == Step.LEADER_READY
                    ? Token.OK
                    : step == Step.CLIENT_ERROR || step == Step.SESSION_LOST
                        ? Token.BAD
                        : Token.ACCENT,
                false,
                i + 1,
                stepText(step)));
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
      case STOPPED -> Token.MUTED;
      case REGISTERED, ISR_EXPANDED, CLIENT_SUCCESS -> Token.OK;
      case ISR_SHRUNK, TRUNCATED -> Token.WARN;
      case ELECTED, COMMAND -> Token.ACCENT;
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

  private void fillList() {
    List<String> lines = new ArrayList<>();
    for (StampedEvent event : events) {
      lines.add(0, line(event));
    }
    list.getItems().setAll(lines.subList(0, Math.min(EVENTS_LISTED, lines.size())));
  }

  private String line(StampedEvent stamped) {
    ClusterEvent event = stamped.event();
    String who =
        stamped.brokerId() < 0
            ? ""
            : texts.get("lane-broker", Integer.toString(stamped.brokerId())) + "  ";
    String time = CLOCK.format(Instant.ofEpochMilli(stamped.wallMs()).atZone(zone));
    // An event's own words are Kafka's, the same in every language.
    return time + "  " + who + event;
  }
}
