package io.vitrine.console;

import io.vitrine.cluster.Cluster;
import io.vitrine.console.home.Connection;
import io.vitrine.console.home.Connections;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches to other clusters off the JavaFX thread, one at a time: of several that were asked for
 * only the last is shown.
 *
 * <p>JavaFX thread, but for what runs on the background executor.
 */
final class Attaching implements Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

  /** Makes the link to a cluster; called on the background executor. */
  @FunctionalInterface
  interface Link {
    /** The cluster once it answers; fails with words that say why it does not. */
    Cluster to(Connection connection) throws Exception;
  }

  /** Puts a cluster on the screen; on the JavaFX thread. */
  interface Stage {
    /** The attached cluster that is shown now. */
    Optional<Connection> shown();

    /** Shows this cluster and closes it when it is shown no more; false when it comes too late. */
    boolean show(Cluster cluster, Connection connection);

    /** Shows the bundled cluster. */
    void showBundled();
  }

  private final Link link;
  private final SavedPlaces saved;
  private final Executor background;
  private final Executor screen;
  private final Stage stage;
  private Object wanted;

  Attaching(Link link, SavedPlaces saved, Executor background, Executor screen, Stage stage) {
    this.link = link;
    this.saved = saved;
    this.background = background;
    this.screen = screen;
    this.stage = stage;
  }

  @Override
  public List<Connection> saved() {
    return saved.connections();
  }

  @Override
  public Optional<Connection> shown() {
    return stage.shown();
  }

  @Override
  public void attach(Connection to, Consumer<String> failed) {
    Object ticket = new Object();
    wanted = ticket;
    background.execute(
        () -> {
          try {
            Cluster attached = link.to(to);
            screen.execute(() -> attached(ticket, attached, to));
          } catch (Exception e) {
            LOG.info("{} is not attached: {}", to.bootstrapServers(), e.toString());
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            screen.execute(
                () -> {
                  if (wanted == ticket) {
                    failed.accept(reason);
                  }
                });
          }
        });
  }

  private void attached(Object ticket, Cluster cluster, Connection to) {
    if (wanted == ticket && stage.show(cluster, to)) {
      saved.keep(to);
      background.execute(saved::save);
    } else {
      background.execute(cluster::close);
    }
  }

  @Override
  public void showBundled() {
    wanted = null;
    stage.showBundled();
  }

  @Override
  public void forget(Connection connection) {
    saved.forget(connection);
    background.execute(saved::save);
  }

  @Override
  public List<Path> folders() {
    return saved.folders();
  }

  @Override
  public void opened(Path folder) {
    saved.keep(folder);
    background.execute(saved::save);
  }
}
