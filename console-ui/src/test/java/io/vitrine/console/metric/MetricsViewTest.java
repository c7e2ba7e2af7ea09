package io.vitrine.console.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.Work;
import io.vitrine.console.testing.FakeCluster;
import io.vitrine.console.testing.KeptPins;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.TilePane;
import javafx.stage.Stage;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** Somebody looks at charts, with a mouse and without. */
class MetricsViewTest {
  @TempDir Path folder;

  private final FxRobot robot = new FxRobot();
  private final KeptPins pins = new KeptPins();
  private FakeCluster cluster;
  private Selection selection;
  private SnapshotFeed feed;
  private MetricRecorder recorder;
  private MetricsView view;
  private Stage stage;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
  }

  @BeforeEach
  void open() {
    show(Chapter.REJOINED);
  }

  private void show(Chapter chapter) {
    robot.interact(
        () -> {
          cluster = new FakeCluster();
          recorder = new MetricRecorder(cluster);
          selection = new Selection();
          feed = new SnapshotFeed(cluster, Runnable::run, cluster::nanos);
          Theme theme = Theme.of(Theme.Kind.LIGHT);
          view =
              new MetricsView(
                  Locale.ENGLISH,
                  theme,
                  ZoneOffset.UTC,
                  selection,
                  new Work(Runnable::run, Runnable::run),
                  recorder,
                  pins,
                  new Folder());
          stage = new Stage();
          stage.setScene(new Scene(new StackPane(view.node()), 1000, 700));
          theme.apply(stage.getScene());
          stage.show();
          stage.requestFocus();
          feed.resume();
          feed.subscribe(view::show);
          cluster.tell(SampleSnapshots.events(chapter));
        });
    frames(3);
  }

  @AfterEach
  void close() {
    robot.interact(
        () -> {
          view.close();
          feed.close();
          recorder.close();
          stage.close();
        });
  }

  @Test
  void chartsAreThereInOrderAndSayTheirNewestValues() {
    TilePane grid = robot.lookup("#metrics-grid").query();
    assertThat(grid.getChildren()).hasSize(MetricChart.values().length);
    assertThat(card("bytes-in").getAccessibleText())
        .startsWith("Bytes received. Broker 1: ")
        .contains("Broker 2: ")
        .doesNotContain("–");
  }

  @Test
  void aFieldShowsItsChartsAlone() {
    robot.clickOn("#metrics-field-health");
    TilePane grid = robot.lookup("#metrics-grid").query();

    assertThat(grid.getChildren())
        .extracting(Node::getId)
        .containsExactly("metric-trouble", "metric-isr-changes", "metric-leaders");
    robot.clickOn("#metrics-field-health");
    assertThat(robot.lookup("#metrics-field-health").queryAs(ToggleButton.class).isSelected())
        .as("one is always chosen")
        .isTrue();
  }

  @Test
  void pointingReadsTheSameMomentOnAllCharts() {
    robot.clickOn("#metrics-range-1");
    frames(12);
    String before = card("records-in").getAccessibleText();
    robot.moveTo(robot.point(card("bytes-in")).query().add(90, 30));
    assertThat(text("#metrics-pointed")).matches("09:00:\\d\\d.*");
    assertThat(card("records-in").getAccessibleText()).isNotEqualTo(before);

    robot.moveTo("#metrics-as-table");
    assertThat(text("#metrics-pointed")).isEmpty();
    assertThat(card("records-in").getAccessibleText()).isEqualTo(before);
  }

  @Test
  void aChartIsEnlargedPinnedAndReadByKeyboard() {
    robot.interact(() -> card("requests").requestFocus());
    robot.type(KeyCode.P);
    assertThat(pins.pinned()).containsExactly("requests");
    TilePane grid = robot.lookup("#metrics-grid").query();
    assertThat(grid.getChildren().get(0).getId()).isEqualTo("metric-requests");

    robot.type(KeyCode.ENTER);
    assertThat(grid.getChildren()).hasSize(1);
    frames(2);
    robot.type(KeyCode.LEFT);
    String first = text("#metrics-pointed");
    robot.type(KeyCode.LEFT);
    assertThat(first).matches("09:00:\\d\\d.*");
    assertThat(text("#metrics-pointed")).isLessThan(first);

    robot.type(KeyCode.ENTER);
    assertThat(grid.getChildren()).hasSize(MetricChart.values().length);
    robot.type(KeyCode.P);
    assertThat(pins.pinned()).isEmpty();
  }

  @Test
  void brokersAreLeftOutAndTakenTogether() {
    robot.clickOn("#metrics-broker-2");
    assertThat(card("bytes-in").getAccessibleText()).doesNotContain("Broker 2");
    robot.clickOn("#metrics-together");
    assertThat(card("bytes-in").getAccessibleText())
        .contains("Chosen brokers that run, together: ");
  }

  @Test
  void theTableSaysTheSame() {
    robot.clickOn("#metrics-as-table");

    MetricTable.Row row = row(SeriesKey.broker(Quantity.RECORDS_IN, 1));
    String newest = Unit.PER_SECOND.text(row.summary().newest(), new Quantities(Locale.ENGLISH));
    robot.clickOn("#metrics-as-table");
    frames(12);
    assertThat(card("records-in").getAccessibleText()).contains("Broker 1: " + newest);
  }

  @Test
  void inThePastTheChartsEndThere() {
    robot.clickOn("#metrics-range-1");
    robot.clickOn("#metrics-field-logs");
    frames(3);
    String now = card("log-bytes").getAccessibleText();
    long then = recorder.history().newestNanos(Long.MAX_VALUE) - TimeUnit.SECONDS.toNanos(30);
    robot.interact(() -> feed.showPast(cluster.snapshot(), then));
    assertThat(card("log-bytes").getAccessibleText()).isNotEqualTo(now);
    robot.clickOn("#metrics-as-table");
    MetricTable.Row row = row(SeriesKey.broker(Quantity.LOG_BYTES, 1));
    assertThat(row.summary().newest())
        .isEqualTo(
            Sheet.of(
                    MetricChart.LOG_BYTES,
                    recorder.history(),
                    new Sheet.Choice(0, then, new TreeSet<>(List.of(1)), false),
                    Integer.MAX_VALUE)
                .lines()
                .values()
                .stream()
                .mapToDouble(line -> Sheet.summary(line).newest())
                .sum());

    robot.clickOn("#metrics-as-table");
    robot.interact(feed::showPresent);
    frames(3);
    assertThat(card("log-bytes").getAccessibleText()).isEqualTo(now);
  }

  @Test
  void whatIsShownIsExportedAsNumbersAndAsAPicture() throws Exception {
    export("csv");
    assertThat(Files.readAllLines(folder.resolve("out.csv")).get(0))
        .startsWith("time,bytes-in/bytes-in/1 [B/s]");
    export("png");
    assertThat(ImageIO.read(folder.resolve("out.png").toFile()).getWidth()).isGreaterThan(700);
  }

  @Test
  void theRuleHasItsNumbersAndKafkasName() {
    robot.interact(() -> card("bytes-out").requestFocus());

    assertThat(view.explain().orElseThrow())
        .startsWith("Bytes sent: ")
        .contains("Broker 1: ", "outgoing-byte-rate");
  }

  @Test
  void aProcessThatIsNotOursAndNobodyAskingIsSaid() {
    robot.interact(
        () -> {
          view.close();
          feed.close();
          recorder.close();
          stage.close();
        });
    show(Chapter.CALM);
    robot.clickOn("#metrics-field-logs");
    frames(2);

    assertThat(robot.lookup("No group has committed offsets in this time.").tryQuery()).isPresent();
  }

  private void export(String kind) {
    MenuButton menu = robot.lookup("#metrics-export").query();
    robot.interact(
        () ->
            menu.getItems().stream()
                .filter(item -> item.getId().endsWith(kind))
                .forEach(item -> item.fire()));
  }

  /** Lets the screen lay itself out and draw. */
  private void frames(int count) {
    for (int i = 0; i < count; i++) {
      robot.interact(feed::tick);
      WaitForAsyncUtils.waitForFxEvents();
    }
  }

  private MetricTable.Row row(SeriesKey key) {
    TableView<?> table = robot.lookup("#metrics-table").queryAs(TableView.class);
    return table.getItems().stream()
        .map(MetricTable.Row.class::cast)
        .filter(row -> row.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private Node card(String id) {
    return robot.lookup("#metric-" + id).query();
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  /** Every file goes into the test's folder. */
  private final class Folder implements FileAsker {
    @Override
    public Optional<Path> toSave(String title, String suggestedName, Window over) {
      List<String> name = List.of(suggestedName.split("\\."));
      return Optional.of(folder.resolve("out." + name.get(name.size() - 1)));
    }

    @Override
    public Optional<Path> toOpen(String title, Window over) {
      return Optional.empty();
    }
  }
}
