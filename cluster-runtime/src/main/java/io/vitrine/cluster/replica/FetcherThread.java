package io.vitrine.cluster.replica;

import io.vitrine.protocol.client.DedicatedClient;
import io.vitrine.protocol.client.NodeClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one fetcher on the thread of its connection: ask, take the answer in, ask again. Between a
 * leader's answer and the next fetch, which acknowledges it, nobody else has to wake up.
 */
final class FetcherThread implements FetcherDriver.Driving {
  private static final Logger LOG = LoggerFactory.getLogger(FetcherThread.class);

  private final DedicatedClient client;
  private final String name;

  // The thread's own.
  private FetcherSteps fetcher;
  private boolean waiting;
  private Future<?> nextStep;

  private volatile boolean died;

  /**
   * @param client owned by the fetcher, which closes it when it ends
   */
  FetcherThread(DedicatedClient client, String name) {
    this.client = client;
    this.name = name;
  }

  @Override
  public NodeClient client() {
    return client;
  }

  @Override
  public void start(FetcherSteps begun) {
    onThread(
        () -> {
          fetcher = begun;
          ask();
        });
  }

  @Override
  public void wakeUp() {
    onThread(this::ask);
  }

  @Override
  public void join(long timeoutMs) throws InterruptedException {
    client.join(timeoutMs);
  }

  @Override
  public boolean hasDied() {
    return died;
  }

  private void ask() {
    if (waiting || fetcher.ended()) {
      return;
    }
    if (nextStep != null) {
      nextStep.cancel(false);
      nextStep = null;
    }
    CompletableFuture<AbstractResponse> answer = fetcher.ask();
    if (answer == null) {
      fetcher.idleMs().ifPresent(this::askLater);
      return;
    }
    waiting = true;
    answer.whenComplete(
        (response, failure) ->
            onThread(
                () -> {
                  waiting = false;
                  fetcher.completed(response, failure);
                  ask();
                }));
  }

  private void askLater(long delayMs) {
    nextStep =
        client.thread().schedule(guarded(this::ask), Math.max(1, delayMs), TimeUnit.MILLISECONDS);
  }

  private void onThread(Runnable step) {
    try {
      client.thread().execute(guarded(step));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} has ended", name);
    }
  }

  private Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
        died = false;
      } catch (RejectedExecutionException e) {
        LOG.debug("{} ends", name);
      } catch (RuntimeException | Error e) {
        died = true;
        LOG.error("{} died", name, e);
      }
    };
  }
}
