package io.vitrine.storage.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler whose time stands until it is moved; what is due then runs on the mover's thread, in
 * order of its time. Tasks without delay run at the next move, also by zero. Safe from any thread.
 */
public final class ManualScheduler extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final PriorityQueue<Task<?>> tasks =
      new PriorityQueue<>(
          Comparator.<Task<?>>comparingLong(t -> t.dueMs).thenComparingLong(t -> t.number));
  private long nowMs;
  private long numbers;
  private boolean shutdown;

  /** Moves time on and runs what is due. */
  public void advance(long ms) {
    long target;
    synchronized (this) {
      target = nowMs + ms;
    }
    while (true) {
      Task<?> due;
      synchronized (this) {
        if (tasks.isEmpty() || tasks.peek().dueMs > target) {
          nowMs = target;
          return;
        }
        due = tasks.poll();
        nowMs = Math.max(nowMs, due.dueMs);
      }
      due.runOnce();
    }
  }

  /** How many tasks wait. */
  public synchronized int waiting() {
    return tasks.size();
  }

  @Override
  public void execute(Runnable command) {
    schedule(command, 0, TimeUnit.MILLISECONDS);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(new Task<>(command, unit.toMillis(delay), 0));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return add(new Task<>(callable, unit.toMillis(delay)));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return add(new Task<>(command, unit.toMillis(initialDelay), unit.toMillis(period)));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  private synchronized <V> Task<V> add(Task<V> task) {
    if (shutdown) {
      throw new java.util.concurrent.RejectedExecutionException("shut down");
    }
    tasks.add(task);
    return task;
  }

  @Override
  public synchronized void shutdown() {
    shutdown = true;
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = new ArrayList<>(tasks);
    tasks.clear();
    return left;
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long number;
    private final long periodMs;
    private long dueMs;

    Task(Runnable command, long delayMs, long periodMs) {
      super(command, null);
      synchronized (ManualScheduler.this) {
        this.number = numbers++;
        this.dueMs = nowMs + delayMs;
      }
      this.periodMs = periodMs;
    }

    Task(Callable<V> callable, long delayMs) {
      super(callable);
      synchronized (ManualScheduler.this) {
        this.number = numbers++;
        this.dueMs = nowMs + delayMs;
      }
      this.periodMs = 0;
    }

    void runOnce() {
      if (periodMs == 0) {
        run();
      } else if (runAndReset()) {
        synchronized (ManualScheduler.this) {
          dueMs += periodMs;
          tasks.add(this);
        }
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      synchronized (ManualScheduler.this) {
        tasks.remove(this);
      }
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      synchronized (ManualScheduler.this) {
        return unit.convert(dueMs - nowMs, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
    }
  }
}
