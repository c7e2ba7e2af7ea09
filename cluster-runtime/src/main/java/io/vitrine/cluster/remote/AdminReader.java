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
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a whole cluster with Kafka's Admin client, part by part.
 *
 * <p>A part that is refused (the operator may not see it, or the cluster is too old) stays empty
 * and is asked for again with the next pass; only the cluster itself and its topics must be told.
 * What changes slowly, and what costs brokers much, is read in every {@value #SLOW}th pass. Of
 * groups and transactions at most {@value #LISTED} are read. One thread at a time.
 */
final class AdminReader {
  static final int LISTED = 500;
  private static final int SLOW = 5;
  private static final Logger LOG = LoggerFactory.getLogger(AdminReader.class);

  private final Admin admin;
  private int passes;
  private boolean raft;
  private Map<String, Map<String, String>> configs = Map.of();
  private Map<Integer, Map<String, LogDirDescription>> directories = Map.of();
  private Map<String, TransactionDescription> transactions = Map.of();

  AdminReader(Admin admin) {
    this.admin = admin;
  }

  /**
   * One pass.
   *
   * @throws ExecutionException when the cluster does not answer; the cause says why
   */
  RemoteState read(Keeper keeper) throws ExecutionException, InterruptedException {
    boolean slow = passes++ % SLOW == 0;
    DescribeClusterResult cluster = admin.describeCluster();
    Map<Integer, Node> brokers = new TreeMap<>();
    cluster.nodes().get().forEach(node -> brokers.put(node.id(), node));
    Node controller = cluster.controller().get();
    int controllerId = controller == null || controller.isEmpty() ? -1 : controller.id();
    int controllerEpoch = keeper.controllerEpoch();
    if (passes == 1 && !keeper.read()) {
      raft = part("quorum", () -> admin.describeMetadataQuorum().quorumInfo().get(), null) != null;
    }
    if (raft) {
      // Brokers name any broker as the controller there: only the quorum knows.
      QuorumInfo quorum =
          part("quorum", () -> admin.describeMetadataQuorum().quorumInfo().get(), null);
      controllerId = quorum == null ? -1 : quorum.leaderId();
      controllerEpoch = quorum == null ? -1 : (int) quorum.leaderEpoch();
    }
    Map<String, TopicDescription> topics = new TreeMap<>(topics());
    if (slow) {
      configs = part("configs", () -> configs(topics.keySet()), Map.of());
      directories =
          part(
              "log directories",
              () -> admin.describeLogDirs(brokers.keySet()).allDescriptions().get(),
              Map.of());
      transactions = part("transactions", this::transactions, Map.of());
    }
    return new RemoteState(
        brokers,
        controllerId,
        controllerEpoch,
        topics,
        configs,
        part("offsets", () -> offsets(topics.values()), Map.of()),
        directories,
        part("groups", this::groups, Map.of()),
        transactions,
        keeper);
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
    admin
        .describeConfigs(resources)
        .all()
        .get()
        .forEach((resource, config) -> found.put(resource.name(), own(config)));
    return found;
  }

  private static Map<String, String> own(Config config) {
    return config.entries().stream()
        .filter(e -> e.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .filter(e -> e.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  private Map<TopicPartition, Offsets> offsets(Collection<TopicDescription> topics)
      throws InterruptedException {
    List<TopicPartition> led =
        topics.stream()
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
      if (end != null) {
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
  private static ListOffsetsResultInfo one(ListOffsetsResult results, TopicPartition id)
      throws InterruptedException {
    return part(id.toString(), () -> results.partitionResult(id).get(), null);
  }

  private Map<String, Group> groups() throws Exception {
    List<String> ids =
        admin.listConsumerGroups().valid().get().stream()
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
      ConsumerGroupDescription group = part(id, () -> described.get(id).get(), null);
      if (group != null) {
        found.put(
            id,
            new Group(
                group,
                part(
                    id,
                    () -> committed(offsets.partitionsToOffsetAndMetadata(id).get()),
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
        admin.listTransactions().all().get().stream()
            .map(TransactionListing::transactionalId)
            .sorted()
            .limit(LISTED)
            .toList();
    return ids.isEmpty() ? Map.of() : admin.describeTransactions(ids).all().get();
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
    } catch (ApiException e) {
      LOG.debug("{} is not told: {}", what, e.toString());
    } catch (Exception e) {
      throw new IllegalStateException("reading " + what, e);
    }
    return otherwise;
  }
}
