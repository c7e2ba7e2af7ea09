package io.vitrine.console.home;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Which cluster is on the screen, and which could be. Called on the JavaFX thread. */
public interface Connections {
  /** Clusters that were attached before, by name. */
  List<Connection> saved();

  /** The attached cluster on the screen; empty when it is the bundled one. */
  Optional<Connection> shown();

  /**
   * Attaches to a cluster, keeps its address, and makes the window anew for it. The bundled cluster
   * runs on.
   *
   * @param failed hears in words why that cannot be
   */
  void attach(Connection to, Consumer<String> failed);

  /** Shows the bundled cluster again; what is attached is let go. */
  void showBundled();

  /** Keeps this address no longer. */
  void forget(Connection connection);

  /** Folders that were opened lately, the last one first. */
  List<Path> folders();

  /** Remembers a folder. */
  void opened(Path folder);
}
