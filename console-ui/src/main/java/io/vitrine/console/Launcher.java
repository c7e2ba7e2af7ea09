package io.vitrine.console;

import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.cli.VitrineCommand;
import io.vitrine.cluster.remote.RemoteCluster;
import io.vitrine.cluster.remote.RemoteSettings;
import java.time.InstantSource;
import java.util.concurrent.Executors;

/**
 * The program's main class: reads the command line, then runs the cluster alone or the console.
 *
 * <p>Does not extend {@code javafx.application.Application}, so that nothing of JavaFX is loaded
 * when no window is wanted.
 */
public final class Launcher {
  private Launcher() {}

  /** Ends the process with 0 when all went well, 1 when something failed, 2 when misused. */
  public static void main(String[] arguments) {
    System.exit(
        VitrineCommand.run(
            settings ->
                new ConsoleApplication(
                        () -> LocalCluster.start(settings),
                        to ->
                            RemoteCluster.attach(
                                RemoteSettings.of(
                                    to.bootstrapServers(), to.zooKeeper(), to.settingsFile()),
                                InstantSource.system(),
                                System::nanoTime),
                        settings.dataDirectory(),
                        Executors.newCachedThreadPool(r -> new Thread(r, "console-background")))
                    .run(),
            arguments));
  }
}
