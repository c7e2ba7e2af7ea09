package io.vitrine.console;

import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.console.axis.AxisModel;
import io.vitrine.console.home.Connection;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.Work;
import io.vitrine.console.metric.MetricRecorder;
import io.vitrine.console.metric.Pins;
import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.shell.ConsoleWindow;
import io.vitrine.console.shell.Invitation;
import io.vitrine.console.shell.Trail;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the console on one cluster: starts it, shows it, and when the window is closed stops it in
 * order before the window goes.
 *
 * <p>Everything but {@link #run} belongs to the JavaFX thread; starting and closing the cluster
 * happens on the background executor.
 */
public final class ConsoleApplication {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleApplication.class);
  private static final double WIDTH = 1280;
  private static final double HEIGHT = 800;
  private static final Duration TICK = Duration.millis(100);

  private final Callable<Cluster> starter;
  private final Attaching connections;
  private final ExecutorService background;
  private final ConsolePreferences preferences;
  private final AuditLog audit;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ZoneId zone = ZoneId.systemDefault();
  private Selection selection = new Selection();
  private final Invitation invitation = new Invitation();
  private final Path dataDirectory;
  private Stage stage;
  private Scene scene;
  private Locale locale;
  private Theme theme;

  /** The bundled cluster, once it was begun. */
  private volatile Cluster bundled;

  /** The one on the screen: the bundled one or one that is attached. */
  private volatile Cluster cluster;

  private Optional<Connection> attached = Optional.empty();

  /** The last event of the bundled cluster when it left the screen. */
  private long leftAt;

  /** What failed up to this event of the cluster on the screen was told before. */
  private long toldUpTo;

  private SnapshotFeed feed;

  /** Of the bundled cluster, all the time. */
  private MetricRecorder bundledRecorder;

  /** Of the cluster on the screen. */
  private MetricRecorder recorder;

  /** What has happened to it. */
  private AxisModel happened;

  private ConsoleWindow window;
  private Timeline ticks;
  private String viewId = "cluster";
  private boolean starting;
  private boolean closing;

  /**
   * A console that is not shown yet.
   *
   * @param starter starts the cluster; called on the background executor, again after a failure
   * @param link attaches to another cluster; called on the background executor
   * @param dataDirectory where preferences and the audit log are kept, beside the cluster's data
   * @param background ended with the console
   */
  public ConsoleApplication(
      Callable<Cluster> starter,
      Attaching.Link link,
      Path dataDirectory,
      ExecutorService background) {
    this.starter = starter;
    this.connections =
        new Attaching(
            link,
            new SavedPlaces(dataDirectory.resolve("connections.properties")),
            background,
            Platform::runLater,
            new ClusterStage());
    this.dataDirectory = dataDirectory;
    this.background = background;
    this.preferences = new ConsolePreferences(dataDirectory.resolve("console.properties"));
    this.audit = new AuditLog(dataDirectory.resolve("audit.log"), InstantSource.system());
    this.locale = preferences.locale(Locale.getDefault());
  }

  /**
   * Shows the console until its user closes it.
   *
   * @return the exit code, 0
   */
  public int run() throws InterruptedException {
    // A signal ends the process without the window's being closed: the brokers are stopped anyway.
    Thread onSignal = new Thread(this::closeCluster, "console-shutdown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    Platform.startup(this::show);
    awaitClosed();
    Runtime.getRuntime().removeShutdownHook(onSignal);
    background.shutdown();
    Platform.exit();
    return 0;
  }

  private void closeCluster() {
    Cluster shown = cluster;
    if (shown != null && shown != bundled) {
      shown.close();
    }
    Cluster ours = bundled;
    if (ours != null) {
      ours.close();
    }
  }

  /** Waits until the cluster is closed after the window was. */
  void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /** The window itself. */
  Stage stage() {
    return stage;
  }

  /** Shows the window; on the JavaFX thread. */
  void show() {
    Platform.setImplicitExit(false);
    Theme.loadFonts();
    theme = Theme.of(preferences.theme(System.getenv()));
    stage = new Stage();
    stage.setTitle("Vitrine");
    stage.setMinWidth(980);
    stage.setMinHeight(660);
    stage.setOnCloseRequest(
        e -> {
          e.consume();
          close();
        });
    Rectangle2D bounds = Screen.getPrimary().getVisualBounds();
    begin();
    stage.setWidth(Math.min(bounds.getWidth(), WIDTH));
    stage.setHeight(Math.min(bounds.getHeight(), HEIGHT));
    stage.show();
  }

  // ---- start
  // -------------------------------------------------------------------------------------

  private void begin() {
    starting = true;
    show(ProgressPage.starting(texts()));
    background.execute(
        () -> {
          try {
            Cluster started = starter.call();
            Platform.runLater(() -> opened(started));
          } catch (Exception e) {
            LOG.error("the cluster cannot be started", e);
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            Platform.runLater(() -> failed(reason));
          }
        });
  }

  private void failed(String reason) {
    starting = false;
    if (closing) {
      closed.countDown();
    } else {
      show(ProgressPage.failed(texts(), reason, this::begin, this::close));
    }
  }

  private void opened(Cluster started) {
    starting = false;
    bundled = started;
    cluster = started;
    if (closing) {
      end();
      return;
    }
    bundledRecorder = new MetricRecorder(bundled);
    follow();
    ticks = new Timeline(new KeyFrame(TICK, e -> feed.tick()));
    ticks.setCycleCount(Animation.INDEFINITE);
    ticks.play();
    openWindow();
  }

  /** The feed is that of the cluster on the screen from now on. */
  private void follow() {
    if (feed != null) {
      feed.close();
    }
    if (recorder != null && recorder != bundledRecorder) {
      recorder.close();
    }
    recorder = cluster == bundled ? bundledRecorder : new MetricRecorder(cluster);
    feed = new SnapshotFeed(cluster, Platform::runLater, System::nanoTime);
    AxisModel model = new AxisModel();
    happened = model;
    feed.follow(frame -> frame.events().forEach(model::apply));
    feed.follow(this::failures);
    feed.resume();
  }

  /** Puts another cluster on the screen. What was chosen of the one before means nothing there. */
  private void turnTo(Cluster next, Optional<Connection> which) {
    Cluster before = cluster;
    if (before == bundled) {
      leftAt = bundled.snapshot().sequence();
    }
    toldUpTo = next == bundled ? leftAt : 0;
    window.close();
    window = null;
    selection = new Selection();
    cluster = next;
    attached = which;
    follow();
    openWindow();
    if (before != bundled) {
      background.execute(before::close);
    }
  }

  /** Commands of the operator are answered; this is for what failed without one. */
  private void failures(Frame frame) {
    if (window == null) {
      return;
    }
    for (StampedEvent event : frame.events()) {
      if (event.sequence() <= toldUpTo) {
        continue;
      }
      if (event.event() instanceof ClusterEvent.BrokerFailed failed) {
        window.notice(
            texts().get("broker-failed", Integer.toString(event.brokerId()), failed.reason()),
            true);
      } else if (event.event() instanceof ClusterEvent.CommandFailed failed
          && failed.command().equals(new ClusterCommand.StartZooKeeper().toString())) {
        window.notice(texts().get("start-failed", failed.reason()), true);
      } else if (event.event() instanceof ClusterEvent.ListenerExposed exposed) {
        tellOf(event.brokerId(), exposed);
      }
    }
  }

  private void tellOf(int broker, ClusterEvent.ListenerExposed exposed) {
    window.notice(
        texts()
            .get(
                "listener-exposed",
                Integer.toString(broker),
                exposed.listener(),
                exposed.address()),
        true);
  }

  private void openWindow() {
    Optional<Trail> been = Optional.ofNullable(window).map(ConsoleWindow::trail);
    Optional<String> focused = focused();
    if (window != null) {
      window.close();
    }
    // The views of the window before listen to their selection: they go with it.
    Selection was = selection;
    selection = new Selection();
    selection.choose(was.item());
    window =
        new ConsoleWindow(
            cluster,
            feed,
            selection,
            background,
            Platform::runLater,
            theme,
            locale,
            zone,
            preferences.invited() && attached.isEmpty()
                ? Optional.of(invitation)
                : Optional.empty(),
            viewId,
            new ConsoleViews(
                locale,
                theme,
                zone,
                selection,
                preferences.motion(),
                happened,
                new Work(background, Platform::runLater),
                new Surroundings(
                    preferences.settings(Locale.getDefault()),
                    this::change,
                    dataDirectory,
                    audit,
                    recorder,
                    new KeptPins(),
                    connections)),
            new WindowHost());
    been.ifPresent(window::follow);
    show(window.root());
    // What controls hold is found once their skins are made.
    window.root().applyCss();
    focused.map(id -> window.root().lookup("#" + id)).ifPresent(Node::requestFocus);
    for (StampedEvent event : history()) {
      if (event.event() instanceof ClusterEvent.ListenerExposed exposed) {
        tellOf(event.brokerId(), exposed);
      }
    }
  }

  /** What has the focus, for the window that comes: somebody without a mouse goes on there. */
  private Optional<String> focused() {
    return Optional.ofNullable(scene).map(Scene::getFocusOwner).map(Node::getId);
  }

  /** The settings view was told something. */
  private void change(ConsoleSettings wanted) {
    preferences.keep(wanted);
    background.execute(preferences::save);
    locale = wanted.language();
    theme = Theme.of(preferences.theme(System.getenv()));
    openWindow();
  }

  /** What happened before the window was made, up to the frame it begins with. */
  private List<StampedEvent> history() {
    long upTo = feed.present().snapshot().sequence();
    return cluster.events().after(0).stream().filter(e -> e.sequence() <= upTo).toList();
  }

  private void show(Parent root) {
    if (scene == null) {
      scene = new Scene(root, WIDTH, HEIGHT);
      stage.setScene(scene);
    } else {
      scene.setRoot(root);
    }
    theme.apply(scene);
  }

  private Messages texts() {
    return Messages.of(ConsoleApplication.class, locale);
  }

  // ---- end
  // ---------------------------------------------------------------------------------------

  private void close() {
    if (closing) {
      return;
    }
    closing = true;
    if (cluster == null) {
      show(ProgressPage.closing(texts()));
      if (!starting) {
        closed.countDown();
      }
      // A cluster that is still starting is closed as soon as it is there.
      return;
    }
    end();
  }

  private void end() {
    if (ticks != null) {
      ticks.stop();
    }
    if (window != null) {
      window.close();
    }
    ProgressPage page = ProgressPage.closing(texts());
    show(page);
    Cluster shown = cluster;
    if (shown != bundled) {
      cluster = bundled;
      follow();
    }
    if (bundledRecorder != null) {
      bundledRecorder.close();
    }
    if (feed != null) {
      feed.resume();
      feed.follow(
          frame -> {
            int all = frame.snapshot().brokers().size();
            long stopped =
                frame.snapshot().brokers().stream()
                    .filter(
                        b ->
                            b.state() != BrokerState.SERVING
                                && b.state() != BrokerState.STOPPING
                                && b.state() != BrokerState.STARTING)
                    .count();
            page.progress(stopped, all);
          });
    }
    background.execute(
        () -> {
          try {
            preferences.save();
            if (shown != bundled) {
              shown.close();
            }
            bundled.close();
          } catch (RuntimeException e) {
            LOG.error("the cluster did not close in order", e);
          } finally {
            closed.countDown();
          }
        });
  }

  /** Pinned charts outlive the window and the console. */
  private final class KeptPins implements Pins {
    @Override
    public Set<String> pinned() {
      return preferences.pinned();
    }

    @Override
    public void pin(Set<String> charts) {
      preferences.pin(charts);
      background.execute(preferences::save);
    }
  }

  /** Which cluster the window shows. */
  private final class ClusterStage implements Attaching.Stage {
    @Override
    public Optional<Connection> shown() {
      return attached;
    }

    @Override
    public boolean show(Cluster other, Connection connection) {
      if (closing) {
        return false;
      }
      turnTo(other, Optional.of(connection));
      return true;
    }

    @Override
    public void showBundled() {
      if (attached.isPresent() && !closing) {
        turnTo(bundled, Optional.empty());
      }
    }
  }

  /** What the window asks of the application. */
  private final class WindowHost implements ConsoleWindow.Host {
    @Override
    public void switchLanguage() {
      locale = locale.equals(Locale.KOREAN) ? Locale.ENGLISH : Locale.KOREAN;
      preferences.speak(locale);
      background.execute(preferences::save);
      openWindow();
    }

    @Override
    public void switchTheme() {
      theme = Theme.of(theme.kind() == Theme.Kind.DARK ? Theme.Kind.LIGHT : Theme.Kind.DARK);
      preferences.wear(theme.kind());
      background.execute(preferences::save);
      openWindow();
    }

    @Override
    public Optional<String> attachedTo() {
      return attached.map(Connection::name);
    }

    @Override
    public void invitationSkipped() {
      preferences.invitationSkipped();
      background.execute(preferences::save);
    }

    @Override
    public void viewed(String id) {
      viewId = id;
    }

    @Override
    public void audit(String commandLine) {
      audit.write(commandLine);
    }
  }
}
