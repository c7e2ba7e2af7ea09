package io.vitrine.console.testing;

import io.vitrine.console.home.Connection;
import io.vitrine.console.home.Connections;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Other clusters that are only asked for. JavaFX thread. */
public final class FakeConnections implements Connections {
  private final List<Connection> saved =
      new ArrayList<>(
          List.of(
              new Connection(
                  "staging",
                  "kafka-1.staging:9092,kafka-2.staging:9092,kafka-3.staging:9092",
                  "",
                  "")));
  private final List<Connection> wanted = new ArrayList<>();
  private final List<Path> folders =
      new ArrayList<>(
          List.of(Path.of("/var/lib/kafka/data"), Path.of("/srv/incident-42/kafka-logs")));
  private Consumer<String> failed = reason -> {};

  /** Who was to be attached, oldest first. */
  public List<Connection> wanted() {
    return List.copyOf(wanted);
  }

  /** The one that was asked for last cannot be attached. */
  public void fail(String reason) {
    failed.accept(reason);
  }

  @Override
  public List<Connection> saved() {
    return List.copyOf(saved);
  }

  @Override
  public Optional<Connection> shown() {
    return Optional.empty();
  }

  @Override
  public void attach(Connection to, Consumer<String> hears) {
    wanted.add(to);
    failed = hears;
  }

  @Override
  public void showBundled() {
    throw new UnsupportedOperationException("it is shown");
  }

  @Override
  public void forget(Connection connection) {
    saved.remove(connection);
  }

  @Override
  public List<Path> folders() {
    return List.copyOf(folders);
  }

  @Override
  public void opened(Path folder) {
    folders.add(0, folder);
  }
}
