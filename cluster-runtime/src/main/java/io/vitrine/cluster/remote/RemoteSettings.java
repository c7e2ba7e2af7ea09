package io.vitrine.cluster.remote;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach a cluster.
 *
 * @param bootstrapServers as in {@code bootstrap.servers}
 * @param zooKeeper as in {@code zookeeper.connect}, empty when it is not to be read
 * @param client further settings of Kafka's clients, such as how to log in
 */
public record RemoteSettings(
    String bootstrapServers, String zooKeeper, Map<String, String> client) {
  public RemoteSettings {
    client = Map.copyOf(client);
  }

  /**
   * With settings from a file, as Kafka's tools take it with {@code --command-config}.
   *
   * @param settingsFile empty for none
   * @throws IOException when it cannot be read
   */
  public static RemoteSettings of(String bootstrapServers, String zooKeeper, String settingsFile)
      throws IOException {
    Properties read = new Properties();
    if (!settingsFile.isEmpty()) {
      Path file = Path.of(settingsFile);
      if (!Files.isReadable(file)) {
        throw new IOException("The settings file cannot be read: " + file);
      }
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        read.load(reader);
      } catch (IllegalArgumentException e) {
        throw new IOException(file + " is no file of settings: " + e.getMessage(), e);
      }
    }
    read.remove(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    return new RemoteSettings(
        bootstrapServers,
        zooKeeper,
        read.stringPropertyNames().stream()
            .collect(Collectors.toMap(key -> key, read::getProperty)));
  }
}
