package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** What an operator does at the window, and what the cluster is asked. */
class ConsoleWindowTest {
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
    robot.interact(
        () -> {
          console =
              new ConsoleFixture(Locale.ENGLISH, Theme.Kind.LIGHT, 1280, 800, true, "cluster");
          console.tell(Chapter.CALM);
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
  void killOnALeadersCardAsksFirstAndThenKills() {
    robot.clickOn("#kill-2");

    assertThat(texts("#effects"))
        .anyMatch(t -> t.contains("Partitions without a leader: 3, for up to 18.0 s"));
    assertThat(console.cluster.commands()).isEmpty();

    robot.clickOn("#confirm");

    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.KillBroker(2));
    assertThat(console.asked).anyMatch(a -> a.startsWith("audit kill -9"));
  }

  @Test
  void aKillThatIsCancelledKillsNobody() {
    robot.clickOn("#kill-2").clickOn("#cancel");

    assertThat(robot.lookup("#confirm").tryQuery()).isEmpty();
    assertThat(console.cluster.commands()).isEmpty();
  }

  @Test
  void theScreenTellsTheFailoverFromKillToRejoin() {
    tell(Chapter.SESSION_RUNNING_OUT);
    assertThat(text("#session-left-2")).isEqualTo("9.0 s");
    robot.interact(
        () -> {
          console.cluster.pass(1_500);
          console.feed.tick();
        });
    assertThat(text("#session-left-2")).isEqualTo("7.5 s");
    assertThat(text("#missing")).isEqualTo("0");

    robot.interact(() -> console.selection.choose(partition(SampleSnapshots.ORDERS_0)));
    tell(Chapter.FAILED_OVER);
    assertThat(facts()).contains("Leader", "3", "ISR", "3, 1");
    assertThat(text("#story")).contains("detection: 18.0 s").contains("total: 18.1 s");

    tell(Chapter.REJOINED);
    assertThat(facts()).contains("3, 1, 2");
    assertThat(text("#invitation .label")).contains("nothing acknowledged was lost");
  }

  @Test
  void aBrokerIsKilledByKeyboard() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(3)));
    robot.type(KeyCode.K);
    assertThat(console.cluster.commands()).isEmpty();
    robot.type(KeyCode.ENTER);

    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.KillBroker(3));
  }

  @Test
  void controlledShutdownByKeyboardIsAskedForToo() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(1)));
    robot.type(KeyCode.S);
    assertThat(texts("#effects")).anyMatch(t -> t.contains("Another broker becomes controller"));
    robot.type(KeyCode.ESCAPE);

    assertThat(robot.lookup("#confirm").tryQuery()).isEmpty();
    assertThat(console.cluster.commands()).isEmpty();
  }

  @Test
  void viewsAreReachedByKeyboard() {
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
    assertThat(robot.lookup("#partition-view").tryQuery()).isPresent();
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT4);
    assertThat(robot.lookup("#lane-view").tryQuery()).isPresent();
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT2);
    assertThat(robot.lookup("#cluster-view").tryQuery()).isPresent();
  }

  @Test
  void slashFiltersThePartitions() {
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
    robot.type(KeyCode.SLASH);
    robot.write("pay");

    assertThat(partitions().getItems()).hasSize(3);
    robot.interact(() -> robot.lookup("#filter").queryAs(TextField.class).clear());
    tell(Chapter.FAILED_OVER);
    robot.clickOn("#filter-not-preferred");
    assertThat(partitions().getItems()).hasSize(3);
  }

  @Test
  void enterOnARowOpensItsLanes() {
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
    robot.interact(
        () -> {
          partitions().requestFocus();
          partitions().getSelectionModel().select(3);
        });
    robot.type(KeyCode.ENTER);

    assertThat(robot.lookup("#lane-view").tryQuery()).isPresent();
    assertThat(robot.lookup("#partition-chooser").queryAs(ComboBox.class).getValue())
        .isEqualTo(new TopicPartition("orders", 1));
  }

  @Test
  void f1FillsTheNumbersIntoTheRule() {
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT4);
    robot.type(KeyCode.F1);

    assertThat(text("#explanation"))
        .matches("HW = min LEO of ISR \\{1: \\d+, 2: \\d+, 3: \\d+\\} = \\d+");
  }

  @Test
  void goToOffsetNamesSegmentAndEpoch() {
    robot.interact(() -> console.selection.choose(partition(new TopicPartition("orders", 1))));
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT4);
    robot.type(KeyCode.G);
    robot.write("5").type(KeyCode.ENTER);

    assertThat(text("#found"))
        .isEqualTo(
            "Offset 5: segment 00000000000000000000.log, leader epoch 0, readable (below HW)");
  }

  @Test
  void thePaletteFindsAndRuns() {
    robot.push(KeyCode.CONTROL, KeyCode.K);
    robot.write("stop broker 3");
    assertThat(items("#palette-list")).hasSize(1);
    robot.type(KeyCode.ENTER);
    robot.clickOn("#confirm");

    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.StopBroker(3));
  }

  @Test
  void aTopicIsCreated() {
    robot.clickOn("#create-topic");
    robot.write("clicks");
    robot.clickOn("#confirm");

    assertThat(console.cluster.commands())
        .containsExactly(
            new ClusterCommand.CreateTopic("clicks", 6, 3, Map.of("min.insync.replicas", "2")));
  }

  @Test
  void aTopicIsDeletedOnlyWithItsNameTyped() {
    robot.interact(() -> console.selection.choose(new Selection.Topic("audit")));
    robot.clickOn(button("Delete topic …"));
    Node confirm = robot.lookup("#confirm").query();
    robot.write("audi");
    assertThat(confirm.isDisabled()).isTrue();
    robot.write("t");
    assertThat(confirm.isDisabled()).isFalse();
    robot.clickOn("#confirm");

    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.DeleteTopic("audit"));
  }

  @Test
  void retentionShowsRawAndHumanValueAndCanBeReset() {
    robot.interact(() -> console.selection.choose(new Selection.Topic("payments")));
    robot.clickOn(button("Change retention …"));
    assertThat(text("#retention-human")).isEqualTo("7 days");
    robot.interact(() -> robot.lookup("#retention-ms").queryAs(TextField.class).setText("3600000"));
    assertThat(text("#retention-human")).isEqualTo("1 hour");
    robot.clickOn("#retention-reset");
    robot.clickOn("#confirm");

    assertThat(console.cluster.commands())
        .containsExactly(
            new ClusterCommand.SetTopicConfig("payments", "retention.ms", Optional.empty()));
  }

  @Test
  void theTrafficSwitchShowsWhatIsNotWhatWasClicked() {
    robot.clickOn("#traffic-switch");

    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.SwitchTraffic(false));
    assertThat(robot.lookup("#traffic-switch").queryAs(Labeled.class).getText())
        .isEqualTo("Demo traffic on");
  }

  @Test
  void electionsAreAskedForAtOnce() {
    robot.clickOn("#elect-all");

    assertThat(console.cluster.commands())
        .containsExactly(new ClusterCommand.ElectPreferredLeaders(Set.of()));
  }

  @Test
  void aRefusalSaysWhy() {
    console.cluster.refuse(new CommandRefusedException("No broker is running. Start one first."));
    robot.clickOn("#elect-all");

    assertThat(texts(".notice"))
        .contains("Elect preferred leaders: No broker is running. Start one first.");
  }

  @Test
  void spacePausesAndGoesOn() {
    robot.interact(() -> robot.lookup("#broker-1").query().getParent().requestFocus());
    robot.interact(() -> console.scene.getRoot().requestFocus());
    robot.type(KeyCode.SPACE);
    assertThat(text("#age")).startsWith("PAUSED");
    assertThat(console.feed.paused()).isTrue();
    robot.type(KeyCode.SPACE);
    assertThat(console.feed.paused()).isFalse();
  }

  @Test
  void oldDataAreMarked() {
    robot.interact(
        () -> {
          console.cluster.pass(7_000);
          console.feed.tick();
        });

    assertThat(text("#age")).isEqualTo("data 7 s old");
  }

  @Test
  void eventsAreSteppedThroughAndListed() {
    robot.interact(() -> console.scene.getRoot().requestFocus());
    robot.type(KeyCode.COMMA);
    assertThat(text("#story")).contains("TrafficSwitched");
    robot.type(KeyCode.COMMA);
    assertThat(text("#story")).contains("Became");
    robot.clickOn("#axis-as-list");
    assertThat(items("#event-list")).isNotEmpty();
  }

  @Test
  void theInvitationCanBeSkipped() {
    assertThat(text("#invitation .label")).contains("orders-0").contains("broker 2");
    robot.clickOn("#invitation-skip");

    assertThat(robot.lookup("#invitation").tryQuery()).isEmpty();
    assertThat(console.asked).contains("skip");
  }

  @Test
  void languageAndThemeAreTheHostsToSwitch() {
    robot.clickOn("#language").clickOn("#theme");

    assertThat(console.asked).containsSubsequence("language", "theme");
  }

  @Test
  void everyButtonHasWords() {
    for (String view : List.of("cluster", "partition", "lane", "controller", "zookeeper")) {
      robot.interact(() -> console.window.open(view));
      for (Node node : robot.lookup(".button, .toggle-button").queryAll()) {
        Labeled button = (Labeled) node;
        boolean words =
            button.getText() != null && !button.getText().isBlank()
                || button.getAccessibleText() != null && !button.getAccessibleText().isBlank();
        assertThat(words).as("%s in %s", node, view).isTrue();
      }
    }
  }

  private void tell(Chapter chapter) {
    robot.interact(() -> console.tell(chapter));
  }

  private static Selection.Item partition(TopicPartition id) {
    return new Selection.Partition(id);
  }

  private TableView<?> partitions() {
    return robot.lookup("#partitions").queryAs(TableView.class);
  }

  private List<?> items(String list) {
    ListView<?> view = robot.lookup(list).queryAs(ListView.class);
    return view.getItems();
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Label.class).getText();
  }

  private List<String> texts(String parent) {
    return robot.from(robot.lookup(parent).queryAll()).lookup(".label").queryAll().stream()
        .map(n -> ((Labeled) n).getText())
        .toList();
  }

  private List<String> facts() {
    return texts("#inspector");
  }

  private Node button(String text) {
    return robot.lookup(n -> n instanceof Button b && text.equals(b.getText())).query();
  }
}
