package io.vitrine.protocol.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queue between network threads and I/O threads. Kafka's blocks a network thread when
 * it is full; here that one request is set aside instead and moves up as soon as there is room, so
 * that the thread's other connections go on. Set aside is at most one request a connection, as a
 * connection is not read before its answer. First come, first served. Guarded by its own lock.
 */
final class RequestQueue {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Queue<Request> queue = new ArrayDeque<>();
  private final Queue<Request> aside = new ArrayDeque<>();
  private boolean closed;

  RequestQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Never blocks. False when the queue is closed: the request stays the caller's. */
  boolean put(Request request) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (queue.size() < capacity) {
        queue.add(request);
        notEmpty.signal();
      } else {
        aside.add(request);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next request; null when the queue is closed. */
  Request take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        notEmpty.awaitUninterruptibly();
      }
      Request next = queue.poll();
      Request movedUp = aside.poll();
      if (movedUp != null) {
        queue.add(movedUp);
        notEmpty.signal();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  int length() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait for room in the queue. */
  int aside() {
    lock.lock();
    try {
      return aside.size();
    } finally {
      lock.unlock();
    }
  }

  int capacity() {
    return capacity;
  }

  /** Ends all {@link #take}s and returns what nobody took. */
  List<Request> close() {
    lock.lock();
    try {
      closed = true;
      List<Request> left = new ArrayList<>(queue);
      left.addAll(aside);
      queue.clear();
      aside.clear();
      notEmpty.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
