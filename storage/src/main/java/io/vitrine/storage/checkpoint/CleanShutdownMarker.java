package io.vitrine.storage.checkpoint;

import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code .kafka_cleanshutdown}: present only between a clean stop and the next start.
 *
 * <p>JSON with the broker epoch, which is -1 in ZooKeeper mode.
 */
public final class CleanShutdownMarker {
  private static final String NAME = ".kafka_cleanshutdown";
  private static final String CONTENT = "{\"version\":0,\"brokerEpoch\":-1}";

  private CleanShutdownMarker() {}

  /** Whether it is there; removes it, so that a crash from now on is seen as one. */
  public static boolean take(FileAccess files, Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    boolean there = files.exists(path);
    files.delete(path);
    return there;
  }

  public static void write(FileAccess files, Path directory) throws IOException {
    files.replace(directory.resolve(NAME), CONTENT.getBytes(StandardCharsets.UTF_8));
  }
}
