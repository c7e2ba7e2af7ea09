package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.replica.FetchContext;
import io.vitrine.cluster.replica.FetchItem;
import io.vitrine.cluster.replica.FetchParameters;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.PartitionRead;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.ReplicationQuota;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.codec.FileSlice;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.log.LogSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetch v0–17 of consumers and followers; below v4 records are written anew in an older format.
 *
 * <p>Record bytes are not read here: they go out as slices of the segment files. Every slice is
 * given back once, by the server after sending, or here when the answer does not hold it.
 */
public final class FetchHandler implements ApiHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FetchHandler.class);

  private static final short FIRST_WITH_BATCHES = 4;
  private static final short FIRST_WITH_STORAGE_ERROR = 6;
  private static final short FIRST_WITH_ZSTD = 10;
  private static final short FIRST_WITH_TOPIC_IDS = 13;
  private static final short FIRST_WITH_LEADERS = 16;

  private final ReplicaManager replicas;
  private final MetadataCache metadata;
  private final int fetchMaxBytes;
  private final Quotas quotas;
  private final Traffic traffic;
  private final Authorizer authorizer;
  private final OlderFormats olderFormats;

  /**
   * @param fetchMaxBytes {@code fetch.max.bytes}
   * @param olderFormats for Fetch below v4
   */
  public FetchHandler(
      ReplicaManager replicas,
      MetadataCache metadata,
      int fetchMaxBytes,
      Quotas quotas,
      Traffic traffic,
      Authorizer authorizer,
      OlderFormats olderFormats) {
    this.olderFormats = olderFormats;
    this.replicas = replicas;
    this.metadata = metadata;
    this.fetchMaxBytes = fetchMaxBytes;
    this.quotas = quotas;
    this.traffic = traffic;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FETCH;
  }

  @Override
  public short minVersion() {
    return ApiKeys.FETCH.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.FETCH.latestVersion();
  }

  @Override
  public void handle(Request request) {
    FetchRequest body = request.body(FetchRequest.class);
    MetadataImage image = metadata.image();
    Map<Uuid, String> topicNames =
        body.version() >= FIRST_WITH_TOPIC_IDS ? image.topicNames() : Map.of();
    FetchContext context = replicas.fetchSessions().open(body, topicNames);
    List<FetchItem> known = new ArrayList<>();
    LinkedHashMap<TopicIdPartition, PartitionData> refused = new LinkedHashMap<>();
    Map<String, Integer> partitionsByTopic = new HashMap<>();
    boolean follower =
        body.isFromFollower() && authorizer.authorizeCluster(request, AclOperation.CLUSTER_ACTION);
    Set<String> readable = body.isFromFollower() ? Set.of() : readable(request, context);
    if (!body.isFromFollower()) {
      // A consumer is told of ids nobody knows before it is told of other refusals.
      context.items().stream()
          .map(FetchItem::partition)
          .filter(id -> id.topic() == null)
          .forEach(id -> refused.put(id, refusal(id, Errors.UNKNOWN_TOPIC_ID)));
    }
    for (FetchItem item : context.items()) {
      TopicIdPartition id = item.partition();
      if (body.isFromFollower() && !follower) {
        refused.put(id, refusal(id, Errors.TOPIC_AUTHORIZATION_FAILED));
      } else if (id.topic() == null) {
        refused.put(id, refusal(id, Errors.UNKNOWN_TOPIC_ID));
      } else if (!follower && !readable.contains(id.topic())) {
        refused.put(id, refusal(id, Errors.TOPIC_AUTHORIZATION_FAILED));
      } else if (!image.contains(id.topicPartition())) {
        refused.put(id, refusal(id, Errors.UNKNOWN_TOPIC_OR_PARTITION));
      } else {
        known.add(item);
        partitionsByTopic.merge(id.topic(), 1, Integer::sum);
      }
    }
    partitionsByTopic.forEach(traffic::fetchAsked);
    if (known.isEmpty()) {
      answer(request, context, List.of(), refused);
      return;
    }
    replicas.fetch(
        FetchParameters.of(body, mostBytes(request, body)),
        known,
        reads -> answer(request, context, reads, refused));
    request.parked();
  }

  private Set<String> readable(Request request, FetchContext context) {
    return authorizer.authorized(
        request,
        AclOperation.READ,
        ResourceType.TOPIC,
        context.items().stream()
            .map(item -> item.partition().topic())
            .filter(Objects::nonNull)
            .toList());
  }

  /** What a consumer could not have without being held back is not even read. */
  private int mostBytes(Request request, FetchRequest body) {
    return body.isFromFollower()
        ? fetchMaxBytes
        : Math.min(fetchMaxBytes, quotas.mostToFetch(request));
  }

  private static PartitionData refusal(TopicIdPartition id, Errors error) {
    return FetchResponse.partitionResponse(id, error).setRecords(MemoryRecords.EMPTY);
  }

  private void answer(
      Request request,
      FetchContext context,
      List<PartitionRead> reads,
      Map<TopicIdPartition, PartitionData> refused) {
    AbstractResponse response;
    try {
      response = response(request, context, reads, refused);
    } catch (RuntimeException e) {
      LOG.error("the answer to {} cannot be made", request, e);
      reads.forEach(read -> read.records().close());
      response = request.body().getErrorResponse(0, e);
    }
    try {
      request.respond(response);
    } catch (IllegalStateException endedBefore) {
      FileSlice.releaseAll(response);
      throw endedBefore;
    }
  }

  private FetchResponse response(
      Request request,
      FetchContext context,
      List<PartitionRead> reads,
      Map<TopicIdPartition, PartitionData> refused) {
    CurrentLeaders leaders =
        new CurrentLeaders(replicas, metadata, request.connection().listenerName());
    LinkedHashMap<TopicIdPartition, PartitionData> found = new LinkedHashMap<>();
    for (PartitionRead read : reads) {
      PartitionData data = data(read, request.apiVersion(), leaders);
      found.put(
          read.partition(),
          request.apiVersion() < FIRST_WITH_BATCHES ? inOlderFormat(request, read, data) : data);
    }
    found.putAll(refused);
    boolean fromFollower = request.body(FetchRequest.class).isFromFollower();
    int throttleMs =
        fromFollower
            ? 0
            : quotas.chargeFetch(
                request,
                () ->
                    FetchResponse.sizeOf(
                        request.apiVersion(), context.news(found).entrySet().iterator()));
    if (throttleMs > 0) {
      reads.forEach(read -> read.records().close());
      return context.throttled(throttleMs);
    }
    FetchResponse response = context.answer(found, leaders.nodes());
    if (response.data().responses().isEmpty()) {
      // The session went on without this fetch: its answer holds none of what was read.
      reads.forEach(read -> read.records().close());
    } else if (request.apiVersion() < FIRST_WITH_ZSTD) {
      withholdZstd(response, reads);
    }
    count(response, request.body(FetchRequest.class).replicaId());
    if (fromFollower) {
      countThrottled(response, request.apiVersion());
    }
    return response;
  }

  private PartitionData inOlderFormat(Request request, PartitionRead read, PartitionData data) {
    TopicPartition tp = read.partition().topicPartition();
    if (read.records().sizeBytes() == 0 || isZstd(tp)) {
      return data;
    }
    FetchRequest body = request.body(FetchRequest.class);
    long fetchOffset =
        body.fetchData(Map.of()).entrySet().stream()
            .filter(asked -> asked.getKey().topicPartition().equals(tp))
            .findFirst()
            .orElseThrow()
            .getValue()
            .fetchOffset;
    return olderFormats.convert(
        read, data, fetchOffset, request.apiVersion(), body.isFromFollower());
  }

  /** Topics whose setting is zstd are not read by clients that may not know it. */
  private void withholdZstd(FetchResponse response, List<PartitionRead> reads) {
    for (FetchableTopicResponse topic : response.data().responses()) {
      topic
          .partitions()
          .replaceAll(
              data -> {
                TopicPartition tp = new TopicPartition(topic.topic(), data.partitionIndex());
                if (!isZstd(tp)) {
                  return data;
                }
                reads.stream()
                    .filter(read -> read.partition().topicPartition().equals(tp))
                    .forEach(read -> read.records().close());
                return FetchResponse.partitionResponse(
                    tp.partition(), Errors.UNSUPPORTED_COMPRESSION_TYPE);
              });
    }
  }

  private boolean isZstd(TopicPartition tp) {
    return replicas
        .partition(tp)
        .flatMap(Partition::log)
        .map(log -> log.settings().compression().fixed())
        .filter(codec -> codec.type() == CompressionType.ZSTD)
        .isPresent();
  }

  /**
   * @param replicaId of the follower, below 0 for a consumer
   */
  private void count(FetchResponse response, int replicaId) {
    for (FetchableTopicResponse topic : response.data().responses()) {
      long bytes = 0;
      for (PartitionData partition : topic.partitions()) {
        int size = FetchResponse.recordsSize(partition);
        bytes += size;
        if (replicaId >= 0 && size > 0) {
          countReassigned(
              new TopicPartition(topic.topic(), partition.partitionIndex()), replicaId, size);
        }
        if (partition.errorCode() == Errors.UNKNOWN_SERVER_ERROR.code()) {
          traffic.fetchFailed(topic.topic());
        }
      }
      if (bytes > 0) {
        traffic.fetched(topic.topic(), bytes, replicaId >= 0);
      }
    }
  }

  private void countReassigned(TopicPartition partition, int replicaId, int bytes) {
    if (replicas.partition(partition).filter(each -> each.isAdding(replicaId)).isPresent()) {
      traffic.reassignedOut(bytes);
    }
  }

  /** What is sent of throttled partitions counts, to replicas in sync as well. */
  private void countThrottled(FetchResponse response, short version) {
    ReplicationQuota quota = replicas.quotas().leader();
    if (!quota.throttlesAny()) {
      return;
    }
    Map<TopicIdPartition, PartitionData> throttled = new LinkedHashMap<>();
    for (FetchableTopicResponse topic : response.data().responses()) {
      for (PartitionData partition : topic.partitions()) {
        TopicPartition tp = new TopicPartition(topic.topic(), partition.partitionIndex());
        if (quota.isThrottled(tp)) {
          throttled.put(new TopicIdPartition(topic.topicId(), tp), partition);
        }
      }
    }
    quota.record(FetchResponse.sizeOf(version, throttled.entrySet().iterator()));
  }

  private static PartitionData data(PartitionRead read, short version, CurrentLeaders leaders) {
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(read.partition().partition())
            .setErrorCode(errorFor(read.error(), version).code())
            .setHighWatermark(read.highWatermark())
            .setLastStableOffset(read.lastStableOffset())
            .setLogStartOffset(read.logStartOffset())
            .setAbortedTransactions(
                read.abortedTransactions().map(FetchHandler::aborted).orElse(null))
            .setRecords(records(read.records()));
    read.divergingEpoch().ifPresent(data::setDivergingEpoch);
    read.preferredReadReplica().ifPresent(data::setPreferredReadReplica);
    boolean turnedAway =
        read.error() == Errors.NOT_LEADER_OR_FOLLOWER || read.error() == Errors.FENCED_LEADER_EPOCH;
    if (turnedAway && version >= FIRST_WITH_LEADERS) {
      CurrentLeaders.Leader leader = leaders.of(read.partition().topicPartition());
      data.currentLeader().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
    }
    return data;
  }

  private static List<AbortedTransaction> aborted(
      List<io.vitrine.storage.index.AbortedTransaction> transactions) {
    return transactions.stream()
        .map(
            each ->
                new AbortedTransaction()
                    .setProducerId(each.producerId())
                    .setFirstOffset(each.firstOffset()))
        .toList();
  }

  private static Errors errorFor(Errors error, short version) {
    return error == Errors.KAFKA_STORAGE_ERROR && version < FIRST_WITH_STORAGE_ERROR
        ? Errors.NOT_LEADER_OR_FOLLOWER
        : error;
  }

  private static BaseRecords records(LogSlice slice) {
    return slice.sizeBytes() == 0
        ? MemoryRecords.EMPTY
        : new FileSlice(slice.channel(), slice.position(), slice.sizeBytes(), slice::close);
  }
}
