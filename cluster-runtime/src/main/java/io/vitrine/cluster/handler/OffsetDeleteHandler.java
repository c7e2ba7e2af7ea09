package io.vitrine.cluster.handler;

import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A group forgets how far it has come in partitions none of its members consumes. Partitions nobody
 * knows are refused (3).
 */
public final class OffsetDeleteHandler implements ApiHandler {
  private final GroupCoordinator groups;
  private final MetadataCache metadata;
  private final Authorizer authorizer;

  public OffsetDeleteHandler(
      GroupCoordinator groups, MetadataCache metadata, Authorizer authorizer) {
    this.groups = groups;
    this.metadata = metadata;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_DELETE;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 0;
  }

  @Override
  public void handle(Request request) {
    OffsetDeleteRequest body = request.body(OffsetDeleteRequest.class);
    OffsetDeleteRequestData asked = body.data();
    if (!authorizer.authorize(request, AclOperation.DELETE, ResourceType.GROUP, asked.groupId())) {
      request.respond(body.getErrorResponse(Errors.GROUP_AUTHORIZATION_FAILED.exception()));
      return;
    }
    Set<String> readable =
        authorizer.authorized(
            request,
            AclOperation.READ,
            ResourceType.TOPIC,
            asked.topics().stream().map(OffsetDeleteRequestTopic::name).toList());
    OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
    MetadataImage image = metadata.image();
    List<TopicPartition> known = new ArrayList<>();
    for (OffsetDeleteRequestTopic topic : asked.topics()) {
      for (OffsetDeleteRequestPartition each : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), each.partitionIndex());
        if (!readable.contains(topic.name())) {
          response.addPartition(
              topic.name(), each.partitionIndex(), Errors.TOPIC_AUTHORIZATION_FAILED);
        } else if (image.contains(partition)) {
          known.add(partition);
        } else {
          response.addPartition(
              topic.name(), each.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
    }
    try {
      groups
          .deleteOffsets(asked.groupId(), known)
          .forEach(
              (partition, error) ->
                  response.addPartition(partition.topic(), partition.partition(), error));
      request.respond(response.build());
    } catch (ApiException e) {
      request.respond(body.getErrorResponse(e));
    }
  }
}
