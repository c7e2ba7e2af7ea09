package io.vitrine.cluster.purgatory;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks when their time has come, to the millisecond, on one thread.
 *
 * <p>Adding and cancelling take constant time, however many tasks wait: they lie in a hierarchy of
 * {@link TimingWheel wheels}. One lock guards the wheels; tasks run outside it.
 */
public final class WheelTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WheelTimer.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final LongSupplier nanoTime;
  private final TimingWheels wheels;
  private final Thread thread;
  private boolean closed;

  /**
   * @param threadName such as {@code broker-1-purgatory}
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public WheelTimer(String threadName, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.wheels = new TimingWheels(nowMs());
    this.thread = new Thread(this::run, threadName);
    this.thread.setDaemon(true);
  }

  /** A task that waits for its time. */
  public static final class Entry {
    private final WheelTimer timer;
    private final TimingWheel.Item item;

    Entry(WheelTimer timer, TimingWheel.Item item) {
      this.timer = timer;
      this.item = item;
    }

    /** Takes the task back; nothing happens when it runs or has run. */
    public void cancel() {
      timer.cancel(item);
    }
  }

  /** Begins running tasks. */
  public void start() {
    thread.start();
  }

  /** The timer's clock in milliseconds; only differences mean anything. */
  public long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }

  /**
   * Runs a task later.
   *
   * @param delayMs not before this time; a task may be up to a millisecond late by the clock's
   *     grain
   * @param task short; it holds up those after it
   */
  public Entry add(long delayMs, Runnable task) {
    lock.lock();
    try {
      TimingWheel.Item item = new TimingWheel.Item(nowMs() + Math.max(1, delayMs), task);
      long before = wheels.nextDueMs();
      wheels.add(item);
      if (wheels.nextDueMs() < before) {
        earlier.signal();
      }
      return new Entry(this, item);
    } finally {
      lock.unlock();
    }
  }

  /** How many tasks wait. */
  public int size() {
    lock.lock();
    try {
      return wheels.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs what is due now on the calling thread; the timer's own thread does the same when started.
   *
   * @return how many tasks ran
   */
  public int runDue() {
    List<TimingWheel.Item> due;
    lock.lock();
    try {
      due = wheels.advanceTo(nowMs());
    } finally {
      lock.unlock();
    }
    for (TimingWheel.Item item : due) {
      try {
        item.task.run();
      } catch (RuntimeException | Error e) {
        // An Error too: all that waits would wait for ever without this thread.
        LOG.error("a delayed task failed", e);
      }
    }
    return due.size();
  }

  /** Ends the thread; tasks that wait never run. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      earlier.signal();
    } finally {
      lock.unlock();
    }
    if (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cancel(TimingWheel.Item item) {
    lock.lock();
    try {
      wheels.remove(item);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (waitForNext()) {
      runDue();
    }
  }

  /**
   * Waits until something is due; false when the timer is closed. A slot that was emptied is waited
   * for as well: whoever adds a later task does not signal.
   */
  private boolean waitForNext() {
    lock.lock();
    try {
      while (!closed) {
        long waitMs = wheels.nextDueMs() - nowMs();
        if (waitMs <= 0) {
          return true;
        }
        if (wheels.nextDueMs() == Long.MAX_VALUE) {
          earlier.await();
        } else {
          earlier.await(waitMs, TimeUnit.MILLISECONDS);
        }
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
