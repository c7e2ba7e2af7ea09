package io.vitrine.console.shell;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandEffects;
import io.vitrine.cluster.CommandLine;
import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.console.control.Layers;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what has to be asked, hands commands to the cluster and reports what was refused.
 *
 * <p>JavaFX thread; a command itself is started on the given executor, since it may take a while.
 */
final class CommandDesk implements Desk {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);

  private static final int MOST_COPIED_SHOWN = 160;

  private final Cluster cluster;
  private final SnapshotFeed feed;
  private final Executor background;
  private final Executor screen;
  private final Layers layers;
  private final Messages texts;
  private final Quantities quantities;
  private final Sheets sheets;
  private final Consumer<String> audit;
  private Consumer<TopicPartition> lanes = p -> {};
  private Consumer<String> views = id -> {};

  CommandDesk(
      Cluster cluster,
      SnapshotFeed feed,
      Executor background,
      Executor screen,
      Layers layers,
      Messages texts,
      Quantities quantities,
      Consumer<String> audit) {
    this.cluster = cluster;
    this.feed = feed;
    this.background = background;
    this.screen = screen;
    this.layers = layers;
    this.texts = texts;
    this.quantities = quantities;
    this.sheets = new Sheets(layers, texts, quantities);
    this.audit = audit;
  }

  /** Who opens the lanes of a partition. */
  void onLanes(Consumer<TopicPartition> opener) {
    lanes = opener;
  }

  /** Who opens a view by its name. */
  void onView(Consumer<String> opener) {
    views = opener;
  }

  Sheets sheets() {
    return sheets;
  }

  /** Nothing is done to a moment of the past. */
  private boolean isPast() {
    boolean past = feed.frame().past();
    if (past) {
      layers.notice(texts.get("not-in-the-past"), true);
    }
    return past;
  }

  @Override
  public void ask(ClusterCommand command) {
    if (isPast()) {
      return;
    }
    if (!may(command.needs())) {
      layers.notice(texts.get("read-only", name(command)), true);
      return;
    }
    ClusterSnapshot snapshot = feed.frame().snapshot();
    String line = CommandLine.of(command, snapshot.bootstrapServers());
    Optional<Confirmation> question =
        Confirmation.of(command, CommandEffects.of(command, snapshot), texts, quantities);
    if (question.isPresent()) {
      sheets.confirm(question.get(), line, () -> carryOut(command, line));
    } else {
      carryOut(command, line);
    }
  }

  @Override
  public void askForTopic() {
    if (isPast()) {
      return;
    }
    int serving =
        (int)
            feed.frame().snapshot().brokers().stream()
                .filter(b -> b.state() == BrokerState.SERVING)
                .count();
    sheets.createTopic(serving, this::ask);
  }

  @Override
  public void askForRetention(String topic) {
    if (isPast()) {
      return;
    }
    sheets.retention(
        topic,
        Optional.ofNullable(feed.frame().snapshot().topics().get(topic))
            .map(t -> t.config().get("retention.ms")),
        this::ask);
  }

  @Override
  public void openLanes(TopicPartition partition) {
    lanes.accept(partition);
  }

  @Override
  public void openView(String viewId) {
    views.accept(viewId);
  }

  @Override
  public void look(ZooKeeperLook at, Consumer<ZooKeeperContents> found, Consumer<String> unknown) {
    cluster
        .look(at)
        .whenComplete(
            (contents, failure) ->
                screen.execute(
                    () -> {
                      if (failure == null) {
                        found.accept(contents);
                      } else {
                        unknown.accept(reason(failure));
                      }
                    }));
  }

  @Override
  public Optional<WireTrace> wireTrace() {
    return cluster.wireTrace();
  }

  @Override
  public DataAccess data() {
    return cluster.data();
  }

  @Override
  public boolean may(Capability capability) {
    return cluster.capabilities().contains(capability);
  }

  @Override
  public void noted(String commandLine) {
    background.execute(() -> audit.accept(commandLine));
  }

  @Override
  public void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
    layers.notice(texts.get("copied", beginning(text)), false);
  }

  /** As much of a text as a notice holds. */
  private static String beginning(String text) {
    String line = text.lines().findFirst().orElse("");
    String shown = line.substring(0, Math.min(line.length(), MOST_COPIED_SHOWN));
    return shown.length() < text.length() ? shown + " …" : shown;
  }

  private void carryOut(ClusterCommand command, String line) {
    background.execute(
        () -> {
          audit.accept(line);
          try {
            cluster
                .execute(command)
                .whenComplete(
                    (done, failure) -> screen.execute(() -> report(command, line, failure)));
          } catch (RuntimeException e) {
            screen.execute(() -> report(command, line, e));
          }
        });
  }

  private void report(ClusterCommand command, String line, Throwable failure) {
    if (failure == null) {
      layers.notice(texts.get("done", name(command)), false);
      return;
    }
    boolean refused = cause(failure) instanceof CommandRefusedException;
    if (!refused) {
      LOG.error("{} failed", command, cause(failure));
    }
    String reason = reason(failure);
    layers.notice(texts.get("refused", name(command), reason), true);
    String remark =
        "# "
            + (refused ? "refused: " : "failed: ")
            + reason.replaceAll("\\R", " ")
            + "  <-  "
            + line;
    background.execute(() -> audit.accept(remark));
  }

  private static String reason(Throwable failure) {
    Throwable cause = cause(failure);
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private String name(ClusterCommand command) {
    if (command instanceof ClusterCommand.KillBroker c) {
      return texts.get("name-kill", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.StopBroker c) {
      return texts.get("name-stop", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.StartBroker c) {
      return texts.get("name-start", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.RestartBroker c) {
      return texts.get("name-restart", Integer.toString(c.brokerId()));
    }
    if (command instanceof ClusterCommand.CreateTopic c) {
      return texts.get("name-create", c.name());
    }
    if (command instanceof ClusterCommand.DeleteTopic c) {
      return texts.get("name-delete", c.name());
    }
    if (command instanceof ClusterCommand.SetTopicConfig c) {
      return texts.get("name-setting", c.topic(), c.key());
    }
    if (command instanceof ClusterCommand.ElectPreferredLeaders) {
      return texts.get("name-elect");
    }
    if (command instanceof ClusterCommand.StartZooKeeperMember c) {
      return texts.get("name-server-start", Integer.toString(c.member()));
    }
    if (command instanceof ClusterCommand.StopZooKeeperMember c) {
      return texts.get("name-server-stop", Integer.toString(c.member()));
    }
    if (command instanceof ClusterCommand.ElectController) {
      return texts.get("name-controller");
    }
    if (command instanceof ClusterCommand.RollSegment c) {
      return texts.get("name-roll", c.partition().toString());
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return texts.get("name-tend");
    }
    if (command instanceof ClusterCommand.SwitchTraffic c) {
      return texts.get(c.on() ? "name-traffic-on" : "name-traffic-off");
    }
    if (command instanceof ClusterCommand.SwitchDemoMember c) {
      return texts.get(
          c.in() ? "name-member-joins" : "name-member-leaves", Integer.toString(c.number()));
    }
    if (command instanceof ClusterCommand.StartCluster) {
      return texts.get("name-cluster-start");
    }
    if (command instanceof ClusterCommand.StopCluster) {
      return texts.get("name-cluster-stop");
    }
    return texts.get(
        command instanceof ClusterCommand.StartZooKeeper
            ? "name-zookeeper-start"
            : "name-zookeeper-stop");
  }
}
