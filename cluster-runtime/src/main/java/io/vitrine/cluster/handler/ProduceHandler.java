package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Produce v0–11: records of the current format from v3 on, of the older ones before; the log writes
 * those anew.
 *
 * <p>Checked in this order: the partition is known (3), the batch has the right form (87, 42, 76),
 * then acks (21), leadership (6), ISR (19) and the records themselves by the replica. With acks=0
 * there is no answer; an error of any partition closes the connection instead. Transactional
 * records without a transactional id are refused whole, with 53; where a transaction begins, its
 * coordinator is asked first, see {@link ReplicaManager#produce}.
 */
public final class ProduceHandler implements ApiHandler {
  private static final short FIRST_WITH_LEADERS = 10;
  private static final short FIRST_WITH_ABORTABLE = 11;

  /** Kafka's tools may write internal topics under this client id. */
  private static final String ADMIN_CLIENT_ID = "__admin_client";

  private final ReplicaManager replicas;
  private final MetadataCache metadata;
  private final Authorizer authorizer;

  public ProduceHandler(ReplicaManager replicas, MetadataCache metadata, Authorizer authorizer) {
    this.replicas = replicas;
    this.metadata = metadata;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public short minVersion() {
    return ApiKeys.PRODUCE.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.PRODUCE.latestVersion();
  }

  @Override
  public void handle(Request request) {
    ProduceRequest body = request.body(ProduceRequest.class);
    if (RequestUtils.hasTransactionalRecords(body)
        && (body.transactionalId() == null
            || !authorizer.authorize(
                request,
                AclOperation.WRITE,
                ResourceType.TRANSACTIONAL_ID,
                body.transactionalId()))) {
      refuse(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      return;
    }
    Map<TopicPartition, PartitionResponse> refused = new HashMap<>();
    Map<TopicPartition, MemoryRecords> accepted = new LinkedHashMap<>();
    MetadataImage image = metadata.image();
    Set<String> writable =
        authorizer.authorized(
            request,
            AclOperation.WRITE,
            ResourceType.TOPIC,
            body.data().topicData().stream().map(TopicProduceData::name).toList());
    short acks = body.acks();
    // Acks that mean nothing are told before that a topic is internal.
    boolean internalAllowed =
        ADMIN_CLIENT_ID.equals(request.header().clientId()) || acks < -1 || acks > 1;
    for (TopicProduceData topic : body.data().topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        TopicPartition tp = new TopicPartition(topic.name(), partition.index());
        MemoryRecords records = (MemoryRecords) partition.records();
        if (!writable.contains(topic.name())) {
          refused.put(tp, new PartitionResponse(Errors.TOPIC_AUTHORIZATION_FAILED));
          continue;
        }
        try {
          check(image, tp, records, request.apiVersion(), internalAllowed);
          if (holdsNothing(records) && leads(tp)) {
            refused.put(tp, new PartitionResponse(Errors.NONE));
          } else {
            accepted.put(tp, records);
          }
        } catch (ApiException e) {
          refused.put(tp, new PartitionResponse(Errors.forException(e)));
        }
      }
    }
    if (accepted.isEmpty()) {
      answer(request, acks, refused);
      return;
    }
    replicas.produce(
        body.transactionalId(),
        request.apiVersion() >= FIRST_WITH_ABORTABLE,
        accepted,
        acks,
        body.timeout(),
        appended -> {
          Map<TopicPartition, PartitionResponse> all = new HashMap<>(appended);
          all.putAll(refused);
          answer(request, acks, all);
        });
    // The records are in the log, refused or copied: nobody reads them in the request any more.
    body.clearPartitionRecords();
    request.parked();
  }

  /** No whole batch: Produce from v3 on has refused it by now, earlier ones have nothing to do. */
  private static boolean holdsNothing(MemoryRecords records) {
    return !records.batches().iterator().hasNext();
  }

  private boolean leads(TopicPartition tp) {
    return replicas.partition(tp).filter(Partition::isLeader).isPresent();
  }

  private static void refuse(Request request, Errors error) {
    AbstractResponse response = request.body().getErrorResponse(0, error.exception());
    if (response == null) {
      request.closeConnection();
    } else {
      request.respond(response);
    }
  }

  private static void check(
      MetadataImage image,
      TopicPartition tp,
      MemoryRecords records,
      short version,
      boolean internalAllowed) {
    if (!image.contains(tp)) {
      throw new UnknownTopicOrPartitionException(tp + " is not known");
    }
    ProduceRequest.validateRecords(version, records);
    if (Topic.isInternal(tp.topic()) && !internalAllowed) {
      throw new InvalidTopicException("clients may not write the internal topic " + tp.topic());
    }
  }

  private void answer(Request request, short acks, Map<TopicPartition, PartitionResponse> outcome) {
    if (acks == 0) {
      if (outcome.values().stream().allMatch(each -> each.error == Errors.NONE)) {
        request.finishWithoutResponse();
      } else {
        request.closeConnection();
      }
      return;
    }
    CurrentLeaders leaders =
        new CurrentLeaders(replicas, metadata, request.connection().listenerName());
    if (request.apiVersion() >= FIRST_WITH_LEADERS) {
      outcome.forEach(
          (tp, each) -> {
            if (each.error == Errors.NOT_LEADER_OR_FOLLOWER) {
              CurrentLeaders.Leader leader = leaders.of(tp);
              each.currentLeader.setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
            }
          });
    }
    request.respond(response(outcome, leaders));
  }

  /** Kafka's broker itself uses this deprecated constructor: none other takes the nodes. */
  @SuppressWarnings("deprecation")
  private static ProduceResponse response(
      Map<TopicPartition, PartitionResponse> outcome, CurrentLeaders leaders) {
    return new ProduceResponse(outcome, 0, leaders.nodes());
  }
}
