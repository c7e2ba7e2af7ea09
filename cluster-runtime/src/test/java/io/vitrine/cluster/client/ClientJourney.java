package io.vitrine.cluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Everything an application does with a cluster of three brokers, by any kafka-clients from 1.1 on:
 * compiled once, it calls what the version on its class path has, the way programs of that version
 * do.
 *
 * <p>Prints {@code VERSION v}, then for each step {@code STEP name: ok detail} or {@code STEP name:
 * failed reason}; a step that fails does not keep the next from its turn. Arguments: bootstrap
 * servers, a prefix of its own for topics, groups and transactional ids. Exit code 1 when a step
 * failed.
 */
public final class ClientJourney {
  private static final int RECORDS = 300;
  private static final int PARTITIONS = 4;
  private static final int COMMITTED = 20;
  private static final long STEP_SECONDS = 60;
  private static final long PATIENCE_MS = 30_000;

  private final String bootstrap;
  private final String topic;
  private final String output;
  private final String group;
  private boolean failed;

  private ClientJourney(String bootstrap, String prefix) {
    this.bootstrap = bootstrap;
    this.topic = prefix + "-topic";
    this.output = prefix + "-output";
    this.group = prefix + "-group";
  }

  public static void main(String[] args) throws Exception {
    System.out.println("VERSION " + version());
    ClientJourney journey = new ClientJourney(args[0], args[1]);
    journey.step("admin: create, describe, list, add partitions", journey::administer);
    journey.step("admin: configs of topics and brokers", journey::configure);
    journey.step("idempotent producer", journey::produce);
    journey.step("group consumer, committed offsets", journey::consume);
    journey.step("transactions", journey::transact);
    journey.step("admin: groups", journey::groups);
    journey.step("admin: delete records and topics", journey::delete);
    // Threads of a client that hangs do not keep this JVM.
    System.exit(journey.failed ? 1 : 0);
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream file =
        ClientJourney.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      properties.load(file);
    }
    return properties.getProperty("version");
  }

  private void step(String name, Callable<String> step) throws InterruptedException {
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(step.call());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    try {
      System.out.println("STEP " + name + ": ok " + done.get(STEP_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      failed = true;
      System.out.println("STEP " + name + ": failed no end after " + STEP_SECONDS + " s");
    } catch (ExecutionException e) {
      failed = true;
      System.out.println("STEP " + name + ": failed " + reason(e.getCause()));
      e.getCause().printStackTrace();
    }
  }

  private static String reason(Throwable failure) {
    Throwable t = failure;
    while (t instanceof ExecutionException && t.getCause() != null) {
      t = t.getCause();
    }
    return (t.getClass().getSimpleName() + ": " + t.getMessage()).replaceAll("\\s+", " ");
  }

  private String administer() throws Exception {
    try (AdminClient admin = admin()) {
      int brokers = admin.describeCluster().nodes().get().size();
      check(brokers == 3, brokers + " brokers described");
      check(admin.describeCluster().clusterId().get() != null, "no cluster id");
      check(admin.describeCluster().controller().get() != null, "no controller");
      NewTopic asked = new NewTopic(topic, PARTITIONS - 1, (short) 3);
      Map<String, String> configs = new HashMap<>();
      configs.put("min.insync.replicas", "2");
      admin
          .createTopics(List.of(asked.configs(configs), new NewTopic(output, 1, (short) 3)))
          .all()
          .get();
      until("both topics listed", () -> admin.listTopics().names().get().contains(output));
      until("three partitions", () -> partitions(admin) == PARTITIONS - 1);
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(PARTITIONS))).all().get();
      until("four partitions", () -> partitions(admin) == PARTITIONS);
      return PARTITIONS + " partitions on " + brokers + " brokers";
    }
  }

  /** Partitions with a leader and three replicas in sync. */
  private int partitions(AdminClient admin) throws Exception {
    return (int)
        described(admin).partitions().stream()
            .filter(p -> p.leader() != null && !p.leader().isEmpty() && p.isr().size() == 3)
            .count();
  }

  @SuppressWarnings("deprecation")
  private TopicDescription described(AdminClient admin) throws Exception {
    var result = admin.describeTopics(List.of(topic));
    Map<String, TopicDescription> all =
        has(result.getClass(), "allTopicNames") ? result.allTopicNames().get() : result.all().get();
    return all.get(topic);
  }

  private String configure() throws Exception {
    ConfigResource ofTopic = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    ConfigResource ofBroker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    try (AdminClient admin = admin()) {
      boolean incremental = has(AdminClient.class, "incrementalAlterConfigs", Map.class);
      if (incremental) {
        incrementally(admin, ofTopic);
      } else {
        wholesale(admin, ofTopic);
      }
      until("retention.ms", () -> "7200000".equals(value(admin, ofTopic, "retention.ms")));
      check("2".equals(value(admin, ofTopic, "min.insync.replicas")), "min.insync.replicas lost");
      check(value(admin, ofBroker, "log.retention.hours") != null, "no log.retention.hours");
      return incremental ? "incremental" : "wholesale";
    }
  }

  private static void incrementally(AdminClient admin, ConfigResource resource) throws Exception {
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry("retention.ms", "7200000"), AlterConfigOp.OpType.SET);
    Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
    all.put(resource, List.of(set));
    admin.incrementalAlterConfigs(all).all().get();
  }

  @SuppressWarnings("deprecation")
  private static void wholesale(AdminClient admin, ConfigResource resource) throws Exception {
    Config config =
        new Config(
            List.of(
                new ConfigEntry("retention.ms", "7200000"),
                new ConfigEntry("min.insync.replicas", "2")));
    admin.alterConfigs(Map.of(resource, config)).all().get();
  }

  private static String value(AdminClient admin, ConfigResource resource, String name)
      throws Exception {
    ConfigEntry entry =
        admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name);
    return entry == null ? null : entry.value();
  }

  private String produce() throws Exception {
    Map<String, Object> settings = producing();
    settings.put("enable.idempotence", "true");
    settings.put("compression.type", "gzip");
    settings.put("linger.ms", "5");
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, String> producer = producer(settings)) {
      for (int i = 0; i < RECORDS; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, "k" + i, "v" + i)));
      }
      producer.flush();
    }
    Map<Integer, Long> next = new HashMap<>();
    for (Future<RecordMetadata> one : sent) {
      RecordMetadata metadata = one.get();
      long expected = next.getOrDefault(metadata.partition(), 0L);
      check(metadata.offset() == expected, metadata + " instead of offset " + expected);
      next.put(metadata.partition(), expected + 1);
    }
    return sent.size() + " records, gzip";
  }

  private String consume() throws Exception {
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    try (KafkaConsumer<String, String> consumer = consumer(group, "read_uncommitted")) {
      consumer.subscribe(List.of(topic));
      Set<String> values = new HashSet<>();
      long deadline = System.currentTimeMillis() + PATIENCE_MS;
      while (values.size() < RECORDS && System.currentTimeMillis() < deadline) {
        for (ConsumerRecord<String, String> record : poll(consumer)) {
          check(values.add(record.value()), record.value() + " came twice");
        }
      }
      check(values.size() == RECORDS, values.size() + " of " + RECORDS + " records");
      consumer.commitSync();
      for (TopicPartition partition : consumer.assignment()) {
        positions.put(partition, new OffsetAndMetadata(consumer.position(partition)));
      }
    }
    try (KafkaConsumer<String, String> next = consumer(group, "read_uncommitted")) {
      next.subscribe(List.of(topic));
      long deadline = System.currentTimeMillis() + PATIENCE_MS;
      int again = 0;
      while (next.assignment().isEmpty() && System.currentTimeMillis() < deadline) {
        again += poll(next).count();
      }
      again += poll(next).count();
      check(again == 0, again + " records came again to the next member");
      check(next.assignment().size() == PARTITIONS, "assigned " + next.assignment());
      for (TopicPartition partition : next.assignment()) {
        long committed = positions.get(partition).offset();
        check(next.position(partition) == committed, "position of " + partition);
      }
      return RECORDS + " records, then none for the next member";
    }
  }

  /** Reads committed records in a group, writes them on, and commits both in one transaction. */
  private String transact() throws Exception {
    Map<String, Object> settings = producing();
    settings.put("transactional.id", group + "-transactions");
    try (KafkaProducer<String, String> producer = producer(settings);
        KafkaConsumer<String, String> source = consumer(group + "-source", "read_committed")) {
      producer.initTransactions();
      producer.beginTransaction();
      source.subscribe(List.of(topic));
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      int read = 0;
      long deadline = System.currentTimeMillis() + PATIENCE_MS;
      while (read < COMMITTED && System.currentTimeMillis() < deadline) {
        for (ConsumerRecord<String, String> record : poll(source)) {
          if (read++ < COMMITTED) {
            producer.send(new ProducerRecord<>(output, "committed " + record.value()));
            offsets.put(
                new TopicPartition(topic, record.partition()),
                new OffsetAndMetadata(record.offset() + 1));
          }
        }
      }
      check(read >= COMMITTED, "read " + read + " records of " + COMMITTED);
      sendOffsets(producer, source, offsets);
      producer.commitTransaction();
      producer.beginTransaction();
      for (int i = 0; i < COMMITTED; i++) {
        producer.send(new ProducerRecord<>(output, "aborted " + i));
      }
      producer.flush();
      producer.abortTransaction();
      source.unsubscribe();
      check(offsets.equals(committedOf(offsets.keySet())), "offsets of the transaction");
    }
    int committed = outputs("read_committed");
    check(committed == COMMITTED, committed + " committed records instead of " + COMMITTED);
    int all = outputs("read_uncommitted");
    check(all == 2 * COMMITTED, all + " records instead of " + 2 * COMMITTED);
    return "one committed with its offsets, one aborted";
  }

  @SuppressWarnings("deprecation")
  private void sendOffsets(
      KafkaProducer<String, String> producer,
      KafkaConsumer<String, String> source,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (has(KafkaConsumer.class, "groupMetadata")) {
      producer.sendOffsetsToTransaction(offsets, source.groupMetadata());
    } else {
      producer.sendOffsetsToTransaction(offsets, group + "-source");
    }
  }

  @SuppressWarnings("deprecation")
  private Map<TopicPartition, OffsetAndMetadata> committedOf(Set<TopicPartition> partitions) {
    try (KafkaConsumer<String, String> consumer = consumer(group + "-source", "read_committed")) {
      if (has(KafkaConsumer.class, "committed", Set.class)) {
        return without(consumer.committed(partitions));
      }
      Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
      for (TopicPartition partition : partitions) {
        committed.put(partition, consumer.committed(partition));
      }
      return without(committed);
    }
  }

  /** The offsets alone: what else is remembered with them differs between versions. */
  private static Map<TopicPartition, OffsetAndMetadata> without(
      Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    committed.forEach(
        (p, o) -> offsets.put(p, o == null ? null : new OffsetAndMetadata(o.offset())));
    return offsets;
  }

  /** Records of the output topic up to its end as a reader of this isolation sees it. */
  private int outputs(String isolation) throws Exception {
    TopicPartition partition = new TopicPartition(output, 0);
    try (KafkaConsumer<String, String> consumer = consumer(group + "-reader", isolation)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      int seen = 0;
      long deadline = System.currentTimeMillis() + PATIENCE_MS;
      while (consumer.position(partition) < end && System.currentTimeMillis() < deadline) {
        for (ConsumerRecord<String, String> record : poll(consumer)) {
          check(
              !isolation.equals("read_committed") || record.value().startsWith("committed"),
              "a reader of committed records saw: " + record.value());
          seen++;
        }
      }
      return seen;
    }
  }

  private String groups() throws Exception {
    if (!has(AdminClient.class, "listConsumerGroups")) {
      return "this version has no calls for groups";
    }
    try (AdminClient admin = admin()) {
      return ModernGroups.check(admin, group);
    }
  }

  private String delete() throws Exception {
    try (AdminClient admin = admin()) {
      Map<TopicPartition, RecordsToDelete> first =
          new TreeMap<>((a, b) -> a.partition() - b.partition());
      for (int p = 0; p < PARTITIONS; p++) {
        first.put(new TopicPartition(topic, p), RecordsToDelete.beforeOffset(10));
      }
      admin.deleteRecords(first).all().get();
      try (KafkaConsumer<String, String> consumer = consumer(group + "-reader", "read_committed")) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(first.keySet());
        check(
            beginnings.values().stream().allMatch(offset -> offset == 10),
            "log starts " + beginnings);
      }
      admin.deleteTopics(List.of(topic, output)).all().get();
      until("the topics are gone", () -> !admin.listTopics().names().get().contains(topic));
      return "10 records of each partition, 2 topics";
    }
  }

  @SuppressWarnings("deprecation")
  private static ConsumerRecords<String, String> poll(KafkaConsumer<String, String> consumer) {
    return has(KafkaConsumer.class, "poll", Duration.class)
        ? consumer.poll(Duration.ofMillis(200))
        : consumer.poll(200);
  }

  private AdminClient admin() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("request.timeout.ms", "20000");
    return AdminClient.create(settings);
  }

  private Map<String, Object> producing() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    settings.put("max.block.ms", "30000");
    return settings;
  }

  private static KafkaProducer<String, String> producer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(String groupId, String isolation) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", groupId);
    settings.put("isolation.level", isolation);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private static boolean has(Class<?> type, String method, Class<?>... arguments) {
    try {
      type.getMethod(method, arguments);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.currentTimeMillis() + PATIENCE_MS;
    while (true) {
      boolean met;
      try {
        met = condition.call();
      } catch (ExecutionException notYet) {
        if (System.currentTimeMillis() > deadline) {
          throw notYet;
        }
        met = false;
      }
      if (met) {
        return;
      }
      check(System.currentTimeMillis() < deadline, "not within 30 s: " + what);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Calls that came with kafka-clients 2.0, loaded only where they are. */
  private static final class ModernGroups {
    private ModernGroups() {}

    static String check(AdminClient admin, String group) throws Exception {
      until(
          "the group is empty",
          () ->
              admin
                  .describeConsumerGroups(List.of(group))
                  .all()
                  .get()
                  .get(group)
                  .members()
                  .isEmpty());
      ClientJourney.check(listed(admin).contains(group), group + " is not in the list of groups");
      int offsets =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().size();
      ClientJourney.check(offsets == PARTITIONS, offsets + " committed offsets");
      admin.deleteConsumerGroups(List.of(group, group + "-source")).all().get();
      ClientJourney.check(!listed(admin).contains(group), group + " is still listed");
      return "described, listed, offsets, deleted";
    }

    @SuppressWarnings("deprecation")
    private static Set<String> listed(AdminClient admin) throws Exception {
      Set<String> groups = new HashSet<>();
      admin.listConsumerGroups().all().get().forEach(one -> groups.add(one.groupId()));
      return groups;
    }
  }
}
