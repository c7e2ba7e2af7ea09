package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.testing.FakeCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.stage.WindowEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/** From the start of the cluster to its end, as the window shows it. */
class ConsoleApplicationTest {
  private final FxRobot robot = new FxRobot();
  private final FakeCluster cluster = new FakeCluster();
  private final FakeCluster other = new FakeCluster().readOnly();
  private final Queue<RuntimeException> failures = new ArrayDeque<>();
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  @TempDir private Path data;
  private ConsoleApplication application;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
  }

  @AfterEach
  void end() {
    background.shutdown();
    robot.interact(() -> application.stage().hide());
  }

  @Test
  void aFailedStartSaysWhyAndCanBeTriedAgain() {
    failures.add(new CommandRefusedException("Port 9092 is taken. Stop what uses it."));
    open();
    waitFor("#failed");
    assertThat(words("#failed")).contains("Port 9092 is taken. Stop what uses it.");

    robot.clickOn(button("#failed", 0));

    waitFor("#cluster-view");
  }

  @Test
  void closingTheWindowClosesTheClusterFirst() throws Exception {
    robot.interact(() -> cluster.tell(SampleSnapshots.events(Chapter.CALM)));
    open();
    waitFor("#cluster-view");

    robot.interact(
        () ->
            application
                .stage()
                .fireEvent(new WindowEvent(application.stage(), WindowEvent.WINDOW_CLOSE_REQUEST)));

    application.awaitClosed();
    assertThat(cluster.closed()).isTrue();
    assertThat(robot.lookup("#closing").tryQuery()).isPresent();
  }

  @Test
  void languageThemeAndAuditLogAreKept() {
    robot.interact(() -> cluster.tell(SampleSnapshots.events(Chapter.CALM)));
    open();
    waitFor("#cluster-view");
    String before = text("#rail-cluster");
    robot.clickOn("#language");
    assertThat(text("#rail-cluster")).isNotEqualTo(before);
    robot.clickOn("#theme");
    robot.clickOn("#elect-all");

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(data.resolve("console.properties"))
                  .content()
                  .contains("language=")
                  .contains("theme=");
              assertThat(data.resolve("audit.log"))
                  .content()
                  .contains("kafka-leader-election.sh")
                  .hasLineCount(1);
            });
  }

  @Test
  void openListenersAndFailedBrokersAreToldWithoutBeingAsked() throws Exception {
    Files.writeString(data.resolve("console.properties"), "language=en\n");
    robot.interact(
        () -> {
          cluster.tell(SampleSnapshots.events(Chapter.CALM));
          cluster.events().report(2, new ClusterEvent.ListenerExposed("PLAINTEXT", "0.0.0.0:9093"));
          // Nothing new in the story: what was reported is published.
          cluster.tell(SampleSnapshots.events(Chapter.CALM));
        });
    open();
    waitFor("#cluster-view");
    assertThat(words(".notice"))
        .contains(
            "Broker 2: listener PLAINTEXT is open to every machine that reaches 0.0.0.0:9093;"
                + " nobody is asked who they are");

    robot.interact(
        () -> {
          cluster.events().report(3, new ClusterEvent.BrokerFailed("the disk is gone"));
          cluster.tell(SampleSnapshots.events(Chapter.CALM));
        });
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(words(".notice")).contains("Broker 3: the disk is gone"));
  }

  @Test
  void whoHasNoMouseGoesOnWhereTheyWereAfterTheThemeChanged() {
    robot.interact(() -> cluster.tell(SampleSnapshots.events(Chapter.CALM)));
    open();
    waitFor("#cluster-view");
    robot.clickOn("#rail-settings").clickOn("#theme-dark");

    waitFor("#settings-view");
    assertThat(application.stage().getScene().getFocusOwner().getId()).isEqualTo("theme-dark");
    robot.clickOn("#back");
    assertThat(robot.lookup("#cluster-view").tryQuery()).isPresent();
  }

  @Test
  void anotherClusterIsAttachedShownAndLetGo() throws Exception {
    Files.writeString(data.resolve("console.properties"), "language=en\n");
    robot.interact(
        () -> {
          cluster.tell(SampleSnapshots.events(Chapter.CALM));
          cluster.events().report(3, new ClusterEvent.BrokerFailed("the disk is gone"));
          // Nothing new in the story: what was reported is published.
          cluster.tell(SampleSnapshots.events(Chapter.CALM));
          other.tell(SampleSnapshots.events(Chapter.FAILED_OVER));
        });
    open();
    waitFor("#cluster-view");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(words(".notice")).contains("Broker 3: the disk is gone"));
    robot.clickOn("#rail-home");
    attach("nowhere", "nowhere:9092");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(text("#attach-said")).contains("Nobody answers there."));

    attach("staging", "staging-1:9092, staging-2:9092");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(text("#home-name")).isEqualTo("Attached: staging"));
    assertThat(robot.lookup("#home-stop").tryQuery()).isEmpty();
    assertThat(cluster.closed()).isFalse();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(data.resolve("connections.properties"))
                    .content()
                    .contains("staging-1\\:9092,staging-2\\:9092"));

    robot.interact(() -> robot.lookup("#show-bundled").queryButton().fire());
    await().atMost(Duration.ofSeconds(20)).until(other::closed);
    assertThat(text("#home-name")).isEqualTo("Bundled cluster");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(text("#home-life")).isEqualTo("Brokers that serve: 2 of 3"));
    assertThat(words(".notice"))
        .as("it was told before")
        .doesNotContain("Broker 3: the disk is gone");
    assertThat(robot.lookup("#home-stop").tryQuery()).isPresent();
    assertThat(cluster.closed()).isFalse();
  }

  private void attach(String name, String bootstrap) {
    robot.interact(
        () -> {
          robot.lookup("#attach-name").queryAs(TextField.class).setText(name);
          robot.lookup("#attach-bootstrap").queryAs(TextField.class).setText(bootstrap);
        });
    robot.interact(() -> robot.lookup("#attach").queryButton().fire());
  }

  private void open() {
    application =
        new ConsoleApplication(
            () -> {
              if (!failures.isEmpty()) {
                throw failures.remove();
              }
              return cluster;
            },
            to -> {
              if (!to.name().equals("staging")) {
                throw new CommandRefusedException("Nobody answers there.");
              }
              return other;
            },
            data,
            background);
    robot.interact(application::show);
  }

  private void waitFor(String query) {
    await().atMost(Duration.ofSeconds(20)).until(() -> robot.lookup(query).tryQuery().isPresent());
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  private List<String> words(String parent) {
    return robot.from(robot.lookup(parent).queryAll()).lookup(".label").queryAll().stream()
        .map(n -> ((Labeled) n).getText())
        .toList();
  }

  private Node button(String parent, int index) {
    Set<Node> found = robot.from(robot.lookup(parent).queryAll()).lookup(".button").queryAll();
    return List.copyOf(found).get(index);
  }
}
