package io.vitrine.console;

import io.vitrine.console.home.Connection;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters and folders that were opened before, kept in a file between two starts; no
 * passwords, those stay in the operator's own settings files.
 *
 * <p>A file that cannot be read counts as empty, one that cannot be written is logged. One lock.
 * Writing happens on the caller's thread; not the JavaFX thread's.
 */
final class SavedPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(SavedPlaces.class);
  private static final int MOST_CONNECTIONS = 32;
  private static final int MOST_FOLDERS = 8;

  private final Path file;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();

  /**
   * Reads them.
   *
   * @param file kept between starts; need not exist
   */
  SavedPlaces(Path file) {
    this.file = file;
    if (Files.isReadable(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        Properties values = new Properties();
        values.load(reader);
        read(values);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("{} is not read: {}", file, e.toString());
      }
    }
  }

  /** By name. */
  synchronized List<Connection> connections() {
    return List.copyOf(connections);
  }

  /** The last one first. */
  synchronized List<Path> folders() {
    return List.copyOf(folders);
  }

  /** Keeps a cluster; one of the same name makes room. */
  synchronized void keep(Connection connection) {
    connections.removeIf(known -> known.name().equals(connection.name()));
    if (connections.size() < MOST_CONNECTIONS) {
      connections.add(connection);
    }
    connections.sort(Comparator.comparing(Connection::name));
  }

  synchronized void forget(Connection connection) {
    connections.remove(connection);
  }

  /** Keeps a folder as the last one; the oldest makes room. */
  synchronized void keep(Path folder) {
    folders.remove(folder);
    folders.add(0, folder);
    if (folders.size() > MOST_FOLDERS) {
      folders.remove(MOST_FOLDERS);
    }
  }

  /** Writes them. */
  synchronized void save() {
    Properties values = new Properties();
    for (int i = 0; i < connections.size(); i++) {
      Connection each = connections.get(i);
      values.setProperty(key(i, "name"), each.name());
      values.setProperty(key(i, "bootstrap.servers"), each.bootstrapServers());
      values.setProperty(key(i, "zookeeper.connect"), each.zooKeeper());
      values.setProperty(key(i, "settings"), each.settingsFile());
    }
    for (int i = 0; i < folders.size(); i++) {
      values.setProperty("folder." + i, folders.get(i).toString());
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        values.store(writer, null);
      }
    } catch (IOException e) {
      LOG.warn("{} is not written: {}", file, e.toString());
    }
  }

  private void read(Properties values) {
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
      String bootstrap = values.getProperty(key(i, "bootstrap.servers"), "");
      if (!bootstrap.isBlank()) {
        keep(
            new Connection(
                values.getProperty(key(i, "name"), ""),
                bootstrap,
                values.getProperty(key(i, "zookeeper.connect"), ""),
                values.getProperty(key(i, "settings"), "")));
      }
    }
    for (int i = MOST_FOLDERS - 1; i >= 0; i--) {
      String folder = values.getProperty("folder." + i, "");
      if (!folder.isBlank()) {
        keep(Path.of(folder));
      }
    }
  }

  private static String key(int number, String what) {
    return "cluster." + number + "." + what;
  }
}
