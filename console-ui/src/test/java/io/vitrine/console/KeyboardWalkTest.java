package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.theme.Theme;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Every view of the rail, whichever there are, by keyboard alone: it is opened, walked through with
 * Tab from end to end, and left again.
 */
class KeyboardWalkTest {
  private static final int MOST_STOPS = 400;

  private final FxRobot robot = new FxRobot();
  private ConsoleFixture console;
  private Stage stage;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
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
  void everyViewIsReachedWalkedAndLeftInEnglish() {
    walk(Locale.ENGLISH);
  }

  @Test
  void everyViewIsReachedWalkedAndLeftInKorean() {
    walk(Locale.KOREAN);
  }

  private void walk(Locale locale) {
    open(locale);
    List<ToggleButton> rail = rail();
    assertThat(rail).hasSizeGreaterThanOrEqualTo(8);
    for (ToggleButton view : rail) {
      // The rail itself is part of the tab order: a view is opened with the keys it has there.
      robot.interact(view::requestFocus);
      robot.type(KeyCode.ENTER);
      assertThat(view.isSelected()).as("%s is opened by Enter", view.getId()).isTrue();
      robot.interact(() -> walkThrough(view.getId()));
    }
  }

  /** Tab comes back to where it began, and everything it stops at says what it is. */
  private void walkThrough(String view) {
    Set<Node> stops = Collections.newSetFromMap(new IdentityHashMap<>());
    Node first = console.scene.getFocusOwner();
    Node at = first;
    do {
      assertThat(stops.add(at)).as("%s: Tab goes in a circle at %s", view, at).isTrue();
      assertThat(stops.size()).as("%s: no end of stops", view).isLessThan(MOST_STOPS);
      assertThat(said(at)).as("%s: %s says nothing", view, at).isPresent();
      at.fireEvent(tab());
      at = console.scene.getFocusOwner();
      assertThat(at).as("%s: the focus is lost", view).isNotNull();
    } while (at != first);
    assertThat(stops.stream().filter(n -> within("panes", n)))
        .as("%s: nothing in the view is reached", view)
        .isNotEmpty();
  }

  private static KeyEvent tab() {
    return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.TAB, false, false, false, false);
  }

  /** What a screen reader has to say of a node. */
  private static Optional<String> said(Node node) {
    List<String> words = new ArrayList<>();
    words.add(node.getAccessibleText());
    if (node instanceof Labeled labeled) {
      words.add(labeled.getText());
    }
    if (node instanceof TextInputControl field) {
      words.add(field.getPromptText());
      words.add(field.getText());
    }
    if (node instanceof ScrollPane scroll && scroll.getContent() instanceof Parent content) {
      content.lookupAll(".label").forEach(l -> words.add(((Labeled) l).getText()));
    }
    if (node instanceof Parent parent && node.getId() != null) {
      parent.lookupAll(".text").forEach(t -> words.add(((Text) t).getText()));
    }
    return words.stream().filter(w -> w != null && !w.isBlank()).findFirst();
  }

  private static boolean within(String id, Node node) {
    for (Node n = node; n != null; n = n.getParent()) {
      if (id.equals(n.getId())) {
        return true;
      }
    }
    return false;
  }

  private List<ToggleButton> rail() {
    return robot.lookup(".rail-button").queryAllAs(ToggleButton.class).stream().toList();
  }

  private void open(Locale locale) {
    robot.interact(
        () -> {
          console = new ConsoleFixture(locale, Theme.Kind.DARK, 1280, 800, false, "cluster");
          console.tell(Chapter.SHARED);
          stage = new Stage();
          stage.setScene(console.scene);
          stage.show();
          stage.requestFocus();
        });
  }
}
