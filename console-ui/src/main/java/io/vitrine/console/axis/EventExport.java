package io.vitrine.console.axis;

import io.vitrine.cluster.event.EventJson;
import io.vitrine.cluster.snapshot.ClusterHistory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a stretch of time into a file, an event a line, see {@link EventJson}. Any thread. */
final class EventExport {
  private EventExport() {}

  /**
   * Writes the events between two moments, both included.
   *
   * @param file made anew
   * @return how many there were
   */
  static long write(ClusterHistory history, long fromNanos, long toNanos, Path file)
      throws IOException {
    EventJson json = new EventJson();
    long[] count = {0};
    try (BufferedWriter lines = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      history.between(
          fromNanos,
          toNanos,
          event -> {
            try {
              lines.write(json.write(event));
              lines.write('\n');
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            count[0]++;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return count[0];
  }
}
