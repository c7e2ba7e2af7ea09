package io.vitrine.cluster.replica;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives one fetcher on a thread of its own: ask, wait for the answer, take it in, ask again. */
final class FetcherThread implements FetcherDriver.Driving {
  private static final Logger LOG = LoggerFactory.getLogger(FetcherThread.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition awake = lock.newCondition();
  private final FetcherSteps fetcher;
  private final Thread thread;
  private boolean woken;

  private FetcherThread(FetcherSteps fetcher, String name) {
    this.fetcher = fetcher;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  static FetcherThread start(FetcherSteps fetcher, String name) {
    FetcherThread driving = new FetcherThread(fetcher, name);
    driving.thread.start();
    return driving;
  }

  @Override
  public void wakeUp() {
    lock.lock();
    try {
      woken = true;
      awake.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void join(long timeoutMs) throws InterruptedException {
    if (thread != Thread.currentThread()) {
      thread.join(timeoutMs);
    }
  }

  private void run() {
    try {
      while (!fetcher.ended()) {
        CompletableFuture<AbstractResponse> answer = fetcher.ask();
        if (answer == null) {
          sleep(fetcher.idleMs());
        } else {
          complete(answer);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("{} died", thread.getName(), e);
    }
  }

  private void complete(CompletableFuture<AbstractResponse> answer) throws InterruptedException {
    AbstractResponse response;
    try {
      response = answer.get();
    } catch (ExecutionException e) {
      fetcher.completed(null, e.getCause());
      return;
    }
    fetcher.completed(response, null);
  }

  private void sleep(OptionalLong ms) throws InterruptedException {
    lock.lock();
    try {
      if (!woken && ms.isPresent()) {
        awake.await(Math.max(1, ms.getAsLong()), TimeUnit.MILLISECONDS);
      } else if (!woken) {
        awake.await();
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }
}
