package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.home.Connection;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** Home, with mouse and keyboard, on a told story. */
class HomeViewTest {
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
          console = new ConsoleFixture(Locale.ENGLISH, Theme.Kind.LIGHT, 1280, 800, false, "home");
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
  void theAddressAndTheLineOfEveryClientAreThereToCopy() {
    assertThat(text("#home-life")).isEqualTo("All brokers serve: 3");
    assertThat(text("#home-address")).isEqualTo("127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094");
    robot.clickOn("#home-copy-address");
    assertThat(copied()).isEqualTo(text("#home-address"));

    robot.clickOn("#snippet-spring").clickOn("#home-copy-line");
    assertThat(copied()).isEqualTo("spring.kafka.bootstrap-servers=" + text("#home-address"));
    assertThat(text("#home-zookeeper")).isEqualTo("127.0.0.1:2181");
    assertThat(text("#home-controller")).isEqualTo("broker 1");
  }

  @Test
  void theClusterIsStoppedAfterAQuestionAndStartedWithoutOne() {
    assertThat(robot.lookup("#home-start").queryAs(Button.class).isDisabled()).isTrue();
    robot.clickOn("#home-stop");
    assertThat(console.cluster.commands()).isEmpty();
    assertThat(robot.lookup("#effects .label").queryAll().toString())
        .contains("Partitions without a leader until the cluster is started again: 11");
    robot.type(KeyCode.ENTER);
    assertThat(console.cluster.commands()).containsExactly(new ClusterCommand.StopCluster());

    robot.interact(() -> console.tell(Chapter.SESSION_RUNNING_OUT));
    assertThat(text("#home-life")).isEqualTo("Brokers that serve: 2 of 3");
    robot.clickOn("#home-start");
    assertThat(console.cluster.commands()).endsWith(new ClusterCommand.StartCluster());
    assertThat(console.asked)
        .anyMatch(line -> line.startsWith("audit zookeeper-server-start.sh -daemon"));
  }

  @Test
  void aFolderIsOpenedByItsPathAndRemembered() {
    robot.interact(() -> robot.lookup("#folder-field").query().requestFocus());
    robot.write("/no/such/folder").type(KeyCode.ENTER);

    assertThat(robot.lookup("#storage-view").tryQuery()).isPresent();
    assertThat(console.selection.item())
        .isEqualTo(new Selection.Folder(Path.of("/no/such/folder")));
    assertThat(console.connections.folders()).startsWith(Path.of("/no/such/folder"));
  }

  @Test
  void aWrongAddressIsNamedBeforeAnythingIsAsked() {
    write("#attach-bootstrap", "kafka-1");
    robot.interact(() -> robot.lookup("#attach").queryAs(Button.class).fire());

    assertThat(text("#attach-said")).contains("kafka-1");
    assertThat(console.connections.wanted()).isEmpty();
  }

  @Test
  void attachingSaysWhyItFailed() {
    write("#attach-bootstrap", "kafka-1:9092");
    write("#attach-zookeeper", "zk-1:2181");
    robot.interact(() -> robot.lookup("#attach").queryAs(Button.class).fire());
    assertThat(text("#attach-said")).isEqualTo("Attaching … kafka-1:9092");
    assertThat(console.connections.wanted())
        .containsExactly(new Connection("", "kafka-1:9092", "zk-1:2181", ""));

    robot.interact(() -> console.connections.fail("Timeout: nobody answers"));
    assertThat(text("#attach-said"))
        .isEqualTo("Not attached: kafka-1:9092. Timeout: nobody answers");
    assertThat(robot.lookup("#attach").queryAs(Button.class).isDisabled()).isFalse();
  }

  @Test
  void whatToLookAtFirstIsOneKeyAway() {
    robot.interact(() -> robot.lookup("#try-lane").query().requestFocus());
    robot.type(KeyCode.SPACE);

    assertThat(robot.lookup("#lane-view").tryQuery()).isPresent();
  }

  private void write(String field, String words) {
    robot.interact(() -> robot.lookup(field).queryAs(TextField.class).setText(words));
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  private String copied() {
    String[] text = new String[1];
    robot.interact(() -> text[0] = Clipboard.getSystemClipboard().getString());
    return text[0];
  }
}
