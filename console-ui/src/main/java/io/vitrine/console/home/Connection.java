package io.vitrine.console.home;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cluster that runs somewhere else. Immutable.
 *
 * @param name what the operator calls it
 * @param bootstrapServers as in {@code bootstrap.servers}
 * @param zooKeeper as in {@code zookeeper.connect}, empty when it is not looked into
 * @param settingsFile a file with settings of Kafka's clients, such as how to log in; empty for
 *     none
 */
public record Connection(
    String name, String bootstrapServers, String zooKeeper, String settingsFile) {
  private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:]+]|[^\\s:,]+):\\d{1,5}");

  /**
   * What somebody wrote, without the blanks around it; a connection without a name is called by its
   * first address.
   */
  public Connection {
    bootstrapServers = addresses(bootstrapServers);
    zooKeeper = zooKeeper.strip();
    settingsFile = settingsFile.strip();
    name = name.isBlank() ? bootstrapServers.split(",", 2)[0] : name.strip();
  }

  /** The first address that is none: not {@code host:port}; empty when all are fine. */
  Optional<String> wrongAddress() {
    return Arrays.stream(bootstrapServers.split(",", -1))
        .filter(address -> !ADDRESS.matcher(address).matches())
        .findFirst();
  }

  private static String addresses(String written) {
    return Arrays.stream(written.split(","))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .collect(Collectors.joining(","));
  }
}
