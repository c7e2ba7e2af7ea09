package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.testing.SampleLogs;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** M60–M66, M68–M71: a folder from disk, walked from the directory down to the byte. */
class StorageViewTest {
  @TempDir private static Path directory;
  private final FxRobot robot = new FxRobot();
  private ConsoleFixture console;
  private Stage stage;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
    SampleLogs.write(directory.resolve("logs"));
  }

  @BeforeEach
  void open() {
    robot.interact(
        () -> {
          console =
              new ConsoleFixture(Locale.ENGLISH, Theme.Kind.LIGHT, 1280, 800, false, "storage");
          console.tell(Chapter.CALM);
          stage = new Stage();
          stage.setScene(console.scene);
          stage.show();
          stage.requestFocus();
          console.selection.choose(new Selection.Folder(directory.resolve("logs")));
        });
  }

  @AfterEach
  void close() {
    robot.interact(
        () -> {
          console.window.close();
          console.feed.close();
          stage.close();
        });
  }

  private void enter(String partition) {
    robot.interact(() -> field("#storage-filter").setText(partition));
    robot.interact(() -> table("#storage-partitions").getSelectionModel().select(0));
    robot.interact(() -> table("#storage-partitions").requestFocus());
    robot.push(KeyCode.ENTER);
    assertThat(text("#storage-partition")).isEqualTo(partition);
  }

  @Test
  void aFolderShowsItsPartitionsAndLeavesThemAlone() {
    assertThat(text("#storage-directory-facts"))
        .contains("3 partitions")
        .contains("Vx3kQ0sLRmu2m9yD1aZcXw")
        .contains("stopped cleanly");
    enter("orders-0");
    assertThat(text("#storage-segment")).contains("6 in use").contains("00000000000000006000.log");
    robot.clickOn("#storage-look-retention");
    for (String command : new String[] {"#storage-change-retention-ms", "#storage-tend"}) {
      assertThat(robot.lookup(command).tryQuery().filter(Node::isVisible)).isEmpty();
    }
    assertThat(console.cluster.commands()).isEmpty();

    robot.clickOn("#storage-back");
    assertThat(robot.lookup("#storage-partitions").query().isVisible()).isTrue();
  }

  @Test
  void aFieldIsChosenInTreeBytesAndIndexAtOnce() {
    enter("orders-0");
    robot.clickOn("#storage-hex");
    assertThat(text("#storage-chosen")).contains("bytes");
    assertThat(tree().getSelectionModel().getSelectedItem()).isNotNull();

    robot.interact(() -> table("#storage-index").getSelectionModel().select(2));
    assertThat(text("#storage-chosen")).startsWith("Batch ");
    assertThat(tree().getSelectionModel().getSelectedItem().getValue().toString())
        .startsWith("Batch");
    robot.clickOn("#index-time");
    assertThat(table("#storage-index").getSelectionModel().getSelectedIndex()).isEqualTo(2);
    robot.interact(() -> robot.lookup("#storage-hex").query().requestFocus());
    robot.push(KeyCode.RIGHT);
    assertThat(text("#storage-chosen")).startsWith("base offset: ");
  }

  @Test
  void segmentsAreChosenByKeysAndShownAsATable() {
    enter("orders-0");
    robot.interact(() -> robot.lookup("#storage-map").query().requestFocus());
    robot.push(KeyCode.LEFT).push(KeyCode.LEFT);
    assertThat(text("#storage-segment")).contains("00000000000000004000.log");
    robot.clickOn("#storage-as-table");
    assertThat(table("#storage-segments").getItems()).hasSize(7);
    assertThat(table("#storage-segments").getSelectionModel().getSelectedIndex()).isEqualTo(4);
  }

  @Test
  void offset4711IsFoundStepByStep() {
    enter("orders-0");
    robot.interact(() -> robot.lookup("#storage-map").query().requestFocus());
    robot.push(KeyCode.G).write("4711").push(KeyCode.ENTER);

    assertThat(text("#storage-found")).startsWith("Offset 4711");
    int steps = steps().getItems().size();
    assertThat(steps).isGreaterThan(4);
    assertThat(text("#storage-segment")).contains("00000000000000004000.log");
    robot.clickOn("#storage-step-back");
    assertThat(steps().getSelectionModel().getSelectedIndex()).isEqualTo(steps - 2);
    robot.clickOn("#storage-step-on").clickOn("#storage-look-bytes");
    assertThat(text("#storage-chosen")).startsWith("Batch 4710–4719");
  }

  @Test
  void timesAndKeysAreFoundAndWhatIsNoneIsSaid() {
    enter("orders-0");
    robot.clickOn("#storage-look-find").clickOn("#storage-find-key");
    find("order-3210");
    assertThat(text("#storage-found")).startsWith("Offset 3210");
    find("order-99999");
    assertThat(text("#storage-found")).startsWith("Not found");
    robot.clickOn("#storage-find-time");
    find("2026-11-18 08:59:00");
    assertThat(text("#storage-found")).startsWith("Offset 5999");
    find("yesterday");
    assertThat(text("#storage-found")).startsWith("A time is written as");
  }

  @Test
  void retentionIsTriedBeforeItIsMade() {
    enter("orders-0");
    robot.clickOn("#storage-look-retention");
    assertThat(text("#storage-retention-now")).startsWith("2 segments");
    robot.interact(() -> field("#storage-retention-ms").setText("0"));
    assertThat(text("#storage-retention-now")).startsWith("6 segments");
    robot.interact(() -> field("#storage-retention-ms").setText("-1"));
    assertThat(text("#storage-retention-now")).isEqualTo("Nothing");
    assertThat(text("#storage-retention-worst")).startsWith("Unlimited");
    robot.interact(() -> field("#storage-retention-bytes").setText("100000"));
    assertThat(text("#storage-retention-worst")).contains("retention.bytes");
    robot.clickOn("#storage-retention-as-is");
    assertThat(field("#storage-retention-ms").getText()).isEqualTo("604800000");
    assertThat(console.cluster.commands()).isEmpty();
  }

  @Test
  void compactionSaysWhatGoesAndWhy() {
    enter("profiles-0");
    robot.clickOn("#storage-look-compaction");
    assertThat(text("#storage-compaction")).startsWith("600 records");
    int all = table("#storage-fates").getItems().size();
    robot.clickOn("#storage-only-going");
    assertThat(table("#storage-fates").getItems()).hasSizeLessThan(all).isNotEmpty();
  }

  @Test
  void checkpointsAndEpochsStandBesideTheLog() {
    enter("orders-0");
    robot.clickOn("#storage-look-checkpoints");
    assertThat(table("#storage-epochs").getItems()).hasSize(3);
    assertThat(
            robot
                .from(robot.lookup("#storage-checkpoints").queryAll())
                .lookup(".label")
                .queryAllAs(Label.class))
        .extracting(Label::getText)
        .contains("replication-offset-checkpoint", "7,000", "pQ2tIkkGR0yVVrP5cE1x3A");
  }

  @Test
  void damagedBytesAreMarkedAndNamed() {
    enter("broken-0");
    robot.clickOn("#storage-check");
    assertThat(text("#storage-damage"))
        .contains("00000000000000000000.log")
        .contains("checksum of the batch");
    assertThat(text("#storage-chosen")).startsWith("Batch ");
  }

  private void find(String what) {
    robot.interact(() -> field("#storage-find").setText(what));
    robot.clickOn("#storage-find-go");
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Label.class).getText();
  }

  private TextField field(String query) {
    return robot.lookup(query).queryAs(TextField.class);
  }

  @SuppressWarnings("unchecked")
  private TableView<Object> table(String query) {
    return robot.lookup(query).queryAs(TableView.class);
  }

  @SuppressWarnings("unchecked")
  private ListView<Object> steps() {
    return robot.lookup("#storage-steps").queryAs(ListView.class);
  }

  @SuppressWarnings("unchecked")
  private TreeView<Object> tree() {
    return robot.lookup("#storage-tree").queryAs(TreeView.class);
  }
}
