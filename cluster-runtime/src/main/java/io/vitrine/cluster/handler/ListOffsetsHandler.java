package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.log.TimestampOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ListOffsets v0–9; v0 answers a list of offsets where segments begin.
 *
 * <p>A consumer's latest offset is the high watermark, or the last stable offset; a replica's is
 * the log's end.
 */
public final class ListOffsetsHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ListOffsetsHandler.class);

  private static final short FIRST_WITH_ONE_OFFSET = 1;
  private static final short FIRST_WITH_EPOCHS = 4;
  private static final short FIRST_WITH_OFFSET_NOT_AVAILABLE = 5;

  /** The special timestamps and the version that brought each. */
  private static final Map<Long, Integer> SPECIAL =
      Map.of(
          ListOffsetsRequest.LATEST_TIMESTAMP, 1,
          ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
          ListOffsetsRequest.MAX_TIMESTAMP, 7,
          ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
          ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9);

  private final ReplicaManager replicas;
  private final Authorizer authorizer;

  public ListOffsetsHandler(ReplicaManager replicas, Authorizer authorizer) {
    this.replicas = replicas;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.LIST_OFFSETS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.LIST_OFFSETS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    ListOffsetsRequest body = request.body(ListOffsetsRequest.class);
    Set<String> visible =
        authorizer.authorized(
            request,
            AclOperation.DESCRIBE,
            ResourceType.TOPIC,
            body.topics().stream().map(ListOffsetsTopic::name).toList());
    List<ListOffsetsTopicResponse> topics = new ArrayList<>();
    for (ListOffsetsTopic topic : body.topics()) {
      List<ListOffsetsPartitionResponse> partitions = new ArrayList<>();
      for (ListOffsetsPartition partition : topic.partitions()) {
        TopicPartition tp = new TopicPartition(topic.name(), partition.partitionIndex());
        partitions.add(
            visible.contains(topic.name())
                ? answer(body, tp, partition, request.apiVersion())
                : error(partition, Errors.TOPIC_AUTHORIZATION_FAILED));
      }
      topics.add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(partitions));
    }
    request.respond(new ListOffsetsResponse(new ListOffsetsResponseData().setTopics(topics)));
  }

  private ListOffsetsPartitionResponse answer(
      ListOffsetsRequest body, TopicPartition tp, ListOffsetsPartition asked, short version) {
    if (version < FIRST_WITH_ONE_OFFSET) {
      return oldStyle(body, tp, asked);
    }
    if (body.duplicatePartitions().contains(tp)) {
      return error(asked, Errors.INVALID_REQUEST);
    }
    if (asked.timestamp() < 0
        && SPECIAL.getOrDefault(asked.timestamp(), Integer.MAX_VALUE) > version) {
      return error(asked, Errors.UNSUPPORTED_VERSION);
    }
    try {
      return find(body, tp, asked)
          .map(found -> found(asked, found, version))
          .orElseGet(() -> error(asked, Errors.NONE));
    } catch (OffsetNotAvailableException e) {
      boolean known = version >= FIRST_WITH_OFFSET_NOT_AVAILABLE;
      return error(asked, known ? Errors.OFFSET_NOT_AVAILABLE : Errors.LEADER_NOT_AVAILABLE);
    } catch (ApiException e) {
      return error(asked, Errors.forException(e));
    } catch (RuntimeException e) {
      LOG.error("looking up offset {} of {} failed", asked.timestamp(), tp, e);
      return error(asked, Errors.forException(e));
    }
  }

  private ListOffsetsPartitionResponse oldStyle(
      ListOffsetsRequest body, TopicPartition tp, ListOffsetsPartition asked) {
    ListOffsetsPartitionResponse response =
        new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
    if (asked.timestamp() < ListOffsetsRequest.EARLIEST_TIMESTAMP) {
      return response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
    }
    try {
      return response.setOldStyleOffsets(
          replicas.segmentOffsets(
              tp,
              asked.timestamp(),
              asked.maxNumOffsets(),
              body.replicaId() == ListOffsetsRequest.CONSUMER_REPLICA_ID,
              body.replicaId() != ListOffsetsRequest.DEBUGGING_REPLICA_ID));
    } catch (ApiException e) {
      return response.setErrorCode(Errors.forException(e).code());
    }
  }

  private Optional<TimestampOffset> find(
      ListOffsetsRequest body, TopicPartition tp, ListOffsetsPartition asked) {
    boolean consumer = body.replicaId() == ListOffsetsRequest.CONSUMER_REPLICA_ID;
    Optional<IsolationLevel> isolation =
        consumer ? Optional.of(body.isolationLevel()) : Optional.empty();
    boolean epochTold = asked.currentLeaderEpoch() != ListOffsetsResponse.UNKNOWN_EPOCH;
    return replicas.offsetForTimestamp(
        tp,
        asked.timestamp(),
        isolation,
        epochTold ? Optional.of(asked.currentLeaderEpoch()) : Optional.empty(),
        body.replicaId() != ListOffsetsRequest.DEBUGGING_REPLICA_ID);
  }

  private static ListOffsetsPartitionResponse found(
      ListOffsetsPartition asked, TimestampOffset found, short version) {
    ListOffsetsPartitionResponse response =
        new ListOffsetsPartitionResponse()
            .setPartitionIndex(asked.partitionIndex())
            .setErrorCode(Errors.NONE.code())
            .setTimestamp(found.timestamp())
            .setOffset(found.offset());
    if (version >= FIRST_WITH_EPOCHS) {
      found.leaderEpoch().ifPresent(response::setLeaderEpoch);
    }
    return response;
  }

  private static ListOffsetsPartitionResponse error(ListOffsetsPartition asked, Errors error) {
    return new ListOffsetsPartitionResponse()
        .setPartitionIndex(asked.partitionIndex())
        .setErrorCode(error.code())
        .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
        .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET);
  }
}
