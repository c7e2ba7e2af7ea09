package io.vitrine.storage.checkpoint;

import io.vitrine.storage.file.FileAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * {@code meta.properties} of a log directory: whose it is.
 *
 * @param version 0 in ZooKeeper mode
 * @param brokerId -1 when unset
 * @param clusterId empty when unset
 */
public record MetaProperties(int version, int brokerId, Optional<String> clusterId) {
  private static final String NAME = "meta.properties";
  private static final int MAX_BYTES = 64 << 10;

  /** What a directory says; empty when it says nothing yet. */
  public static Optional<MetaProperties> read(FileAccess files, Path directory) throws IOException {
    Path path = directory.resolve(NAME);
    if (!files.exists(path)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(files.readSmall(path, MAX_BYTES)));
    try {
      return Optional.of(
          new MetaProperties(
              Integer.parseInt(properties.getProperty("version", "0").trim()),
              Integer.parseInt(properties.getProperty("broker.id", "-1").trim()),
              Optional.ofNullable(properties.getProperty("cluster.id"))));
    } catch (NumberFormatException e) {
      throw new IOException(
          path + " is damaged, version and broker.id must be numbers: restore it or remove it", e);
    }
  }

  public void write(FileAccess files, Path directory) throws IOException {
    StringBuilder text = new StringBuilder("#\n");
    if (brokerId >= 0) {
      text.append("broker.id=").append(brokerId).append('\n');
    }
    clusterId.ifPresent(id -> text.append("cluster.id=").append(id).append('\n'));
    text.append("version=").append(version).append('\n');
    files.replace(directory.resolve(NAME), text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
