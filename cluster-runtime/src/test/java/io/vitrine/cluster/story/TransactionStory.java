package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The story of transactions on two brokers: committed, aborted, fenced, out of time, with offsets,
 * and one that hangs and is aborted by an operator.
 *
 * <p>Told once on any {@link StoryCluster}; returns what producers, consumers and operators saw.
 */
final class TransactionStory {
  /** Short intervals and few partitions, so that the story need not wait. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "transaction.state.log.num.partitions", "2",
          "transaction.state.log.replication.factor", "2",
          "transaction.state.log.min.isr", "1",
          "offsets.topic.replication.factor", "2",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");

  private static final String TOPIC = "transfers";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long STRANGER = 4_711;

  private final StoryCluster cluster;
  private final Admin admin;
  private final Map<String, List<String>> chapters = new LinkedHashMap<>();
  private final Map<Long, String> producerNames = new HashMap<>();

  private TransactionStory(StoryCluster cluster, Admin admin) {
    this.cluster = cluster;
    this.admin = admin;
    producerNames.put(STRANGER, "stranger");
  }

  static Map<String, List<String>> tell(StoryCluster cluster) throws Exception {
    cluster.start(1);
    cluster.start(2);
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()))) {
      TransactionStory story = new TransactionStory(cluster, admin);
      story.run();
      return story.chapters;
    }
  }

  private void run() throws Exception {
    admin
        .createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(1, 2), 1, List.of(2, 1)))))
        .all()
        .get();
    committed();
    aborted();
    fenced();
    outOfTime();
    withOffsets();
    hanging();
    listed();
    refused();
  }

  // ---- chapters ------------------------------------------------------------------------------

  private void committed() throws Exception {
    try (KafkaProducer<String, String> producer = producer("committer", 60_000)) {
      producer.initTransactions();
      told("an id of a producer", described("committer"));
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "1")).get();
      producer.send(new ProducerRecord<>(TOPIC, 1, "b", "1")).get();
      told("an open transaction", described("committer"));
      told("producers of an open transaction", producers(FIRST));
      told("nobody reads it yet", read("read_committed"));
      told("who does not care does", read("read_uncommitted"));
      producer.commitTransaction();
      ended("committer");
      told("a committed transaction", described("committer"));
      told("producers of a committed transaction", producers(FIRST));
      until(() -> read("read_committed").size() == 2);
      told("it is read", read("read_committed"));
    }
  }

  private void aborted() throws Exception {
    try (KafkaProducer<String, String> producer = producer("aborter", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "2")).get();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "3")).get();
      producer.abortTransaction();
      ended("aborter");
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "4")).get();
      producer.commitTransaction();
      ended("aborter");
      told("after an abort and a commit", described("aborter"));
      until(() -> read("read_committed").size() == 3);
      told("what was aborted is passed over", read("read_committed"));
      told("who does not care sees all", read("read_uncommitted"));
      told("the fetch says what was aborted", abortedIn(0));
      String empty = outcome(() -> emptyTransaction(producer));
      told("an empty transaction", described("aborter"), empty);
    }
  }

  private static Object emptyTransaction(KafkaProducer<String, String> producer) {
    producer.beginTransaction();
    producer.commitTransaction();
    return "done";
  }

  private void fenced() throws Exception {
    try (KafkaProducer<String, String> zombie = producer("fenced", 60_000);
        KafkaProducer<String, String> successor = producer("fenced", 60_000)) {
      zombie.initTransactions();
      zombie.beginTransaction();
      zombie.send(new ProducerRecord<>(TOPIC, 1, "b", "2")).get();
      successor.initTransactions();
      told("the epoch of the successor", described("fenced"));
      told(
          "the zombie",
          outcome(() -> zombie.send(new ProducerRecord<>(TOPIC, 1, "b", "3")).get()),
          outcome(
              () -> {
                zombie.commitTransaction();
                return "done";
              }));
      successor.beginTransaction();
      successor.send(new ProducerRecord<>(TOPIC, 1, "b", "4")).get();
      successor.commitTransaction();
      ended("fenced");
      until(() -> read("read_committed").size() == 4);
      told("the successor's records alone are read", read("read_committed"));
    }
  }

  private void outOfTime() throws Exception {
    try (KafkaProducer<String, String> slow = producer("slow", 1_000)) {
      slow.initTransactions();
      slow.beginTransaction();
      slow.send(new ProducerRecord<>(TOPIC, 0, "a", "5")).get();
      until(() -> describe("slow").state() == TransactionState.COMPLETE_ABORT);
      told("aborted for it", described("slow"));
      told(
          "who was too slow",
          outcome(
              () -> {
                slow.commitTransaction();
                return "done";
              }));
    }
    told(
        "a time-out beyond the limit",
        outcome(
            () -> {
              try (KafkaProducer<String, String> patient = producer("patient", 900_001)) {
                patient.initTransactions();
                return "done";
              }
            }));
  }

  private void withOffsets() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(FIRST, new OffsetAndMetadata(1));
    ConsumerGroupMetadata group = new ConsumerGroupMetadata("movers");
    try (KafkaProducer<String, String> producer = producer("mover", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(offsets, group);
      told("offsets not committed yet", described("mover"), groupOffset());
      producer.abortTransaction();
      ended("mover");
      told("offsets of an aborted transaction", groupOffset());
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "6")).get();
      producer.sendOffsetsToTransaction(offsets, group);
      producer.commitTransaction();
      ended("mover");
      until(() -> !groupOffset().equals("none"));
      told("offsets of a committed transaction", groupOffset());
    }
  }

  /** Records that no coordinator knows of: taken while the leader does not verify. */
  private void hanging() throws Exception {
    told("a stranger's records are refused", strangersRecords());
    verify(false);
    until(() -> strangersRecords().contains("NONE"));
    verify(true);
    told("the stranger's transaction hangs", producers(FIRST));
    try (KafkaProducer<String, String> producer = producer("behind", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "7")).get();
      producer.commitTransaction();
      ended("behind");
    }
    told("nobody reads beyond it", read("read_committed"));
    ProducerState state =
        admin
            .describeProducers(List.of(FIRST))
            .partitionResult(FIRST)
            .get()
            .activeProducers()
            .stream()
            .filter(each -> each.producerId() == STRANGER)
            .findFirst()
            .orElseThrow();
    told(
        "an operator aborts it",
        outcome(
            () -> {
              admin
                  .abortTransaction(
                      new AbortTransactionSpec(
                          FIRST,
                          STRANGER,
                          (short) state.producerEpoch(),
                          state.coordinatorEpoch().orElse(0)))
                  .all()
                  .get();
              return "aborted";
            }));
    told("it is over", producers(FIRST));
    until(() -> read("read_committed").stream().anyMatch(each -> each.endsWith("=7")));
    told("what is behind it is read", read("read_committed"));
    told(
        "an epoch nobody can have aborts nothing",
        outcome(
            () ->
                admin
                    .abortTransaction(new AbortTransactionSpec(FIRST, STRANGER, (short) -1, 0))
                    .all()
                    .get()));
  }

  private void verify(boolean on) throws Exception {
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    admin
        .incrementalAlterConfigs(
            Map.of(
                broker,
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry(
                            "transaction.partition.verification.enable", Boolean.toString(on)),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private void listed() throws Exception {
    try (KafkaProducer<String, String> producer = producer("lister", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "a", "8")).get();
      told("all", list(new ListTransactionsOptions()));
      told(
          "the open ones",
          list(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))));
      told(
          "of one producer",
          list(
              new ListTransactionsOptions()
                  .filterProducerIds(Set.of(describe("aborter").producerId()))));
      told("of nobody", list(new ListTransactionsOptions().filterProducerIds(Set.of(STRANGER))));
      told("of the last hour", list(new ListTransactionsOptions().filterOnDuration(3_600_000)));
      producer.abortTransaction();
      ended("lister");
    }
  }

  private void refused() throws Exception {
    told("an id nobody has", outcome(() -> describe("nobody")));
    told("an empty id", outcome(() -> describe("")));
  }

  // ---- what is asked -------------------------------------------------------------------------

  private KafkaProducer<String, String> producer(String transactionalId, int timeoutMs) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap());
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMs);
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private TransactionDescription describe(String id) throws Exception {
    return admin.describeTransactions(List.of(id)).description(id).get();
  }

  private void ended(String id) throws Exception {
    until(
        () ->
            Set.of(TransactionState.COMPLETE_ABORT, TransactionState.COMPLETE_COMMIT)
                .contains(describe(id).state()));
  }

  private List<String> described(String id) throws Exception {
    TransactionDescription found = describe(id);
    return List.of(
        "state " + found.state(),
        "producer " + name(found.producerId()),
        "epoch " + found.producerEpoch(),
        "time-out " + found.transactionTimeoutMs(),
        "begun " + found.transactionStartTimeMs().isPresent(),
        "partitions "
            + found.topicPartitions().stream()
                .map(TopicPartition::toString)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private String name(long producerId) {
    return producerNames.computeIfAbsent(producerId, id -> "number " + (producerNames.size()));
  }

  private List<String> producers(TopicPartition partition) throws Exception {
    return admin
        .describeProducers(List.of(partition))
        .partitionResult(partition)
        .get()
        .activeProducers()
        .stream()
        .map(
            each ->
                name(each.producerId())
                    + " epoch "
                    + each.producerEpoch()
                    + " sequence "
                    + each.lastSequence()
                    + " coordinator epoch "
                    + each.coordinatorEpoch()
                    + " open from "
                    + each.currentTransactionStartOffset())
        .sorted()
        .toList();
  }

  private List<String> list(ListTransactionsOptions options) throws Exception {
    return admin.listTransactions(options).all().get().stream()
        .map(
            each -> each.transactionalId() + " of " + name(each.producerId()) + ": " + each.state())
        .sorted()
        .toList();
  }

  private String groupOffset() throws Exception {
    OffsetAndMetadata offset =
        admin.listConsumerGroupOffsets("movers").partitionsToOffsetAndMetadata().get().get(FIRST);
    return offset == null ? "none" : "offset " + offset.offset();
  }

  /** Everything there is to read up to the end that this isolation level shows. */
  private List<String> read(String isolation) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(FIRST, SECOND));
      consumer.seekToBeginning(List.of(FIRST, SECOND));
      Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(FIRST, SECOND));
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
          values.add(
              each.partition() + "@" + each.offset() + ": " + each.key() + "=" + each.value());
        }
      }
    }
    values.sort(String::compareTo);
    return values;
  }

  private List<String> abortedIn(int partition) throws Exception {
    FetchTopic topic = new FetchTopic().setTopic(TOPIC);
    topic
        .partitions()
        .add(
            new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(0)
                .setPartitionMaxBytes(1 << 20));
    FetchRequestData request =
        new FetchRequestData().setMaxBytes(1 << 20).setIsolationLevel((byte) 1);
    request.topics().add(topic);
    try (RawConnection leader = new RawConnection("127.0.0.1:" + cluster.port(1))) {
      JsonNode answer = leader.ask(ApiKeys.FETCH, (short) 12, request).orElseThrow();
      List<String> aborted = new ArrayList<>();
      answer
          .at("/responses/0/partitions/0/abortedTransactions")
          .forEach(
              each ->
                  aborted.add(
                      name(each.get("producerId").asLong())
                          + " from "
                          + each.get("firstOffset").asLong()));
      return aborted;
    }
  }

  private List<String> strangersRecords() throws Exception {
    TopicProduceData topic = new TopicProduceData().setName(TOPIC);
    topic
        .partitionData()
        .add(
            new PartitionProduceData()
                .setIndex(0)
                .setRecords(
                    MemoryRecords.withTransactionalRecords(
                        Compression.NONE,
                        STRANGER,
                        (short) 0,
                        0,
                        new SimpleRecord(1_700_000_000_000L, "x".getBytes(), "y".getBytes()))));
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.add(topic);
    ProduceRequestData request =
        new ProduceRequestData()
            .setTransactionalId("stranger")
            .setAcks((short) -1)
            .setTimeoutMs(10_000)
            .setTopicData(topics);
    List<String> errors = new ArrayList<>();
    try (RawConnection leader = new RawConnection("127.0.0.1:" + cluster.port(1))) {
      for (short version : new short[] {10, 11}) {
        JsonNode answer = leader.ask(ApiKeys.PRODUCE, version, request).orElseThrow();
        errors.add(
            Errors.forCode((short) answer.at("/responses/0/partitionResponses/0/errorCode").asInt())
                .name());
      }
    }
    return errors;
  }

  // ---- words ---------------------------------------------------------------------------------

  private String outcome(Callable<?> question) {
    try {
      Object answer = question.call();
      return answer instanceof String text ? text : answer.getClass().getSimpleName();
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  private void until(Callable<Boolean> condition) {
    await(cluster.name()).atMost(PATIENCE).ignoreExceptions().until(condition);
  }

  private void told(String chapter, String... outcomes) {
    chapters.put(chapter, List.of(outcomes));
  }

  private void told(String chapter, List<String> lines) {
    chapters.put(chapter, lines);
  }

  private void told(String chapter, List<String> lines, String outcome) {
    List<String> all = new ArrayList<>(lines);
    all.add(outcome);
    chapters.put(chapter, all);
  }
}
