package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import io.vitrine.cluster.zookeeper.EmbeddedEnsemble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The MBeans of a broker process, as an exporter sees them, beside those of Apache Kafka 3.9.2
 * after the same records: the same names with the same attributes, and where chance plays no part
 * the same values. What Kafka has beyond ours is listed here, with the reason.
 */
class MBeansTest {
  private static final String TOPIC = "watched";
  private static final String OLD_TOPIC = "old";
  private static final int RECORDS = 10;

  private static final String CONVERSIONS_IN = conversions("ProduceMessageConversionsPerSec");
  private static final String CONVERSIONS_OUT = conversions("FetchMessageConversionsPerSec");

  /** What Kafka has and we have not. */
  private static final List<Pattern> NOT_HERE =
      Stream.of(
              // Of Yammer's registry, KRaft and the library's own counting.
              "kafka.server:name=yammer-metrics-count.*",
              "kafka.server:.*type=(app-info|kafka-metrics-count)",
              "kafka.controller:name=ZkMigrationState.*",
              // Nobody forwards to a KRaft controller here.
              "kafka.server:.*type=forwarding-metrics",
              // The control plane has no listener of its own.
              "kafka.network:name=ControlPlane.*",
              // Records in older formats are counted; the time and memory they take are not.
              "kafka.network:name=(MessageConversionsTimeMs|TemporaryMemoryBytes).*",
              // Requests in versions that 4.0 serves no more count with the others of their
              // version.
              "kafka.network:.*name=DeprecatedRequestsPerSec,.*",
              // Operations that wait elsewhere than in a purgatory, or are not there.
              "kafka.server:delayedOperation=(AlterAcls|ElectLeader|Heartbeat|Rebalance|topic),.*",
              "kafka.server:delayedOperation=RemoteFetch,.*",
              // The machine's disks are the machine's to tell.
              "kafka.server:name=linux-disk-.*",
              // Of the network client Kafka's broker has for each purpose; brokers here share one.
              "kafka.server:.*type=.*-channel-metrics",
              "kafka.server:.*type=alter-partition-metrics",
              // Of its selectors, one a network thread.
              "kafka.server:.*networkProcessor=.*type=socket-server-metrics",
              // The acceptor here waits for nothing: who has no room stays in the backlog.
              "kafka.network:.*type=Acceptor",
              // Counted by parts that do not publish yet.
              "kafka.controller:.*type=ControllerChannelManager",
              "kafka.server:clientId=Replica.*,name=MinFetchRate,.*",
              "kafka.server:.*type=AddPartitionsToTxnManager",
              "kafka.server:name=(Invalid|NoKey).*type=BrokerTopicMetrics")
          .map(Pattern::compile)
          .toList();

  /** Who waits for memory reads nothing meanwhile, and is not timed. */
  private static final Set<String> ATTRIBUTES_NOT_HERE =
      Set.of("MemoryPoolAvgDepletedPercent", "MemoryPoolDepletedTimeTotal");

  /** Their values do not depend on time or chance. */
  private static final Map<String, String> SAME_VALUES =
      Map.ofEntries(
          Map.entry("kafka.server:name=MessagesInPerSec,type=BrokerTopicMetrics", "Count"),
          Map.entry(
              "kafka.server:name=MessagesInPerSec,topic=watched,type=BrokerTopicMetrics", "Count"),
          Map.entry(
              "kafka.server:name=BytesInPerSec,topic=watched,type=BrokerTopicMetrics", "Count"),
          Map.entry(
              "kafka.server:name=BytesOutPerSec,topic=watched,type=BrokerTopicMetrics", "Count"),
          Map.entry(CONVERSIONS_IN, "Count"),
          Map.entry(CONVERSIONS_OUT, "Count"),
          Map.entry("kafka.server:name=LeaderCount,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=PartitionCount,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=UnderReplicatedPartitions,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=AtMinIsrPartitionCount,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=OfflineReplicaCount,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=ReassigningPartitions,type=ReplicaManager", "Value"),
          Map.entry("kafka.server:name=FailedIsrUpdatesPerSec,type=ReplicaManager", "Count"),
          Map.entry("kafka.server:name=ReassignmentBytesInPerSec,type=BrokerTopicMetrics", "Count"),
          Map.entry(
              "kafka.server:clientId=Replica,name=FailedPartitionsCount,type=ReplicaFetcherManager",
              "Value"),
          Map.entry("kafka.server:name=BrokerState,type=KafkaServer", "Value"),
          Map.entry("kafka.server:name=SessionState,type=SessionExpireListener", "Value"),
          Map.entry("kafka.controller:name=ActiveControllerCount,type=KafkaController", "Value"),
          Map.entry("kafka.controller:name=OfflinePartitionsCount,type=KafkaController", "Value"),
          Map.entry("kafka.controller:name=GlobalTopicCount,type=KafkaController", "Value"),
          Map.entry("kafka.controller:name=GlobalPartitionCount,type=KafkaController", "Value"),
          Map.entry("kafka.controller:name=ControllerState,type=KafkaController", "Value"),
          Map.entry("kafka.controller:name=TopicsToDeleteCount,type=KafkaController", "Value"),
          Map.entry("kafka.coordinator.group:name=NumGroups,type=GroupMetadataManager", "Value"),
          Map.entry(
              "kafka.server:name=PartitionsWithLateTransactionsCount,type=ReplicaManager", "Value"),
          Map.entry("kafka.log:name=LogEndOffset,partition=0,topic=watched,type=Log", "Value"),
          Map.entry("kafka.log:name=Size,partition=0,topic=watched,type=Log", "Value"),
          Map.entry(
              "kafka.cluster:name=InSyncReplicasCount,partition=0,topic=watched,type=Partition",
              "Value"),
          Map.entry(
              "kafka.network:error=NONE,name=ErrorsPerSec,request=Produce,type=RequestMetrics",
              "RateUnit"));

  private static String conversions(String name) {
    return "kafka.server:name=" + name + ",topic=" + OLD_TOPIC + ",type=BrokerTopicMetrics";
  }

  private record Seen(Map<String, Set<String>> attributes, Map<String, Object> values) {}

  @Test
  void namesAttributesAndValuesAreKafkas(@TempDir Path directory) throws Exception {
    Seen ours = look(Brand.VITRINE_PROCESS, directory.resolve("vitrine"));
    Seen theirs = look(Brand.KAFKA, directory.resolve("kafka"));

    Set<String> missing = new TreeSet<>(theirs.attributes().keySet());
    missing.removeAll(ours.attributes().keySet());
    missing.removeIf(name -> NOT_HERE.stream().anyMatch(each -> each.matcher(name).matches()));
    assertThat(missing).as("Kafka has, we have not").isEmpty();
    Set<String> more = new TreeSet<>(ours.attributes().keySet());
    more.removeAll(theirs.attributes().keySet());
    assertThat(more).as("we have, Kafka has not").isEmpty();
    ours.attributes()
        .forEach(
            (name, attributes) -> {
              Set<String> expected = new TreeSet<>(theirs.attributes().get(name));
              expected.removeAll(ATTRIBUTES_NOT_HERE);
              assertThat(attributes).as(name).isEqualTo(expected);
            });
    assertThat(ours.values()).isEqualTo(theirs.values());
  }

  private static Seen look(Brand brand, Path directory) throws Exception {
    Files.createDirectories(directory);
    int port = FreePorts.next();
    int jmxPort = FreePorts.next();
    try (EmbeddedEnsemble zooKeeper =
        EmbeddedEnsemble.of(
            directory, 1, 0, StorySettings.TICK_MS, session -> {}, (member, role) -> {})) {
      zooKeeper.start();
      Map<String, String> settings =
          StorySettings.broker(
              1, port, zooKeeper.connectString(), List.of(directory.resolve("logs")));
      StoryBroker broker =
          brand.start(
              settings,
              directory.resolve("server.properties"),
              List.of(
                  "-Dcom.sun.management.jmxremote.port=" + jmxPort,
                  "-Dcom.sun.management.jmxremote.rmi.port=" + jmxPort,
                  "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                  "-Djava.rmi.server.hostname=127.0.0.1",
                  "-Dcom.sun.management.jmxremote.authenticate=false",
                  "-Dcom.sun.management.jmxremote.ssl=false"));
      try {
        use("127.0.0.1:" + port);
        return seen(jmxPort, directory);
      } finally {
        broker.close();
      }
    }
  }

  private static void use(String bootstrap) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "enable.idempotence", false, "linger.ms", 10_000);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
      admin
          .createTopics(
              List.of(new NewTopic(TOPIC, 2, (short) 1), new NewTopic(OLD_TOPIC, 1, (short) 1)))
          .all()
          .get();
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, 0, 1_000L + i, "key", "value" + i));
      }
      producer.flush();
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      int got = 0;
      while (got < RECORDS) {
        got += consumer.poll(Duration.ofSeconds(1)).count();
      }
    }
    useAsOfOld(bootstrap);
  }

  /** Writes and reads as the clients before 0.11 did. */
  private static void useAsOfOld(String bootstrap) throws Exception {
    TopicProduceData written = new TopicProduceData().setName(OLD_TOPIC);
    written
        .partitionData()
        .add(
            new PartitionProduceData()
                .setRecords(
                    MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V1,
                        Compression.NONE,
                        new SimpleRecord(1_000, "a".getBytes(StandardCharsets.UTF_8)),
                        new SimpleRecord(2_000, "b".getBytes(StandardCharsets.UTF_8)))));
    ProduceRequestData produce = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(10_000);
    produce.topicData().add(written);
    FetchTopic wanted = new FetchTopic().setTopic(OLD_TOPIC);
    wanted.partitions().add(new FetchPartition().setPartitionMaxBytes(1_000));
    FetchRequestData fetch = new FetchRequestData().setMinBytes(1).setMaxBytes(1_000);
    fetch.topics().add(wanted);
    try (RawConnection connection = new RawConnection(bootstrap)) {
      JsonNode appended = connection.ask(ApiKeys.PRODUCE, (short) 2, produce).orElseThrow();
      assertThat(appended.at("/responses/0/partitionResponses/0/errorCode").asInt(-1)).isZero();
      JsonNode fetched = connection.ask(ApiKeys.FETCH, (short) 3, fetch).orElseThrow();
      assertThat(fetched.at("/responses/0/partitions/0/errorCode").asInt(-1)).isZero();
    }
  }

  private static Seen seen(int port, Path directory) throws Exception {
    JMXServiceURL url =
        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
    try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName log =
          new ObjectName("kafka.log:type=Log,name=Size,topic=" + TOPIC + ",partition=1");
      ObjectName controller =
          new ObjectName("kafka.controller:type=KafkaController,name=ControllerState");
      ObjectName converted = new ObjectName(CONVERSIONS_OUT);
      await()
          .until(
              () ->
                  server.isRegistered(log)
                      && server.isRegistered(converted)
                      && server.getAttribute(controller, "Value").equals((byte) 0));
      Map<String, Set<String>> attributes = new TreeMap<>();
      for (ObjectName name : server.queryNames(new ObjectName("kafka.*:*"), null)) {
        attributes.put(
            name.getCanonicalName().replace(directory.toString(), "…"),
            Arrays.stream(server.getMBeanInfo(name).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .collect(Collectors.toCollection(TreeSet::new)));
      }
      Map<String, Object> values = new TreeMap<>();
      for (Map.Entry<String, String> each : SAME_VALUES.entrySet()) {
        ObjectName name = new ObjectName(each.getKey());
        values.put(
            each.getKey(),
            server.isRegistered(name) ? server.getAttribute(name, each.getValue()) : "none");
      }
      return new Seen(attributes, values);
    }
  }
}
