package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.replica.RecordsDeleted;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Deletes the records before an offset of partitions this broker leads (KIP-107); -1 stands for the
 * high watermark.
 *
 * <p>Answered when every live replica's log starts there, or after the request's time-out with 7.
 * Errors: 3 not known, 6 led elsewhere, 1 above the high watermark, 44 {@code cleanup.policy}
 * without delete, 17 an internal topic, 56 the log directory is offline.
 */
public final class DeleteRecordsHandler implements ApiHandler {
  private final ReplicaManager replicas;
  private final MetadataCache metadata;
  private final Authorizer authorizer;

  public DeleteRecordsHandler(
      ReplicaManager replicas, MetadataCache metadata, Authorizer authorizer) {
    this.replicas = replicas;
    this.metadata = metadata;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.DELETE_RECORDS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.DELETE_RECORDS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    DeleteRecordsRequestData body = request.body(DeleteRecordsRequest.class).data();
    MetadataImage image = metadata.image();
    Map<TopicPartition, Long> before = new LinkedHashMap<>();
    Map<TopicPartition, RecordsDeleted> refused = new HashMap<>();
    Set<String> deletable =
        authorizer.authorized(
            request,
            AclOperation.DELETE,
            ResourceType.TOPIC,
            body.topics().stream().map(DeleteRecordsTopic::name).toList());
    for (DeleteRecordsTopic topic : body.topics()) {
      for (DeleteRecordsPartition partition : topic.partitions()) {
        TopicPartition tp = new TopicPartition(topic.name(), partition.partitionIndex());
        if (!deletable.contains(topic.name())) {
          refused.put(tp, refusal(Errors.TOPIC_AUTHORIZATION_FAILED));
        } else if (!image.contains(tp)) {
          refused.put(tp, refusal(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        } else {
          before.put(tp, partition.offset());
        }
      }
    }
    replicas.deleteRecords(
        before,
        body.timeoutMs(),
        deleted -> {
          Map<TopicPartition, RecordsDeleted> all = new HashMap<>(deleted);
          all.putAll(refused);
          request.respond(response(all));
        });
    request.parked();
  }

  private static RecordsDeleted refusal(Errors error) {
    return new RecordsDeleted(error, DeleteRecordsResponse.INVALID_LOW_WATERMARK);
  }

  private static DeleteRecordsResponse response(Map<TopicPartition, RecordsDeleted> outcome) {
    DeleteRecordsResponseData data = new DeleteRecordsResponseData();
    outcome.forEach(
        (tp, deleted) -> {
          DeleteRecordsTopicResult topic = data.topics().find(tp.topic());
          if (topic == null) {
            topic = new DeleteRecordsTopicResult().setName(tp.topic());
            data.topics().add(topic);
          }
          topic
              .partitions()
              .add(
                  new DeleteRecordsPartitionResult()
                      .setPartitionIndex(tp.partition())
                      .setLowWatermark(deleted.lowWatermark())
                      .setErrorCode(deleted.error().code()));
        });
    return new DeleteRecordsResponse(data);
  }
}
