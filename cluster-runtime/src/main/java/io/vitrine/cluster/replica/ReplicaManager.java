package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.purgatory.Purgatory;
import io.vitrine.cluster.purgatory.WaitingItem;
import io.vitrine.storage.epoch.EpochEnd;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.TimestampOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of this package: the replicas of one broker. Puts the parts together and passes on; each
 * part says what guards it. Safe from any thread.
 */
public final class ReplicaManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaManager.class);

  private final DelayedOperations delayed;
  private final HostedPartitions partitions;
  private final ReplicationQuotas quotas;
  private final FollowerFetchers fetchers;
  private final ReplicaMoves moves;
  private final StateChanges stateChanges;
  private final LeaderAppends appends;
  private final TransactionVerifier verifier;
  private final ClientProduces produces;
  private final RecordDeletions deletions;
  private final FetchReads reads;
  private final FetchSessions sessions;
  private final ReplicaSampler sampler;
  private final ScheduledFuture<?> isrCheck;

  /** Begins the ISR check; everything else waits for orders. */
  public ReplicaManager(ReplicaEnvironment environment) {
    LongSupplier nowMs = () -> TimeUnit.NANOSECONDS.toMillis(environment.nanoTime().getAsLong());
    long lagTimeMaxMs = environment.config().replicaLagTimeMaxMs();
    this.delayed =
        new DelayedOperations(
            new Purgatory<>("Produce", environment.timer()),
            new Purgatory<>("Fetch", environment.timer()),
            new Purgatory<>("DeleteRecords", environment.timer()));
    this.quotas = ReplicationQuotas.of(environment.config(), nowMs);
    this.partitions = new HostedPartitions(environment.metadata());
    PartitionContext context =
        new PartitionContext(
            environment.brokerId(),
            lagTimeMaxMs,
            nowMs,
            id -> environment.metadata().image().isAlive(id),
            environment.minInsyncReplicas(),
            environment.events(),
            isrChanges(environment, nowMs),
            delayed,
            new ReadReplicas(
                environment.config().replicaSelectorClass().isPresent(),
                id -> environment.metadata().image().broker(id).flatMap(BrokerNode::rack)),
            environment.traffic());
    this.fetchers =
        new FollowerFetchers(
            environment.brokerId(),
            environment.brokerEpoch(),
            environment.config(),
            environment.fetcherDriver(),
            delayed,
            quotas.follower(),
            nowMs);
    this.moves =
        new ReplicaMoves(
            environment.brokerId(),
            partitions,
            environment.logs(),
            delayed,
            quotas.alterLogDirs(),
            environment.config().numReplicaAlterLogDirsThreads(),
            environment.config().replicaFetchMaxBytes(),
            environment.config().replicaFetchBackoffMs());
    this.stateChanges = new StateChanges(environment, partitions, context, fetchers, moves);
    this.verifier =
        new TransactionVerifier(
            environment.brokerId(),
            environment.config().transactionPartitionVerificationEnable(),
            partitions,
            new TransactionCoordinators(
                environment.metadata(),
                environment.clients(),
                environment.config().interBrokerListenerName(),
                Duration.ofMillis(environment.config().requestTimeoutMs())));
    this.appends =
        new LeaderAppends(partitions, delayed, verifier::isEnabled, environment.traffic());
    this.produces = new ClientProduces(verifier, appends);
    this.deletions = new RecordDeletions(partitions, delayed);
    this.reads = new FetchReads(partitions, delayed, quotas.leader(), environment.traffic());
    this.sessions =
        new FetchSessions(
            environment.config().maxIncrementalFetchSessionCacheSlots(),
            nowMs,
            environment.random());
    this.sampler = new ReplicaSampler(context);
    long checkMs = Math.max(1, lagTimeMaxMs / 2);
    this.isrCheck =
        environment
            .scheduler()
            .scheduleWithFixedDelay(this::checkIsr, checkMs, checkMs, TimeUnit.MILLISECONDS);
  }

  private static IsrChangeSender isrChanges(ReplicaEnvironment environment, LongSupplier nowMs) {
    InterBrokerProtocol protocol = environment.config().interBrokerProtocol();
    if (!protocol.hasAlterPartition()) {
      return new StoredIsrSender(
          environment.brokerId(), environment.isrStore(), environment.scheduler(), nowMs);
    }
    return new AlterPartitionSender(
        environment.brokerId(),
        environment.brokerEpoch(),
        protocol.hasTopicIds(),
        new WireControllerChannel(
            environment.metadata(),
            environment.clients(),
            environment.config().interBrokerListenerName()),
        environment.scheduler());
  }

  private void checkIsr() {
    for (Partition partition : partitions.all()) {
      try {
        partition.leaderIsr().maybeShrink();
      } catch (RuntimeException e) {
        LOG.error("checking the ISR of {} failed", partition, e);
      }
    }
  }

  // ---- orders --------------------------------------------------------------------------------

  /** LeaderAndIsr: who leads, who follows. */
  public LeaderAndIsrResponse becomeLeaderOrFollower(LeaderAndIsrRequest request) {
    return stateChanges.leaderAndIsr(request);
  }

  /** StopReplica: replicas that are to stop, and perhaps to be deleted. */
  public StopReplicaResponse stopReplicas(StopReplicaRequest request) {
    return stateChanges.stopReplica(request);
  }

  /** UpdateMetadata: the broker's view of the cluster. */
  public UpdateMetadataResponse updateMetadata(UpdateMetadataRequest request) {
    return stateChanges.updateMetadata(request);
  }

  /**
   * Hears of gained and lost leadership, for coordinators.
   *
   * @return ends it
   */
  public Runnable onLeadershipChange(LeadershipListener listener) {
    return stateChanges.listen(listener);
  }

  /** AlterReplicaLogDirs: replicas that are to lie in another log directory of this broker. */
  public Map<TopicPartition, Errors> alterReplicaLogDirs(Map<TopicPartition, String> directories) {
    return stateChanges.alterLogDirs(directories);
  }

  /** A log directory failed: its partitions answer 56 from now on. */
  public void logDirectoryFailed(Path directory) {
    stateChanges.logDirectoryFailed(directory);
  }

  // ---- data ----------------------------------------------------------------------------------

  /**
   * Appends to partitions this broker leads.
   *
   * @param acks 0 and 1 answer after the append, -1 when the ISR has the records
   * @param timeoutMs how long an acks=-1 append may wait for that
   * @param callback gets every partition's outcome, once, on this or another thread
   */
  public void appendRecords(
      Map<TopicPartition, MemoryRecords> records,
      short acks,
      long timeoutMs,
      Origin origin,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    appendRecords(records, AppendParameters.of(acks, timeoutMs, origin), callback);
  }

  /**
   * Appends to partitions this broker leads.
   *
   * @param callback gets every partition's outcome, once, on this or another thread
   */
  public void appendRecords(
      Map<TopicPartition, MemoryRecords> records,
      AppendParameters parameters,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    appends.append(records, parameters, callback);
  }

  /**
   * Appends what a producer sent, once the coordinator of its transaction has confirmed the
   * partitions in which that begins. The records are not looked at after this call.
   *
   * @param transactionalId null outside of transactions
   * @param knowsAbortable whether the producer understands TRANSACTION_ABORTABLE (120)
   * @param callback gets every partition's outcome, once, on this or another thread
   * @throws org.apache.kafka.common.errors.InvalidPidMappingException when there are transactional
   *     records of several producers
   */
  public void produce(
      String transactionalId,
      boolean knowsAbortable,
      Map<TopicPartition, MemoryRecords> records,
      short acks,
      long timeoutMs,
      Consumer<Map<TopicPartition, PartitionResponse>> callback) {
    produces.produce(
        transactionalId,
        knowsAbortable,
        records,
        AppendParameters.of(acks, timeoutMs, Origin.CLIENT),
        callback);
  }

  /** Switches the verification of transactions on or off. */
  public void verifyTransactions(boolean on) {
    verifier.enable(on);
  }

  /**
   * Asks the coordinator of a transaction whether partitions belong to it, where that has to be
   * known before the transaction begins there.
   *
   * @param callback hears the outcome once, on this or another thread
   */
  public void verify(TransactionalBatches batches, Consumer<Verified> callback) {
    verifier.verify(batches, callback);
  }

  /**
   * Deletes the records before an offset of each partition.
   *
   * @param before -1 for the high watermark
   * @param timeoutMs how long to wait until all live replicas' logs start there
   * @param callback gets every partition's outcome, once, on this or another thread
   */
  public void deleteRecords(
      Map<TopicPartition, Long> before,
      long timeoutMs,
      Consumer<Map<TopicPartition, RecordsDeleted>> callback) {
    deletions.delete(before, timeoutMs, callback);
  }

  /**
   * Reads partitions in order within one budget of bytes; waits for more if the fetch wants that.
   *
   * @param callback gets every partition's outcome, once, on this or another thread; it owns the
   *     slices in it
   */
  public void fetch(
      FetchParameters parameters, List<FetchItem> items, Consumer<List<PartitionRead>> callback) {
    reads.fetch(parameters, items, callback);
  }

  /** From now on this many fetchers copy from each other broker; safe from any thread. */
  public void resizeFetchers(int count) {
    fetchers.resize(count);
  }

  /** What bounds the copying of replicas on this broker. */
  public ReplicationQuotas quotas() {
    return quotas;
  }

  /** The fetch sessions of this broker. */
  public FetchSessions fetchSessions() {
    return sessions;
  }

  /**
   * The offset for a timestamp, see {@link org.apache.kafka.common.requests.ListOffsetsRequest}'s
   * special ones too.
   *
   * @param isolation of a consumer, empty for a replica
   * @throws org.apache.kafka.common.errors.ApiException the partition's error
   */
  public Optional<TimestampOffset> offsetForTimestamp(
      TopicPartition partition,
      long timestamp,
      Optional<IsolationLevel> isolation,
      Optional<Integer> currentLeaderEpoch,
      boolean leaderOnly) {
    return partitionOrThrow(partition)
        .reads()
        .offsetForTimestamp(timestamp, isolation, currentLeaderEpoch, leaderOnly);
  }

  /**
   * Offsets as ListOffsets v0 tells them, see {@link PartitionReads#segmentOffsets}.
   *
   * @throws org.apache.kafka.common.errors.ApiException as {@link #offsetForTimestamp}
   */
  public List<Long> segmentOffsets(
      TopicPartition partition, long timestamp, int most, boolean consumer, boolean leaderOnly) {
    return partitionOrThrow(partition)
        .reads()
        .segmentOffsets(timestamp, most, consumer, leaderOnly);
  }

  /**
   * Where a leader epoch ends, as the leader knows it.
   *
   * @throws org.apache.kafka.common.errors.ApiException the partition's error
   */
  public EpochEnd endOffsetForEpoch(
      TopicPartition partition, Optional<Integer> currentLeaderEpoch, int epoch) {
    return partitionOrThrow(partition).reads().endOffsetForEpoch(currentLeaderEpoch, epoch, true);
  }

  // ---- what there is -------------------------------------------------------------------------

  public Optional<Partition> partition(TopicPartition partition) {
    return partitions.get(partition);
  }

  /**
   * @throws org.apache.kafka.common.errors.KafkaStorageException when its directory is offline
   * @throws org.apache.kafka.common.errors.NotLeaderOrFollowerException when others have it
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException when nobody has it
   */
  public Partition partitionOrThrow(TopicPartition partition) {
    return partitions.getOrThrow(partition);
  }

  public Collection<Partition> partitions() {
    return List.copyOf(partitions.all());
  }

  public int leaderCount() {
    return (int) partitions.all().stream().filter(Partition::isLeader).count();
  }

  /** Every replica that has a log. */
  public List<ReplicaSample> sample() {
    return partitions.all().stream().map(sampler::sample).flatMap(Optional::stream).toList();
  }

  /** The transactions without a marker in the partitions led here. */
  public Map<TopicPartition, List<OpenTransaction>> openTransactions() {
    Map<TopicPartition, List<OpenTransaction>> open = new HashMap<>();
    for (Partition partition : partitions.all()) {
      List<OpenTransaction> all = sampler.openTransactions(partition);
      if (!all.isEmpty()) {
        open.put(partition.topicPartition(), all);
      }
    }
    return open;
  }

  /** Records of clients appended since the broker's start; it only grows. */
  public long recordsAppended() {
    return appends.recordsOfClients();
  }

  /** Replicas whose log directory is offline. */
  public int offlineCount() {
    return partitions.offlineCount();
  }

  /** How many records the replica furthest behind its leader lacks, as of its last fetch. */
  public long maxLag() {
    return fetchers.maxLag();
  }

  /** Partitions whose fetching failed for good, until the controller's next order. */
  public int failedFetches() {
    return fetchers.failed();
  }

  /** Fetchers that a fault of ours has ended. */
  public int deadFetchers() {
    return fetchers.dead();
  }

  /** The most records a future log lacks of its log, 0 when no replica moves. */
  public long maxMoveLag() {
    return moves.maxLag();
  }

  /** Replicas whose move failed for good. */
  public int failedMoves() {
    return moves.failed();
  }

  /** Where operations wait: produces, fetches, deletions of records. */
  public List<Purgatory<?>> purgatories() {
    return List.of(delayed.produces(), delayed.fetches(), delayed.deletions());
  }

  /** How many produces wait for acknowledgement. */
  public int waitingProduces() {
    return delayed.produces().waiting();
  }

  /** How many fetches wait for bytes. */
  public int waitingFetches() {
    return delayed.fetches().waiting();
  }

  /**
   * What waits, each with what it waits for: produces, fetches, deletions of records.
   *
   * @param mostOfEach how many of each kind are told
   */
  public List<WaitingItem> waitingRoom(int mostOfEach) {
    return purgatories().stream()
        .flatMap(purgatory -> purgatory.snapshot(mostOfEach).stream())
        .toList();
  }

  // ---- end -----------------------------------------------------------------------------------

  /** Carries out no more orders and ends the fetchers. The logs are closed by their owner. */
  @Override
  public void close() {
    isrCheck.cancel(false);
    stateChanges.end();
    fetchers.end();
    moves.end();
    verifier.close();
  }

  /** The same at a crash: nothing here is written at the end anyway. */
  public void kill() {
    close();
  }
}
