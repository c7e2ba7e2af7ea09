package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.control.CommandPalette;
import io.vitrine.console.live.Selection;
import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.theme.Theme;
import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/** The frame's own pages, the palette over everything, notices, and commands to copy. */
class FramePagesTest {
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
  void aTermIsLookedUpFromThePaletteInEitherLanguage() {
    look("툼스톤");

    assertThat(text("#article-name")).isEqualTo("Tombstone");
    assertThat(text("#article-other")).isEqualTo("툼스톤");
    assertThat(text("#article-text")).contains("delete.retention.ms");
  }

  @Test
  void aSettingIsLookedUpWithItsDefaultAndWhoSaysOtherwise() {
    look("min.insync.replicas");

    assertThat(text("#article-name")).isEqualTo("min.insync.replicas");
    assertThat(words("#article-facts")).contains("Type", "int", "Default");
  }

  @Test
  void aTermLeadsToItsSettingsAndToTheViewThatShowsIt() {
    look("high watermark");
    robot.clickOn(button("See it"));
    assertThat(shows("lane-view")).isTrue();

    robot.push(KeyCode.ALT, KeyCode.LEFT);
    assertThat(shows("reference-view")).isTrue();
    look("In-sync");
    robot.clickOn(button("replica.lag.time.max.ms"));
    assertThat(text("#article-name")).isEqualTo("replica.lag.time.max.ms");
    assertThat(words("#article-facts")).contains("30000  (30.0 s)");
  }

  @Test
  void thePaletteOffersWhatCanBeDoneWithTheChosenThingFirst() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(2)));
    robot.push(KeyCode.CONTROL, KeyCode.K);

    List<CommandPalette.Entry> listed = palette();
    assertThat(listed.get(0).kind()).isEqualTo("Chosen");
    assertThat(listed.get(0).detail()).isEqualTo("Broker 2");
    assertThat(listed).extracting(CommandPalette.Entry::kind).doesNotContain("Term", "Partition");
  }

  @Test
  void settingsTakeEffectAtOnce() {
    robot.clickOn("#rail-settings");
    robot.clickOn("#theme-dark").clickOn("#motion-full");
    robot.clickOn("#language-korean");

    assertThat(console.wanted)
        .containsExactly(
            new ConsoleSettings(Locale.ENGLISH, Dress.DARK, false, true),
            new ConsoleSettings(Locale.ENGLISH, Dress.LIGHT, true, true),
            new ConsoleSettings(Locale.KOREAN, Dress.LIGHT, false, true));
    assertThat(text("#data-directory")).endsWith("vitrine");
    robot.clickOn("#copy-data-directory");
    assertThat(copied()).isEqualTo(text("#data-directory"));
  }

  @Test
  void everyChangeIsInTheAuditLogAndSoIsWhyItWasRefused() {
    robot.clickOn("#elect-all");
    console.cluster.refuse(new CommandRefusedException("No broker is running."));
    robot.clickOn("#elect-all");
    robot.clickOn("#rail-audit");

    TableView<?> table = robot.lookup("#audit").queryAs(TableView.class);
    assertThat(table.getItems()).hasSize(3);
    assertThat(words("#audit"))
        .anyMatch(w -> w.startsWith("kafka-leader-election.sh"))
        .anyMatch(w -> w.startsWith("refused: No broker is running.  <-  kafka-leader-election"));
    robot.clickOn("#audit-copy-all");
    assertThat(copied()).startsWith("kafka-leader-election.sh").endsWith(" …");
    robot.clickOn("#audit-filter").write("refused");
    assertThat(table.getItems()).hasSize(1);
  }

  @Test
  void theAboutPageNamesEveryLicence() {
    robot.clickOn("#rail-about");

    TableView<?> table = robot.lookup("#components").queryAs(TableView.class);
    assertThat(table.getItems().toString()).contains("kafka-clients").contains("Pretendard");
    robot.clickOn("#about-copy");
    assertThat(copied()).isEqualTo("Vitrine …");
  }

  @Test
  void noticesLeaveTheFocusWhereItIsAndAreCounted() {
    robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);
    robot.type(KeyCode.SLASH);
    Node before = console.scene.getFocusOwner();
    robot.interact(
        () -> {
          console.window.notice("Broker 2: its disk is full", true);
          console.window.notice("Broker 2: its disk is full", true);
        });

    assertThat(console.scene.getFocusOwner()).isSameAs(before);
    assertThat(words(".notice")).containsExactly("Broker 2: its disk is full", "×2", "×");
    robot.clickOn(".notice .button");
    assertThat(robot.lookup(".notice").tryQuery()).isEmpty();
    assertThat(console.scene.getFocusOwner()).isSameAs(before);
  }

  @Test
  void escapeClosesTheNewestNotice() {
    robot.interact(
        () -> {
          console.window.notice("one", true);
          console.window.notice("two", true);
        });
    robot.type(KeyCode.ESCAPE);

    assertThat(words(".notice")).contains("one").doesNotContain("two");
  }

  @Test
  void whatWasNoticedCanBeReadLater() {
    robot.interact(
        () -> {
          console.window.notice("Broker 2: its disk is full", true);
          console.window.notice("Done: Start broker 2", false);
        });
    robot.type(KeyCode.ESCAPE).type(KeyCode.ESCAPE);
    assertThat(robot.lookup("#notices").queryAs(Button.class).getText()).isEqualTo("1");

    robot.clickOn("#notices");

    assertThat(words("#all-notices"))
        .containsSubsequence("Done: Start broker 2", "Broker 2: its disk is full");
    assertThat(robot.lookup("#notices").queryAs(Button.class).getText()).isEmpty();
  }

  @Test
  void everyActionOfTheChosenThingCanBeCopiedAsACommand() {
    robot.interact(() -> console.selection.choose(new Selection.Broker(2)));
    MenuButton copies = robot.lookup("#inspector-copies").queryAs(MenuButton.class);
    assertThat(copies.getItems()).hasSizeGreaterThan(1);

    robot.interact(() -> copies.getItems().get(0).fire());

    assertThat(copied()).startsWith("kill ");
  }

  @Test
  void allKeysAreListed() {
    robot.clickOn("#rail-audit");
    robot.interact(() -> console.scene.getRoot().requestFocus());
    robot.clickOn("#help");

    assertThat(words("#all-keys"))
        .contains("Going about", "Ctrl+K", "Alt+←  Alt+→", "Audit log", "Copy the line");
    robot.type(KeyCode.ESCAPE);
    assertThat(robot.lookup("#all-keys").tryQuery()).isEmpty();
  }

  private void look(String typed) {
    robot.push(KeyCode.CONTROL, KeyCode.K);
    // Hangul has no keys here: it is put in as an input method would.
    robot.interact(() -> robot.lookup("#palette-field").queryAs(TextField.class).setText(typed));
    robot.type(KeyCode.ENTER);
  }

  private List<CommandPalette.Entry> palette() {
    ListView<?> list = robot.lookup("#palette-list").queryAs(ListView.class);
    return list.getItems().stream().map(CommandPalette.Entry.class::cast).toList();
  }

  /** What the newest notice says was copied. */
  private String copied() {
    String prefix = "Copied: ";
    return words(".notice").stream()
        .filter(w -> w.startsWith(prefix))
        .reduce((before, after) -> after)
        .map(w -> w.substring(prefix.length()))
        .orElseThrow();
  }

  private boolean shows(String view) {
    return robot.lookup("#" + view).tryQuery().isPresent();
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Label.class).getText();
  }

  private List<String> words(String parent) {
    return robot
        .from(robot.lookup(parent).queryAll())
        .lookup((Node n) -> n instanceof Labeled)
        .queryAll()
        .stream()
        .filter(Node::isVisible)
        .map(n -> ((Labeled) n).getText())
        .filter(t -> t != null && !t.isEmpty())
        .toList();
  }

  private Node button(String text) {
    return robot.lookup(n -> n instanceof Button b && text.equals(b.getText())).query();
  }
}
