package io.vitrine.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.purgatory.Purgatory;
import io.vitrine.cluster.purgatory.WheelTimer;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fetcher whose leader answers by hand. */
class FollowerFetcherTest {
  private static final TopicPartition TP = new TopicPartition("orders", 0);

  @TempDir Path directory;
  private final Uuid id = Uuid.randomUuid();
  private final Set<TopicPartition> failed = new HashSet<>();
  private final WheelTimer timer = new WheelTimer("unused", System::nanoTime);
  private final DelayedOperations delayed =
      new DelayedOperations(
          new Purgatory<>("Produce", timer),
          new Purgatory<>("Fetch", timer),
          new Purgatory<>("DeleteRecords", timer));
  private LogManager logs;
  private PartitionLog log;
  private Partition partition;
  private FollowerFetcher fetcher;

  @BeforeEach
  void open() {
    logs =
        LogManager.open(
            LogManagerSettings.defaults(List.of(directory)),
            topic -> LogSettings.defaults(),
            new StorageEnvironment(
                new ManualClock(Instant.ofEpochMilli(1_000_000)),
                System::nanoTime,
                new ManualScheduler(),
                new Random(1),
                new RealFiles(),
                new LogObserver() {},
                "broker-1-"));
    log = logs.getOrCreate(TP, Optional.of(id), true);
    partition =
        new Partition(
            TP,
            new PartitionContext(
                1,
                1_000,
                () -> 0,
                broker -> true,
                topic -> 1,
                (broker, event) -> {},
                null,
                delayed,
                new ReadReplicas(false, broker -> Optional.empty()),
                Traffic.uncounted()));
    BrokerConfig config =
        BrokerConfig.parse(Map.of("broker.id", "1", "zookeeper.connect", "127.0.0.1:1"));
    fetcher =
        new FollowerFetcher(
            "fetcher",
            new LeaderEndpoint(new SilentLeader(), config, 2, 1, () -> 7),
            config.interBrokerProtocol(),
            delayed,
            new ReplicationQuota(11, 1, () -> 0),
            () -> 0,
            100,
            failed);
  }

  @AfterEach
  void close() {
    logs.close();
  }

  private static final class SilentLeader implements NodeClient {
    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version, Duration timeout) {
      return new CompletableFuture<>();
    }

    @Override
    public void disconnect() {}

    @Override
    public void close() {}
  }

  private FetchedPartition follow(int leader, int leaderEpoch) {
    partition.becomeFollower(
        new LeaderAndIsrPartitionState()
            .setControllerEpoch(1)
            .setLeader(leader)
            .setLeaderEpoch(leaderEpoch)
            .setPartitionEpoch(leaderEpoch)
            .setIsr(List.of(leader))
            .setReplicas(List.of(1, 2, 3)),
        log);
    BrokerConfig config =
        BrokerConfig.parse(Map.of("broker.id", "1", "zookeeper.connect", "127.0.0.1:1"));
    return FetchedPartition.begin(partition, log, leaderEpoch, 0, config.interBrokerProtocol());
  }

  private FetchResponse answer() {
    LinkedHashMap<TopicIdPartition, FetchResponseData.PartitionData> data = new LinkedHashMap<>();
    data.put(
        new TopicIdPartition(id, TP),
        new FetchResponseData.PartitionData()
            .setPartitionIndex(TP.partition())
            .setHighWatermark(1)
            .setLogStartOffset(0)
            .setRecords(
                MemoryRecords.withRecords(
                    0, Compression.NONE, 1, new SimpleRecord("a".getBytes()))));
    return FetchResponse.of(Errors.NONE, 0, 0, data);
  }

  @Test
  void anAnswerIsAppended() {
    fetcher.add(List.of(follow(2, 1)));
    assertThat(fetcher.ask()).isNotNull();

    fetcher.completed(answer(), null);

    assertThat(log.logEndOffset()).isEqualTo(1);
    assertThat(failed).isEmpty();
  }

  /** The order has given the partition its epoch and not yet come to the fetchers. */
  @Test
  void anAnswerAfterTheNextOrderIsDroppedAndNothingHasFailed() {
    fetcher.add(List.of(follow(2, 1)));
    assertThat(fetcher.ask()).isNotNull();
    FetchedPartition ordered = follow(2, 2);

    fetcher.completed(answer(), null);

    assertThat(log.logEndOffset()).isZero();
    assertThat(failed).isEmpty();
    assertThat(fetcher.isIdle()).isTrue();
    fetcher.add(List.of(ordered));
    assertThat(fetcher.ask()).isNotNull();
  }
}
