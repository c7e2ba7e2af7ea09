package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** M01, M05, M06, M09 to M13 at the window: who rules, what it ordered, what ZooKeeper holds. */
class ControllerAndZooKeeperTest {
  private final FxRobot robot = new FxRobot();
  private ConsoleFixture console;
  private Stage stage;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
  }

  @BeforeEach
  void open() {
    open(Locale.ENGLISH, Theme.Kind.LIGHT);
  }

  private void open(Locale locale, Theme.Kind kind) {
    robot.interact(
        () -> {
          console = new ConsoleFixture(locale, kind, 1280, 800, false, "controller");
          console.tell(Chapter.DEPOSED);
          stage = new Stage();
          stage.setScene(console.scene);
          stage.show();
          stage.requestFocus();
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

  @Test
  void theLadderShowsWhoRulesAndTheZombieBelow() {
    assertThat(text("#controller-office")).isEqualTo("Broker 3 is controller");
    assertThat(table("#controller-ladder").getItems()).hasSize(2);
    robot.clickOn("#side-refused-chip");
    assertThat(table("#controller-refused").isVisible()).isTrue();
    assertThat(table("#controller-refused").getItems()).hasSize(3);
    assertThat(table("#controller-events").isVisible()).isFalse();
    robot.clickOn("#side-refused-chip");
    assertThat(table("#controller-refused").isVisible())
        .as("a second press takes nothing away")
        .isTrue();
    robot.type(KeyCode.F1);
    assertThat(text("#explanation")).contains("Broker 3").contains("STALE_CONTROLLER_EPOCH");
  }

  @Test
  void theFailoverIsShownStepByStep() {
    robot.clickOn("#side-steps-chip");
    assertThat(table("#controller-steps").isVisible()).isTrue();
    assertThat(table("#controller-steps").getItems()).hasSize(11);
  }

  @Test
  void anOrdersBrokerIsChosenEverywhere() {
    robot.interact(
        () -> {
          table("#controller-brokers").getSelectionModel().select(1);
        });
    assertThat(console.selection.item()).isEqualTo(new Selection.Broker(2));
  }

  @Test
  void aNewElectionIsAskedForFirst() {
    robot.clickOn("#controller-elect");
    assertThat(console.cluster.commands()).isEmpty();
    robot.clickOn("#confirm");
    assertThat(console.cluster.commands())
        .containsExactly(new ClusterCommand.ElectController("127.0.0.1:2181"));
    assertThat(console.asked)
        .contains("audit zookeeper-shell.sh 127.0.0.1:2181 delete /controller");
  }

  @Test
  void whatIsChosenAnywhereIsShownInTheTree() {
    zooKeeper();
    robot.interact(() -> console.selection.choose(new Selection.Controller()));
    assertThat(text("#znode-path")).isEqualTo("/controller");
    assertThat(data()).contains("\"brokerid\": " + SampleSnapshots.NEXT);
    robot.interact(
        () -> console.selection.choose(new Selection.Partition(new TopicPartition("orders", 0))));
    pass();
    assertThat(text("#znode-path")).isEqualTo("/brokers/topics/orders/partitions/0/state");
    assertThat(data()).contains("\"leader_epoch\":");
    assertThat(tree().getSelectionModel().getSelectedItem()).isNotNull();
    robot.clickOn("#znode-raw");
    assertThat(data()).doesNotContain("\n");
  }

  @Test
  void theTreeIsWalkedByKeyboard() {
    zooKeeper();
    robot.interact(
        () -> {
          tree().requestFocus();
          tree().getSelectionModel().select(0);
        });
    assertThat(text("#znode-path")).isEqualTo("/admin");
    int before = tree().getExpandedItemCount();
    robot.type(KeyCode.RIGHT);
    pass();
    assertThat(tree().getExpandedItemCount()).isEqualTo(before + 1);
    robot.type(KeyCode.DOWN);
    pass();
    assertThat(text("#znode-path")).isEqualTo("/admin/delete_topics");
    robot.type(KeyCode.UP).type(KeyCode.LEFT);
    pass();
    assertThat(tree().getExpandedItemCount()).isEqualTo(before);
  }

  @Test
  void slashFindsPathsAndWhatWasChosenIsShownAmongItsOwnAgain() {
    zooKeeper();
    robot.type(KeyCode.SLASH);
    robot.write("orders/partitions/1");
    pass();
    assertThat(tree().getExpandedItemCount()).isEqualTo(2);
    robot.interact(() -> tree().getSelectionModel().select(1));
    assertThat(console.selection.item())
        .isEqualTo(new Selection.Partition(new TopicPartition("orders", 1)));
    robot.interact(() -> robot.lookup("#znode-filter").queryAs(TextField.class).clear());
    pass();
    assertThat(text("#znode-path")).isEqualTo("/brokers/topics/orders/partitions/1/state");
    assertThat(tree().getSelectionModel().getSelectedItem()).isNotNull();
  }

  @Test
  void sessionsCountDownAndWhatCannotBeReadIsSaidToBeOld() {
    zooKeeper();
    assertThat(table("#zookeeper-sessions").getItems()).hasSize(3);
    robot.interact(() -> console.cluster.hideZooKeeper("No ZooKeeper server decides."));
    pass();
    Label banner = robot.lookup("#zookeeper-banner").queryAs(Label.class);
    assertThat(banner.isVisible()).isTrue();
    assertThat(banner.getText()).contains("No ZooKeeper server decides.");
    assertThat(tree().getExpandedItemCount()).as("what was known stays").isPositive();
    robot.interact(() -> console.cluster.hideZooKeeper(null));
    pass();
    assertThat(banner.isVisible()).isFalse();
  }

  @Test
  void whatWasNeverReadIsNotShownAsEmpty() {
    robot.interact(() -> console.cluster.hideZooKeeper("This ZooKeeper is not ours."));
    zooKeeper();
    assertThat(robot.lookup("#zookeeper-empty").queryAs(Label.class).getText())
        .contains("cannot be known")
        .contains("This ZooKeeper is not ours.");
    assertThat(tree().getParent().getParent().isVisible()).isFalse();
  }

  @Test
  void zooKeeperIsLeftAloneWhileNobodyLooks() {
    List<ZooKeeperLook> before = console.cluster.looks();
    pass();
    assertThat(console.cluster.looks()).isEqualTo(before);
    zooKeeper();
    robot.interact(console.feed::pause);
    List<ZooKeeperLook> paused = console.cluster.looks();
    pass();
    assertThat(console.cluster.looks()).isEqualTo(paused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "zookeeper"})
  void koreanAndDarkWorkToo(String view) {
    close();
    open(Locale.KOREAN, Theme.Kind.DARK);
    robot.interact(() -> console.window.open(view));
    pass();
    for (Node node : robot.lookup(".label").queryAll()) {
      assertThat(((Label) node).getText()).doesNotContain("{0}");
    }
  }

  private void zooKeeper() {
    robot.interact(() -> console.window.open("zookeeper"));
    pass();
  }

  /** Lets the time pass after which ZooKeeper is asked again. */
  private void pass() {
    for (int i = 0; i < 2; i++) {
      robot.interact(
          () -> {
            console.cluster.pass(600);
            console.feed.tick();
          });
    }
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Label.class).getText();
  }

  private String data() {
    return robot.lookup("#znode-data").queryAs(TextArea.class).getText();
  }

  private TableView<?> table(String query) {
    return robot.lookup(query).queryAs(TableView.class);
  }

  private TreeTableView<?> tree() {
    return robot.lookup("#znode-tree").queryAs(TreeTableView.class);
  }
}
