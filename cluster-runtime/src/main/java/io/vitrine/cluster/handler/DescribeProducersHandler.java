package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.producer.ActiveProducer;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Says which producers the replicas of this broker know, leaders and followers alike (KIP-664).
 * Errors: 17 no legal topic name, 3 not known, 6 no replica here, 56 its directory is offline.
 */
public final class DescribeProducersHandler implements ApiHandler {
  private final ReplicaManager replicas;
  private final MetadataCache metadata;
  private final Authorizer authorizer;

  public DescribeProducersHandler(
      ReplicaManager replicas, MetadataCache metadata, Authorizer authorizer) {
    this.replicas = replicas;
    this.metadata = metadata;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_PRODUCERS;
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
    DescribeProducersResponseData data = new DescribeProducersResponseData();
    MetadataImage image = metadata.image();
    for (TopicRequest asked : request.body(DescribeProducersRequest.class).data().topics()) {
      TopicResponse topic = new TopicResponse().setName(asked.name());
      Optional<ApiError> refused = refused(request, image, asked.name());
      for (int partition : asked.partitionIndexes()) {
        topic
            .partitions()
            .add(
                refused
                    .map(error -> error(partition, error))
                    .orElseGet(() -> describe(new TopicPartition(asked.name(), partition))));
      }
      data.topics().add(topic);
    }
    request.respond(new DescribeProducersResponse(data));
  }

  private Optional<ApiError> refused(Request request, MetadataImage image, String topic) {
    try {
      Topic.validate(topic);
    } catch (ApiException e) {
      return Optional.of(ApiError.fromThrowable(e));
    }
    if (!authorizer.authorize(request, AclOperation.READ, ResourceType.TOPIC, topic)) {
      return Optional.of(new ApiError(Errors.TOPIC_AUTHORIZATION_FAILED));
    }
    return image.contains(topic)
        ? Optional.empty()
        : Optional.of(new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION));
  }

  private static PartitionResponse error(int partition, ApiError error) {
    return new PartitionResponse()
        .setPartitionIndex(partition)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }

  private PartitionResponse describe(TopicPartition partition) {
    PartitionResponse described = new PartitionResponse().setPartitionIndex(partition.partition());
    Optional<PartitionLog> log;
    try {
      log = replicas.partitionOrThrow(partition).log();
    } catch (ApiException e) {
      return described.setErrorCode(Errors.forException(e).code());
    }
    if (log.isEmpty()) {
      return described.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }
    log.get().activeProducers().forEach(each -> described.activeProducers().add(state(each)));
    return described;
  }

  private static ProducerState state(ActiveProducer producer) {
    return new ProducerState()
        .setProducerId(producer.producerId())
        .setProducerEpoch(producer.epoch())
        .setLastSequence(producer.lastSequence())
        .setLastTimestamp(producer.lastTimestampMs())
        .setCoordinatorEpoch(producer.coordinatorEpoch())
        .setCurrentTxnStartOffset(producer.transactionStartOffset());
  }
}
