package io.vitrine.cluster;

import java.util.Comparator;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * What a command of the console would be in a shell, with Apache Kafka's own tools.
 *
 * <p>For the audit log and "copy as command line". Administration lines run as they are against
 * this cluster; lines that start or end processes name them as they would be named where each
 * broker is a process of its own. Words a shell would take apart are quoted.
 */
public final class CommandLine {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private CommandLine() {}

  /**
   * The equivalent line.
   *
   * @param bootstrap addresses as for {@code --bootstrap-server}; empty when no broker serves
   */
  public static String of(ClusterCommand command, String bootstrap) {
    String server = " --bootstrap-server " + (bootstrap.isEmpty() ? "localhost:9092" : bootstrap);
    if (command instanceof ClusterCommand.CreateTopic c) {
      return "kafka-topics.sh"
          + server
          + " --create --topic "
          + quoted(c.name())
          + " --partitions "
          + c.partitions()
          + " --replication-factor "
          + c.replicationFactor()
          + new TreeMap<>(c.settings())
              .entrySet().stream()
                  .map(e -> " --config " + quoted(e.getKey() + "=" + e.getValue()))
                  .collect(Collectors.joining());
    }
    if (command instanceof ClusterCommand.DeleteTopic c) {
      return "kafka-topics.sh" + server + " --delete --topic " + quoted(c.name());
    }
    if (command instanceof ClusterCommand.SetTopicConfig c) {
      return "kafka-configs.sh"
          + server
          + " --alter --entity-type topics --entity-name "
          + quoted(c.topic())
          + c.value()
              .map(v -> " --add-config " + quoted(c.key() + "=" + configValue(v)))
              .orElseGet(() -> " --delete-config " + quoted(c.key()));
    }
    if (command instanceof ClusterCommand.ElectPreferredLeaders c) {
      return "kafka-leader-election.sh" + server + " --election-type preferred" + partitions(c);
    }
    return process(command, server);
  }

  private static String process(ClusterCommand command, String server) {
    if (command instanceof ClusterCommand.StartBroker c) {
      return start(c.brokerId());
    }
    if (command instanceof ClusterCommand.StopBroker c) {
      return end("TERM", c.brokerId());
    }
    if (command instanceof ClusterCommand.KillBroker c) {
      return end("9", c.brokerId());
    }
    if (command instanceof ClusterCommand.RestartBroker c) {
      return end("TERM", c.brokerId()) + " && " + start(c.brokerId());
    }
    if (command instanceof ClusterCommand.RollSegment c) {
      return "# segment.ms=1 on topic "
          + c.partition().topic()
          + ", one record to partition "
          + c.partition().partition()
          + ", then segment.ms as before";
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return "# no tool of Kafka's: wait for log.retention.check.interval.ms and"
          + " log.cleaner.backoff.ms";
    }
    if (command instanceof ClusterCommand.ElectController c) {
      return "zookeeper-shell.sh " + quoted(c.zooKeeper()) + " delete /controller";
    }
    if (command instanceof ClusterCommand.StartCluster) {
      return "zookeeper-server-start.sh -daemon config/zookeeper.properties;"
          + " for f in config/server-*.properties; do kafka-server-start.sh -daemon $f; done";
    }
    if (command instanceof ClusterCommand.StopCluster) {
      return "kafka-server-stop.sh; zookeeper-server-stop.sh";
    }
    if (command instanceof ClusterCommand.StartZooKeeper) {
      return "zookeeper-server-start.sh -daemon config/zookeeper.properties";
    }
    if (command instanceof ClusterCommand.StopZooKeeper c) {
      return c.kill() ? "kill -9 $(pgrep -f zookeeper.properties)" : "zookeeper-server-stop.sh";
    }
    if (command instanceof ClusterCommand.StartZooKeeperMember c) {
      return "zookeeper-server-start.sh -daemon config/zookeeper-" + c.member() + ".properties";
    }
    if (command instanceof ClusterCommand.StopZooKeeperMember c) {
      return "kill -"
          + (c.kill() ? "9" : "TERM")
          + " $(pgrep -f zookeeper-"
          + c.member()
          + ".properties)";
    }
    if (command instanceof ClusterCommand.SwitchTraffic c) {
      return c.on()
          ? "kafka-verifiable-producer.sh"
              + server
              + " --topic orders --throughput 120 --acks -1 &"
              + " kafka-verifiable-consumer.sh"
              + server
              + " --topic orders --group-id demo-traffic"
          : "kill -TERM $(pgrep -f Verifiable)";
    }
    if (command instanceof ClusterCommand.SwitchDemoMember c) {
      String client = "client.id=demo-reader-" + c.number();
      return c.in()
          ? "kafka-console-consumer.sh"
              + server
              + " --topic orders --group demo-readers --consumer-property "
              + client
              + " &"
          : "kill -TERM $(pgrep -f " + client + ")";
    }
    throw new IllegalArgumentException("no command line for " + command);
  }

  private static String start(int brokerId) {
    return "kafka-server-start.sh -daemon config/server-" + brokerId + ".properties";
  }

  private static String end(String signal, int brokerId) {
    return "kill -" + signal + " $(pgrep -f server-" + brokerId + ".properties)";
  }

  private static String partitions(ClusterCommand.ElectPreferredLeaders command) {
    if (command.partitions().isEmpty()) {
      return " --all-topic-partitions";
    }
    if (command.partitions().size() == 1) {
      TopicPartition one = command.partitions().iterator().next();
      return " --topic " + quoted(one.topic()) + " --partition " + one.partition();
    }
    // Topic names hold nothing that JSON or a shell would take apart.
    return command.partitions().stream()
        .sorted(
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
        .map(p -> "{\"topic\":\"" + p.topic() + "\",\"partition\":" + p.partition() + "}")
        .collect(Collectors.joining(",", " --path-to-json-file <(echo '{\"partitions\":[", "]}')"));
  }

  /** Lists are bracketed, or the tool would take each element for a setting of its own. */
  private static String configValue(String value) {
    return value.contains(",") ? "[" + value + "]" : value;
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
