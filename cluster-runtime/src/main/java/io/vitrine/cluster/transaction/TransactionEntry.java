package io.vitrine.cluster.transaction;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One transactional id on its coordinator. Its monitor guards it and is never held over a write:
 * whoever begins a change of state makes the id busy, and {@link #written} or {@link #failed} ends
 * that.
 */
final class TransactionEntry {
  private Transaction current;
  private boolean busy;
  private boolean fenceFailed;
  private Set<Runnable> onceIdle = new LinkedHashSet<>();

  TransactionEntry(Transaction current) {
    this.current = current;
  }

  synchronized Transaction current() {
    return current;
  }

  /** Decides, and makes the id busy if something is to be written. */
  synchronized Decision decide(Function<Standing, Decision> rule) {
    Decision decision = rule.apply(new Standing(current, busy, fenceFailed));
    if (decision instanceof Decision.Write write) {
      begin(write.next());
    } else if (decision instanceof Decision.Fence fence) {
      begin(fence.next());
      // At once: nobody may go on with the old epoch, whatever becomes of the write.
      current = current.fenced(fence.next().producerEpoch());
    }
    return decision;
  }

  private void begin(Transaction next) {
    if (!next.state().mayFollow(current.state())) {
      throw new IllegalStateException(next + " cannot follow " + current);
    }
    busy = true;
  }

  /** Runs a task as soon as the id is not busy: now, or on the thread that ends that. */
  void onceIdle(Runnable task) {
    synchronized (this) {
      if (busy) {
        onceIdle.add(task);
        return;
      }
    }
    task.run();
  }

  /** A task does not wait any more for the id to be idle. */
  synchronized void forget(Runnable task) {
    onceIdle.remove(task);
  }

  /** The next state is in the log. It stays busy if its end is to be told to leaders. */
  void written(Transaction next) {
    Set<Runnable> idle;
    synchronized (this) {
      // As with Kafka, an id remembers when its last transaction began until the next one does.
      current = next.state() == TransactionState.EMPTY ? next.begunAt(current.startMs()) : next;
      busy = next.state().isPreparing();
      if (next.state() == TransactionState.COMPLETE_ABORT
          || next.state() == TransactionState.COMPLETE_COMMIT) {
        fenceFailed = false;
      }
      idle = takeIfIdle();
    }
    idle.forEach(Runnable::run);
  }

  /** The next state is not in the log, or nobody knows. */
  void failed(Decision decision) {
    Set<Runnable> idle;
    synchronized (this) {
      busy = false;
      if (decision instanceof Decision.Fence) {
        fenceFailed = true;
      }
      idle = takeIfIdle();
    }
    idle.forEach(Runnable::run);
  }

  /** Who waited for the id and is to be told; under the monitor. */
  private Set<Runnable> takeIfIdle() {
    if (busy || onceIdle.isEmpty()) {
      return Set.of();
    }
    Set<Runnable> taken = onceIdle;
    onceIdle = new LinkedHashSet<>();
    return taken;
  }

  /** A loaded id whose end has to be told to leaders goes on with that. */
  synchronized void resume() {
    busy = current.state().isPreparing();
  }

  /**
   * Leaders have heard how the transaction ends.
   *
   * @return whether that were the last ones
   */
  synchronized boolean told(Set<TopicPartition> partitions) {
    current = current.withoutPartitions(partitions);
    return current.partitions().isEmpty();
  }

  /**
   * The id was idle for too long.
   *
   * @return whether it is busy being forgotten now
   */
  synchronized boolean expire(long expirationMs, long nowMs) {
    if (Decisions.isExpired(new Standing(current, busy, fenceFailed), expirationMs, nowMs)) {
      busy = true;
      return true;
    }
    return false;
  }

  /** It is not forgotten after all. */
  void stays() {
    Set<Runnable> idle;
    synchronized (this) {
      busy = false;
      idle = takeIfIdle();
    }
    idle.forEach(Runnable::run);
  }

  /** The answer of a decision that writes nothing. */
  static Errors answer(Decision decision) {
    return ((Decision.Answer) decision).error();
  }
}
