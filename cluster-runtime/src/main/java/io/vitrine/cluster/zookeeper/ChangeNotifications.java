package io.vitrine.cluster.zookeeper;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of numbered notifications every broker reads, such as {@code /config/changes}.
 *
 * <p>Remembers the last number it acted on: one that could not be, because ZooKeeper went away
 * meanwhile, is taken up again with the next notification or session. At the start every
 * notification there is counts as new. Those older than a quarter of an hour are deleted. Works on
 * the executor it is given, which runs one task at a time.
 */
public final class ChangeNotifications implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifications.class);
  private static final long KEPT_MS = 15 * 60 * 1000L;

  private final ZooKeeperSession session;
  private final String directory;
  private final Executor executor;
  private final InstantSource clock;
  private final Consumer<byte[]> handler;
  private Runnable unregister = () -> {};
  private long lastNumber = -1;

  /**
   * @param handler given what a notification says. What it throws, but for ZooKeeper's own, passes
   *     the notification over
   */
  public ChangeNotifications(
      ZooKeeperSession session,
      String directory,
      Executor executor,
      InstantSource clock,
      Consumer<byte[]> handler) {
    this.session = session;
    this.directory = directory;
    this.executor = executor;
    this.clock = clock;
    this.handler = handler;
  }

  /** Begins to listen, and acts on what is there. */
  public void start() {
    unregister = session.onWatch(directory, () -> executor.execute(this::process));
    executor.execute(this::process);
  }

  /** Arms the watch again on a new session. */
  public void renewed() {
    executor.execute(this::process);
  }

  private void process() {
    try {
      Optional<List<String>> names = Waiting.on(session.childrenAndWatch(directory));
      TreeMap<Long, String> byNumber = new TreeMap<>();
      for (String name : names.orElse(List.of())) {
        byNumber.put(Long.parseLong(name.substring(name.lastIndexOf('_') + 1)), name);
      }
      for (var entry : byNumber.entrySet()) {
        take(entry.getKey(), directory + "/" + entry.getValue());
      }
    } catch (ZkException | CompletionException | NumberFormatException e) {
      LOG.debug("{} is read again with the next notification: {}", directory, e.getMessage());
    }
  }

  private void take(long number, String path) {
    Optional<NodeData> node = Waiting.on(session.get(path));
    if (node.isEmpty()) {
      return;
    }
    if (number > lastNumber) {
      act(path, node.get());
      lastNumber = number;
    }
    if (clock.millis() - node.get().stat().ctimeMs() > KEPT_MS) {
      session.delete(path, -1);
    }
  }

  private void act(String path, NodeData node) {
    try {
      handler.accept(node.data());
    } catch (ZkException | CompletionException unreachable) {
      throw unreachable;
    } catch (RuntimeException e) {
      // Another program's, perhaps a newer one's: it must not keep those behind it from us.
      LOG.warn("{} is passed over: {}", path, e.toString());
    }
  }

  @Override
  public void close() {
    unregister.run();
  }
}
