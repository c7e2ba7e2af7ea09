package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.cluster.testing.SampleWire;
import io.vitrine.console.control.TimeAxis;
import io.vitrine.console.live.Selection;
import io.vitrine.console.testing.SampleRecords;
import io.vitrine.console.theme.Theme;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.control.Button;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.image.WritableImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** Writes the pictures of the screens; a file is touched only when its pixels differ. */
class ScreenshotsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("vitrine.screenshots", "../screenshots"));

  /** What is on a picture. */
  private enum Shot {
    HOME("home", Chapter.CALM, new Selection.Nothing()),
    CLUSTER("cluster", Chapter.SESSION_RUNNING_OUT, new Selection.Broker(SampleSnapshots.VICTIM)),
    SPLIT(
        "partition",
        Chapter.FAILED_OVER,
        new Selection.Partition(SampleSnapshots.ORDERS_0),
        console -> console.window.openBeside("lane")),
    PALETTE(
        "cluster",
        Chapter.CALM,
        new Selection.Broker(SampleSnapshots.VICTIM),
        ScreenshotsTest::lookUp),
    REFERENCE("reference", Chapter.CALM, new Selection.Nothing(), ScreenshotsTest::article),
    SETTINGS("settings", Chapter.CALM, new Selection.Nothing()),
    AUDIT("audit", Chapter.CALM, new Selection.Nothing(), ScreenshotsTest::changes),
    PARTITIONS("partition", Chapter.FAILED_OVER, new Selection.Partition(SampleSnapshots.ORDERS_0)),
    LANES("lane", Chapter.SESSION_RUNNING_OUT, new Selection.Partition(lagging())),
    DATA("data", Chapter.SHARED, new Selection.Partition(lagging())),
    WRITE("data", Chapter.SHARED, new Selection.Topic("payments")),
    GROUPS("group", Chapter.SHARED, new Selection.Group("demo-readers")),
    TRANSACTIONS("group", Chapter.SHARED, new Selection.Transaction("demo-transfers")),
    STORAGE("storage", Chapter.CALM, new Selection.Nothing(), StorageStage::bytes),
    STORAGE_FIND("storage", Chapter.CALM, new Selection.Nothing(), StorageStage::find),
    STORAGE_RETENTION("storage", Chapter.CALM, new Selection.Nothing(), StorageStage::retention),
    STORAGE_COMPACTION("storage", Chapter.CALM, new Selection.Nothing(), StorageStage::compaction),
    STORAGE_DAMAGE("storage", Chapter.CALM, new Selection.Nothing(), StorageStage::damage),
    CONTROLLER("controller", Chapter.DEPOSED, new Selection.Controller()),
    ZOOKEEPER("zookeeper", Chapter.DEPOSED, new Selection.Broker(SampleSnapshots.NEXT)),
    METRICS(
        "metric",
        Chapter.SHARED,
        new Selection.Nothing(),
        console -> press(console, "#metrics-range-1")),
    METRIC(
        "metric",
        Chapter.FAILED_OVER,
        new Selection.Broker(SampleSnapshots.NEXT),
        ScreenshotsTest::enlarge),
    AXIS("cluster", Chapter.FAILED_OVER, new Selection.Controller()),
    PAST(
        "cluster",
        Chapter.REJOINED,
        new Selection.Broker(SampleSnapshots.VICTIM),
        ScreenshotsTest::lookBack),
    PAST_LANES(
        "lane",
        Chapter.REJOINED,
        new Selection.Partition(SampleSnapshots.ORDERS_0),
        ScreenshotsTest::lookBack),
    REQUESTS("request", Chapter.CALM, new Selection.Broker(SampleSnapshots.CONTROLLER)),
    WAITING_ROOM(
        "request",
        Chapter.CALM,
        new Selection.Broker(SampleSnapshots.VICTIM),
        console -> press(console, "#requests-waiting")),
    WIRE_TRACE(
        "request",
        Chapter.CALM,
        new Selection.Broker(SampleSnapshots.CONTROLLER),
        ScreenshotsTest::trace);

    final String view;
    final Chapter chapter;
    final Selection.Item item;

    /** What the operator does before the picture is taken. */
    final Consumer<ConsoleFixture> steps;

    Shot(String view, Chapter chapter, Selection.Item item) {
      this(view, chapter, item, console -> {});
    }

    Shot(String view, Chapter chapter, Selection.Item item, Consumer<ConsoleFixture> steps) {
      this.view = view;
      this.chapter = chapter;
      this.item = item;
      this.steps = steps;
    }

    private static org.apache.kafka.common.TopicPartition lagging() {
      return new org.apache.kafka.common.TopicPartition("orders", 2);
    }
  }

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
  }

  static Stream<Arguments> shots() {
    return Stream.of(Shot.values())
        .flatMap(
            shot ->
                Stream.of(Theme.Kind.values())
                    .flatMap(
                        kind ->
                            Stream.of(Locale.ENGLISH, Locale.KOREAN)
                                .flatMap(
                                    locale ->
                                        Stream.of(
                                            Arguments.of(shot, kind, locale, 1280, 800),
                                            Arguments.of(shot, kind, locale, 1920, 1080)))));
  }

  @ParameterizedTest
  @MethodSource("shots")
  void writesThePicture(Shot shot, Theme.Kind kind, Locale locale, int width, int height)
      throws Exception {
    BufferedImage picture =
        WaitForAsyncUtils.asyncFx(() -> take(shot, kind, locale, width, height)).get();
    assertThat(picture.getWidth()).isEqualTo(width);
    assertThat(picture.getHeight()).isEqualTo(height);
    String name =
        String.join(
                "-",
                shot.name().toLowerCase(Locale.ROOT),
                kind.name().toLowerCase(Locale.ROOT),
                locale.getLanguage(),
                width + "x" + height)
            + ".png";
    write(picture, FOLDER.resolve(name));
  }

  private static BufferedImage take(
      Shot shot, Theme.Kind kind, Locale locale, int width, int height) {
    ConsoleFixture console =
        new ConsoleFixture(locale, kind, width, height, shot == Shot.CLUSTER, shot.view);
    console.selection.choose(shot.item);
    console.tell(shot.chapter);
    if (shot == Shot.DATA) {
      SampleRecords.read(console.scene, console.cluster, console.feed::tick);
    } else if (shot == Shot.WRITE) {
      SampleRecords.write(console.scene, console.cluster);
    }
    // Sizes are known after the first layout; what is drawn between cards needs them.
    for (int pass = 0; pass < 4; pass++) {
      if (pass == 1) {
        shot.steps.accept(console);
      }
      console.scene.getRoot().applyCss();
      console.scene.getRoot().layout();
      console.feed.tick();
    }
    WritableImage image = console.scene.snapshot(null);
    console.window.close();
    console.feed.close();
    return SwingFXUtils.fromFXImage(image, null);
  }

  /** To four seconds after the kill, when nobody knows yet. */
  private static void lookBack(ConsoleFixture console) {
    StampedEvent killed =
        console.cluster.events().after(0).stream()
            .filter(e -> e.event() instanceof ClusterEvent.BrokerKilled)
            .findFirst()
            .orElseThrow();
    ((Button) console.scene.lookup("#axis-all")).fire();
    ((TimeAxis) console.scene.lookup("#time-axis")).choose(killed.nanos() + 4_000_000_000L);
  }

  private static void lookUp(ConsoleFixture console) {
    ((Button) console.scene.lookup("#palette-button")).fire();
    ((TextField) console.scene.lookup("#palette-field")).setText("retention");
  }

  private static void article(ConsoleFixture console) {
    ((ListView<?>) console.scene.lookup("#reference-list")).getSelectionModel().select(3);
  }

  private static void changes(ConsoleFixture console) {
    String server = " --bootstrap-server 127.0.0.1:9092";
    console.asked.add("audit kafka-topics.sh" + server + " --create --topic clicks");
    console.asked.add("audit kill -9 $(pgrep -f server-2.properties)");
    console.asked.add("audit kafka-leader-election.sh" + server + " --all-topic-partitions");
    console.asked.add(
        "audit # refused: No broker is running. Start one first.  <-  kafka-topics.sh" + server);
  }

  private static void press(ConsoleFixture console, String id) {
    ((ToggleButton) console.scene.lookup(id)).fire();
  }

  private static void enlarge(ConsoleFixture console) {
    press(console, "#metrics-range-1");
    ((Button) console.scene.lookup("#metric-enlarge-bytes-out")).fire();
  }

  /** The last produce but one is looked at: its records are in the middle of the picture. */
  private static void trace(ConsoleFixture console) {
    SampleWire.tell(console.cluster.wireTrace().orElseThrow());
    press(console, "#requests-trace");
    console.feed.tick();
    console.scene.getRoot().applyCss();
    console.scene.getRoot().layout();
    TableView<?> table = (TableView<?>) console.scene.lookup("#wire-trace");
    table.getSelectionModel().select(table.getItems().size() - 2);
    table.scrollTo(table.getItems().size() - 1);
  }

  private static void write(BufferedImage picture, Path file) throws IOException {
    Files.createDirectories(FOLDER);
    if (Files.exists(file) && same(picture, ImageIO.read(file.toFile()))) {
      return;
    }
    ImageIO.write(opaque(picture), "png", file.toFile());
  }

  private static BufferedImage opaque(BufferedImage picture) {
    BufferedImage rgb =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    rgb.getGraphics().drawImage(picture, 0, 0, null);
    return rgb;
  }

  private static boolean same(BufferedImage a, BufferedImage b) {
    if (b == null || a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) {
      return false;
    }
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        if ((a.getRGB(x, y) & 0xFFFFFF) != (b.getRGB(x, y) & 0xFFFFFF)) {
          return false;
        }
      }
    }
    return true;
  }
}
