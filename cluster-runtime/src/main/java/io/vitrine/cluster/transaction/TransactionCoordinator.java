package io.vitrine.cluster.transaction;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.coordinator.CoordinatorRuntime;
import io.vitrine.cluster.coordinator.Ids;
import io.vitrine.cluster.coordinator.InternalTopic;
import io.vitrine.cluster.coordinator.LoadObserver;
import io.vitrine.cluster.event.ClusterEvent.AbortCause;
import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.ProducerInitialized;
import io.vitrine.cluster.event.ClusterEvent.TransactionAborted;
import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import io.vitrine.cluster.event.ClusterEvent.TransactionalIdForgotten;
import io.vitrine.cluster.event.ClusterEvent.TransactionsSampled;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.client.NodeClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of the transactional ids whose partition of {@code __transaction_state} this
 * broker leads. Safe from any thread.
 *
 * <p>Threads: {@code broker-<id>-txn-loader} loads partitions, {@code broker-<id>-txn-markers}
 * sends markers and looks for transactions beyond their time and for idle ids. Of a write hears
 * whoever sees that the ISR has it.
 */
public final class TransactionCoordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionCoordinator.class);
  private static final long THREAD_TIMEOUT_MS = 5_000;

  /** How long the first partitions of a transaction wait for the end of the one before. */
  private static final long PREVIOUS_END_MS = 100;

  /** Of keys of forgotten ids in one batch. */
  private static final int MAX_FORGOTTEN_BYTES = 16_384;

  /** Transactional ids a sample lists. */
  private static final int MAX_SAMPLED = 500;

  private final int brokerId;
  private final BrokerConfig config;
  private final LongSupplier producerIds;
  private final InstantSource clock;
  private final EventSink events;
  private final CoordinatorRuntime<TransactionPartition> runtime;
  private final TransactionLog log;
  private final MarkerSender markers;
  private final ScheduledExecutorService markerThread;
  private final LongAdder committed = new LongAdder();
  private final LongAdder aborted = new LongAdder();
  private volatile boolean serving;

  /**
   * @param topic what transactions are kept in; its partition count decides who coordinates an id
   * @param producerIds gives a new producer id and may wait for ZooKeeper; what it throws reaches
   *     the caller of {@link #initProducerId}
   */
  public TransactionCoordinator(
      int brokerId,
      BrokerConfig config,
      InternalTopic topic,
      ReplicaManager replicas,
      MetadataCache metadata,
      NodeClients clients,
      LongSupplier producerIds,
      InstantSource clock,
      EventSink events) {
    this(
        brokerId,
        config,
        topic,
        replicas,
        metadata,
        clients,
        producerIds,
        clock,
        markerThread("broker-" + brokerId + "-txn-markers"),
        events);
  }

  /**
   * One whose time is the executor's.
   *
   * @param markerThread runs one task at a time; ended with this coordinator
   */
  TransactionCoordinator(
      int brokerId,
      BrokerConfig config,
      InternalTopic topic,
      ReplicaManager replicas,
      MetadataCache metadata,
      NodeClients clients,
      LongSupplier producerIds,
      InstantSource clock,
      ScheduledExecutorService markerThread,
      EventSink events) {
    this.brokerId = brokerId;
    this.events = events;
    this.config = config;
    this.producerIds = producerIds;
    this.clock = clock;
    this.markerThread = markerThread;
    this.runtime =
        new CoordinatorRuntime<>(
            "broker-" + brokerId + "-txn",
            topic,
            replicas,
            config.transactionStateLogLoadBufferSize(),
            CoordinatorRuntime.Outcomes.IN_PLACE,
            (partition, epoch) -> new TransactionPartition(partition, epoch, this::resume));
    this.log = new TransactionLog(runtime, clock);
    this.markers =
        new MarkerSender(
            metadata,
            clients,
            config.interBrokerListenerName(),
            config.interBrokerProtocol().writeTxnMarkersVersion(),
            Duration.ofMillis(config.requestTimeoutMs()),
            log,
            clock,
            markerThread);
  }

  private static ScheduledExecutorService markerThread(String name) {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return thread;
  }

  private void resume(TransactionPartition partition, TransactionEntry entry) {
    markers.tell(partition, entry);
  }

  /** Begins to load and to look at the time; before the broker's first order. */
  public void start() {
    runtime.start();
    every(
        config.transactionAbortTimedOutTransactionCleanupIntervalMs(),
        this::abortTimedOutTransactions);
    every(config.transactionRemoveExpiredTransactionCleanupIntervalMs(), this::forgetIdleIds);
    serving = true;
  }

  private void every(long intervalMs, Runnable task) {
    markerThread.scheduleWithFixedDelay(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("broker={} looking after transactions failed", brokerId, e);
          }
        },
        intervalMs,
        intervalMs,
        TimeUnit.MILLISECONDS);
  }

  /** From now on this hears of the loading of transactions. */
  public void observe(LoadObserver observer) {
    runtime.observe(observer);
  }

  /** How many markers wait because partitions have no leader. */
  public int markersWithoutLeader() {
    return markers.withoutLeader();
  }

  /** How many transactions are complete, but the log did not take that yet. */
  public int completionsToWriteAgain() {
    return markers.toCompleteAgain();
  }

  /** The topic the states are in. */
  public InternalTopic topic() {
    return runtime.topic();
  }

  // ---- InitProducerId --------------------------------------------------------------------------

  /**
   * What a producer is to use.
   *
   * @param producerId -1 with an error
   * @param producerEpoch -1 with an error
   */
  public record Initialized(Errors error, long producerId, short producerEpoch) {
    private static Initialized failed(Errors error) {
      return new Initialized(error, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);
    }
  }

  /**
   * A producer begins with a transactional id: whoever had it before is fenced, and its open
   * transaction aborted. May wait for a new producer id.
   *
   * @param expected what the producer had before, when it goes on after an error
   */
  public CompletableFuture<Initialized> initProducerId(
      String transactionalId, int timeoutMs, Optional<ProducerIdAndEpoch> expected) {
    if (!isId(transactionalId)) {
      return done(Initialized.failed(Errors.INVALID_REQUEST));
    }
    if (timeoutMs <= 0 || timeoutMs > config.transactionMaxTimeoutMs()) {
      return done(Initialized.failed(Errors.INVALID_TRANSACTION_TIMEOUT));
    }
    TransactionPartition partition;
    try {
      partition = runtime.stateFor(transactionalId);
    } catch (ApiException e) {
      return done(Initialized.failed(Errors.forException(e)));
    }
    TransactionEntry entry =
        partition
            .entry(transactionalId)
            .orElseGet(() -> unused(partition, transactionalId, timeoutMs));
    Decision decision = initialize(entry, timeoutMs, expected, OptionalLong.empty());
    if (decision instanceof Decision.NewProducerId) {
      OptionalLong newId = OptionalLong.of(producerIds.getAsLong());
      decision = initialize(entry, timeoutMs, expected, newId);
    }
    if (decision instanceof Decision.Fence fence) {
      return fence(partition, entry, fence, AbortCause.NEW_PRODUCER)
          .thenApply(
              error ->
                  Initialized.failed(
                      error == Errors.NONE ? Errors.CONCURRENT_TRANSACTIONS : error));
    }
    if (decision instanceof Decision.Write write) {
      Transaction next = write.next();
      return write(partition, entry, decision, next)
          .thenApply(
              error -> {
                if (error != Errors.NONE) {
                  return Initialized.failed(error);
                }
                events.report(
                    brokerId,
                    new ProducerInitialized(
                        transactionalId,
                        partition.number(),
                        next.producerId(),
                        next.producerEpoch(),
                        next.timeoutMs()));
                return new Initialized(error, next.producerId(), next.producerEpoch());
              });
    }
    return done(Initialized.failed(TransactionEntry.answer(decision)));
  }

  private TransactionEntry unused(
      TransactionPartition partition, String transactionalId, int timeoutMs) {
    return partition.entryOr(
        transactionalId,
        new TransactionEntry(
            Transaction.unused(
                transactionalId, producerIds.getAsLong(), timeoutMs, clock.millis())));
  }

  private Decision initialize(
      TransactionEntry entry,
      int timeoutMs,
      Optional<ProducerIdAndEpoch> expected,
      OptionalLong newId) {
    long nowMs = clock.millis();
    return entry.decide(
        standing -> Decisions.initialize(standing, timeoutMs, expected, newId, nowMs));
  }

  // ---- partitions ------------------------------------------------------------------------------

  /**
   * Adds partitions to the open transaction of a producer, or opens one with them.
   *
   * <p>A producer that goes on at once finds its last transaction prepared and not complete. Kafka
   * 3.9 answers CONCURRENT_TRANSACTIONS, and the producer asks again after 20 ms; here the end is
   * waited for a little. Source: KAFKA-18654, which does so when producing.
   */
  public CompletableFuture<Errors> addPartitions(
      String transactionalId, long producerId, short epoch, Set<TopicPartition> partitions) {
    long nowMs = clock.millis();
    Function<Standing, Decision> rule =
        standing -> Decisions.addPartitions(standing, producerId, epoch, partitions, nowMs);
    return change(transactionalId, rule)
        .thenCompose(
            error ->
                error == Errors.CONCURRENT_TRANSACTIONS
                    ? previousEnd(transactionalId)
                        .thenCompose(ended -> change(transactionalId, rule))
                    : done(error));
  }

  /** Completes when nothing is being written for an id, or when that has taken long enough. */
  private CompletableFuture<Void> previousEnd(String transactionalId) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Runnable ended = () -> end.complete(null);
    try {
      TransactionEntry entry =
          runtime.stateFor(transactionalId).entry(transactionalId).orElseThrow();
      ScheduledFuture<?> limit =
          markerThread.schedule(ended, PREVIOUS_END_MS, TimeUnit.MILLISECONDS);
      end.thenRun(
          () -> {
            limit.cancel(false);
            entry.forget(ended);
          });
      entry.onceIdle(ended);
    } catch (ApiException | NoSuchElementException | RejectedExecutionException e) {
      LOG.debug("broker={} does not wait for {} to be idle: {}", brokerId, transactionalId, e);
      ended.run();
    }
    return end;
  }

  /** Whether partitions belong to the open transaction of a producer; the error of each. */
  public Map<TopicPartition, Errors> verify(
      String transactionalId, long producerId, short epoch, Set<TopicPartition> partitions) {
    if (!isId(transactionalId)) {
      return all(partitions, Errors.INVALID_REQUEST);
    }
    try {
      return runtime
          .stateFor(transactionalId)
          .entry(transactionalId)
          .map(entry -> Decisions.verify(entry.current(), producerId, epoch, partitions))
          .orElseGet(() -> all(partitions, Errors.INVALID_PRODUCER_ID_MAPPING));
    } catch (ApiException e) {
      return all(partitions, Errors.forException(e));
    }
  }

  private static Map<TopicPartition, Errors> all(Set<TopicPartition> partitions, Errors error) {
    Map<TopicPartition, Errors> all = new HashMap<>();
    partitions.forEach(partition -> all.put(partition, error));
    return all;
  }

  // ---- EndTxn ----------------------------------------------------------------------------------

  /** Ends the open transaction of a producer; NONE once that cannot be undone any more. */
  public CompletableFuture<Errors> end(
      String transactionalId, long producerId, short epoch, TransactionResult result) {
    long nowMs = clock.millis();
    return change(
        transactionalId, standing -> Decisions.end(standing, producerId, epoch, result, nowMs));
  }

  private CompletableFuture<Errors> change(
      String transactionalId, Function<Standing, Decision> rule) {
    if (!isId(transactionalId)) {
      return done(Errors.INVALID_REQUEST);
    }
    TransactionPartition partition;
    try {
      partition = runtime.stateFor(transactionalId);
    } catch (ApiException e) {
      return done(Errors.forException(e));
    }
    Optional<TransactionEntry> entry = partition.entry(transactionalId);
    if (entry.isEmpty()) {
      return done(Errors.INVALID_PRODUCER_ID_MAPPING);
    }
    Decision decision = entry.get().decide(rule);
    return decision instanceof Decision.Write write
        ? write(partition, entry.get(), decision, write.next())
        : done(TransactionEntry.answer(decision));
  }

  private CompletableFuture<Errors> fence(
      TransactionPartition partition,
      TransactionEntry entry,
      Decision.Fence fence,
      AbortCause cause) {
    Transaction next = fence.next();
    return write(partition, entry, fence, next)
        .whenComplete(
            (error, failure) -> {
              if (error == Errors.NONE) {
                events.report(
                    brokerId,
                    new TransactionAborted(
                        next.transactionalId(),
                        partition.number(),
                        next.producerId(),
                        next.producerEpoch(),
                        cause,
                        next.lastUpdateMs() - next.startMs()));
              }
            });
  }

  /** Writes what was decided, and has leaders told if that is how a transaction ends. */
  private CompletableFuture<Errors> write(
      TransactionPartition partition, TransactionEntry entry, Decision decision, Transaction next) {
    return log.write(partition, next)
        .thenApply(
            error -> {
              if (error != Errors.NONE) {
                entry.failed(decision);
                return error;
              }
              entry.written(next);
              count(next.state());
              if (next.state().isPreparing()) {
                markers.tell(partition, entry);
              }
              return error;
            });
  }

  private void count(TransactionState reached) {
    if (reached == TransactionState.PREPARE_COMMIT) {
      committed.increment();
    } else if (reached == TransactionState.PREPARE_ABORT) {
      aborted.increment();
    }
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static boolean isId(String transactionalId) {
    return !transactionalId.isEmpty() && Ids.fits(transactionalId);
  }

  // ---- what there is ---------------------------------------------------------------------------

  /**
   * A transactional id.
   *
   * @throws ApiException 15 while not serving, 42 for one that cannot be an id, 14 and 16 as usual,
   *     105 for an id that is not known
   */
  public Transaction describe(String transactionalId) {
    if (!serving) {
      throw Errors.COORDINATOR_NOT_AVAILABLE.exception();
    }
    if (!isId(transactionalId)) {
      throw Errors.INVALID_REQUEST.exception();
    }
    return runtime
        .stateFor(transactionalId)
        .entry(transactionalId)
        .map(TransactionEntry::current)
        .orElseThrow(Errors.TRANSACTIONAL_ID_NOT_FOUND::exception);
  }

  /**
   * All transactional ids coordinated here.
   *
   * @throws ApiException 15 while not serving, 14 while any partition is being loaded
   */
  public Collection<Transaction> list() {
    if (!serving) {
      throw Errors.COORDINATOR_NOT_AVAILABLE.exception();
    }
    if (runtime.isLoading()) {
      throw Errors.COORDINATOR_LOAD_IN_PROGRESS.exception();
    }
    List<Transaction> all = new ArrayList<>();
    for (TransactionPartition partition : runtime.loaded()) {
      partition.entries().forEach(entry -> all.add(entry.current()));
    }
    return all;
  }

  /**
   * What happens here, for whoever watches.
   *
   * @param open transactions in the partitions this broker leads
   */
  public TransactionsSampled sample(Map<TopicPartition, List<OpenTransaction>> open) {
    long nowMs = clock.millis();
    List<TransactionSample> opened = new ArrayList<>();
    List<TransactionSample> others = new ArrayList<>();
    int ids = 0;
    for (TransactionPartition partition : runtime.loaded()) {
      for (TransactionEntry entry : partition.entries()) {
        ids++;
        TransactionSample sample = sample(partition.number(), entry.current(), nowMs);
        List<TransactionSample> list = sample.stage().isOpen() ? opened : others;
        if (list.size() < MAX_SAMPLED) {
          list.add(sample);
        }
      }
    }
    opened.addAll(others.subList(0, Math.min(others.size(), MAX_SAMPLED - opened.size())));
    return new TransactionsSampled(committed.sum(), aborted.sum(), ids, opened, open);
  }

  private static TransactionSample sample(int partition, Transaction now, long nowMs) {
    TransactionStage stage =
        switch (now.state()) {
          case EMPTY, DEAD -> TransactionStage.EMPTY;
          case ONGOING, PREPARE_EPOCH_FENCE -> TransactionStage.ONGOING;
          case PREPARE_COMMIT -> TransactionStage.PREPARE_COMMIT;
          case PREPARE_ABORT -> TransactionStage.PREPARE_ABORT;
          case COMPLETE_COMMIT -> TransactionStage.COMPLETE_COMMIT;
          case COMPLETE_ABORT -> TransactionStage.COMPLETE_ABORT;
        };
    return new TransactionSample(
        now.transactionalId(),
        partition,
        now.producerId(),
        now.producerEpoch(),
        stage,
        now.timeoutMs(),
        List.copyOf(now.partitions()),
        stage.isOpen() ? Math.max(0, nowMs - now.startMs()) : -1);
  }

  // ---- time ------------------------------------------------------------------------------------

  /** Aborts transactions that are open for longer than their producer allowed. */
  void abortTimedOutTransactions() {
    long nowMs = clock.millis();
    for (TransactionPartition partition : runtime.loaded()) {
      for (TransactionEntry entry : partition.entries()) {
        if (entry.decide(standing -> Decisions.timeOut(standing, nowMs))
            instanceof Decision.Fence fence) {
          LOG.info(
              "broker={} transaction of {} is beyond its {} ms and is aborted",
              brokerId,
              fence.next().transactionalId(),
              fence.next().timeoutMs());
          fence(partition, entry, fence, AbortCause.TIMED_OUT);
        }
      }
    }
  }

  /** Forgets ids nobody has used for {@code transactional.id.expiration.ms}. */
  void forgetIdleIds() {
    long nowMs = clock.millis();
    for (TransactionPartition partition : runtime.loaded()) {
      List<TransactionEntry> batch = new ArrayList<>();
      int bytes = 0;
      for (TransactionEntry entry : partition.entries()) {
        if (entry.expire(config.transactionalIdExpirationMs(), nowMs)) {
          batch.add(entry);
          bytes += TransactionRecords.key(entry.current().transactionalId()).length;
          if (bytes >= MAX_FORGOTTEN_BYTES) {
            forget(partition, List.copyOf(batch));
            batch.clear();
            bytes = 0;
          }
        }
      }
      if (!batch.isEmpty()) {
        forget(partition, batch);
      }
    }
  }

  private void forget(TransactionPartition partition, List<TransactionEntry> idle) {
    List<String> ids = idle.stream().map(entry -> entry.current().transactionalId()).toList();
    log.forget(partition, ids, config.requestTimeoutMs())
        .thenAccept(
            error -> {
              if (error == Errors.NONE) {
                LOG.info("broker={} forgets idle transactional ids {}", brokerId, ids);
                ids.forEach(partition::forget);
                ids.forEach(id -> events.report(brokerId, new TransactionalIdForgotten(id)));
              } else {
                idle.forEach(TransactionEntry::stays);
              }
            });
  }

  // ---- end -------------------------------------------------------------------------------------

  /** Serves no more; whoever waits for a write is not answered. */
  @Override
  public void close() {
    serving = false;
    markerThread.shutdownNow();
    runtime.close();
    try {
      if (!markerThread.awaitTermination(THREAD_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("broker={} the thread of transaction markers is still busy", brokerId);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
