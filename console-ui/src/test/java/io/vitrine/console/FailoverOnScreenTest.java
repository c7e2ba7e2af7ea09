package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.console.axis.AxisModel;
import io.vitrine.console.control.TimeAxis;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.Work;
import io.vitrine.console.metric.MetricRecorder;
import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.shell.ConsoleWindow;
import io.vitrine.console.shell.Invitation;
import io.vitrine.console.testing.FakeConnections;
import io.vitrine.console.testing.KeptPins;
import io.vitrine.console.testing.KeptTrail;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * A person kills a leader at the window of a real cluster under real clients' traffic, watches it
 * heal, and starts the broker again.
 */
class FailoverOnScreenTest {
  private static final int SESSION_TIMEOUT_MS = 6_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FxRobot robot = new FxRobot();
  private final ExecutorService background = Executors.newCachedThreadPool();
  private final Selection selection = new Selection();
  @TempDir private Path data;
  private LocalCluster cluster;
  private SnapshotFeed feed;
  private ConsoleWindow window;
  private Stage stage;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    new FxRobot().interact(Theme::loadFonts);
  }

  @BeforeEach
  void open() throws Exception {
    cluster =
        LocalCluster.start(
            LocalClusterSettings.in(data)
                .withAnyPorts()
                .withSessionTimeoutMs(SESSION_TIMEOUT_MS)
                .withDemoTraffic(true));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    robot.interact(
        () -> {
          feed = new SnapshotFeed(cluster, Platform::runLater, System::nanoTime);
          Theme theme = Theme.of(Theme.Kind.LIGHT);
          AxisModel happened = new AxisModel();
          feed.follow(frame -> frame.events().forEach(happened::apply));
          window =
              new ConsoleWindow(
                  cluster,
                  feed,
                  selection,
                  background,
                  Platform::runLater,
                  theme,
                  Locale.ENGLISH,
                  ZoneOffset.UTC,
                  Optional.of(new Invitation()),
                  "cluster",
                  new ConsoleViews(
                      Locale.ENGLISH,
                      theme,
                      ZoneOffset.UTC,
                      selection,
                      false,
                      happened,
                      new Work(background, Platform::runLater),
                      new Surroundings(
                          new ConsoleSettings(Locale.ENGLISH, Dress.LIGHT, false, false),
                          settings -> {},
                          Path.of("."),
                          new KeptTrail(List.of()),
                          new MetricRecorder(cluster),
                          new KeptPins(),
                          new FakeConnections())),
                  new SilentHost());
          Scene scene = new Scene(window.root(), 1280, 800);
          theme.apply(scene);
          stage = new Stage();
          stage.setScene(scene);
          stage.show();
          feed.resume();
        });
  }

  @AfterEach
  void close() {
    robot.interact(
        () -> {
          window.close();
          feed.close();
          stage.close();
        });
    cluster.close();
    background.shutdown();
  }

  @Test
  void killWatchHealRestartRejoin() {
    until(() -> orders().isPresent() && number("#acknowledged") > 200);
    int victim = orders().orElseThrow().leader();
    robot.interact(() -> selection.choose(new Selection.Partition(Invitation.PARTITION)));

    robot.clickOn("#kill-" + victim);
    robot.clickOn("#confirm");

    until(() -> text("#session-left-" + victim).matches("[0-5]\\.\\d s"));
    until(() -> text("#invitation .label").contains("broker " + victim));
    until(() -> fact("Leader").map(l -> !l.equals(Integer.toString(victim))).orElse(false));
    until(() -> fact("ISR").map(isr -> isr.split(", ").length == 2).orElse(false));
    assertThat(fact("ISR").orElseThrow()).doesNotContain(Integer.toString(victim));
    until(() -> text("#story").contains("client recovery: "));
    assertThat(text("#story")).contains("Broker " + victim + " killed").contains("total: ");

    robot.clickOn("#start-" + victim);

    until(() -> fact("ISR").map(isr -> isr.split(", ").length == 3).orElse(false));
    until(() -> text("#invitation .label").contains("nothing acknowledged was lost"));
    assertThat(text("#missing")).isEqualTo("0");
    itIsAllSeenAgain(victim);
  }

  /** A second after the kill nobody knew: on the screen it is so once more. */
  private void itIsAllSeenAgain(int victim) {
    StampedEvent killed =
        cluster.events().after(0).stream()
            .filter(e -> e.event() instanceof ClusterEvent.BrokerKilled)
            .findFirst()
            .orElseThrow();

    robot.interact(
        () -> {
          TimeAxis axis = robot.lookup("#time-axis").queryAs(TimeAxis.class);
          axis.choose(killed.nanos() + Duration.ofSeconds(1).toNanos());
        });

    until(() -> feed.frame().past());
    assertThat(fact("Leader")).contains(Integer.toString(victim));
    assertThat(fact("ISR").orElseThrow().split(", ")).hasSize(3);
    assertThat(text("#session-left-" + victim)).matches("\\d\\.\\d s");
    robot.clickOn("#past-now");
    until(() -> !feed.frame().past() && fact("Leader").isPresent());
  }

  private Optional<PartitionView> orders() {
    return Optional.ofNullable(cluster.snapshot().partitions().get(Invitation.PARTITION));
  }

  private void until(Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () -> {
              robot.interact(() -> feed.tick());
              return condition.call();
            });
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  private long number(String query) {
    return Long.parseLong(text(query).replace(",", ""));
  }

  /** What the inspector says beside this label. */
  private Optional<String> fact(String label) {
    List<String> words =
        robot.from(robot.lookup("#inspector").queryAll()).lookup(".label").queryAll().stream()
            .map(FailoverOnScreenTest::words)
            .toList();
    int at = words.indexOf(label);
    return at < 0 ? Optional.empty() : Optional.of(words.get(at + 1));
  }

  private static String words(Node node) {
    return ((Labeled) node).getText();
  }

  /** Keeps nothing. */
  private static final class SilentHost implements ConsoleWindow.Host {
    @Override
    public void switchLanguage() {}

    @Override
    public void switchTheme() {}

    @Override
    public void invitationSkipped() {}

    @Override
    public void viewed(String viewId) {}

    @Override
    public void audit(String commandLine) {}
  }
}
