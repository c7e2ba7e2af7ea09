package io.vitrine.cluster.purgatory;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that is answered later: when its condition holds, or when its time is up.
 *
 * <p>Exactly one thread completes it, and {@link #onComplete()} runs on that thread, holding no
 * lock of the purgatory. The condition may be asked by several threads at once, so it reads only
 * what is safe to read from any thread.
 */
public abstract class DelayedOperation {
  /** How much of what an operation waits for is told at most. */
  public static final int MOST_AWAITED = 8;

  private final long timeoutMs;
  private final AtomicBoolean completed = new AtomicBoolean();
  private volatile WheelTimer.Entry timeout;
  private volatile Runnable left = () -> {};
  private volatile long waitingSinceMs;
  private volatile long number;

  /**
   * @param timeoutMs how long it may wait at most
   */
  protected DelayedOperation(long timeoutMs) {
    this.timeoutMs = timeoutMs;
  }

  /** Whether it can be answered now. Never blocks for long and never completes other operations. */
  protected abstract boolean canComplete();

  /**
   * Whether it can be answered now that what one of its keys stands for has changed. To look at no
   * more than that is enough where each key is waited for alone.
   *
   * @param changed equal to a key it waits under
   */
  protected boolean canCompleteAfter(Object changed) {
    return canComplete();
  }

  /** Gives the answer. Called once. */
  protected abstract void onComplete();

  /** Its time was up before its condition held; called after {@link #onComplete()}. */
  protected void onExpiration() {}

  /** What it waits for, the first {@link #MOST_AWAITED} things. Reads what any thread may read. */
  protected List<Awaited> awaited() {
    return List.of();
  }

  /** The id of the broker whose operation it is, negative when it is a client's. */
  protected int follower() {
    return -1;
  }

  /** How many bytes must be there; 0 when it is not bytes that it waits for. */
  protected int leastBytes() {
    return 0;
  }

  public final long timeoutMs() {
    return timeoutMs;
  }

  public final boolean isCompleted() {
    return completed.get();
  }

  /**
   * Completes it now, whatever its condition says.
   *
   * @return false when it was completed before
   */
  public final boolean forceComplete() {
    if (!completed.compareAndSet(false, true)) {
      return false;
    }
    WheelTimer.Entry entry = timeout;
    if (entry != null) {
      entry.cancel();
    }
    left.run();
    onComplete();
    return true;
  }

  final void entered(long itsNumber, long nowMs, Runnable whenItLeaves) {
    number = itsNumber;
    waitingSinceMs = nowMs;
    left = whenItLeaves;
  }

  final boolean tryComplete() {
    return !completed.get() && canComplete() && forceComplete();
  }

  final boolean tryCompleteAfter(Object changed) {
    return !completed.get() && canCompleteAfter(changed) && forceComplete();
  }

  final void expire() {
    if (forceComplete()) {
      onExpiration();
    }
  }

  /** The operation may be completed while its time-out is being set: then it is taken back. */
  final void waitWith(WheelTimer timer) {
    WheelTimer.Entry entry = timer.add(timeoutMs, this::expire);
    timeout = entry;
    if (completed.get()) {
      entry.cancel();
    }
  }

  /** Tells it from others that entered the same purgatory. */
  final long number() {
    return number;
  }

  final long waitingSinceMs() {
    return waitingSinceMs;
  }
}
