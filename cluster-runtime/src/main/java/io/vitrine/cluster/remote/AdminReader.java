package io.vitrine.cluster.remote;

import io.vitrine.cluster.remote.RemoteState.Group;
import io.vitrine.cluster.remote.RemoteState.Keeper;
import io.vitrine.cluster.remote.RemoteState.Offsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a whole cluster with Kafka's Admin client, part by part.
 *
 * <p>The cluster and its topics must be told. Any other part may be refused (the operator may not
 * see it, or the cluster is too old) or wait for a broker that is dead: it is given {@value
 * #PATIENCE_MS} ms with all others together, and what is not told stays as it was. What changes
 * slowly, and what costs brokers much, is read in every {@value #SLOW}th pass. Of groups and
 * transactions at most {@value #LISTED} are read. One thread at a time.
 */
final class AdminReader {
  static final int LISTED = 500;
  private static final int SLOW = 5;
  private static final long PATIENCE_MS = 4_000;
  private static final Logger LOG = LoggerFactory.getLogger(AdminReader.class);

  private final Admin admin;
  private final LongSupplier nanoTime;
  private int passes;
  private boolean raft;
  private long deadlineNanos;
  private RemoteState last = RemoteState.nothing();

  AdminReader(Admin admin, LongSupplier nanoTime) {
    this.admin = admin;
    this.nanoTime = nanoTime;
  }

  /**
   * Brokers, controller and topics; everything else as it was.
   *
   * @throws ExecutionException when the cluster does not answer; the cause says why
   */
  RemoteState cluster(Keeper keeper) throws ExecutionException, InterruptedException {
    DescribeClusterResult cluster = admin.describeCluster();
    Map<Integer, Node> brokers = new TreeMap<>();
    cluster.nodes().get().forEach(node -> brokers.put(node.id(), node));
    Node controller = cluster.controller().get();
    int controllerId = controller == null || controller.isEmpty() ? -1 : controller.id();
    int controllerEpoch = keeper.controllerEpoch();
    if (passes == 0 && !keeper.read()) {
      raft = quorum() != null;
    }
    if (raft) {
      // Brokers name any broker as the controller there: only the quorum knows.
      QuorumInfo quorum = quorum();
      controllerId = quorum == null ? last.controller() : quorum.leaderId();
      controllerEpoch = quorum == null ? last.controllerEpoch() : (int) quorum.leaderEpoch();
    }
    Map<String, TopicDescription> topics = new TreeMap<>(topics());
    last =
        new RemoteState(
            brokers,
            controllerId,
            controllerEpoch,
            topics,
            last.configs(),
            ofSameLeaders(topics),
            last.directories(),
            last.groups(),
            last.transactions(),
            keeper);
    return last;
  }

  /** What was told by leaders that still lead. */
  private Map<TopicPartition, Offsets> ofSameLeaders(Map<String, TopicDescription> topics) {
    Map<TopicPartition, Offsets> kept = new HashMap<>();
    last.offsets()
        .forEach(
            (id, offsets) -> {
              int before = RemoteState.leader(last.topics().get(id.topic()), id.partition());
              if (before >= 0
                  && before == RemoteState.leader(topics.get(id.topic()), id.partition())) {
                kept.put(id, offsets);
              }
            });
    return kept;
  }

  private QuorumInfo quorum() throws InterruptedException {
    return part("quorum", () -> admin.describeMetadataQuorum().quorumInfo().get(), null);
  }

  /** The other parts of the cluster that was read last. */
  RemoteState rest() throws InterruptedException {
    boolean slow = passes++ % SLOW == 0;
    deadlineNanos = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    Map<TopicPartition, Offsets> offsets = offsets(last);
    Map<String, Group> groups = part("groups", this::groups, last.groups());
    Map<String, Map<String, String>> configs = last.configs();
    Map<Integer, Map<String, LogDirDescription>> directories = last.directories();
    Map<String, TransactionDescription> transactions = last.transactions();
    if (slow) {
      configs = part("configs", () -> configs(last.topics().keySet()), configs);
      directories = directories(last.brokers().keySet());
      transactions = part("transactions", this::transactions, transactions);
    }
    last =
        new RemoteState(
            last.brokers(),
            last.controller(),
            last.controllerEpoch(),
            last.topics(),
            configs,
            offsets,
            directories,
            groups,
            transactions,
            last.keeper());
    return last;
  }

  /** Waits no longer than all parts together may take. */
  private <T> T told(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(Math.max(0, deadlineNanos - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
  }

  private Map<String, TopicDescription> topics() throws ExecutionException, InterruptedException {
    Collection<String> names =
        admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
    Map<String, TopicDescription> found = new HashMap<>();
    for (var each : admin.describeTopics(names).topicNameValues().entrySet()) {
      // A topic may be gone since it was listed.
      TopicDescription topic = part(each.getKey(), () -> each.getValue().get(), null);
      if (topic != null) {
        found.put(each.getKey(), topic);
      }
    }
    return found;
  }

  private Map<String, Map<String, String>> configs(Collection<String> topics) throws Exception {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Map<String, String>> found = new HashMap<>();
    told(admin.describeConfigs(resources).all())
        .forEach((resource, config) -> found.put(resource.name(), own(config)));
    return found;
  }

  private static Map<String, String> own(Config config) {
    return config.entries().stream()
        .filter(e -> e.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .filter(e -> e.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  private Map<Integer, Map<String, LogDirDescription>> directories(Collection<Integer> brokers)
      throws InterruptedException {
    Map<Integer, Map<String, LogDirDescription>> found = new HashMap<>();
    for (var each : admin.describeLogDirs(brokers).descriptions().entrySet()) {
      found.put(
          each.getKey(),
          part(
              "log directories of broker " + each.getKey(),
              () -> told(each.getValue()),
              last.directories().getOrDefault(each.getKey(), Map.of())));
    }
    return found;
  }

  private Map<TopicPartition, Offsets> offsets(RemoteState of) throws InterruptedException {
    List<TopicPartition> led =
        of.topics().values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .filter(p -> p.leader() != null && !p.leader().isEmpty())
                        .map(p -> new TopicPartition(topic.name(), p.partition())))
            .toList();
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    ListOffsetsResult starts = admin.listOffsets(all(led, OffsetSpec.earliest()));
    ListOffsetsResult ends = admin.listOffsets(all(led, OffsetSpec.latest()));
    ListOffsetsResult stable = admin.listOffsets(all(led, OffsetSpec.latest()), committed);
    Map<TopicPartition, Offsets> found = new HashMap<>();
    for (TopicPartition id : led) {
      ListOffsetsResultInfo end = one(ends, id);
      ListOffsetsResultInfo start = one(starts, id);
      ListOffsetsResultInfo last = one(stable, id);
      if (end == null) {
        found.put(id, of.offsetsOf(id));
      } else {
        found.put(
            id,
            new Offsets(
                end.leaderEpoch().orElse(-1),
                start == null ? -1 : start.offset(),
                end.offset(),
                last == null ? -1 : last.offset()));
      }
    }
    return found;
  }

  private static Map<TopicPartition, OffsetSpec> all(List<TopicPartition> ids, OffsetSpec spec) {
    return ids.stream().collect(Collectors.toMap(id -> id, id -> spec));
  }

  /** Null when the leader does not answer: it may just have moved. */
  private ListOffsetsResultInfo one(ListOffsetsResult results, TopicPartition id)
      throws InterruptedException {
    return part(id.toString(), () -> told(results.partitionResult(id)), null);
  }

  private Map<String, Group> groups() throws Exception {
    List<String> ids =
        told(admin.listConsumerGroups().valid()).stream()
            .map(ConsumerGroupListing::groupId)
            .sorted()
            .limit(LISTED)
            .toList();
    if (ids.isEmpty()) {
      return Map.of();
    }
    var described = admin.describeConsumerGroups(ids).describedGroups();
    var offsets =
        admin.listConsumerGroupOffsets(
            ids.stream()
                .collect(Collectors.toMap(id -> id, id -> new ListConsumerGroupOffsetsSpec())));
    Map<String, Group> found = new TreeMap<>();
    for (String id : ids) {
      ConsumerGroupDescription group = part(id, () -> told(described.get(id)), null);
      if (group == null && last.groups().containsKey(id)) {
        found.put(id, last.groups().get(id));
      } else if (group != null) {
        found.put(
            id,
            new Group(
                group,
                part(
                    id,
                    () -> committed(told(offsets.partitionsToOffsetAndMetadata(id))),
                    Map.of())));
      }
    }
    return found;
  }

  private static Map<TopicPartition, Long> committed(Map<TopicPartition, OffsetAndMetadata> told) {
    return told.entrySet().stream()
        .filter(e -> e.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  private Map<String, TransactionDescription> transactions() throws Exception {
    List<String> ids =
        told(admin.listTransactions().all()).stream()
            .map(TransactionListing::transactionalId)
            .sorted()
            .limit(LISTED)
            .toList();
    return ids.isEmpty() ? Map.of() : told(admin.describeTransactions(ids).all());
  }

  /** What is told, or something instead when it is refused. */
  private static <T> T part(String what, Callable<T> read, T otherwise)
      throws InterruptedException {
    try {
      return read.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (ExecutionException e) {
      LOG.debug("{} is not told: {}", what, e.getCause().toString());
    } catch (ApiException | TimeoutException e) {
      LOG.debug("{} is not told: {}", what, e.toString());
    } catch (Exception e) {
      throw new IllegalStateException("reading " + what, e);
    }
    return otherwise;
  }
}
