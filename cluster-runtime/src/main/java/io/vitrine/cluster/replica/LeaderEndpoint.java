package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.protocol.client.NodeClient;
import java.time.Duration;
import java.util.HashMap;
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
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.apache.kafka.common.utils.LogContext;

/**
 * A leader's broker as a follower sees it: Fetch in an incremental session, ListOffsets and
 * OffsetsForLeaderEpoch, in the versions of {@code inter.broker.protocol.version}. Used by one
 * fetcher's thread, which reads the answers as well; closed by any.
 */
final class LeaderEndpoint implements AutoCloseable {
  /** Records of format 2 want these versions, whatever older brokers would send. */
  private static final int FETCH_WITH_BATCHES = 4;

  private static final int LIST_OFFSETS_OF_BATCHES = 1;

  /** The last version in which topics go by name. */
  private static final short FETCH_WITH_NAMES = 12;

  private final NodeClient client;
  private final BrokerConfig config;
  private final int ownId;
  private final LongSupplier ownEpoch;
  private final FetchSessionHandler session;
  private final InterBrokerProtocol protocol;
  private final short listOffsetsVersion;

  /** Version of the fetch that was sent last. */
  private short fetchVersion;

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
    this.protocol = config.interBrokerProtocol();
    this.listOffsetsVersion =
        (short) Math.max(protocol.listOffsetsVersion(), LIST_OFFSETS_OF_BATCHES);
    this.session =
        new FetchSessionHandler(
            new LogContext("[broker " + ownId + " fetches from " + leaderId + "] "), leaderId);
  }

  /** Asks for what follows where the partitions are. */
  CompletableFuture<AbstractResponse> fetch(Map<TopicPartition, FetchedPartition> partitions) {
    FetchSessionHandler.Builder builder = session.newBuilder(partitions.size(), false);
    partitions.forEach((tp, state) -> builder.add(tp, asked(state)));
    FetchSessionHandler.FetchRequestData data = builder.build();
    short newest = (short) Math.max(protocol.fetchVersion(), FETCH_WITH_BATCHES);
    fetchVersion = data.canUseTopicIds() ? newest : (short) Math.min(newest, FETCH_WITH_NAMES);
    FetchRequest.Builder request =
        FetchRequest.Builder.forReplica(
                fetchVersion,
                ownId,
                ownEpoch.getAsLong(),
                config.replicaFetchWaitMaxMs(),
                config.replicaFetchMinBytes(),
                data.toSend())
            .setMaxBytes(config.replicaFetchResponseMaxBytes())
            .removed(data.toForget())
            .replaced(data.toReplace())
            .metadata(data.metadata());
    return send(request, fetchVersion);
  }

  /**
   * Reads an answer to {@link #fetch}.
   *
   * @return what the leader has to say; empty when the session was refused and begins afresh
   * @throws KafkaException when the answer cannot be used
   */
  Map<TopicPartition, FetchResponseData.PartitionData> fetched(AbstractResponse answer) {
    FetchResponse response = (FetchResponse) answer;
    if (session.handleResponse(response, fetchVersion)) {
      return response.responseData(session.sessionTopicNames(), fetchVersion);
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
        protocol.truncatesOnFetch() ? state.lastFetchedEpoch() : Optional.empty());
  }

  /** Asks where the latest epoch of each of these partitions' own logs ends in the leader's. */
  CompletableFuture<AbstractResponse> epochEnds(Map<TopicPartition, FetchedPartition> partitions) {
    OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
    partitions.forEach(
        (tp, state) -> {
          OffsetForLeaderTopic topic = topics.find(tp.topic());
          if (topic == null) {
            topic = new OffsetForLeaderTopic().setTopic(tp.topic());
            topics.add(topic);
          }
          topic
              .partitions()
              .add(
                  new OffsetForLeaderPartition()
                      .setPartition(tp.partition())
                      .setCurrentLeaderEpoch(state.leaderEpoch())
                      .setLeaderEpoch(state.latestEpoch().orElseThrow()));
        });
    short version = protocol.offsetsForLeaderEpochVersion();
    return send(OffsetsForLeaderEpochRequest.Builder.forFollower(version, topics, ownId), version);
  }

  /** Reads an answer to {@link #epochEnds}. */
  static Map<TopicPartition, EpochEndOffset> epochEnds(AbstractResponse answer) {
    Map<TopicPartition, EpochEndOffset> ends = new HashMap<>();
    for (OffsetForLeaderTopicResult topic :
        ((OffsetsForLeaderEpochResponse) answer).data().topics()) {
      topic
          .partitions()
          .forEach(each -> ends.put(new TopicPartition(topic.topic(), each.partition()), each));
    }
    return ends;
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
        ListOffsetsRequest.Builder.forReplica(listOffsetsVersion, ownId)
            .setTargetTimes(List.of(topic));
    return send(request, listOffsetsVersion);
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
