package io.vitrine.cluster.story;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Broker settings both systems get alike, with times short enough for a test. */
final class StorySettings {
  static final int SESSION_TIMEOUT_MS = 3_000;
  static final int TICK_MS = 500;

  /** The longest that {@link #TICK_MS} allows. */
  static final int LONG_SESSION_TIMEOUT_MS = 10_000;

  /** Records of old times stay, however long a story takes. */
  static final Map<String, String> WITHOUT_RETENTION =
      Map.of("log.initial.task.delay.ms", "3600000");

  /** Old records go as soon as they may. */
  static final Map<String, String> QUICK_RETENTION =
      Map.of("log.retention.check.interval.ms", "200", "log.initial.task.delay.ms", "200");

  private StorySettings() {}

  static Map<String, String> broker(int id, int port, String zooKeeper, List<Path> logDirectories) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("broker.id", Integer.toString(id));
    settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.put("zookeeper.connect", zooKeeper);
    settings.put(
        "log.dirs", logDirectories.stream().map(Path::toString).collect(Collectors.joining(",")));
    settings.put("zookeeper.session.timeout.ms", Integer.toString(SESSION_TIMEOUT_MS));
    settings.put("auto.create.topics.enable", "false");
    settings.put("auto.leader.rebalance.enable", "false");
    settings.put("controlled.shutdown.retry.backoff.ms", "500");
    settings.put("offsets.topic.num.partitions", "3");
    settings.put("group.initial.rebalance.delay.ms", "0");
    return settings;
  }

  /**
   * One broker with ACLs, where everybody on the plain listener may do everything, and on the other
   * {@code root} and these users log in, each with its name and "-secret" as password.
   */
  static Map<String, String> withUsers(List<String> users, int plainPort, int saslPort) {
    Map<String, String> passwords = new TreeMap<>();
    users.forEach(user -> passwords.put(user, user + "-secret"));
    passwords.put("root", "root-secret");
    String listeners =
        "PLAINTEXT://127.0.0.1:" + plainPort + ",SASL_PLAINTEXT://127.0.0.1:" + saslPort;
    Map<String, String> settings = new TreeMap<>();
    settings.put("listeners", listeners);
    settings.put("advertised.listeners", listeners);
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put(
        "listener.name.sasl_plaintext.plain.sasl.jaas.config", Jaas.plainUsers("root", passwords));
    settings.put("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer");
    settings.put("super.users", "User:ANONYMOUS;User:root");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    return settings;
  }
}
