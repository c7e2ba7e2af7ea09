package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * One broker with ACLs, and users with different permissions who all try the same calls: told is
 * what became of each call, and what ZooKeeper then holds of ACLs.
 */
final class PermissionsStory implements AutoCloseable {
  private static final List<String> USERS =
      List.of("nobody", "reader", "writer", "admin", "denied", "prefixed");
  private static final String TOPIC = "orders";
  private static final String OTHER = "other";
  private static final TopicPartition ORDERS = new TopicPartition(TOPIC, 0);

  private final StoryCluster cluster;
  private final int plain = FreePorts.next();
  private final int sasl = FreePorts.next();
  private final Map<String, String> told = new TreeMap<>();

  PermissionsStory(Brand brand, Path directory) throws IOException {
    cluster = StoryCluster.of(brand, directory);
  }

  /** What became of each call of each user. */
  Map<String, String> tell() throws Exception {
    cluster.start(1, settings());
    try (Admin admin = Admin.create(as("root"))) {
      admin
          .createTopics(
              List.of(new NewTopic(TOPIC, 1, (short) 1), new NewTopic(OTHER, 1, (short) 1)))
          .all()
          .get();
      admin.createAcls(permissions()).all().get();
      remember("all ACLs", () -> acls(admin));
      remember(
          "an ACL with a slash",
          () -> admin.createAcls(List.of(allow("x", topic("a/b"), AclOperation.READ))).all().get());
      remember(
          "deleted ACLs",
          () ->
              new TreeSet<>(
                      admin
                          .deleteAcls(
                              List.of(
                                  new AclBindingFilter(
                                      topic(OTHER).toFilter(), AccessControlEntryFilter.ANY)))
                          .all()
                          .get()
                          .stream()
                          .map(Object::toString)
                          .toList())
                  .toString());
    }
    for (String user : USERS) {
      calls(user);
    }
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      // Of the ACLs of one request it is chance which is announced first.
      List<String> announced = new ArrayList<>();
      tree.dump()
          .forEach(
              (path, line) -> {
                if (path.contains("/acl_changes_")) {
                  announced.add(line);
                } else if (path.startsWith("/kafka-acl")) {
                  told.put(path, line.replaceAll("\\[.*]", sorted(line)));
                }
              });
      told.put("announced", announced.stream().sorted().toList().toString());
    }
    return told;
  }

  /** The order of ACLs in a node means nothing. */
  private static String sorted(String line) {
    return Arrays.stream(line.split("[\\[\\]{}]"))
        .filter(part -> part.contains("principal"))
        .sorted()
        .toList()
        .toString()
        .replace("$", "");
  }

  private Map<String, String> settings() {
    Map<String, String> settings = StorySettings.withUsers(USERS, plain, sasl);
    settings.put("auto.create.topics.enable", "true");
    return settings;
  }

  private Map<String, Object> as(String user) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + sasl);
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", Jaas.plain(user, user + "-secret"));
    settings.put("default.api.timeout.ms", 10_000);
    settings.put("request.timeout.ms", 8_000);
    return settings;
  }

  private static List<AclBinding> permissions() {
    ResourcePattern group = new ResourcePattern(ResourceType.GROUP, "g", PatternType.LITERAL);
    ResourcePattern clusterItself =
        new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
    return List.of(
        allow("reader", topic(TOPIC), AclOperation.READ),
        allow("reader", group, AclOperation.READ),
        allow("writer", topic(TOPIC), AclOperation.WRITE),
        allow(
            "writer",
            new ResourcePattern(ResourceType.TRANSACTIONAL_ID, "t", PatternType.LITERAL),
            AclOperation.WRITE),
        allow("admin", clusterItself, AclOperation.ALTER),
        allow("admin", clusterItself, AclOperation.DESCRIBE),
        allow("admin", clusterItself, AclOperation.CREATE),
        allow("admin", clusterItself, AclOperation.DESCRIBE_CONFIGS),
        allow("admin", topic(TOPIC), AclOperation.ALTER_CONFIGS),
        allow("denied", topic("*"), AclOperation.ALL),
        allow("denied", group, AclOperation.ALL),
        deny("denied", topic(TOPIC), AclOperation.READ),
        allow(
            "prefixed",
            new ResourcePattern(ResourceType.TOPIC, "ord", PatternType.PREFIXED),
            AclOperation.ALL),
        allow(
            "prefixed",
            new ResourcePattern(ResourceType.GROUP, "g", PatternType.PREFIXED),
            AclOperation.DESCRIBE),
        allow("reader", topic(OTHER), AclOperation.ALTER));
  }

  private static ResourcePattern topic(String name) {
    return new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL);
  }

  private static AclBinding allow(String user, ResourcePattern resource, AclOperation operation) {
    return binding(user, resource, operation, AclPermissionType.ALLOW);
  }

  private static AclBinding deny(String user, ResourcePattern resource, AclOperation operation) {
    return binding(user, resource, operation, AclPermissionType.DENY);
  }

  private static AclBinding binding(
      String user, ResourcePattern resource, AclOperation operation, AclPermissionType type) {
    return new AclBinding(resource, new AccessControlEntry("User:" + user, "*", operation, type));
  }

  // ---- the calls -----------------------------------------------------------------------------

  /** One call; its value, if it says anything, is told as well. */
  private interface Call {
    Object make() throws Exception;
  }

  private void remember(String what, Call call) {
    try {
      Object value = call.make();
      told.put(what, value == null ? "done" : value.toString());
    } catch (ExecutionException e) {
      told.put(what, e.getCause().getClass().getSimpleName());
    } catch (Exception e) {
      told.put(what, e.getClass().getSimpleName());
    }
  }

  private static String acls(Admin admin) throws Exception {
    return new TreeSet<>(
            admin.describeAcls(AclBindingFilter.ANY).values().get().stream()
                .map(Object::toString)
                .toList())
        .toString();
  }

  private void calls(String user) {
    try (Admin admin = Admin.create(as(user))) {
      Map<String, Call> calls = new LinkedHashMap<>();
      topics(admin, calls);
      groups(admin, calls);
      cluster(admin, calls);
      calls.forEach((name, call) -> remember(user + ": " + name, call));
    }
    remember(user + ": produce", () -> produce(user, Map.of("enable.idempotence", false)));
    remember(user + ": produce idempotently", () -> produce(user, Map.of()));
    remember(user + ": produce in a transaction", () -> transaction(user));
    remember(user + ": consume", () -> consume(user));
  }

  private static void topics(Admin admin, Map<String, Call> calls) {
    calls.put("list topics", () -> new TreeSet<>(admin.listTopics().names().get()));
    calls.put(
        "describe a topic",
        () ->
            new TreeSet<>(
                admin
                    .describeTopics(
                        List.of(TOPIC),
                        new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .allTopicNames()
                    .get()
                    .get(TOPIC)
                    .authorizedOperations()));
    calls.put(
        "create a topic",
        () -> {
          var made = admin.createTopics(List.of(new NewTopic("made", 1, (short) 1)));
          made.all().get();
          return null;
        });
    calls.put("delete a topic", () -> admin.deleteTopics(Set.of("made")).all().get());
    calls.put("delete a topic nobody has", () -> admin.deleteTopics(Set.of("none")).all().get());
    calls.put(
        "add partitions",
        () -> admin.createPartitions(Map.of(OTHER, NewPartitions.increaseTo(1))).all().get());
    calls.put(
        "list offsets",
        () -> admin.listOffsets(Map.of(ORDERS, OffsetSpec.earliest())).all().get().size());
    calls.put(
        "delete records",
        () -> admin.deleteRecords(Map.of(ORDERS, RecordsToDelete.beforeOffset(0))).all().get());
    calls.put(
        "see a topic's settings",
        () ->
            admin
                .describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC)))
                .all()
                .get()
                .size());
    calls.put(
        "change a topic's settings",
        () ->
            admin
                .incrementalAlterConfigs(
                    Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                        List.of(
                            new AlterConfigOp(
                                new ConfigEntry("retention.ms", "86400000"),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get());
    calls.put("see producers", () -> admin.describeProducers(List.of(ORDERS)).all().get().size());
  }

  private static void groups(Admin admin, Map<String, Call> calls) {
    calls.put(
        "describe a group",
        () -> admin.describeConsumerGroups(List.of("g")).all().get().get("g").state());
    calls.put(
        "see a group's offsets",
        () -> admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata().get().size());
    calls.put(
        "set a group's offsets",
        () ->
            admin
                .alterConsumerGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(0)))
                .all()
                .get());
    calls.put(
        "delete a group's offsets",
        () -> admin.deleteConsumerGroupOffsets("g", Set.of(ORDERS)).all().get());
    calls.put("list groups", () -> admin.listConsumerGroups().all().get().size());
    calls.put("delete a group", () -> admin.deleteConsumerGroups(List.of("g")).all().get());
    calls.put(
        "describe a transaction",
        () -> admin.describeTransactions(List.of("t")).all().get().size());
    calls.put("list transactions", () -> admin.listTransactions().all().get().size());
  }

  private static void cluster(Admin admin, Map<String, Call> calls) {
    calls.put(
        "describe the cluster",
        () ->
            new TreeSet<>(
                admin
                    .describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                    .authorizedOperations()
                    .get()));
    calls.put(
        "see a broker's settings",
        () ->
            admin
                .describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "1")))
                .all()
                .get()
                .size());
    calls.put(
        "change a broker's settings",
        () ->
            admin
                .incrementalAlterConfigs(
                    Map.of(
                        new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        List.of(
                            new AlterConfigOp(
                                new ConfigEntry("message.max.bytes", "2000000"),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get());
    calls.put(
        "see log directories",
        () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().size());
    calls.put(
        "elect leaders",
        () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(ORDERS)).all().get());
    calls.put(
        "move replicas",
        () ->
            admin
                .alterPartitionReassignments(
                    Map.of(ORDERS, Optional.of(new NewPartitionReassignment(List.of(1)))))
                .all()
                .get());
    calls.put("see moves", () -> admin.listPartitionReassignments().reassignments().get().size());
    calls.put("see ACLs", () -> acls(admin).length());
    calls.put(
        "make an ACL",
        () ->
            admin.createAcls(List.of(allow("made", topic("made"), AclOperation.READ))).all().get());
    calls.put(
        "see quotas",
        () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().size());
    calls.put("see SCRAM users", () -> admin.describeUserScramCredentials().all().get().size());
  }

  private Object produce(String user, Map<String, Object> more) throws Exception {
    Map<String, Object> settings = as(user);
    settings.put("max.block.ms", 8_000);
    settings.putAll(more);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, 0, "k", "v")).get();
    }
    return null;
  }

  private Object transaction(String user) throws Exception {
    Map<String, Object> settings = as(user);
    settings.put("max.block.ms", 8_000);
    settings.put("transactional.id", "t");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 0, "k", "v")).get();
      producer.commitTransaction();
    }
    return null;
  }

  private Object consume(String user) {
    Map<String, Object> settings = as(user);
    settings.put("group.id", "g");
    settings.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      await()
          .atMost(Duration.ofSeconds(8))
          .pollDelay(Duration.ZERO)
          .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
      consumer.commitSync();
    }
    return null;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
