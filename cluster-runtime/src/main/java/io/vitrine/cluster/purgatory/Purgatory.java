package io.vitrine.cluster.purgatory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waiting room of one kind of operation. Safe from any thread.
 *
 * <p>An operation waits under several keys; whoever changes what a key stands for calls {@link
 * #checkAndComplete}. The lists of other keys still hold an operation completed under one of them:
 * such leftovers go when their key is checked, and all at once when {@value #PURGE_INTERVAL} of
 * them have gathered.
 *
 * @param <T> the operations that wait here
 */
public final class Purgatory<T extends DelayedOperation> {
  private static final Logger LOG = LoggerFactory.getLogger(Purgatory.class);
  private static final int PURGE_INTERVAL = 1000;

  private final String name;
  private final WheelTimer timer;
  private final Map<Object, Queue<T>> watched = new ConcurrentHashMap<>();
  private final Set<T> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger leftovers = new AtomicInteger();
  private final AtomicLong entered = new AtomicLong();

  /**
   * @param name what waits here, such as Produce
   * @param timer ends what waited long enough; owned by the caller
   */
  public Purgatory(String name, WheelTimer timer) {
    this.name = name;
    this.timer = timer;
  }

  public String name() {
    return name;
  }

  /**
   * Completes an operation if it can be, otherwise lets it wait under the keys.
   *
   * @param keys at least one; compared by equals
   * @return whether it was completed by this call
   */
  public boolean tryCompleteElseWatch(T operation, Collection<?> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("an operation must wait for something");
    }
    if (operation.tryComplete()) {
      return true;
    }
    operation.entered(entered.incrementAndGet(), timer.nowMs(), () -> left(operation, keys.size()));
    waiting.add(operation);
    for (Object key : keys) {
      watch(key, operation);
    }
    // What it waits for may have happened before it was on every list.
    if (operation.tryComplete()) {
      return true;
    }
    operation.waitWith(timer);
    return false;
  }

  /**
   * Completes what waits for a key and can be completed now.
   *
   * @return how many were completed by this call
   */
  public int checkAndComplete(Object key) {
    Queue<T> list = watched.get(key);
    if (list == null) {
      return 0;
    }
    int completed = 0;
    for (T operation : list) {
      if (completedNow(operation, key)) {
        completed++;
      }
      if (operation.isCompleted() && list.remove(operation)) {
        leftovers.decrementAndGet();
      }
    }
    dropIfEmpty(key);
    return completed;
  }

  /** Forgets a key and gives back what waited for it and is not completed. */
  public List<T> cancelForKey(Object key) {
    Queue<T> list = watched.remove(key);
    if (list == null) {
      return List.of();
    }
    List<T> live = list.stream().filter(operation -> !operation.isCompleted()).toList();
    leftovers.addAndGet(live.size() - list.size());
    return live;
  }

  /** How many operations wait. */
  public int waiting() {
    return waiting.size();
  }

  /** How many operations wait for a key. */
  public int waitingFor(Object key) {
    Queue<T> list = watched.get(key);
    return list == null ? 0 : (int) list.stream().filter(each -> !each.isCompleted()).count();
  }

  /** How many places on watch lists are taken, leftovers included (Kafka's PurgatorySize). */
  public int watchedEntries() {
    return watched.values().stream().mapToInt(Collection::size).sum();
  }

  /**
   * What waits now.
   *
   * @param most how many are told; the same ones as long as they wait
   */
  public List<WaitingItem> snapshot(int most) {
    long nowMs = timer.nowMs();
    return waiting.stream()
        .filter(operation -> !operation.isCompleted())
        .limit(most)
        .map(
            operation ->
                new WaitingItem(
                    name,
                    operation.number(),
                    operation.follower(),
                    operation.leastBytes(),
                    operation.awaited(),
                    Math.max(0, nowMs - operation.waitingSinceMs()),
                    operation.timeoutMs()))
        .toList();
  }

  /** An operation that fails fails alone: whoever changed the key has other things to do. */
  private boolean completedNow(T operation, Object changed) {
    try {
      return operation.tryCompleteAfter(changed);
    } catch (RuntimeException e) {
      LOG.error("{} failed: {}", name, operation.awaited(), e);
      return operation.isCompleted();
    }
  }

  private void watch(Object key, T operation) {
    watched.compute(
        key,
        (ignored, list) -> {
          Queue<T> queue = list == null ? new ConcurrentLinkedQueue<>() : list;
          queue.add(operation);
          return queue;
        });
  }

  /** Completed, by whatever way: its places on the lists are leftovers now. */
  private void left(T operation, int places) {
    waiting.remove(operation);
    if (leftovers.addAndGet(places) >= PURGE_INTERVAL) {
      purge();
    }
  }

  private void purge() {
    for (Object key : watched.keySet()) {
      Queue<T> list = watched.get(key);
      if (list != null) {
        list.removeIf(
            operation -> {
              boolean leftover = operation.isCompleted();
              if (leftover) {
                leftovers.decrementAndGet();
              }
              return leftover;
            });
        dropIfEmpty(key);
      }
    }
  }

  private void dropIfEmpty(Object key) {
    watched.computeIfPresent(key, (ignored, list) -> list.isEmpty() ? null : list);
  }
}
