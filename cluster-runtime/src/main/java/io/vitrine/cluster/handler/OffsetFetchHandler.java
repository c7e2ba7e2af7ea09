package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.FetchedOffset;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.OldConsumerOffsets;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.OffsetFetchResponse.PartitionData;
import org.apache.kafka.common.resource.ResourceType;

/**
 * How far groups have come, in some partitions or in all; from version 8 on for many groups at
 * once. Version 0 looks in ZooKeeper, where commits of version 0 went.
 */
public final class OffsetFetchHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final MetadataCache metadata;
  private final OldConsumerOffsets old;
  private final Authorizer authorizer;

  public OffsetFetchHandler(
      GroupCoordinator groups,
      MetadataCache metadata,
      OldConsumerOffsets old,
      Authorizer authorizer) {
    this.groups = groups;
    this.metadata = metadata;
    this.old = old;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_FETCH;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 9;
  }

  @Override
  public void handle(Request request) {
    OffsetFetchRequest body = request.body(OffsetFetchRequest.class);
    if (request.apiVersion() == 0) {
      if (!authorizer.authorize(
          request, AclOperation.DESCRIBE, ResourceType.GROUP, body.groupId())) {
        request.respond(body.getErrorResponse(0, Errors.GROUP_AUTHORIZATION_FAILED));
        return;
      }
      Set<String> visible =
          visible(request, body.partitions().stream().map(TopicPartition::topic).toList());
      fetchFromZooKeeper(body.groupId(), body.partitions(), visible)
          .thenAccept(found -> request.respond(new OffsetFetchResponse(Errors.NONE, found)));
      request.parked();
      return;
    }
    List<OffsetFetchResponseGroup> found = new ArrayList<>();
    for (OffsetFetchRequestGroup group : body.groups()) {
      found.add(
          authorizer.authorize(request, AclOperation.DESCRIBE, ResourceType.GROUP, group.groupId())
              ? fetch(request, group, body.requireStable())
              : OffsetFetchResponse.groupError(
                  group, Errors.GROUP_AUTHORIZATION_FAILED, request.apiVersion()));
    }
    request.respond(new OffsetFetchResponse(found, request.apiVersion()));
  }

  private Set<String> visible(Request request, List<String> topics) {
    return authorizer.authorized(request, AclOperation.DESCRIBE, ResourceType.TOPIC, topics);
  }

  /** Topics the client may not see are passed over, or refused where it has named them. */
  private OffsetFetchResponseGroup fetch(
      Request request, OffsetFetchRequestGroup asked, boolean requireStable) {
    OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(asked.groupId());
    Set<String> visible =
        asked.topics() == null
            ? Set.of()
            : visible(
                request, asked.topics().stream().map(OffsetFetchRequestTopics::name).toList());
    List<OffsetFetchResponseTopics> found;
    try {
      found =
          new ArrayList<>(
              ByTopic.group(
                  groups.fetchOffsets(asked.groupId(), requireStable, partitions(asked, visible)),
                  name -> new OffsetFetchResponseTopics().setName(name),
                  (topic, partition, offset) ->
                      topic.partitions().add(partition(partition, offset))));
    } catch (ApiException e) {
      return answer.setErrorCode(Errors.forException(e).code());
    }
    if (asked.topics() == null) {
      Set<String> all =
          visible(request, found.stream().map(OffsetFetchResponseTopics::name).toList());
      found.removeIf(topic -> !all.contains(topic.name()));
    } else {
      asked.topics().stream()
          .filter(topic -> !visible.contains(topic.name()))
          .forEach(topic -> found.add(refused(topic)));
    }
    return answer.setTopics(found);
  }

  private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics asked) {
    OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics().setName(asked.name());
    asked
        .partitionIndexes()
        .forEach(
            partition ->
                topic
                    .partitions()
                    .add(
                        new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())));
    return topic;
  }

  private static Optional<List<TopicPartition>> partitions(
      OffsetFetchRequestGroup asked, Set<String> visible) {
    return Optional.ofNullable(asked.topics())
        .map(
            topics ->
                topics.stream()
                    .filter(topic -> visible.contains(topic.name()))
                    .flatMap(
                        topic ->
                            topic.partitionIndexes().stream()
                                .map(each -> new TopicPartition(topic.name(), each)))
                    .toList());
  }

  private static OffsetFetchResponsePartitions partition(int partition, FetchedOffset offset) {
    return new OffsetFetchResponsePartitions()
        .setPartitionIndex(partition)
        .setCommittedOffset(offset.offset())
        .setCommittedLeaderEpoch(offset.leaderEpoch())
        .setMetadata(offset.metadata())
        .setErrorCode(offset.error().code());
  }

  private CompletableFuture<Map<TopicPartition, PartitionData>> fetchFromZooKeeper(
      String groupId, List<TopicPartition> partitions, Set<String> visible) {
    Map<TopicPartition, CompletableFuture<PartitionData>> reads = new LinkedHashMap<>();
    for (TopicPartition partition : partitions) {
      if (!visible.contains(partition.topic())) {
        reads.put(
            partition,
            CompletableFuture.completedFuture(OffsetFetchResponse.UNAUTHORIZED_PARTITION));
        continue;
      }
      reads.put(
          partition,
          metadata.image().contains(partition)
              ? old.read(groupId, partition).handle(OffsetFetchHandler::read)
              : CompletableFuture.completedFuture(OffsetFetchResponse.UNKNOWN_PARTITION));
    }
    return CompletableFuture.allOf(reads.values().toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<TopicPartition, PartitionData> found = new LinkedHashMap<>();
              reads.forEach((partition, read) -> found.put(partition, read.join()));
              return found;
            });
  }

  private static PartitionData read(Optional<Long> offset, Throwable error) {
    if (error == null && offset.isEmpty()) {
      return OffsetFetchResponse.UNKNOWN_PARTITION;
    }
    return new PartitionData(
        error == null ? offset.get() : OffsetFetchResponse.INVALID_OFFSET,
        Optional.empty(),
        OffsetFetchResponse.NO_METADATA,
        Commits.errorOf(error));
  }
}
