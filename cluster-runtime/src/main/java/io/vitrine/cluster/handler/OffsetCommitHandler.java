package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.CommittedOffset;
import io.vitrine.cluster.group.Committer;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.OldConsumerOffsets;
import io.vitrine.protocol.server.Request;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A group says how far it has come. Partitions nobody knows are refused here (3), the others go to
 * the group's coordinator; those of version 0 to ZooKeeper, where consumers of that time look.
 */
public final class OffsetCommitHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final MetadataCache metadata;
  private final OldConsumerOffsets old;
  private final InstantSource wall;
  private final int metadataMaxLength;
  private final boolean staticMembers;
  private final Authorizer authorizer;

  /**
   * @param wall when a commit was made that does not say it
   * @param metadataMaxLength {@code offset.metadata.max.bytes}
   * @param staticMembers whether all brokers know of them, else they are refused
   */
  public OffsetCommitHandler(
      GroupCoordinator groups,
      MetadataCache metadata,
      OldConsumerOffsets old,
      InstantSource wall,
      int metadataMaxLength,
      boolean staticMembers,
      Authorizer authorizer) {
    this.groups = groups;
    this.metadata = metadata;
    this.old = old;
    this.wall = wall;
    this.metadataMaxLength = metadataMaxLength;
    this.staticMembers = staticMembers;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_COMMIT;
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
    OffsetCommitRequest body = request.body(OffsetCommitRequest.class);
    OffsetCommitRequestData asked = body.data();
    if (!authorizer.authorize(request, AclOperation.READ, ResourceType.GROUP, asked.groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    if (asked.groupInstanceId() != null && !staticMembers) {
      request.respond(body.getErrorResponse(Errors.UNSUPPORTED_VERSION.exception()));
      return;
    }
    OffsetCommitResponse.Builder response = new OffsetCommitResponse.Builder();
    Set<String> readable =
        authorizer.authorized(
            request,
            AclOperation.READ,
            ResourceType.TOPIC,
            asked.topics().stream().map(OffsetCommitRequestTopic::name).toList());
    Map<TopicPartition, CommittedOffset> known = known(asked, readable, response);
    if (known.isEmpty()) {
      request.respond(response.build());
      return;
    }
    CompletableFuture<Map<TopicPartition, Errors>> outcome =
        request.apiVersion() == 0
            ? commitToZooKeeper(asked.groupId(), known)
            : groups.commit(
                asked.groupId(),
                new Committer(
                    asked.memberId(), asked.groupInstanceId(), asked.generationIdOrMemberEpoch()),
                known);
    outcome.thenAccept(
        errors -> {
          errors.forEach(
              (partition, error) ->
                  response.addPartition(partition.topic(), partition.partition(), error));
          request.respond(response.build());
        });
    request.parked();
  }

  /** What can be committed; the rest is refused in the response. */
  private Map<TopicPartition, CommittedOffset> known(
      OffsetCommitRequestData asked, Set<String> readable, OffsetCommitResponse.Builder response) {
    long nowMs = wall.millis();
    OptionalLong expires =
        asked.retentionTimeMs() == OffsetCommitRequest.DEFAULT_RETENTION_TIME
            ? OptionalLong.empty()
            : OptionalLong.of(nowMs + asked.retentionTimeMs());
    MetadataImage image = metadata.image();
    Map<TopicPartition, CommittedOffset> known = new LinkedHashMap<>();
    for (OffsetCommitRequestTopic topic : asked.topics()) {
      for (OffsetCommitRequestPartition each : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), each.partitionIndex());
        if (!readable.contains(topic.name())) {
          response.addPartition(
              topic.name(), each.partitionIndex(), Errors.TOPIC_AUTHORIZATION_FAILED);
        } else if (image.contains(partition)) {
          known.put(
              partition,
              new CommittedOffset(
                  each.committedOffset(),
                  Commits.epoch(each.committedLeaderEpoch()),
                  Commits.metadata(each.committedMetadata()),
                  each.commitTimestamp() == OffsetCommitRequest.DEFAULT_TIMESTAMP
                      ? nowMs
                      : each.commitTimestamp(),
                  expires));
        } else {
          response.addPartition(
              topic.name(), each.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
    }
    return known;
  }

  private CompletableFuture<Map<TopicPartition, Errors>> commitToZooKeeper(
      String groupId, Map<TopicPartition, CommittedOffset> offsets) {
    Map<TopicPartition, CompletableFuture<Errors>> writes = new LinkedHashMap<>();
    offsets.forEach(
        (partition, offset) ->
            writes.put(
                partition,
                offset.metadata().length() > metadataMaxLength
                    ? CompletableFuture.completedFuture(Errors.OFFSET_METADATA_TOO_LARGE)
                    : old.write(groupId, partition, offset.offset())
                        .handle((done, error) -> Commits.errorOf(error))));
    return CompletableFuture.allOf(writes.values().toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<TopicPartition, Errors> outcome = new LinkedHashMap<>();
              writes.forEach((partition, write) -> outcome.put(partition, write.join()));
              return outcome;
            });
  }
}
