package io.vitrine.cluster.replica;

import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.PartitionLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies replicas to their future logs, in turns, on a thread that lives while there is one to
 * copy.
 *
 * <p>One lock guards which partitions these are; it is held during a step, so that {@link #remove}
 * returns only when nothing more happens to the partition's future log. It is taken before a
 * partition's lock.
 */
final class LogDirMover {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirMover.class);

  // Fair: the thread takes it again and again, and whoever gives a move up must not wait for its
  // end.
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final Map<TopicPartition, Partition> partitions = new LinkedHashMap<>();
  private final String threadName;
  private final LogManager logs;
  private final DelayedOperations delayed;
  private final ReplicationQuota quota;
  private final int maxBytes;
  private final long backoffMs;
  private final Set<TopicPartition> failed;
  private Thread thread;
  private boolean ended;

  /**
   * @param quota bounds what is copied
   * @param maxBytes of one step
   * @param backoffMs the pause when no partition could go on
   * @param failed takes the replicas whose move fails for good; of many threads
   */
  LogDirMover(
      String threadName,
      LogManager logs,
      DelayedOperations delayed,
      ReplicationQuota quota,
      int maxBytes,
      long backoffMs,
      Set<TopicPartition> failed) {
    this.threadName = threadName;
    this.logs = logs;
    this.delayed = delayed;
    this.quota = quota;
    this.maxBytes = maxBytes;
    this.backoffMs = backoffMs;
    this.failed = failed;
  }

  /**
   * Begins to copy a partition that has a future log; nothing happens when it is copied already.
   */
  void add(Partition partition) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      failed.remove(partition.topicPartition());
      partitions.put(partition.topicPartition(), partition);
      changed.signal();
      if (thread == null) {
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** After its return nothing more is done to the future log. */
  void remove(TopicPartition partition) {
    lock.lock();
    try {
      failed.remove(partition);
      partitions.remove(partition);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends, and waits until the thread is gone. */
  void end(long timeoutMs) throws InterruptedException {
    Thread running;
    lock.lock();
    try {
      ended = true;
      partitions.clear();
      changed.signal();
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.join(timeoutMs);
    }
  }

  // ---- the thread ----------------------------------------------------------------------------

  private void run() {
    try {
      boolean went = true;
      List<Partition> round = next(went);
      while (round != null) {
        went = false;
        for (Partition partition : round) {
          went |= turn(partition);
        }
        round = next(went);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those to copy; null when there is none, with which the thread ends. */
  private List<Partition> next(boolean went) throws InterruptedException {
    lock.lock();
    try {
      if (!went && !partitions.isEmpty()) {
        changed.await(backoffMs, TimeUnit.MILLISECONDS);
      }
      if (partitions.isEmpty()) {
        thread = null;
        return null;
      }
      return new ArrayList<>(partitions.values());
    } finally {
      lock.unlock();
    }
  }

  /** One step of one partition; whether it brought it further. */
  private boolean turn(Partition partition) {
    TopicPartition tp = partition.topicPartition();
    boolean promoted;
    lock.lock();
    try {
      if (partitions.get(tp) != partition) {
        return true;
      }
      Optional<PartitionLog> current = partition.log();
      Optional<PartitionLog> future = partition.futureLog();
      if (current.isEmpty() || future.isEmpty()) {
        partitions.remove(tp);
        return true;
      }
      long before = future.get().logEndOffset();
      // Above the bound, only what is copied already is looked after.
      quota.record(FutureCopy.step(current.get(), future.get(), quota.isExceeded() ? 0 : maxBytes));
      promoted = partition.promoteFuture(() -> logs.replaceWithFuture(tp));
      if (!promoted) {
        return future.get().logEndOffset() != before;
      }
      partitions.remove(tp);
      LOG.info("{} lies in {} now", tp, future.get().logDirectory());
    } catch (OffsetOutOfRangeException | CorruptRecordException e) {
      LOG.info("{}: {} changed while it was copied: {}", threadName, tp, e.getMessage());
      return false;
    } catch (KafkaStorageException e) {
      LOG.warn("{} stops moving {}: {}", threadName, tp, e.getMessage());
      giveUp(tp);
      return true;
    } catch (RuntimeException e) {
      LOG.error("{} cannot go on with {}", threadName, tp, e);
      giveUp(tp);
      return true;
    } finally {
      lock.unlock();
    }
    // A deletion of records waits for the future log too.
    delayed.changed(tp);
    return true;
  }

  private void giveUp(TopicPartition partition) {
    partitions.remove(partition);
    failed.add(partition);
  }
}
