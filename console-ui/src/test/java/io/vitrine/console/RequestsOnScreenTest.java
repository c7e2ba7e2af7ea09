package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.cluster.testing.SampleWire;
import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.console.live.Selection;
import io.vitrine.console.theme.Theme;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableView;
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

/** What an operator sees of requests: pipeline, waiting room, wire trace. */
class RequestsOnScreenTest {
  private final FxRobot robot = new FxRobot();
  private ConsoleFixture console;
  private WireTrace trace;
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
              new ConsoleFixture(Locale.ENGLISH, Theme.Kind.LIGHT, 1280, 800, false, "request");
          trace = console.cluster.wireTrace().orElseThrow();
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
  void thePictureHasATableThatSaysTheSame() {
    robot.clickOn("#pipeline-as-table");

    assertThat(robot.lookup("#pipeline-places").queryAs(TableView.class).isVisible()).isTrue();
    assertThat(robot.lookup("#pipeline-places").queryTableView().getItems()).hasSizeGreaterThan(15);
    assertThat(robot.lookup("#pipeline-apis").queryTableView().getItems()).hasSize(3);
  }

  @Test
  void whatWaitsAtTheChosenBrokerSaysWhatFor() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(3)));
    robot.clickOn("#requests-waiting");

    assertThat(robot.lookup("#waiting-room .label").queryAllAs(Labeled.class))
        .extracting(Labeled::getText)
        .contains("at least 1 B can be read", "broker 1");
    robot.clickOn("#request-filter").write("produce");
    assertThat(robot.lookup("#waiting-room").queryTableView().getItems())
        .allMatch(row -> row.toString().contains("purgatory=Produce"));
  }

  @Test
  void aBrokerThatIsGoneIsSaidToBeUnknown() {
    robot.interact(
        () -> {
          console.tell(Chapter.SESSION_RUNNING_OUT);
          console.selection.choose(new Selection.Broker(2));
        });

    assertThat(robot.lookup("#requests-view .muted").queryAllAs(Labeled.class))
        .filteredOn(Labeled::isVisible)
        .extracting(Labeled::getText)
        .anyMatch(text -> text.contains("Broker 2 does not serve"));
  }

  @Test
  void theTraceIsOffUntilItIsTurnedOn() {
    robot.clickOn("#requests-trace");
    assertThat(trace.isOn()).isFalse();

    robot.clickOn("#trace-on");
    assertThat(trace.isOn()).isTrue();
    assertThat(robot.lookup("#trace-on").queryAs(Labeled.class).getText()).isEqualTo("Trace: on");

    robot.clickOn("#trace-on");
    assertThat(trace.isOn()).isFalse();
  }

  @Test
  void filtersFindTheExchangeThatFailed() {
    traced();
    assertThat(rows()).hasSize(29);

    robot.clickOn("#trace-failed");
    assertThat(rows()).extracting(WireExchange::api).containsExactly("Heartbeat");
    robot.clickOn("#trace-failed").clickOn("#request-filter").write("fetcher");
    assertThat(rows()).hasSize(8).allMatch(row -> row.clientId().endsWith("fetcher"));
    robot.interact(() -> robot.lookup("#request-filter").queryAs(TextField.class).clear());
    robot.clickOn("#trace-one-broker");
    assertThat(rows()).isNotEmpty().allMatch(row -> row.brokerId() == 1);
  }

  @Test
  void fieldsAndBytesPointAtEachOther() {
    traced();
    choose(rows().size() - 2);
    TreeTableView<WireField> fields = fields();
    assertThat(names(fields.getRoot())).contains("header", "body", "acks", "record [0]");

    robot.interact(() -> fields.getSelectionModel().select(find(fields.getRoot(), "timeout_ms")));
    robot.interact(() -> robot.lookup("#exchange-bytes").query().requestFocus());
    robot.type(KeyCode.RIGHT, 4);

    assertThat(fields.getSelectionModel().getSelectedItem().getValue().name())
        .isEqualTo("topic_data");
  }

  @Test
  void anAnswerIsTakenApartAndCopiedAsJson() {
    traced();
    choose(rows().size() - 2);
    robot.clickOn("#exchange-answer");
    assertThat(names(fields().getRoot())).contains("base_offset", "error_code");

    robot.clickOn("#copy-json");
    assertThat(clipboard()).contains("\"api\":\"Produce\"", "\"base_offset\":1009");
    robot.clickOn("#copy-hex");
    assertThat(clipboard()).startsWith("00000000: ");
  }

  @Test
  void everythingIsReachedByKeyboard() {
    traced();
    robot.interact(() -> robot.lookup("#wire-trace").query().requestFocus());
    robot.interact(
        () -> robot.lookup("#wire-trace").queryTableView().getSelectionModel().select(0));
    robot.type(KeyCode.DOWN);

    assertThat(fields().getRoot().getChildren()).isNotEmpty();
    robot.type(KeyCode.SLASH);
    assertThat(robot.lookup("#request-filter").query().isFocused()).isTrue();
  }

  private void traced() {
    robot.clickOn("#requests-trace");
    robot.interact(
        () -> {
          SampleWire.tell(trace);
          console.feed.tick();
        });
  }

  private void choose(int row) {
    robot.interact(
        () -> robot.lookup("#wire-trace").queryTableView().getSelectionModel().select(row));
  }

  private List<WireExchange> rows() {
    return robot.lookup("#wire-trace").<WireExchange>queryTableView().getItems();
  }

  @SuppressWarnings("unchecked")
  private TreeTableView<WireField> fields() {
    return robot.lookup("#exchange-fields").queryAs(TreeTableView.class);
  }

  private String clipboard() {
    String[] text = new String[1];
    robot.interact(() -> text[0] = Clipboard.getSystemClipboard().getString());
    return text[0];
  }

  private static List<String> names(TreeItem<WireField> under) {
    return under.getChildren().stream()
        .flatMap(each -> Stream.concat(Stream.of(each.getValue().name()), names(each).stream()))
        .toList();
  }

  private static TreeItem<WireField> find(TreeItem<WireField> under, String name) {
    for (TreeItem<WireField> each : under.getChildren()) {
      if (each.getValue().name().equals(name)) {
        return each;
      }
      TreeItem<WireField> below = find(each, name);
      if (below != null) {
        return below;
      }
    }
    return null;
  }
}
