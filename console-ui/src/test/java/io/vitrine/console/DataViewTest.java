package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.data.ReadProgress.State;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.SendOrder;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.testing.FakeData;
import io.vitrine.console.testing.SampleRecords;
import io.vitrine.console.theme.Theme;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
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

/** Somebody reads, follows, stops, takes apart and writes records, mostly without a mouse. */
class DataViewTest {
  private final FxRobot robot = new FxRobot();
  private ConsoleFixture console;
  private FakeData data;
  private Stage stage;
  private int told;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
  }

  @BeforeEach
  void open() {
    show(Locale.ENGLISH);
  }

  private void show(Locale locale) {
    robot.interact(
        () -> {
          console = new ConsoleFixture(locale, Theme.Kind.LIGHT, 1280, 800, false, "data");
          console.tell(Chapter.SHARED);
          data = console.cluster.records();
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
  void aTailShowsWhatComesAndStops() {
    choosePartition();
    robot.clickOn("#data-start");
    assertThat(data.queries()).hasSize(1);
    assertThat(data.queries().get(0).topic()).isEqualTo("orders");
    assertThat(data.queries().get(0).partition()).contains(2);
    assertThat(data.queries().get(0).start()).isEqualTo(new ReadQuery.Last(20));
    tell(12, State.WAITING);
    assertThat(records().getItems()).hasSize(12);
    assertThat(text("#data-state")).isEqualTo("At the end");

    robot.interact(() -> records().getSelectionModel().select(0));
    assertThat(text("#record-title")).startsWith("orders-2, offset 86");
    tell(30, State.WAITING);
    assertThat(records().getItems()).as("nothing moves while one looks").hasSize(12);
    assertThat(text("#data-follow")).isEqualTo("Newer: 18");
    robot.clickOn("#data-follow");
    assertThat(records().getItems()).hasSize(30);

    robot.interact(() -> records().requestFocus());
    robot.type(KeyCode.ESCAPE);
    assertThat(data.stops()).isEqualTo(1);
    assertThat(text("#data-state")).isEqualTo("Stopped");
    assertThat(robot.lookup("#data-stop").query().isDisabled()).isTrue();
  }

  @Test
  void aSearchIsMadeByKeyboardAndKeepsToItsLimits() {
    choosePartition();
    robot.interact(() -> ((Labeled) robot.lookup("#data-mode-read").query()).requestFocus());
    robot.type(KeyCode.SPACE);
    robot.type(KeyCode.SLASH);
    robot.write("4703").push(KeyCode.CONTROL, KeyCode.ENTER);

    ReadQuery query = data.queries().get(0);
    assertThat(query.follow()).isFalse();
    assertThat(query.mostMatches()).isEqualTo(500);
    assertThat(query.mostRead()).isEqualTo(100_000);
    tell(12, State.ENOUGH_READ);
    assertThat(records().getItems()).hasSize(1);
    assertThat(text("#data-status")).startsWith("Read: 12, shown: 1");
  }

  @Test
  void gAsksForAnOffset() {
    choosePartition();
    robot.interact(() -> records().requestFocus());
    robot.type(KeyCode.G);
    robot.write("4711").type(KeyCode.ENTER);

    assertThat(data.queries().get(0).start()).isEqualTo(new ReadQuery.Offset(4_711));
  }

  @Test
  void whatCannotBeIsSaidAndNothingIsRead() {
    choosePartition();
    robot.interact(() -> records().requestFocus());
    robot.type(KeyCode.G);
    robot.write("x").type(KeyCode.ENTER);

    assertThat(data.queries()).isEmpty();
    assertThat(text("#data-wrong")).isEqualTo("Not a number that fits here: x");
  }

  @Test
  void aFailureSaysWhy() {
    choosePartition();
    robot.clickOn("#data-start");
    robot.interact(
        () -> {
          data.tell(List.of(), State.FAILED, 0, "Timeout: nobody answers");
          console.feed.tick();
        });
    assertThat(text("#data-status")).isEqualTo("Timeout: nobody answers");
  }

  @Test
  void aRecordIsTakenApartAndWrittenAgain() {
    choosePartition();
    robot.clickOn("#data-start");
    tell(8, State.WAITING);
    robot.interact(() -> records().getSelectionModel().select(0));
    robot.clickOn("#record-as-headers");
    TableView<?> headers = robot.lookup("#record-headers").queryAs(TableView.class);
    assertThat(headers.getItems()).hasSize(2);
    robot.clickOn("#record-as-bytes");
    TableView<?> bytes = robot.lookup("#record-bytes").queryAs(TableView.class);
    assertThat(bytes.getItems()).hasSizeGreaterThan(3);

    robot.clickOn("#write-again");
    assertThat(input("#write-value").getText()).startsWith("{\"order\":4700");
    assertThat(text("#write-effect")).contains("murmur2(key)");
    robot.clickOn("#write-send");
    assertThat(data.orders()).hasSize(1);
    SendOrder order = data.orders().get(0);
    assertThat(order.topic()).isEqualTo("orders");
    assertThat(order.acks()).isEqualTo(SendOrder.Acks.ALL);
    assertThat(console.asked).anyMatch(asked -> asked.startsWith("audit kcat -P"));
  }

  @Test
  void writtenRecordsSayWhereTheyWent() throws Exception {
    robot.interact(() -> console.selection.choose(new Selection.Topic("payments")));
    robot.interact(() -> SampleRecords.write(console.scene, console.cluster));
    assertThat(text("#write-state")).isEqualTo("Written");
    assertThat(text("#write-status")).startsWith("Sent: 3, acknowledged: 3, refused: 0");
    byte[] first = data.orders().get(0).records().open().next().value();
    assertThat(new String(first, StandardCharsets.UTF_8)).contains("\"payment\": 1");
    TableView<?> answers = robot.lookup("#answers").queryAs(TableView.class);
    robot.interact(() -> answers.getSelectionModel().select(0));
    robot.clickOn("#write-open");

    ReadQuery query = data.queries().get(0);
    assertThat(query.topic()).isEqualTo("payments");
    assertThat(query.partition()).isEqualTo(Optional.of(0));
    assertThat(query.start()).isEqualTo(new ReadQuery.Offset(213));
  }

  @Test
  void theRuleHasItsNumbers() {
    choosePartition();
    robot.interact(() -> records().requestFocus());
    robot.type(KeyCode.F1);
    assertThat(text("#explanation"))
        .matches("(?s)orders-2: offsets from \\d+ can be read.*ends at \\d+\\.");
  }

  @Test
  void aWindowThatGoesEndsItsReading() {
    robot.clickOn("#data-start");
    robot.interact(() -> console.window.close());
    assertThat(data.stops()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ko"})
  void everythingHasWords(String language) {
    close();
    show(Locale.forLanguageTag(language));
    for (String side : List.of("#read-side", "#write-side")) {
      robot.clickOn(side);
      for (Node node : robot.lookup(".button, .toggle-button, .combo-box").queryAll()) {
        boolean words =
            node.getAccessibleText() != null && !node.getAccessibleText().isBlank()
                || node instanceof Labeled labeled && !labeled.getText().isBlank();
        assertThat(words).as("%s", node).isTrue();
      }
    }
  }

  private void choosePartition() {
    robot.interact(
        () -> console.selection.choose(new Selection.Partition(new TopicPartition("orders", 2))));
    assertThat(robot.lookup("#data-topic").queryAs(ComboBox.class).getValue()).isEqualTo("orders");
  }

  private void tell(int records, State state) {
    robot.interact(
        () -> {
          data.tell(SampleRecords.orders(2, 86, records).subList(told, records), state, 0, "");
          told = records;
          console.feed.tick();
        });
    WaitForAsyncUtils.waitForFxEvents();
  }

  private TableView<?> records() {
    return robot.lookup("#records").queryAs(TableView.class);
  }

  private TextInputControl input(String query) {
    return robot.lookup(query).queryAs(TextInputControl.class);
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }
}
