package io.vitrine.console;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.cluster.remote.RemoteCluster;
import io.vitrine.cluster.remote.RemoteSettings;
import io.vitrine.cluster.snapshot.PartitionView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.stage.WindowEvent;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * The whole console attached to a living cluster, which here is the bundled one seen from outside:
 * so that what the screen says can be held against what the cluster itself knows.
 */
class AttachedOnScreenTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FxRobot robot = new FxRobot();
  private final ExecutorService background = Executors.newCachedThreadPool();
  @TempDir private Path data;
  private LocalCluster cluster;
  private ConsoleApplication application;

  @BeforeAll
  static void toolkit() throws Exception {
    FxToolkit.registerPrimaryStage();
  }

  @BeforeEach
  void open() throws Exception {
    Files.writeString(data.resolve("console.properties"), "language=en\n");
    cluster =
        LocalCluster.start(LocalClusterSettings.in(data).withAnyPorts().withDemoTraffic(true));
    cluster.awaitServing(60, TimeUnit.SECONDS);
    application =
        new ConsoleApplication(
            () -> cluster,
            to ->
                RemoteCluster.attach(
                    RemoteSettings.of(to.bootstrapServers(), to.zooKeeper(), to.settingsFile()),
                    InstantSource.system(),
                    System::nanoTime),
            data,
            background);
    robot.interact(application::show);
    until(() -> robot.lookup("#cluster-view").tryQuery().isPresent());
    until(() -> cluster.snapshot().partitions().size() > 60);
  }

  @AfterEach
  void close() throws Exception {
    robot.interact(() -> application.stage().hide());
    robot.interact(
        () ->
            application
                .stage()
                .fireEvent(new WindowEvent(application.stage(), WindowEvent.WINDOW_CLOSE_REQUEST)));
    application.awaitClosed();
    background.shutdown();
  }

  @Test
  void everyViewSaysWhatIsKnownAndOffersNothingThatMayNotBeDone() {
    show("home");
    robot.interact(
        () -> {
          field("#attach-bootstrap").setText(cluster.snapshot().bootstrapServers());
          field("#attach-name").setText("seen from outside");
          field("#attach-zookeeper").setText(cluster.snapshot().zooKeeper().connectString());
          robot.lookup("#attach").queryButton().fire();
        });
    until(() -> text("#home-name").equals("Attached: seen from outside"));
    until(() -> text("#home-address").equals(cluster.snapshot().bootstrapServers()));
    assertThat(robot.lookup("#home-stop").tryQuery()).isEmpty();

    show("cluster");
    until(() -> robot.lookup("#broker-3").tryQuery().isPresent());
    for (String action : List.of("#kill-1", "#stop-1", "#start-1", "#elect-all", "#create-topic")) {
      assertThat(robot.lookup(action).tryQuery()).as(action).isEmpty();
    }
    assertThat(robot.lookup("#traffic-card").tryQuery()).isEmpty();
    assertThat(text("#controller-text"))
        .isEqualTo(
            "Controller: broker "
                + cluster.snapshot().controller().brokerId()
                + ", epoch "
                + cluster.snapshot().controller().epoch());

    show("controller");
    assertThat(words("#controller-view")).anyMatch(t -> t.contains("stay inside the cluster"));
    show("request");
    assertThat(words("#requests-view")).anyMatch(t -> t.contains("stay inside the brokers"));
    show("storage");
    assertThat(words("#storage-view")).anyMatch(t -> t.contains("brokers' machines"));
    show("zookeeper");
    until(() -> words("#zookeeper-view").contains("brokers"));
    show("group");
    until(() -> words("#groups-view").contains("demo-readers"));
    show("partition");
    TopicPartition orders = new TopicPartition("orders", 0);
    robot.interact(() -> field("#filter").setText("orders-0"));
    until(() -> words("#partition-view").contains("orders-0"));
    List<String> row = words("#partition-view");
    PartitionView own = cluster.snapshot().partitions().get(orders);
    assertThat(row).contains(own.isr().stream().map(String::valueOf).collect(joining(", ")));
    assertThat(robot.lookup("#create").tryQuery()).isEmpty();
    show("lane");
    assertThat(words("#lane-view")).anyMatch(t -> t.contains("is told to no client"));

    show("home");
    robot.interact(() -> robot.lookup("#show-bundled").queryButton().fire());
    until(() -> text("#home-name").equals("Bundled cluster"));
    assertThat(robot.lookup("#home-stop").tryQuery()).isPresent();
  }

  private void show(String view) {
    robot.interact(() -> robot.lookup("#rail-" + view).queryAs(ToggleButton.class).fire());
  }

  private TextField field(String query) {
    return robot.lookup(query).queryAs(TextField.class);
  }

  private String text(String query) {
    return robot.lookup(query).queryAs(Labeled.class).getText();
  }

  private List<String> words(String parent) {
    return robot.from(robot.lookup(parent).queryAll()).lookup(Node::isVisible).queryAll().stream()
        .filter(Labeled.class::isInstance)
        .map(n -> ((Labeled) n).getText())
        .filter(text -> text != null)
        .toList();
  }

  private void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).ignoreExceptions().until(condition);
  }
}
