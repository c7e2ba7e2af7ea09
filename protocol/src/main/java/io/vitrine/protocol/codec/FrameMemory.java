package io.vitrine.protocol.codec;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of frames that are being received or served, over all connections of a server
 * ({@code queued.max.request.bytes}). As in Kafka the last frame may go beyond: it is taken as long
 * as anything is left, so that no frame is too large for ever. Safe from any thread.
 */
public final class FrameMemory {
  private final long size;
  private final AtomicLong available;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param sizeBytes negative for no bound
   */
  public FrameMemory(long sizeBytes) {
    this.size = sizeBytes < 0 ? Long.MAX_VALUE : sizeBytes;
    this.available = new AtomicLong(size);
  }

  /**
   * Takes room for a frame.
   *
   * @param told run once, on any thread, when it is worth asking again
   * @return whether there was room
   */
  boolean take(int bytes, Runnable told) {
    if (tryTake(bytes)) {
      return true;
    }
    waiting.add(told);
    if (available.get() > 0) {
      tellNext(); // it was given back in between
    }
    return false;
  }

  private boolean tryTake(int bytes) {
    long now;
    do {
      now = available.get();
      if (now <= 0) {
        return false;
      }
    } while (!available.compareAndSet(now, now - bytes));
    if (now - bytes > 0) {
      tellNext();
    }
    return true;
  }

  void giveBack(int bytes) {
    if (available.addAndGet(bytes) > 0) {
      tellNext();
    }
  }

  /** Who was told has no use for it any more: the next one is. */
  void pass() {
    if (available.get() > 0) {
      tellNext();
    }
  }

  private void tellNext() {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }

  /** What is left; negative while the last frame goes beyond. */
  public long availableBytes() {
    return available.get();
  }

  /** What is taken. */
  public long usedBytes() {
    return size - available.get();
  }
}
