package io.vitrine.cluster.coordinator;

import io.vitrine.cluster.replica.AppendParameters;
import io.vitrine.cluster.replica.LeadershipListener;
import io.vitrine.cluster.replica.Partition;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.storage.log.BoundedRecords;
import io.vitrine.storage.log.LogRead;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.requests.ProduceResponse.PartitionResponse;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link CoordinatorState} for each partition of an internal topic this broker leads:
 * loads it when leadership comes, drops it when leadership goes, and appends for it.
 *
 * <p>Safe from any thread. Appending blocks for nothing but the disk, so it may be called under a
 * lock of the state, unless outcomes are told in {@link Outcomes#IN_PLACE}.
 *
 * @param <S> what is kept of a partition
 */
public final class CoordinatorRuntime<S extends CoordinatorState> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorRuntime.class);
  private static final short ACKS_ALL = -1;
  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final String name;
  private final InternalTopic topic;
  private final ReplicaManager replicas;
  private final int loadBufferBytes;
  private final States<S> states;
  private final ExecutorService loader;
  private final Outcomes outcomes;
  private final Map<Integer, Led<S>> led = new ConcurrentHashMap<>();
  private final List<LoadObserver> observers = new CopyOnWriteArrayList<>();
  private volatile Runnable unlisten = () -> {};
  private volatile boolean closed;

  /** Makes the empty state of a partition; called on the loader thread. */
  @FunctionalInterface
  public interface States<S> {
    S of(int partition, int leaderEpoch);
  }

  /** Where the outcome of an append is told. Owned by the runtime it is given to. */
  public interface Outcomes extends AutoCloseable {
    /**
     * On the thread that learns of it: the appender's own, before the append returns, or whichever
     * made the high watermark rise. For who appends without a lock, and takes none for long when it
     * hears of it.
     */
    Outcomes IN_PLACE =
        new Outcomes() {
          @Override
          public void tell(Runnable outcome) {
            outcome.run();
          }

          @Override
          public void close() {
            // No thread is its own.
          }
        };

    /**
     * On a thread of its own, never the appender's: who appends under one state's lock never meets
     * another's.
     *
     * @param name of the thread
     */
    static Outcomes onThread(String name) {
      ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, name));
      return new Outcomes() {
        @Override
        public void tell(Runnable outcome) {
          try {
            thread.execute(outcome);
          } catch (RejectedExecutionException e) {
            LOG.debug("{} has ended", name);
          }
        }

        @Override
        public void close() {
          end(thread, name);
        }
      };
    }

    void tell(Runnable outcome);

    /** What was told before is heard; then nothing is any more. */
    @Override
    void close();
  }

  /** A partition this broker leads; its state is null until it is loaded. */
  private static final class Led<S> {
    private final int leaderEpoch;
    private volatile S state;

    Led(int leaderEpoch) {
      this.leaderEpoch = leaderEpoch;
    }
  }

  /**
   * @param name what the threads are called after, such as {@code broker-1-group}
   * @param loadBufferBytes how much of the log is read at once
   * @param outcomes where appends are told of
   */
  public CoordinatorRuntime(
      String name,
      InternalTopic topic,
      ReplicaManager replicas,
      int loadBufferBytes,
      Outcomes outcomes,
      States<S> states) {
    this.name = name;
    this.topic = topic;
    this.replicas = replicas;
    this.loadBufferBytes = loadBufferBytes;
    this.states = states;
    this.loader = Executors.newSingleThreadExecutor(task -> new Thread(task, name + "-loader"));
    this.outcomes = outcomes;
  }

  /** Begins to hear of leadership; before the broker's first order. */
  public void start() {
    unlisten = replicas.onLeadershipChange(new Leadership());
  }

  /** From now on this hears of loading. */
  public void observe(LoadObserver observer) {
    observers.add(observer);
  }

  // ---- what is led ---------------------------------------------------------------------------

  public InternalTopic topic() {
    return topic;
  }

  /**
   * The state of a partition.
   *
   * @throws CoordinatorLoadInProgressException while it is loaded
   * @throws NotCoordinatorException when this broker does not lead it
   */
  public S stateOf(int partition) {
    Led<S> found = led.get(partition);
    if (found == null) {
      throw new NotCoordinatorException(
          name + " does not coordinate " + topic.partition(partition));
    }
    S state = found.state;
    if (state == null) {
      throw new CoordinatorLoadInProgressException(
          name + " is still loading " + topic.partition(partition));
    }
    return state;
  }

  /** The state of the partition an id belongs to, see {@link #stateOf}. */
  public S stateFor(String id) {
    return stateOf(topic.partitionFor(id));
  }

  /** The leader epoch in which this broker leads a partition; empty when it does not. */
  public OptionalInt leaderEpoch(int partition) {
    Led<S> found = led.get(partition);
    return found == null ? OptionalInt.empty() : OptionalInt.of(found.leaderEpoch);
  }

  /** The states of all loaded partitions. */
  public Collection<S> loaded() {
    return led.values().stream().map(each -> each.state).filter(state -> state != null).toList();
  }

  /** Whether a partition is being loaded. */
  public boolean isLoading() {
    return led.values().stream().anyMatch(each -> each.state == null);
  }

  private final class Leadership implements LeadershipListener {
    @Override
    public void gained(TopicPartition partition, int leaderEpoch) {
      if (partition.topic().equals(topic.name())) {
        Led<S> begun = new Led<>(leaderEpoch);
        Led<S> before = led.put(partition.partition(), begun);
        observers.forEach(each -> each.begun(partition.partition()));
        onLoader(
            () -> {
              unload(partition, before);
              load(partition, begun);
            });
      }
    }

    @Override
    public void lost(TopicPartition partition, int leaderEpoch) {
      if (partition.topic().equals(topic.name())) {
        Led<S> gone = led.remove(partition.partition());
        onLoader(() -> unload(partition, gone));
      }
    }
  }

  /**
   * Does something after what is being loaded or unloaded: a record appended before this call is
   * then either replayed, or came to a state that was loaded before.
   */
  public void afterLoading(Runnable task) {
    onLoader(task);
  }

  private void onLoader(Runnable task) {
    try {
      loader.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.error("{} failed", name, e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("{} has ended", name);
    }
  }

  // ---- load ----------------------------------------------------------------------------------

  private void load(TopicPartition partition, Led<S> begun) {
    if (!isCurrent(partition, begun)) {
      return; // lost again, or the broker ends
    }
    try {
      S state = states.of(partition.partition(), begun.leaderEpoch);
      long records = replayLog(partition, begun, state);
      if (isCurrent(partition, begun)) {
        state.loaded();
        begun.state = state;
        observers.forEach(each -> each.loaded(partition.partition()));
        LOG.info(
            "{} loaded {} in leader epoch {}: {} records",
            name,
            partition,
            begun.leaderEpoch,
            records);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("{} cannot load {} and does not serve it", name, partition, e);
      led.remove(partition.partition(), begun);
    }
  }

  private boolean isCurrent(TopicPartition partition, Led<S> begun) {
    return !closed && led.get(partition.partition()) == begun;
  }

  /**
   * @return how many records there were
   */
  private long replayLog(TopicPartition partition, Led<S> begun, S state) throws IOException {
    Optional<PartitionLog> found = replicas.partition(partition).flatMap(Partition::log);
    if (found.isEmpty()) {
      throw new NotCoordinatorException(partition + " has no log here");
    }
    PartitionLog log = found.get();
    BufferSupplier decompression = BufferSupplier.create();
    long records = 0;
    long offset = log.logStartOffset();
    while (offset < log.logEndOffset() && isCurrent(partition, begun)) {
      LogRead read = log.read(offset, loadBufferBytes, ReadBound.LOG_END, true);
      MemoryRecords bytes;
      try (LogSlice slice = read.records()) {
        bytes = slice.toMemory();
      }
      long before = offset;
      for (MutableRecordBatch batch : bytes.batches()) {
        try (CloseableIterator<Record> each = BoundedRecords.of(batch, decompression)) {
          while (each.hasNext()) {
            state.replay(batch, each.next());
            records++;
          }
        }
        offset = batch.nextOffset();
      }
      if (offset == before) {
        break; // the tail of the log was compacted away
      }
    }
    return records;
  }

  private void unload(TopicPartition partition, Led<S> gone) {
    if (gone != null && gone.state != null) {
      LOG.info("{} gives {} of leader epoch {} up", name, partition, gone.leaderEpoch);
      try {
        gone.state.unloaded();
      } catch (RuntimeException e) {
        LOG.error("{} could not let go of {}", name, partition, e);
      }
    }
  }

  // ---- append --------------------------------------------------------------------------------

  /**
   * Appends one batch with acks=all. Batches of one caller lie in the log in the order of the
   * calls.
   *
   * @param timeoutMs how long the ISR may take
   * @return the batch's first offset once the whole ISR has it; fails with the {@link
   *     org.apache.kafka.common.errors.ApiException} of the produce error, such as 6, 7, 10, 19, 20
   *     or 56. Completed where {@link Outcomes} say; never, when the broker ends before
   */
  public CompletableFuture<Long> append(int partition, MemoryRecords records, long timeoutMs) {
    return append(partition, records, AppendParameters.of(ACKS_ALL, timeoutMs, Origin.COORDINATOR));
  }

  /**
   * The same, refused with 6 unless this broker leads the partition since that epoch without a
   * break: what was decided with a state that others have overtaken is not written.
   */
  public CompletableFuture<Long> append(
      int partition, int leaderEpoch, MemoryRecords records, long timeoutMs) {
    return append(
        partition,
        records,
        AppendParameters.of(ACKS_ALL, timeoutMs, Origin.COORDINATOR).ledSince(leaderEpoch));
  }

  /**
   * Appends one batch, see {@link #append(int, MemoryRecords, long)}.
   *
   * @param parameters with acks other than all no follower is waited for, and no minimal ISR asked
   */
  public CompletableFuture<Long> append(
      int partition, MemoryRecords records, AppendParameters parameters) {
    CompletableFuture<Long> appended = new CompletableFuture<>();
    TopicPartition target = topic.partition(partition);
    replicas.appendRecords(
        Map.of(target, records), parameters, answers -> tell(answers.get(target), appended));
    return appended;
  }

  private void tell(PartitionResponse answer, CompletableFuture<Long> appended) {
    outcomes.tell(
        () -> {
          if (answer.error == Errors.NONE) {
            appended.complete(answer.baseOffset);
          } else {
            appended.completeExceptionally(answer.error.exception());
          }
        });
  }

  // ---- end -----------------------------------------------------------------------------------

  /**
   * Hears and loads no more; what is under way ends. Nobody is interrupted: that would close the
   * segment file a load reads or an append writes.
   */
  @Override
  public void close() {
    closed = true;
    unlisten.run();
    end(loader, name + "-loader");
    outcomes.close();
  }

  private static void end(ExecutorService thread, String name) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("{} is still busy", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
