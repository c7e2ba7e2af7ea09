package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.protocol.client.NodeClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.FetchSessionHandler;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.utils.LogContext;

/**
 * A leader's broker as a follower sees it: Fetch in an incremental session, and ListOffsets. Waits
 * for each answer; used by one fetcher's thread, closed by any.
 */
final class LeaderEndpoint implements AutoCloseable {
  /** The newest versions between brokers of inter.broker.protocol.version 3.9. */
  private static final short FETCH_VERSION = ApiKeys.FETCH.latestVersion();

  private static final short LIST_OFFSETS_VERSION = ApiKeys.LIST_OFFSETS.latestVersion();

  private final NodeClient client;
  private final BrokerConfig config;
  private final int ownId;
  private final LongSupplier ownEpoch;
  private final FetchSessionHandler session;

  /**
   * @param client owned by this from now on
   * @param ownEpoch this broker's epoch, so that a leader can tell its incarnations apart
   */
  LeaderEndpoint(
      NodeClient client, BrokerConfig config, int leaderId, int ownId, LongSupplier ownEpoch) {
    this.client = client;
    this.config = config;
    this.ownId = ownId;
    this.ownEpoch = ownEpoch;
    this.session =
        new FetchSessionHandler(
            new LogContext("[broker " + ownId + " fetches from " + leaderId + "] "), leaderId);
  }

  /**
   * Fetches from where the partitions are.
   *
   * @return what the leader has to say; empty when the session was refused and begins afresh
   * @throws KafkaException when there was no usable answer
   */
  Map<TopicPartition, FetchResponseData.PartitionData> fetch(
      Map<TopicPartition, FetchedPartition> partitions) throws InterruptedException {
    FetchSessionHandler.Builder builder = session.newBuilder(partitions.size(), false);
    partitions.forEach((tp, state) -> builder.add(tp, asked(state)));
    FetchSessionHandler.FetchRequestData data = builder.build();
    FetchRequest.Builder request =
        FetchRequest.Builder.forReplica(
                FETCH_VERSION,
                ownId,
                ownEpoch.getAsLong(),
                config.replicaFetchWaitMaxMs(),
                config.replicaFetchMinBytes(),
                data.toSend())
            .setMaxBytes(config.replicaFetchResponseMaxBytes())
            .removed(data.toForget())
            .replaced(data.toReplace())
            .metadata(data.metadata());
    try {
      FetchResponse response = (FetchResponse) send(request, FETCH_VERSION);
      if (session.handleResponse(response, FETCH_VERSION)) {
        return response.responseData(session.sessionTopicNames(), FETCH_VERSION);
      }
      if (response.error() == Errors.FETCH_SESSION_TOPIC_ID_ERROR) {
        throw response.error().exception();
      }
      return Map.of();
    } catch (KafkaException e) {
      session.handleError(e);
      throw e;
    }
  }

  private FetchRequest.PartitionData asked(FetchedPartition state) {
    long logStart = state.partition().log().map(log -> log.logStartOffset()).orElse(0L);
    return new FetchRequest.PartitionData(
        state.topicId(),
        state.fetchOffset(),
        logStart,
        config.replicaFetchMaxBytes(),
        Optional.of(state.leaderEpoch()),
        state.lastFetchedEpoch());
  }

  /**
   * The leader's log end or log start.
   *
   * @param timestamp LATEST or EARLIEST of {@link ListOffsetsRequest}
   * @throws ApiException the leader's error for the partition
   */
  long offset(TopicPartition partition, int leaderEpoch, long timestamp)
      throws InterruptedException {
    ListOffsetsTopic topic =
        new ListOffsetsTopic()
            .setName(partition.topic())
            .setPartitions(
                List.of(
                    new ListOffsetsPartition()
                        .setPartitionIndex(partition.partition())
                        .setCurrentLeaderEpoch(leaderEpoch)
                        .setTimestamp(timestamp)));
    ListOffsetsRequest.Builder request =
        ListOffsetsRequest.Builder.forReplica(LIST_OFFSETS_VERSION, ownId)
            .setTargetTimes(List.of(topic));
    ListOffsetsResponse response = (ListOffsetsResponse) send(request, LIST_OFFSETS_VERSION);
    ListOffsetsPartitionResponse found = response.topics().get(0).partitions().get(0);
    Errors error = Errors.forCode(found.errorCode());
    if (error != Errors.NONE) {
      throw error.exception();
    }
    return found.offset();
  }

  private AbstractResponse send(AbstractRequest.Builder<?> request, short version)
      throws InterruptedException {
    try {
      return client
          .send(request, version, Duration.ofMillis(config.replicaSocketTimeoutMs()))
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException known) {
        throw known;
      }
      throw new DisconnectException("no usable answer from " + client, e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
