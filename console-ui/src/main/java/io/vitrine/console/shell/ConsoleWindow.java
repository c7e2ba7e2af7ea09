package io.vitrine.console.shell;

import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.console.control.CommandPalette;
import io.vitrine.console.control.Layers;
import io.vitrine.console.control.Pill;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Facts;
import io.vitrine.console.live.FactsSource;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.TimeMachine;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The window's content: bar, rail, view, inspector and time axis, with its shortcuts.
 *
 * <p>Made for one language and one theme, thrown away when either changes. JavaFX thread only.
 */
public final class ConsoleWindow implements AutoCloseable {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final long STALE_MS = 5_000;
  private static final double ROOM_FOR_THREE = 1500;
  private static final PseudoClass BESIDE = PseudoClass.getPseudoClass("beside");

  /**
   * A view in the rail.
   *
   * @param id stable name, such as {@code cluster}
   * @param icon of the Feather pack
   * @param atFoot whether it is one of the small ones at the rail's foot: it tells of the console,
   *     not of the cluster
   */
  public record View(String id, String title, Feather icon, Screen screen, boolean atFoot) {
    /** A view of the cluster. */
    public View(String id, String title, Feather icon, Screen screen) {
      this(id, title, icon, screen, false);
    }
  }

  /** What surrounds the window's content. */
  public interface Host {
    /** The other language from now on. */
    void switchLanguage();

    /** Light or dark from now on. */
    void switchTheme();

    /** What the cluster is called when it is not the bundled one. */
    default Optional<String> attachedTo() {
      return Optional.empty();
    }

    /** The operator does not want the invitation any more. */
    void invitationSkipped();

    /** This view is shown from now on. */
    void viewed(String viewId);

    /**
     * Writes a command line to the audit log, or a remark on one, which begins with {@code #};
     * called off the JavaFX thread.
     */
    void audit(String commandLine);
  }

  /** What the views are made with. */
  public interface Factory {
    /** The views in the rail's order. */
    List<View> views(Desk desk);

    /** The small ones at the rail's foot, made after the views above. */
    default List<View> footViews(Desk desk) {
      return List.of();
    }

    /** Who tells facts for the inspector. */
    List<FactsSource> facts(Desk desk);

    /** The time axis and who draws it. */
    Axis axis(TimeMachine machine);

    /** What the palette lists beside the cluster's own: words and settings. */
    default List<CommandPalette.Entry> lookUps() {
      return List.of();
    }
  }

  /**
   * The time axis as the window knows it.
   *
   * @param show draws a frame of the present
   * @param step goes an event on or back
   * @param play lets time pass in the past, or stops it
   * @param now shows the present again
   * @param export writes what happened into a file
   * @param close ends what moves by itself
   */
  public record Axis(
      Region node,
      Consumer<Frame> show,
      Consumer<Boolean> step,
      Runnable play,
      Runnable now,
      Runnable export,
      Runnable close) {}

  private final SnapshotFeed feed;
  private final Selection selection;
  private final Host host;
  private final Messages texts;
  private final ZoneId zone;
  private final Layers layers;
  private final CommandDesk desk;
  private final List<View> views;
  private final Factory factory;
  private final TimeMachine machine;
  private final Axis axis;
  private final PastStrip pastStrip;
  private final InspectorPane inspector;
  private final Optional<InvitationBar> invitation;
  private final BorderPane frameNode = new BorderPane();
  private final Panes panes;
  private final VBox middle = new VBox();
  private final Pill connection = new Pill();
  private final Label bootstrap = new Label();
  private final Label age = new Label();
  private final Label clock = new Label();
  private final ToggleButton pause = new ToggleButton();
  private final Button back = new Button();
  private final Button forward = new Button();
  private final ToggleButton split = new ToggleButton();
  private final ToggleButton aside = new ToggleButton();
  private final Button bell = new Button();
  private final Map<String, ToggleButton> rail = new LinkedHashMap<>();
  private final Runnable endSubscription;
  private final Runnable endFollowing;
  private final Runnable endSelection;
  private Trail trail;
  private Optional<Boolean> asideWanted = Optional.empty();
  private boolean keyTaken;
  private int unread;

  /**
   * The content.
   *
   * @param background runs commands
   * @param screen runs things on the JavaFX thread
   * @param invitation shown above the view unless empty
   * @param viewId the view to begin with
   */
  public ConsoleWindow(
      Cluster cluster,
      SnapshotFeed feed,
      Selection selection,
      Executor background,
      Executor screen,
      Theme theme,
      Locale locale,
      ZoneId zone,
      Optional<Invitation> invitation,
      String viewId,
      Factory factory,
      Host host) {
    this.feed = feed;
    this.selection = selection;
    this.host = host;
    this.zone = zone;
    this.texts = Messages.of(ConsoleWindow.class, locale);
    this.layers = new Layers(frameNode, texts.get("close"));
    this.desk =
        new CommandDesk(
            cluster, feed, background, screen, layers, texts, new Quantities(locale), host::audit);
    this.factory = factory;
    this.views =
        Stream.of(factory.views(desk), factory.footViews(desk)).flatMap(List::stream).toList();
    this.machine = new TimeMachine(cluster.history(), feed, background, screen);
    this.axis = factory.axis(machine);
    this.pastStrip = new PastStrip(texts, new Quantities(locale), zone, axis.now());
    this.inspector = new InspectorPane(texts, factory.facts(desk), selection, desk);
    this.invitation =
        invitation.map(
            model ->
                new InvitationBar(
                    texts,
                    model,
                    () -> {
                      removeInvitation();
                      host.invitationSkipped();
                    }));
    desk.onLanes(
        partition -> {
          selection.choose(new Selection.Partition(partition));
          open("lane");
        });
    desk.onView(this::open);
    this.panes = new Panes(texts, this::view, this::activate, this::closePane);
    this.trail =
        new Trail(
            new Place(List.of(known(viewId) ? viewId : views.get(0).id()), 0, selection.item()));
    middle.getChildren().addAll(pastStrip, panes);
    VBox.setVgrow(panes, Priority.ALWAYS);
    this.invitation.ifPresent(
        bar -> {
          VBox.setMargin(bar, new Insets(12, 18, 0, 18));
          middle.getChildren().add(0, bar);
        });
    frameNode.setTop(top(theme));
    frameNode.setLeft(rail());
    frameNode.setCenter(middle);
    frameNode.setRight(inspector);
    frameNode.setBottom(axis.node());
    frameNode.getStyleClass().add(host.attachedTo().isEmpty() ? "frame-bundled" : "frame-remote");
    layers.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    layers.addEventFilter(KeyEvent.KEY_TYPED, this::typed);
    layers.addEventFilter(KeyEvent.KEY_RELEASED, e -> keyTaken = false);
    layers.addEventFilter(KeyEvent.KEY_PRESSED, ConsoleWindow::leaveArea);
    layers.addEventFilter(MouseEvent.MOUSE_PRESSED, this::pressed);
    layers.widthProperty().addListener((o, before, after) -> aside());
    show(trail.here());
    this.endSubscription = feed.subscribe(this::show);
    this.endFollowing = feed.follow(this::present);
    this.endSelection = selection.subscribe(item -> trail.amend(here -> here.choose(item)));
  }

  /** The root of the scene. */
  public Parent root() {
    return layers;
  }

  private void notices() {
    unread = 0;
    ring();
    desk.sheets().notices(layers.said());
  }

  /** The bell counts what went wrong and was not looked at. */
  private void ring() {
    bell.setText(unread == 0 ? "" : Integer.toString(unread));
    bell.getStyleClass().remove("tone-bad");
    if (unread > 0) {
      bell.getStyleClass().add("tone-bad");
    }
  }

  /** Says something for a while. */
  public void notice(String text, boolean wrong) {
    layers.notice(text, wrong);
  }

  @Override
  public void close() {
    endSubscription.run();
    endFollowing.run();
    endSelection.run();
    machine.close();
    axis.close().run();
    views.forEach(view -> view.screen().close());
  }

  /** Where the operator has been, for the window that takes this one's place. */
  public Trail trail() {
    return trail;
  }

  /** Goes on where another window left off; views it had and this one has not are left out. */
  public void follow(Trail other) {
    if (other.here().views().stream().allMatch(this::known)) {
      trail = other;
      show(trail.here());
    }
  }

  // ---- going about
  // -------------------------------------------------------------------------------

  /** Shows a view in the active pane; does nothing when there is none of that name. */
  public void open(String id) {
    if (known(id)) {
      go(trail.here().open(id));
    }
  }

  /** Shows a view beside the active one; does nothing when there is none of that name. */
  public void openBeside(String id) {
    if (known(id)) {
      go(trail.here().beside(id));
    }
  }

  private boolean known(String id) {
    return views.stream().anyMatch(v -> v.id().equals(id));
  }

  private View view(String id) {
    return views.stream().filter(v -> v.id().equals(id)).findFirst().orElseThrow();
  }

  private Screen current() {
    return view(trail.here().view()).screen();
  }

  private void go(Place place) {
    trail.go(place);
    show(place);
  }

  private void activate(int pane) {
    Place here = trail.here();
    if (pane != here.active() && pane < here.views().size()) {
      go(here.activate(pane));
    }
  }

  private void closePane(int pane) {
    go(trail.here().close(pane));
  }

  private void back() {
    trail.back().ifPresent(this::arrive);
  }

  private void forward() {
    trail.forward().ifPresent(this::arrive);
  }

  private void arrive(Place place) {
    show(place);
    selection.choose(place.item());
  }

  /** Two panes instead of one or one instead of two; the second begins with the next view. */
  private void split() {
    Place here = trail.here();
    if (here.split()) {
      go(here.close(1 - here.active()));
    } else if (views.size() > 1) {
      int next = (views.indexOf(view(here.view())) + 1) % views.size();
      go(here.beside(views.get(next).id()));
    } else {
      show(here);
    }
  }

  private void otherPane() {
    Place here = trail.here();
    if (here.split()) {
      go(here.activate(1 - here.active()));
      current().node().requestFocus();
    }
  }

  private void show(Place place) {
    boolean inside = focusIsInside();
    panes.show(place);
    rail.get(place.view()).setSelected(true);
    rail.forEach(
        (id, button) ->
            button.pseudoClassStateChanged(BESIDE, place.other().filter(id::equals).isPresent()));
    back.setDisable(!trail.canGoBack());
    forward.setDisable(!trail.canGoForward());
    split.setSelected(place.split());
    aside();
    // What happened was told when it did; a view that comes to the front wants the state alone.
    Frame still = feed.frame().still();
    place.views().forEach(id -> view(id).screen().show(still));
    past(still);
    if (inside && !focusIsInside()) {
      // The focus went with the view that left: keys belong to the one that came.
      current().node().requestFocus();
    }
    host.viewed(place.view());
  }

  private boolean focusIsInside() {
    Node owner = layers.getScene() == null ? null : layers.getScene().getFocusOwner();
    for (Node node = owner; node != null; node = node.getParent()) {
      if (node == panes) {
        return true;
      }
    }
    return false;
  }

  /** The inspector gives way to a second view where there is not room for three. */
  private void aside() {
    boolean room = !trail.here().split() || layers.getWidth() >= ROOM_FOR_THREE;
    boolean shown = asideWanted.orElse(room);
    inspector.setVisible(shown);
    inspector.setManaged(shown);
    aside.setSelected(shown);
  }

  private void toggleAside() {
    asideWanted = Optional.of(!inspector.isVisible());
    aside();
  }

  private void pressed(MouseEvent event) {
    if (layers.isOpen()) {
      return;
    }
    if (event.getButton() == MouseButton.BACK) {
      back();
      event.consume();
    } else if (event.getButton() == MouseButton.FORWARD) {
      forward();
      event.consume();
    }
  }

  private void removeInvitation() {
    invitation.ifPresent(middle.getChildren()::remove);
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node top(Theme theme) {
    Label wordmark = new Label("Vitrine");
    wordmark.getStyleClass().add("wordmark");
    wordmark.setMinWidth(Region.USE_PREF_SIZE);
    bootstrap.getStyleClass().addAll("small", "muted");
    bootstrap.setId("bootstrap");
    age.getStyleClass().add("caption");
    age.setId("age");
    age.setMinWidth(Region.USE_PREF_SIZE);
    clock.getStyleClass().addAll("small", "strong");
    clock.setMinWidth(62);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button search = new Button(texts.get("search"));
    search.setId("palette-button");
    search.getStyleClass().add("search-trigger");
    search.setPrefWidth(250);
    search.setMinWidth(150);
    search.setOnAction(e -> palette());
    pause.setId("pause");
    pause.setGraphic(new FontIcon(Feather.PAUSE));
    pause.getStyleClass().add("quiet");
    pause.setAccessibleText(texts.get("pause"));
    pause.setOnAction(e -> pause());
    Button language = new Button(texts.get("other-language"));
    language.setId("language");
    language.getStyleClass().add("quiet");
    language.setMinWidth(Region.USE_PREF_SIZE);
    language.setAccessibleText(texts.get("switch-language"));
    language.setOnAction(e -> host.switchLanguage());
    Button dress = new Button();
    dress.setId("theme");
    dress.setGraphic(new FontIcon(theme.kind() == Theme.Kind.DARK ? Feather.SUN : Feather.MOON));
    dress.getStyleClass().add("quiet");
    dress.setAccessibleText(texts.get("switch-theme"));
    dress.setOnAction(e -> host.switchTheme());
    Button help = new Button("?");
    help.setId("help");
    help.getStyleClass().add("quiet");
    help.setAccessibleText(texts.get("keys-title"));
    help.setOnAction(e -> keys());
    icon(back, "back", Feather.ARROW_LEFT, this::back);
    icon(forward, "forward", Feather.ARROW_RIGHT, this::forward);
    icon(bell, "notices", Feather.BELL, this::notices);
    layers.onNotice(
        clock::getText,
        said -> {
          unread += said.wrong() ? 1 : 0;
          ring();
        });
    icon(split, "split", Feather.COLUMNS, this::split);
    icon(aside, "inspector-toggle", Feather.SIDEBAR, this::toggleAside);
    HBox travel = new HBox(back, forward);
    travel.setAlignment(Pos.CENTER);
    travel.setMinWidth(Region.USE_PREF_SIZE);
    HBox tools = new HBox(split, aside, bell, pause, dress, language, help);
    tools.setAlignment(Pos.CENTER);
    tools.setMinWidth(Region.USE_PREF_SIZE);
    HBox top = new HBox(wordmark, travel, connection, bootstrap, age, spring, search, clock, tools);
    top.getStyleClass().add("frame-top");
    return top;
  }

  private void icon(ButtonBase button, String id, Feather icon, Runnable run) {
    button.setId(id);
    button.setGraphic(new FontIcon(icon));
    button.getStyleClass().add("quiet");
    button.setAccessibleText(texts.get(id));
    button.setTooltip(new Tooltip(texts.get(id)));
    button.setOnAction(e -> run.run());
  }

  private Node rail() {
    VBox box = new VBox();
    box.getStyleClass().add("rail");
    HBox foot = new HBox();
    foot.getStyleClass().add("rail-foot");
    ToggleGroup group = new ToggleGroup();
    for (View view : views) {
      ToggleButton button = new ToggleButton(view.atFoot() ? "" : view.title());
      button.setId("rail-" + view.id());
      button.setGraphic(new FontIcon(view.icon()));
      button.getStyleClass().add("rail-button");
      button.setToggleGroup(group);
      button.setAccessibleText(texts.get("view-accessible", view.title(), views.indexOf(view) + 1));
      button.setOnAction(e -> open(view.id()));
      button.addEventFilter(
          MouseEvent.MOUSE_CLICKED,
          e -> {
            if (e.isShortcutDown()) {
              openBeside(view.id());
            }
          });
      rail.put(view.id(), button);
      button.setTooltip(new Tooltip(withKeys(view)));
      if (view.atFoot()) {
        foot.getChildren().add(button);
      } else {
        box.getChildren().add(button);
      }
    }
    Region spring = new Region();
    VBox.setVgrow(spring, Priority.ALWAYS);
    box.getChildren().addAll(spring, foot);
    return box;
  }

  private String withKeys(View view) {
    String keys = keys(views.indexOf(view));
    return keys.isEmpty() ? view.title() : view.title() + "   " + keys;
  }

  /** The keys that open the view at this place, empty for those after the tenth. */
  private static String keys(int place) {
    return place < 10 ? "Ctrl+" + (place + 1) % 10 : "";
  }

  // ---- showing
  // -----------------------------------------------------------------------------------

  private void show(Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    long serving =
        snapshot.brokers().stream().filter(b -> b.state() == BrokerState.SERVING).count();
    int all = snapshot.brokers().size();
    connection.show(
        host.attachedTo()
            .map(name -> texts.get("attached", name, Long.toString(serving), Integer.toString(all)))
            .orElseGet(() -> texts.get("bundled", Long.toString(serving), Integer.toString(all))),
        serving == 0 ? Token.BAD : serving < all ? Token.WARN : Token.OK);
    bootstrap.setText(snapshot.bootstrapServers());
    boolean stale = frame.ageMs() > STALE_MS && !frame.paused();
    age.setText(
        frame.paused()
            ? texts.get("paused")
            : stale && !frame.past()
                ? texts.get("stale", Long.toString(frame.ageMs() / 1000))
                : "");
    age.getStyleClass().removeAll("tone-warn", "strong");
    if (frame.paused() || stale) {
      age.getStyleClass().addAll("tone-warn", "strong");
    }
    frameNode.getStyleClass().removeAll("frame-paused", "frame-past");
    if (frame.past()) {
      frameNode.getStyleClass().add("frame-past");
    } else if (frame.paused()) {
      frameNode.getStyleClass().add("frame-paused");
    }
    past(frame);
    pause.setSelected(frame.paused());
    clock.setText(
        frame.wallMs() == 0 ? "" : CLOCK.format(Instant.ofEpochMilli(frame.wallMs()).atZone(zone)));
    trail.here().views().forEach(id -> view(id).screen().show(frame));
    inspector.show(frame);
    invitation.ifPresent(bar -> bar.show(frame));
  }

  /** The axis goes on while the rest of the screen is in the past. */
  private void present(Frame frame) {
    axis.show().accept(frame);
    if (feed.frame().past()) {
      past(feed.frame());
    }
  }

  private void past(Frame frame) {
    pastStrip.show(
        frame,
        feed.present().nowNanos(),
        trail.here().views().stream()
            .map(this::view)
            .filter(view -> view.screen().showsThePresent())
            .map(View::title)
            .toList());
  }

  private void pause() {
    if (feed.frame().past()) {
      axis.play().run();
    } else if (feed.paused()) {
      feed.resume();
    } else {
      feed.pause();
    }
  }

  // ---- keys
  // --------------------------------------------------------------------------------------

  private void key(KeyEvent event) {
    if (layers.isOpen()) {
      return;
    }
    if (event.isShortcutDown()) {
      shortcut(event);
      return;
    }
    if (event.getCode() == KeyCode.F1) {
      explain();
      event.consume();
      return;
    }
    if (event.getCode() == KeyCode.ESCAPE && (layers.dismissNewest() || leavePast())) {
      event.consume();
      return;
    }
    if (event.getCode() == KeyCode.F6) {
      otherPane();
      event.consume();
      return;
    }
    if (event.isAltDown()
        && (event.getCode() == KeyCode.LEFT || event.getCode() == KeyCode.RIGHT)) {
      if (event.getCode() == KeyCode.LEFT) {
        back();
      } else {
        forward();
      }
      event.consume();
      return;
    }
    boolean typing =
        layers.getScene() != null && layers.getScene().getFocusOwner() instanceof TextInputControl;
    if (typing || event.isAltDown() || event.isMetaDown()) {
      return;
    }
    String typed = event.getText();
    if (typed.equals("?") || event.getCode() == KeyCode.SLASH && event.isShiftDown()) {
      keys();
    } else if (event.getCode() == KeyCode.SPACE) {
      pause();
    } else if (event.getCode() == KeyCode.SLASH) {
      current().focusFilter();
    } else if (event.getCode() == KeyCode.COMMA) {
      axis.step().accept(false);
    } else if (event.getCode() == KeyCode.PERIOD) {
      axis.step().accept(true);
    } else if (event.getCode() == KeyCode.G) {
      current().goTo();
    } else if (event.getCode() == KeyCode.K) {
      withBroker(ClusterCommand.KillBroker::new, true);
    } else if (event.getCode() == KeyCode.S) {
      withBroker(ClusterCommand.StopBroker::new, true);
    } else if (event.getCode() == KeyCode.R) {
      withBroker(ClusterCommand.RestartBroker::new, false);
    } else if (event.getCode() == KeyCode.E) {
      elect();
    } else {
      return;
    }
    keyTaken = true;
    event.consume();
  }

  private boolean leavePast() {
    boolean past = feed.frame().past();
    if (past) {
      axis.now().run();
    }
    return past;
  }

  /** A key that moved the focus must not be typed where the focus went. */
  private void typed(KeyEvent event) {
    if (keyTaken) {
      event.consume();
    }
  }

  /** Tab leaves a text area as it leaves a field, or nobody without a mouse would get out of it. */
  private static void leaveArea(KeyEvent event) {
    if (event.getCode() == KeyCode.TAB
        && !event.isControlDown()
        && event.getTarget() instanceof TextArea area) {
      event.consume();
      area.fireEvent(
          new KeyEvent(
              KeyEvent.KEY_PRESSED, "", "", KeyCode.TAB, event.isShiftDown(), true, false, false));
    }
  }

  private void shortcut(KeyEvent event) {
    int digit =
        event.getCode() == KeyCode.DIGIT0
            ? 9
            : event.getCode().ordinal() - KeyCode.DIGIT1.ordinal();
    if (event.getCode() == KeyCode.K) {
      palette();
    } else if (event.getCode() == KeyCode.C && event.isShiftDown()) {
      inspector.copyCommand();
    } else if (event.getCode() == KeyCode.BACK_SLASH) {
      split();
    } else if (event.getCode() == KeyCode.I) {
      toggleAside();
    } else if (digit >= 0 && digit <= 9 && digit < views.size()) {
      if (event.isShiftDown()) {
        openBeside(views.get(digit).id());
      } else {
        open(views.get(digit).id());
      }
    } else {
      return;
    }
    event.consume();
  }

  private void withBroker(IntFunction<ClusterCommand> command, boolean running) {
    if (selection.item() instanceof Selection.Broker broker) {
      boolean serves =
          feed.frame()
              .snapshot()
              .broker(broker.id())
              .filter(b -> b.state() == BrokerState.SERVING || b.state() == BrokerState.STOPPING)
              .isPresent();
      if (serves || !running) {
        desk.ask(command.apply(broker.id()));
      }
    } else {
      layers.notice(texts.get("choose-broker"), false);
    }
  }

  private void elect() {
    desk.ask(
        new ClusterCommand.ElectPreferredLeaders(
            selection.item() instanceof Selection.Partition partition
                ? Set.of(partition.id())
                : Set.of()));
  }

  private void explain() {
    desk.sheets()
        .tell(
            texts.get("why"),
            current()
                .explain()
                .or(() -> inspector.shown().map(Facts::rule).filter(rule -> !rule.isEmpty()))
                .orElseGet(() -> texts.get("nothing-to-explain")),
            "explanation");
  }

  private void keys() {
    View view = view(trail.here().view());
    desk.sheets().keys(KeyList.of(texts, view.title(), view.screen().keys()));
  }

  // ---- palette
  // -----------------------------------------------------------------------------------

  private void palette() {
    ClusterSnapshot snapshot = feed.frame().snapshot();
    PaletteEntries entries = new PaletteEntries(texts, desk, selection);
    inspector.shown().ifPresent(entries::chosen);
    for (int i = 0; i < views.size(); i++) {
      View view = views.get(i);
      entries.add("kind-view", texts.get("go-view", view.title()), keys(i), () -> open(view.id()));
    }
    entries.actions(snapshot);
    entries
        .add("kind-window", texts.get("back"), "Alt+←", this::back)
        .add("kind-window", texts.get("forward"), "Alt+→", this::forward)
        .add("kind-window", texts.get("split"), "Ctrl+\\", this::split)
        .add("kind-window", texts.get("inspector-toggle"), "Ctrl+I", this::toggleAside)
        .add("kind-window", texts.get("why"), "F1", this::explain)
        .add("kind-window", texts.get("notices"), "", this::notices)
        .add("kind-window", texts.get("pause"), texts.get("space"), this::pause)
        .add("kind-window", texts.get("time-back"), ",", () -> axis.step().accept(false))
        .add("kind-window", texts.get("time-on"), ".", () -> axis.step().accept(true))
        .add("kind-window", texts.get("time-play"), "", axis.play())
        .add("kind-window", texts.get("time-now"), "Esc", axis.now())
        .add("kind-window", texts.get("time-export"), "", axis.export())
        .add("kind-window", texts.get("switch-theme"), "", host::switchTheme)
        .add("kind-window", texts.get("switch-language"), "", host::switchLanguage)
        .add("kind-window", texts.get("keys-title"), "?", this::keys);
    for (int i = 0; i < views.size(); i++) {
      View view = views.get(i);
      entries.add(
          "kind-window",
          texts.get("go-beside", view.title()),
          keys(i).replace("Ctrl", "Ctrl+Shift"),
          () -> openBeside(view.id()));
    }
    entries.resources(snapshot).addAll(factory.lookUps());
    CommandPalette palette =
        new CommandPalette(
            entries.all(),
            texts.get("palette-prompt"),
            texts.get("palette-nothing"),
            layers::close);
    layers.open(palette, Pos.TOP_CENTER, palette.field());
  }
}
