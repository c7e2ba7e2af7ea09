package io.vitrine.cluster.compat;

/** Kafka's command-line tools: their scripts' names, and the main class of each by line. */
enum Tool {
  ACLS("kafka-acls", "kafka.admin.AclCommand", "org.apache.kafka.tools.AclCommand"),
  BROKER_API_VERSIONS(
      "kafka-broker-api-versions",
      "kafka.admin.BrokerApiVersionsCommand",
      "org.apache.kafka.tools.BrokerApiVersionsCommand"),
  CLUSTER("kafka-cluster", "org.apache.kafka.tools.ClusterTool"),
  CONFIGS("kafka-configs", "kafka.admin.ConfigCommand"),
  CONSOLE_CONSUMER("kafka-console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer"),
  CONSOLE_PRODUCER(
      "kafka-console-producer",
      "kafka.tools.ConsoleProducer",
      "org.apache.kafka.tools.ConsoleProducer"),
  CONSUMER_GROUPS(
      "kafka-consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
  CONSUMER_PERF("kafka-consumer-perf-test", "org.apache.kafka.tools.ConsumerPerformance"),
  DELEGATION_TOKENS("kafka-delegation-tokens", "org.apache.kafka.tools.DelegationTokenCommand"),
  DELETE_RECORDS("kafka-delete-records", "org.apache.kafka.tools.DeleteRecordsCommand"),
  DUMP_LOG(
      "kafka-dump-log", "kafka.tools.DumpLogSegments", "org.apache.kafka.tools.DumpLogSegments"),
  END_TO_END_LATENCY("kafka-e2e-latency", "org.apache.kafka.tools.EndToEndLatency"),
  FEATURES("kafka-features", "org.apache.kafka.tools.FeatureCommand"),
  GET_OFFSETS("kafka-get-offsets", "org.apache.kafka.tools.GetOffsetShell"),
  LEADER_ELECTION("kafka-leader-election", "org.apache.kafka.tools.LeaderElectionCommand"),
  LOG_DIRS("kafka-log-dirs", "org.apache.kafka.tools.LogDirsCommand"),
  METADATA_QUORUM("kafka-metadata-quorum", "org.apache.kafka.tools.MetadataQuorumCommand"),
  PRODUCER_PERF("kafka-producer-perf-test", "org.apache.kafka.tools.ProducerPerformance"),
  REASSIGN_PARTITIONS(
      "kafka-reassign-partitions", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
  TOPICS("kafka-topics", "org.apache.kafka.tools.TopicCommand"),
  TRANSACTIONS("kafka-transactions", "org.apache.kafka.tools.TransactionsCommand"),
  VERIFIABLE_CONSUMER("kafka-verifiable-consumer", "org.apache.kafka.tools.VerifiableConsumer"),
  VERIFIABLE_PRODUCER("kafka-verifiable-producer", "org.apache.kafka.tools.VerifiableProducer");

  private final String script;
  private final String mainClass;
  private final String mainClassOf4;

  Tool(String script, String mainClass) {
    this(script, mainClass, mainClass);
  }

  Tool(String script, String mainClass, String mainClassOf4) {
    this.script = script;
    this.mainClass = mainClass;
    this.mainClassOf4 = mainClassOf4;
  }

  /** The main class its script starts in a version. */
  String mainClass(String version) {
    return version.startsWith("3.") ? mainClass : mainClassOf4;
  }

  @Override
  public String toString() {
    return script;
  }
}
