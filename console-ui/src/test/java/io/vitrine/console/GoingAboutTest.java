package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** Back and forward, two views side by side, and the inspector that gives way. */
class GoingAboutTest {
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
              new ConsoleFixture(Locale.ENGLISH, Theme.Kind.LIGHT, 1280, 800, false, "cluster");
          console.tell(Chapter.CALM);
          stage = new Stage();
          stage.setScene(console.scene);
          stage.show();
          stage.requestFocus();
          console.scene.getRoot().requestFocus();
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
  void backAndForwardByKeysAndByButtons() {
    assertThat(node("#back").isDisabled()).isTrue();
    robot.clickOn("#rail-partition").clickOn("#rail-lane");

    robot.push(KeyCode.ALT, KeyCode.LEFT);
    assertThat(shows("partition-view")).isTrue();
    robot.clickOn("#back");
    assertThat(shows("cluster-view")).isTrue();
    assertThat(node("#back").isDisabled()).isTrue();
    robot.push(KeyCode.ALT, KeyCode.RIGHT);
    assertThat(shows("partition-view")).isTrue();
    robot.clickOn("#forward");
    assertThat(shows("lane-view")).isTrue();
    assertThat(railSelected("lane")).isTrue();
  }

  @Test
  void theMousesOwnButtonsGoBackAndForward() {
    robot.clickOn("#rail-partition");
    robot.moveTo("#partition-view").press(MouseButton.BACK).release(MouseButton.BACK);
    assertThat(shows("cluster-view")).isTrue();
    robot.press(MouseButton.FORWARD).release(MouseButton.FORWARD);
    assertThat(shows("partition-view")).isTrue();
  }

  @Test
  void goingBackChoosesWhatWasChosenThere() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(2)));
    robot.clickOn("#rail-partition");
    robot.interact(() -> console.selection.choose(new Selection.Topic("orders")));

    robot.clickOn("#back");

    assertThat(console.selection.item()).isEqualTo(new Selection.Broker(2));
    robot.clickOn("#forward");
    assertThat(console.selection.item()).isEqualTo(new Selection.Topic("orders"));
  }

  @Test
  void twoViewsAreShownSideBySideAndBothDraw() {
    robot.push(KeyCode.CONTROL, KeyCode.BACK_SLASH);
    assertThat(shows("cluster-view")).isTrue();
    assertThat(shows("partition-view")).isTrue();
    assertThat(railSelected("partition")).isTrue();

    robot.push(KeyCode.F6);
    assertThat(railSelected("cluster")).isTrue();
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT4);
    assertThat(shows("cluster-view")).isFalse();
    assertThat(shows("lane-view")).isTrue();
    assertThat(shows("partition-view")).isTrue();

    robot.clickOn("#pane-close-0");
    assertThat(shows("lane-view")).isFalse();
    assertThat(shows("partition-view")).isTrue();
  }

  @Test
  void aViewIsOpenedBesideThePresentOne() {
    robot.press(KeyCode.CONTROL).clickOn("#rail-group").release(KeyCode.CONTROL);

    assertThat(shows("cluster-view")).isTrue();
    assertThat(railSelected("group")).isTrue();
    robot.clickOn("#cluster-view");
    assertThat(railSelected("cluster")).isTrue();
    robot.clickOn("#split");
    assertThat(node("#pane-0").isVisible()).isTrue();
    assertThat(robot.lookup("#pane-1").tryQuery()).isEmpty();
  }

  @Test
  void theInspectorGivesWayToASecondViewUnlessItIsWanted() {
    assertThat(node("#inspector").isVisible()).isTrue();
    robot.clickOn("#split");
    assertThat(node("#inspector").isVisible()).isFalse();
    robot.push(KeyCode.CONTROL, KeyCode.I);
    assertThat(node("#inspector").isVisible()).isTrue();
  }

  @Test
  void anotherWindowGoesOnWhereThisOneLeftOff() {
    robot.clickOn("#rail-partition").clickOn("#split");
    robot.interact(
        () -> {
          ConsoleFixture korean =
              new ConsoleFixture(Locale.KOREAN, Theme.Kind.DARK, 1280, 800, false, "cluster");
          korean.window.follow(console.window.trail());
          console.window.close();
          console.feed.close();
          console = korean;
          stage.setScene(console.scene);
        });

    assertThat(shows("partition-view")).isTrue();
    assertThat(shows("lane-view")).isTrue();
    robot.clickOn("#back").clickOn("#back");
    assertThat(shows("cluster-view")).isTrue();
  }

  private boolean shows(String view) {
    return robot.lookup("#" + view).tryQuery().isPresent();
  }

  private boolean railSelected(String view) {
    return robot.lookup("#rail-" + view).queryAs(ToggleButton.class).isSelected();
  }

  private Node node(String query) {
    return robot.lookup(query).query();
  }
}
