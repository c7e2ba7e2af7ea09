package io.vitrine.cluster.compat;

import io.vitrine.cluster.oracle.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an administrator does with Kafka's tools of one version, in an order in which one finds what
 * the other left: a topic is created, filled, read, moved, looked at, cut and deleted. What each
 * must print is what it prints with Apache Kafka 3.9.2.
 */
final class ToolJourney {
  private static final int LINES = 100;
  private static final String SASL_LISTENER = "listener.name.sasl_plaintext.";

  private final Tools tools;
  private final CheckedCluster cluster;
  private final Consumer<Row> rows;
  private final Path directory;
  private final String topic;
  private final String group;

  /**
   * @param prefix of the names of its topics and groups
   * @param directory for files it hands to the tools
   * @param rows hears each row when it is done
   */
  ToolJourney(
      Tools tools, CheckedCluster cluster, String prefix, Path directory, Consumer<Row> rows) {
    this.tools = tools;
    this.cluster = cluster;
    this.rows = rows;
    this.directory = directory;
    this.topic = prefix + "-topic";
    this.group = prefix + "-group";
  }

  /** Something done with a tool. */
  @FunctionalInterface
  private interface Deed {
    void carryOut() throws Exception;
  }

  /** Everything. */
  void all() throws InterruptedException {
    topics();
    topicConfigs();
    console();
    groups();
    getOffsets();
    dumpLog();
    apiVersions();
    brokerConfigs();
    entityConfigs();
    scram();
    acls();
    elections();
    reassignment();
    betweenLogDirs();
    logDirs();
    offsetsOfGroups();
    transactions();
    hangingTransactions();
    verifiable();
    performance();
    cluster();
    refusals();
    delegationTokens();
    records();
    deleteTopic();
  }

  private void row(Tool tool, String what, Deed deed) throws InterruptedException {
    try {
      deed.carryOut();
      rows.accept(Row.ok(tool.toString(), tools.version(), what, ""));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      rows.accept(Row.failed(tool.toString(), tools.version(), what, e.getMessage()));
    }
  }

  private void topics() throws InterruptedException {
    row(
        Tool.TOPICS,
        "create, describe, add a partition, list",
        () -> {
          tools
              .call(
                  Tool.TOPICS,
                  "--create",
                  "--topic",
                  topic,
                  "--partitions",
                  "2",
                  "--replication-factor",
                  "3",
                  "--config",
                  "min.insync.replicas=2")
              .prints("Created topic " + topic);
          tools
              .call(Tool.TOPICS, "--describe", "--topic", topic)
              .printsInTime("PartitionCount: 2", "ReplicationFactor: 3", "min.insync.replicas=2");
          tools.call(Tool.TOPICS, "--alter", "--topic", topic, "--partitions", "3").prints();
          tools
              .call(Tool.TOPICS, "--describe", "--topic", topic)
              .printsInTime(
                  "Partition: 2\\s+Leader: [123]\\s+Replicas: [123,]{5}\\s+Isr: [123,]{5}");
          tools.call(Tool.TOPICS, "--list").prints("^" + topic + "$");
        });
    row(
        Tool.TOPICS,
        "none under-replicated, under min ISR, unavailable",
        () -> {
          tools
              .call(Tool.TOPICS, "--describe", "--under-replicated-partitions", "--topic", topic)
              .prints();
          tools
              .call(Tool.TOPICS, "--describe", "--unavailable-partitions", "--topic", topic)
              .prints();
        });
  }

  private void topicConfigs() throws InterruptedException {
    row(
        Tool.CONFIGS,
        "alter and describe a topic",
        () -> {
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  "topics",
                  "--entity-name",
                  topic,
                  "--add-config",
                  "retention.ms=3600000")
              .prints("Completed updating config for topic " + topic);
          tools
              .call(Tool.CONFIGS, "--describe", "--entity-type", "topics", "--entity-name", topic)
              .printsInTime(
                  "retention.ms=3600000 sensitive=false synonyms=\\{DYNAMIC_TOPIC_CONFIG:"
                      + "retention.ms=3600000",
                  "min.insync.replicas=2");
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  "topics",
                  "--entity-name",
                  topic,
                  "--delete-config",
                  "retention.ms")
              .prints("Completed updating config for topic " + topic);
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  "topics",
                  "--entity-name",
                  topic,
                  "--add-config",
                  "retention.ms=soon")
              .refusesWith("InvalidConfigurationException|InvalidRequestException|ConfigException");
        });
  }

  private void brokerConfigs() throws InterruptedException {
    row(
        Tool.CONFIGS,
        "describe, alter, reset a broker, and all brokers",
        () -> {
          alterBroker("--entity-name", "1", "--add-config", "log.segment.bytes=100000000");
          tools
              .call(
                  Tool.CONFIGS,
                  "--describe",
                  "--all",
                  "--entity-type",
                  "brokers",
                  "--entity-name",
                  "1")
              .printsInTime(
                  "log.segment.bytes=100000000 .*DYNAMIC_BROKER_CONFIG:log.segment.bytes=100000000",
                  "log.retention.hours=168 sensitive=false synonyms=\\{DEFAULT_CONFIG:");
          alterBroker("--entity-name", "1", "--delete-config", "log.segment.bytes");
          alterBroker("--entity-default", "--add-config", "log.retention.ms=86400000");
          tools
              .call(Tool.CONFIGS, "--describe", "--entity-type", "brokers", "--entity-default")
              .printsInTime("log.retention.ms=86400000");
          alterBroker("--entity-default", "--delete-config", "log.retention.ms");
        });
    row(
        Tool.CONFIGS,
        "more threads for a running broker",
        () -> {
          alterBroker("--entity-name", "1", "--add-config", "num.io.threads=9");
          // The broker hears of it through ZooKeeper; the tool deletes what the broker tells.
          tools
              .call(Tool.CONFIGS, "--describe", "--entity-type", "brokers", "--entity-name", "1")
              .printsInTime("num.io.threads=9");
          alterBroker("--entity-name", "1", "--delete-config", "num.io.threads");
        });
  }

  private void alterBroker(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--alter", "--entity-type", "brokers"));
    all.addAll(List.of(arguments));
    tools
        .call(Tool.CONFIGS, all.toArray(String[]::new))
        .prints("Completed updating (default )?config for broker");
  }

  private void entityConfigs() throws InterruptedException {
    quota("users", "alice", "producer_byte_rate=1048576");
    quota("clients", "batch", "consumer_byte_rate=1048576");
    quota("ips", "127.0.0.9", "connection_creation_rate=100");
  }

  private void quota(String type, String name, String quota) throws InterruptedException {
    row(
        Tool.CONFIGS,
        "quota of " + type,
        () -> {
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  type,
                  "--entity-name",
                  name,
                  "--add-config",
                  quota)
              .prints("Completed updating config");
          tools
              .call(Tool.CONFIGS, "--describe", "--entity-type", type, "--entity-name", name)
              .printsInTime("Quota configs for .*" + name + ".* are " + quota);
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  type,
                  "--entity-name",
                  name,
                  "--delete-config",
                  quota.substring(0, quota.indexOf('=')))
              .prints("Completed updating config");
        });
  }

  private void scram() throws InterruptedException {
    row(
        Tool.CONFIGS,
        "SCRAM credentials of a user",
        () -> {
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  "users",
                  "--entity-name",
                  "carol",
                  "--add-config",
                  "SCRAM-SHA-256=[iterations=4096,password=secret]")
              .prints("Completed updating config for user carol");
          tools
              .call(Tool.CONFIGS, "--describe", "--entity-type", "users", "--entity-name", "carol")
              .printsInTime("SCRAM-SHA-256=iterations=4096");
          tools
              .call(
                  Tool.CONFIGS,
                  "--alter",
                  "--entity-type",
                  "users",
                  "--entity-name",
                  "carol",
                  "--delete-config",
                  "SCRAM-SHA-256")
              .prints("Completed updating config for user carol");
        });
  }

  private void console() throws InterruptedException {
    String lines =
        IntStream.range(0, LINES)
            .mapToObj(i -> "key-" + i + ":line-" + i)
            .collect(Collectors.joining("\n", "", "\n"));
    row(
        Tool.CONSOLE_PRODUCER,
        LINES + " lines with keys, acks=all",
        () ->
            tools
                .call(
                    Tool.CONSOLE_PRODUCER,
                    "--topic",
                    topic,
                    "--property",
                    "parse.key=true",
                    "--property",
                    "key.separator=:",
                    "--producer-property",
                    "acks=all",
                    "--compression-codec",
                    "gzip")
                .reading(lines)
                .prints());
    row(
        Tool.CONSOLE_CONSUMER,
        LINES + " lines in a group, from the beginning",
        () ->
            tools
                .call(
                    Tool.CONSOLE_CONSUMER,
                    "--topic",
                    topic,
                    "--from-beginning",
                    "--max-messages",
                    Integer.toString(LINES),
                    "--group",
                    group,
                    "--timeout-ms",
                    "30000")
                .prints("^line-0$", "^line-99$", "Processed a total of 100 messages"));
    row(
        Tool.CONSOLE_CONSUMER,
        "one partition from an offset, with keys and timestamps",
        () ->
            tools
                .call(
                    Tool.CONSOLE_CONSUMER,
                    "--topic",
                    topic,
                    "--partition",
                    "0",
                    "--offset",
                    "earliest",
                    "--max-messages",
                    "5",
                    "--property",
                    "print.key=true",
                    "--property",
                    "print.timestamp=true",
                    "--timeout-ms",
                    "30000")
                .prints("^CreateTime:\\d+\tkey-\\d+\tline-\\d+$"));
  }

  private void groups() throws InterruptedException {
    row(
        Tool.CONSUMER_GROUPS,
        "list, describe: offsets, state, members",
        () -> {
          tools.call(Tool.CONSUMER_GROUPS, "--list").prints("^" + group + "$");
          tools
              .call(Tool.CONSUMER_GROUPS, "--describe", "--group", group)
              .prints(group + "\\s+" + topic + "\\s+2\\s+\\d+\\s+\\d+\\s+0");
          tools
              .call(Tool.CONSUMER_GROUPS, "--describe", "--state", "--group", group)
              .prints(group + ".*Empty\\s+0");
          tools
              .call(Tool.CONSUMER_GROUPS, "--describe", "--members", "--group", group)
              .prints("has no active members");
        });
  }

  private void offsetsOfGroups() throws InterruptedException {
    row(
        Tool.CONSUMER_GROUPS,
        "reset and delete offsets, list states, refuse to delete what is not",
        () -> {
          tools
              .call(
                  Tool.CONSUMER_GROUPS,
                  "--reset-offsets",
                  "--to-earliest",
                  "--execute",
                  "--group",
                  group,
                  "--topic",
                  topic)
              .prints(group + "\\s+" + topic + "\\s+2\\s+0");
          tools
              .call(Tool.CONSUMER_GROUPS, "--delete-offsets", "--group", group, "--topic", topic)
              .prints("Request succeed");
          tools.call(Tool.CONSUMER_GROUPS, "--list", "--state").prints("GROUP\\s+STATE");
          tools
              .call(Tool.CONSUMER_GROUPS, "--delete", "--group", "no-such-group")
              .refusesWith("GroupIdNotFoundException");
        });
  }

  private void getOffsets() throws InterruptedException {
    row(
        Tool.GET_OFFSETS,
        "latest, earliest, by time",
        () -> {
          String latest = tools.call(Tool.GET_OFFSETS, "--topic", topic).prints();
          int sum = 0;
          Matcher offset = Pattern.compile("(?m)^" + topic + ":\\d:(\\d+)$").matcher(latest);
          while (offset.find()) {
            sum += Integer.parseInt(offset.group(1));
          }
          if (sum != LINES) {
            throw new Tools.Unexpected("end offsets sum up to " + sum + ": " + latest);
          }
          tools
              .call(Tool.GET_OFFSETS, "--topic", topic, "--time", "earliest")
              .prints("^" + topic + ":0:0$", "^" + topic + ":2:0$");
          tools
              .call(Tool.GET_OFFSETS, "--topic", topic, "--time", "max-timestamp")
              .prints("^" + topic + ":0:\\d+$");
        });
  }

  private void dumpLog() throws InterruptedException {
    row(
        Tool.DUMP_LOG,
        "segment and indexes of a running broker",
        () -> {
          Path partition = replica(1, topic + "-0");
          String first = "00000000000000000000";
          tools
              .bare(
                  Tool.DUMP_LOG,
                  "--deep-iteration",
                  "--print-data-log",
                  "--files",
                  partition.resolve(first + ".log").toString())
              .prints("compresscodec: gzip .*isvalid: true", "payload: line-\\d+");
          tools
              .bare(
                  Tool.DUMP_LOG,
                  "--files",
                  partition.resolve(first + ".index")
                      + ","
                      + partition.resolve(first + ".timeindex"))
              .prints("Dumping ");
        });
    row(
        Tool.DUMP_LOG,
        "__consumer_offsets, decoded",
        () -> {
          StringBuilder all = new StringBuilder();
          for (Path file : segments("__consumer_offsets-")) {
            all.append(
                tools
                    .bare(Tool.DUMP_LOG, "--offsets-decoder", "--files", file.toString())
                    .prints("Dumping "));
          }
          if (!Pattern.compile("\"group\":\"" + group + "\".*\"topic\":\"" + topic)
              .matcher(all)
              .find()) {
            throw new Tools.Unexpected("no commit of " + group + " in __consumer_offsets");
          }
        });
  }

  /** The directory of a replica, in whichever log directory it is. */
  private Path replica(int broker, String name) throws Tools.Unexpected {
    return cluster.logDirectories(broker).stream()
        .map(logDirectory -> logDirectory.resolve(name))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(() -> new Tools.Unexpected("no directory " + name + " of broker " + broker));
  }

  /** Segments of broker 1 that hold something, of partitions whose names begin so. */
  private List<Path> segments(String prefix) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path logDirectory : cluster.logDirectories(1)) {
      try (Stream<Path> files = Files.walk(logDirectory, 2)) {
        for (Path file : files.toList()) {
          if (file.toString().endsWith(".log")
              && file.getParent().getFileName().toString().startsWith(prefix)
              && Files.size(file) > 0) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  private void apiVersions() throws InterruptedException {
    row(
        Tool.BROKER_API_VERSIONS,
        "all three brokers",
        () ->
            tools
                .call(Tool.BROKER_API_VERSIONS)
                .prints(
                    "id: 1 rack: ",
                    "id: 3 rack: ",
                    "Produce\\(0\\): 0 to 11",
                    "Fetch\\(1\\): 0 to 17"));
  }

  private void acls() throws InterruptedException {
    row(
        Tool.ACLS,
        "add, list, remove",
        () -> {
          tools
              .call(
                  Tool.ACLS,
                  "--add",
                  "--allow-principal",
                  "User:bob",
                  "--consumer",
                  "--topic",
                  "books",
                  "--group",
                  "readers",
                  "--resource-pattern-type",
                  "prefixed")
              .prints("Adding ACLs for resource", "principal=User:bob");
          tools
              .call(Tool.ACLS, "--list", "--topic", "books", "--resource-pattern-type", "match")
              .printsInTime(
                  "patternType=PREFIXED",
                  "\\(principal=User:bob, host=\\*, operation=READ, permissionType=ALLOW\\)");
          tools
              .call(
                  Tool.ACLS,
                  "--remove",
                  "--force",
                  "--allow-principal",
                  "User:bob",
                  "--consumer",
                  "--topic",
                  "books",
                  "--group",
                  "readers",
                  "--resource-pattern-type",
                  "prefixed")
              .prints();
        });
  }

  private void elections() throws InterruptedException {
    row(
        Tool.LEADER_ELECTION,
        "preferred, all partitions",
        () ->
            tools
                .call(
                    Tool.LEADER_ELECTION, "--election-type", "preferred", "--all-topic-partitions")
                .prints());
    row(
        Tool.LEADER_ELECTION,
        "preferred, one that is not needed",
        () ->
            tools
                .call(
                    Tool.LEADER_ELECTION,
                    "--election-type",
                    "preferred",
                    "--topic",
                    topic,
                    "--partition",
                    "0")
                .prints("Valid replica already elected for partitions"));
  }

  private void reassignment() throws InterruptedException {
    row(
        Tool.REASSIGN_PARTITIONS,
        "generate, execute with throttle, list, verify",
        () -> {
          Path wanted =
              file("topics.json", "{\"version\":1,\"topics\":[{\"topic\":\"%s\"}]}", topic);
          tools
              .call(
                  Tool.REASSIGN_PARTITIONS,
                  "--generate",
                  "--broker-list",
                  "1,2,3",
                  "--topics-to-move-json-file",
                  wanted.toString())
              .prints("Proposed partition reassignment configuration");
          Path plan =
              file(
                  "plan.json",
                  "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":0,"
                      + "\"replicas\":[2,3]}]}",
                  topic);
          tools
              .call(
                  Tool.REASSIGN_PARTITIONS,
                  "--execute",
                  "--throttle",
                  "50000000",
                  "--reassignment-json-file",
                  plan.toString())
              .prints("Successfully started partition reassignment");
          tools.call(Tool.REASSIGN_PARTITIONS, "--list").prints("artition reassignments");
          tools
              .call(
                  Tool.REASSIGN_PARTITIONS, "--verify", "--reassignment-json-file", plan.toString())
              .printsInTime("Reassignment of partition " + topic + "-0 is completed");
          tools
              .call(Tool.TOPICS, "--describe", "--topic", topic)
              .printsInTime("Partition: 0\\s+Leader: [23]\\s+Replicas: 2,3\\s+Isr: [23],[23]");
        });
  }

  private void betweenLogDirs() throws InterruptedException {
    row(
        Tool.REASSIGN_PARTITIONS,
        "move a replica to the other log directory",
        () -> {
          Path now = replica(2, topic + "-0").getParent();
          Path other =
              cluster.logDirectories(2).stream()
                  .filter(d -> !d.equals(now))
                  .findFirst()
                  .orElseThrow();
          Path plan =
              file(
                  "move.json",
                  "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":0,"
                      + "\"replicas\":[2,3],\"log_dirs\":[\"%s\",\"any\"]}]}",
                  topic,
                  other);
          tools
              .call(
                  Tool.REASSIGN_PARTITIONS,
                  "--execute",
                  "--reassignment-json-file",
                  plan.toString())
              .prints("Successfully started moving log directory to");
          tools
              .call(
                  Tool.REASSIGN_PARTITIONS, "--verify", "--reassignment-json-file", plan.toString())
              .printsInTime("Reassignment of replica " + topic + "-0-2 completed successfully");
        });
  }

  private Path file(String name, String format, Object... arguments) throws IOException {
    return Files.writeString(directory.resolve(name), String.format(format, arguments));
  }

  private void logDirs() throws InterruptedException {
    row(
        Tool.LOG_DIRS,
        "describe sizes and lags",
        () ->
            tools
                .call(Tool.LOG_DIRS, "--describe", "--topic-list", topic)
                .prints(
                    "\"broker\":3",
                    "\"partition\":\""
                        + topic
                        + "-0\",\"size\":\\d+,\"offsetLag\":0,"
                        + "\"isFuture\":false"));
  }

  private void transactions() throws InterruptedException {
    row(
        Tool.TRANSACTIONS,
        "list, describe producers",
        () -> {
          tools.call(Tool.TRANSACTIONS, "list").prints("TransactionalId\\s+Coordinator");
          tools
              .call(Tool.TRANSACTIONS, "describe-producers", "--topic", topic, "--partition", "1")
              .prints("ProducerId\\s+ProducerEpoch", "^\\d+\\s+0\\s+-1");
          tools
              .call(Tool.TRANSACTIONS, "describe", "--transactional-id", "no-such-id")
              .refusesWith("Failed to describe transaction state of transactional-id `no-such-id`");
        });
  }

  private void hangingTransactions() throws InterruptedException {
    row(
        Tool.TRANSACTIONS,
        "find hanging",
        () ->
            tools
                .call(Tool.TRANSACTIONS, "find-hanging", "--broker-id", "1")
                .prints("Topic\\s+Partition\\s+ProducerId"));
  }

  private void verifiable() throws InterruptedException {
    row(
        Tool.VERIFIABLE_PRODUCER,
        "100 messages",
        () ->
            tools
                .call(
                    Tool.VERIFIABLE_PRODUCER,
                    "--topic",
                    topic,
                    "--max-messages",
                    "100",
                    "--acks",
                    "-1")
                .prints("\"acked\":100"));
    row(
        Tool.VERIFIABLE_CONSUMER,
        "200 messages in a group",
        () ->
            tools
                .call(
                    Tool.VERIFIABLE_CONSUMER,
                    "--topic",
                    topic,
                    "--group-id",
                    group + "-verifiable",
                    "--max-messages",
                    "200",
                    "--reset-policy",
                    "earliest")
                .prints("partitions_assigned", "offsets_committed.*\"success\":true"));
  }

  private void performance() throws InterruptedException {
    String where = "bootstrap.servers=" + tools.bootstrap();
    row(
        Tool.PRODUCER_PERF,
        "10,000 records of 100 bytes",
        () ->
            tools
                .bare(
                    Tool.PRODUCER_PERF,
                    "--topic",
                    topic,
                    "--num-records",
                    "10000",
                    "--record-size",
                    "100",
                    "--throughput",
                    "-1",
                    "--producer-props",
                    where,
                    "acks=all")
                .prints("^10000 records sent"));
    row(
        Tool.PRODUCER_PERF,
        "10,000 records in transactions",
        () ->
            tools
                .bare(
                    Tool.PRODUCER_PERF,
                    "--topic",
                    topic,
                    "--num-records",
                    "10000",
                    "--record-size",
                    "100",
                    "--throughput",
                    "-1",
                    "--transactional-id",
                    group + "-perf",
                    "--transaction-duration-ms",
                    "100",
                    "--producer-props",
                    where)
                .prints("^10000 records sent"));
    row(
        Tool.CONSUMER_PERF,
        "10,000 records",
        () ->
            tools
                .call(
                    Tool.CONSUMER_PERF,
                    "--topic",
                    topic,
                    "--messages",
                    "10000",
                    "--timeout",
                    "30000")
                .prints("\\d+\\.\\d+, \\d+\\.\\d+, 1\\d{4}, "));
    row(
        Tool.END_TO_END_LATENCY,
        "100 messages there and back",
        () -> endToEndLatency().prints("Avg latency: ", "Percentiles: "));
  }

  /** Its arguments got names in 4.x. */
  private Tools.Call endToEndLatency() {
    return tools.version().startsWith("3.")
        ? tools.bare(
            Tool.END_TO_END_LATENCY, tools.bootstrap(), topic + "-latency", "100", "all", "100")
        : tools.call(
            Tool.END_TO_END_LATENCY,
            "--topic",
            topic + "-latency",
            "--num-records",
            "100",
            "--producer-acks",
            "all",
            "--record-size",
            "100");
  }

  private void cluster() throws InterruptedException {
    row(
        Tool.CLUSTER,
        "cluster id",
        () ->
            tools
                .bare(Tool.CLUSTER, "cluster-id", "-b", tools.bootstrap())
                .prints("Cluster ID: \\S{22}"));
    row(Tool.FEATURES, "describe", () -> tools.call(Tool.FEATURES, "describe").prints());
  }

  private void refusals() throws InterruptedException {
    row(
        Tool.METADATA_QUORUM,
        "refused: there is none with ZooKeeper",
        () ->
            tools
                .call(Tool.METADATA_QUORUM, "describe", "--status")
                .refusesWith("UnsupportedVersionException|does not support|DESCRIBE_QUORUM"));
    row(
        Tool.DELEGATION_TOKENS,
        "refused: the channel is not authenticated",
        () ->
            tools
                .call(
                    Tool.DELEGATION_TOKENS,
                    "--describe",
                    "--command-config",
                    file("empty.properties", "").toString())
                .refusesWith("UnsupportedByAuthenticationException"));
  }

  private void delegationTokens() throws InterruptedException {
    String plain = "PLAINTEXT://" + tools.bootstrap().split(",")[0];
    String sasl = "127.0.0.1:" + FreePorts.next();
    row(
        Tool.CONFIGS,
        "a SASL listener for a running broker",
        () -> {
          String listeners = plain + ",SASL_PLAINTEXT://" + sasl;
          alterBroker(
              "--entity-name",
              "1",
              "--add-config-file",
              file(
                      "sasl-listener.properties",
                      String.join(
                          "\n",
                          "listeners=" + listeners,
                          "advertised.listeners=" + listeners,
                          SASL_LISTENER + "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256",
                          SASL_LISTENER
                              + "plain.sasl.jaas.config="
                              + login("plain.PlainLoginModule", "", "user_alice=\"secret\""),
                          SASL_LISTENER
                              + "scram-sha-256.sasl.jaas.config="
                              + login("scram.ScramLoginModule", "", "")))
                  .toString());
        });
    row(
        Tool.DELEGATION_TOKENS,
        "create, describe, renew, log in with it, expire",
        () -> tokenOf("alice", sasl));
    row(
        Tool.CONFIGS,
        "the SASL listener taken away",
        () ->
            alterBroker(
                "--entity-name",
                "1",
                "--add-config",
                "listeners=" + plain + ",advertised.listeners=" + plain,
                // The tool changes nothing while a secret is left that it is not told.
                "--delete-config",
                SASL_LISTENER
                    + "plain.sasl.jaas.config,"
                    + SASL_LISTENER
                    + "scram-sha-256.sasl.jaas.config"));
  }

  private void tokenOf(String user, String address) throws Exception {
    String[] asUser = {
      "--bootstrap-server",
      address,
      "--command-config",
      saslClient(user, "PLAIN", login("plain.PlainLoginModule", user, "password=\"secret\""))
    };
    tools
        .bare(Tool.DELEGATION_TOKENS, with(asUser, "--describe"))
        .printsInTime("Total number of tokens : 0");
    String created =
        tools
            .bare(
                Tool.DELEGATION_TOKENS,
                with(
                    asUser,
                    "--create",
                    "--max-life-time-period",
                    "-1",
                    "--renewer-principal",
                    "User:bob"))
            .prints("Created delegation token with tokenId : \\S{22}");
    Matcher token =
        Pattern.compile("(?m)^(\\S{22})\\s+(\\S{88})\\s+User:" + user + "\\s").matcher(created);
    if (!token.find()) {
      throw new Tools.Unexpected("the new token was not shown: " + created);
    }
    String id = token.group(1);
    String hmac = token.group(2);
    // Brokers hear of tokens through ZooKeeper.
    tools
        .bare(
            Tool.DELEGATION_TOKENS, with(asUser, "--describe", "--owner-principal", "User:" + user))
        .printsInTime("Total number of tokens : 1", "^\\Q" + id + "\\E\\s.*User:bob");
    tools
        .bare(
            Tool.DELEGATION_TOKENS,
            with(asUser, "--renew", "--renew-time-period", "3600000", "--hmac", hmac))
        .prints("Completed renew operation. New expiry date : \\d{4}-");
    String byToken =
        saslClient(
            "token",
            "SCRAM-SHA-256",
            login("scram.ScramLoginModule", id, "password=\"" + hmac + "\" tokenauth=\"true\""));
    tools
        .bare(Tool.TOPICS, "--bootstrap-server", address, "--list", "--command-config", byToken)
        .prints();
    tools
        .bare(
            Tool.DELEGATION_TOKENS,
            with(asUser, "--expire", "--expiry-time-period", "-1", "--hmac", hmac))
        .prints("Completed expire operation. New expiry date : \\d{4}-");
    tools
        .bare(Tool.DELEGATION_TOKENS, with(asUser, "--describe"))
        .printsInTime("Total number of tokens : 0");
  }

  private static String[] with(String[] first, String... more) {
    return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
  }

  /** A file with the settings of somebody who logs in. */
  private String saslClient(String name, String mechanism, String login) throws IOException {
    return file(
            name + ".properties",
            String.join(
                "\n",
                "security.protocol=SASL_PLAINTEXT",
                "sasl.mechanism=" + mechanism,
                "sasl.jaas.config=" + login))
        .toString();
  }

  /**
   * @param user empty on a broker
   */
  private static String login(String module, String user, String more) {
    String name = user.isEmpty() ? "" : " username=\"" + user + "\"";
    return "org.apache.kafka.common.security." + module + " required" + name + " " + more + ";";
  }

  private void records() throws InterruptedException {
    row(
        Tool.DELETE_RECORDS,
        "before an offset",
        () -> {
          Path offsets =
              file(
                  "offsets.json",
                  "{\"version\":1,\"partitions\":[{\"topic\":\"%s\",\"partition\":1,\"offset\":5}]}",
                  topic);
          tools
              .call(Tool.DELETE_RECORDS, "--offset-json-file", offsets.toString())
              .prints("partition: " + topic + "-1\\s+low_watermark: 5");
        });
  }

  private void deleteTopic() throws InterruptedException {
    row(
        Tool.CONSUMER_GROUPS,
        "delete",
        () ->
            tools
                .call(Tool.CONSUMER_GROUPS, "--delete", "--group", group + "-verifiable")
                .prints("Deletion of requested consumer groups .*was successful"));
    row(
        Tool.TOPICS,
        "delete",
        () -> {
          tools.call(Tool.TOPICS, "--delete", "--topic", topic).prints();
          tools
              .call(Tool.TOPICS, "--describe", "--topic", topic)
              .refusesWith("does not exist as expected|UnknownTopicOrPartition");
        });
  }
}
