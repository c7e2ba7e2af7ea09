package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.CommittedOffset;
import io.vitrine.cluster.group.Committer;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A producer says, in its transaction, how far a group has come. Partitions nobody knows are
 * refused here (3), the others go to the group's coordinator.
 */
public final class TxnOffsetCommitHandler implements ApiHandler {
  /** Older producers crash when they hear of a coordinator that is loading. */
  private static final short FIRST_THAT_KNOWS_LOADING = 2;

  private static final short FIRST_THAT_KNOWS_ABORTABLE = 4;

  private final GroupCoordinator groups;
  private final MetadataCache metadata;
  private final InstantSource wall;
  private final Authorizer authorizer;

  /**
   * @param wall when a commit was made
   */
  public TxnOffsetCommitHandler(
      GroupCoordinator groups, MetadataCache metadata, InstantSource wall, Authorizer authorizer) {
    this.groups = groups;
    this.metadata = metadata;
    this.wall = wall;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.TXN_OFFSET_COMMIT;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 4;
  }

  @Override
  public void handle(Request request) {
    TxnOffsetCommitRequest body = request.body(TxnOffsetCommitRequest.class);
    TxnOffsetCommitRequestData asked = body.data();
    Errors denied = denied(request, asked);
    if (denied != Errors.NONE) {
      request.respond(body.getErrorResponse(denied.exception()));
      return;
    }
    TxnOffsetCommitResponse.Builder response = new TxnOffsetCommitResponse.Builder();
    Set<String> readable =
        authorizer.authorized(
            request,
            AclOperation.READ,
            ResourceType.TOPIC,
            asked.topics().stream().map(TxnOffsetCommitRequestTopic::name).toList());
    Map<TopicPartition, CommittedOffset> known = known(asked, readable, response);
    if (known.isEmpty()) {
      request.respond(response.build());
      return;
    }
    groups
        .commitInTransaction(
            asked.groupId(),
            new Committer(asked.memberId(), asked.groupInstanceId(), asked.generationId()),
            asked.transactionalId(),
            asked.producerId(),
            asked.producerEpoch(),
            request.apiVersion() >= FIRST_THAT_KNOWS_ABORTABLE,
            known)
        .thenAccept(
            errors -> {
              errors.forEach(
                  (partition, error) ->
                      response.addPartition(
                          partition.topic(),
                          partition.partition(),
                          told(error, request.apiVersion())));
              request.respond(response.build());
            });
    request.parked();
  }

  private Errors denied(Request request, TxnOffsetCommitRequestData asked) {
    if (!authorizer.authorize(
        request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, asked.transactionalId())) {
      return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return authorizer.authorize(request, AclOperation.READ, ResourceType.GROUP, asked.groupId())
        ? Errors.NONE
        : Errors.GROUP_AUTHORIZATION_FAILED;
  }

  private static Errors told(Errors error, short version) {
    return error == Errors.COORDINATOR_LOAD_IN_PROGRESS && version < FIRST_THAT_KNOWS_LOADING
        ? Errors.COORDINATOR_NOT_AVAILABLE
        : error;
  }

  /** What can be committed; the rest is refused in the response. */
  private Map<TopicPartition, CommittedOffset> known(
      TxnOffsetCommitRequestData asked,
      Set<String> readable,
      TxnOffsetCommitResponse.Builder response) {
    long nowMs = wall.millis();
    MetadataImage image = metadata.image();
    Map<TopicPartition, CommittedOffset> known = new LinkedHashMap<>();
    for (TxnOffsetCommitRequestTopic topic : asked.topics()) {
      for (TxnOffsetCommitRequestPartition each : topic.partitions()) {
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
                  nowMs,
                  OptionalLong.empty()));
        } else {
          response.addPartition(
              topic.name(), each.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
    }
    return known;
  }
}
