package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.protocol.client.NodeClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.FetchSessionHandler;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
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
 * A leader's broker as a follower sees it: Fetch in an incremental session, and ListOffsets. Used
 * by one fetcher's thread, which reads the answers as well; closed by any.
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

  /** Asks for what follows where the partitions are. */
  CompletableFuture<AbstractResponse> fetch(Map<TopicPartition, FetchedPartition> partitions) {
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
    return send(request, FETCH_VERSION);
  }

  /**
   * Reads an answer to {@link #fetch}.
   *
   * @return what the leader has to say; empty when the session was refused and begins afresh
   * @throws KafkaException when the answer cannot be used
   */
  Map<TopicPartition, FetchResponseData.PartitionData> fetched(AbstractResponse answer) {
    FetchResponse response = (FetchResponse) answer;
    if (session.handleResponse(response, FETCH_VERSION)) {
      return response.responseData(session.sessionTopicNames(), FETCH_VERSION);
    }
    if (response.error() == Errors.FETCH_SESSION_TOPIC_ID_ERROR) {
      KafkaException refused = response.error().exception();
      session.handleError(refused);
      throw refused;
    }
    return Map.of();
  }

  /** A fetch was not answered: the next one begins a session afresh. */
  void notFetched(Throwable failure) {
    session.handleError(failure);
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
   * Asks for the leader's log end or log start.
   *
   * @param timestamp LATEST or EARLIEST of {@link ListOffsetsRequest}
   */
  CompletableFuture<AbstractResponse> offset(
      TopicPartition partition, int leaderEpoch, long timestamp) {
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
    return send(request, LIST_OFFSETS_VERSION);
  }

  /**
   * Reads an answer to {@link #offset}.
   *
   * @throws ApiException the leader's error for the partition
   */
  static long offset(AbstractResponse answer) {
    ListOffsetsPartitionResponse found =
        ((ListOffsetsResponse) answer).topics().get(0).partitions().get(0);
    Errors error = Errors.forCode(found.errorCode());
    if (error != Errors.NONE) {
      throw error.exception();
    }
    return found.offset();
  }

  private CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> request, short version) {
    return client.send(request, version, Duration.ofMillis(config.replicaSocketTimeoutMs()));
  }

  @Override
  public void close() {
    client.close();
  }
}
