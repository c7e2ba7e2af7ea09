package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.util.Locale;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
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

/** The way into the past and back, by keys and by the axis, and what cannot be done there. */
class PastOnScreenTest {
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
          console.tell(Chapter.FAILED_OVER);
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
  void aStepBackMarksTheWindowAndEscapeBringsThePresent() {
    assertThat(node("#past-strip").isVisible()).isFalse();

    robot.type(KeyCode.COMMA);

    assertThat(console.feed.frame().past()).isTrue();
    assertThat(node("#past-strip").isVisible()).isTrue();
    assertThat(text("#past-moment")).startsWith("The past: 2026-11-20 09:");
    assertThat(robot.lookup(".frame-past").tryQuery()).isPresent();
    robot.type(KeyCode.ESCAPE);
    assertThat(console.feed.frame().past()).isFalse();
    assertThat(node("#past-strip").isVisible()).isFalse();
    assertThat(robot.lookup(".frame-past").tryQuery()).isEmpty();
  }

  @Test
  void aClickOnTheAxisShowsTheMomentAndDraggingItsRulerScrubs() {
    Node at = node("#time-axis");
    Bounds axis = at.localToScreen(at.getBoundsInLocal());
    robot.clickOn(new Point2D(axis.getMinX() + axis.getWidth() * 0.4, axis.getMinY() + 30));
    long clicked = console.feed.frame().nowNanos();
    assertThat(console.feed.frame().past()).isTrue();

    double ruler = axis.getMaxY() - 6;
    robot
        .moveTo(new Point2D(axis.getMinX() + axis.getWidth() * 0.4, ruler))
        .press(MouseButton.PRIMARY)
        .moveTo(new Point2D(axis.getMinX() + axis.getWidth() * 0.6, ruler));
    long dragged = console.feed.frame().nowNanos();
    robot.release(MouseButton.PRIMARY);

    assertThat(dragged).isGreaterThan(clicked);
    robot.interact(() -> node("#time-axis").requestFocus());
    robot.type(KeyCode.LEFT);
    assertThat(console.feed.frame().nowNanos()).isLessThan(dragged);
    robot.type(KeyCode.HOME);
    assertThat(console.feed.frame().snapshot().brokers()).isEmpty();
    robot.type(KeyCode.END);
    assertThat(console.feed.frame().past()).isFalse();
  }

  @Test
  void nothingCanBeDoneToThePast() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(1)));
    assertThat(robot.lookup("#inspector .compact").queryAllAs(Button.class))
        .isNotEmpty()
        .noneMatch(Button::isDisabled);

    robot.type(KeyCode.COMMA);

    assertThat(robot.lookup("#inspector .compact").queryAllAs(Button.class))
        .isNotEmpty()
        .allMatch(Button::isDisabled);
    assertThat(node("#inspector-off").isVisible()).isTrue();
    robot.type(KeyCode.K).type(KeyCode.E);
    assertThat(console.cluster.commands()).isEmpty();
    assertThat(robot.lookup("#confirm").tryQuery()).isEmpty();
    assertThat(robot.lookup(".notice .label").queryAllAs(Labeled.class))
        .anyMatch(label -> label.getText().startsWith("This is the past"));
  }

  @Test
  void viewsThatReadWhatIsThereNowAreNamed() {
    robot.type(KeyCode.COMMA);
    assertThat(text("#past-not-shown")).isEmpty();

    robot.clickOn("#rail-zookeeper");

    assertThat(text("#past-not-shown")).endsWith("ZooKeeper");
  }

  @Test
  void anEventOfTheListIsGoneTo() {
    robot.clickOn("#axis-as-list");
    robot.interact(
        () -> {
          ListView<?> list = robot.lookup("#event-list").queryListView();
          for (int i = 0; i < list.getItems().size(); i++) {
            if (((StampedEvent) list.getItems().get(i)).event()
                instanceof ClusterEvent.BrokerKilled) {
              list.getSelectionModel().select(i);
            }
          }
          list.requestFocus();
        });

    robot.type(KeyCode.ENTER);

    assertThat(console.feed.frame().past()).isTrue();
    assertThat(text("#story")).contains("BrokerKilled");
    ListView<StampedEvent> list = robot.lookup("#event-list").queryListView();
    assertThat(list.getItems().get(0).event()).isInstanceOf(ClusterEvent.BrokerKilled.class);
    robot.clickOn("#past-now");
    assertThat(console.feed.frame().past()).isFalse();
  }

  @Test
  void spaceLetsTimePassAndStopsIt() {
    robot.type(KeyCode.COMMA).type(KeyCode.COMMA);
    assertThat(((Button) node("#axis-play")).getAccessibleText()).startsWith("Let time pass");

    robot.type(KeyCode.SPACE);
    assertThat(((Button) node("#axis-play")).getAccessibleText()).startsWith("Stop");
    robot.type(KeyCode.SPACE);

    assertThat(console.feed.frame().past()).isTrue();
    assertThat(console.feed.paused()).isFalse();
  }

  @Test
  void theOldLifeOfABrokerIsSeenAgain() {
    StampedEvent killed =
        console.cluster.events().after(0).stream()
            .filter(e -> e.event() instanceof ClusterEvent.BrokerKilled)
            .findFirst()
            .orElseThrow();
    robot.interact(() -> console.selection.choose(new Selection.Broker(SampleSnapshots.VICTIM)));
    robot.type(KeyCode.COMMA);
    while (console.feed.frame().snapshot().sequence() >= killed.sequence()) {
      robot.interact(() -> ((Button) node("#axis-back")).fire());
    }

    assertThat(robot.lookup("#inspector .facts .label").queryAllAs(Labeled.class))
        .anyMatch(label -> label.getText().equals("Serving"));
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  private Node node(String query) {
    return robot.lookup(query).query();
  }
}
