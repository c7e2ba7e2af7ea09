package io.vitrine.cluster.replica;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * A fetcher as whoever drives it sees it: asks one question at a time and takes its answer. Called
 * by one thread at a time, the driver's.
 */
public interface FetcherSteps {
  /**
   * Asks the next question, if there is one.
   *
   * @return the answer on its way, to be given to {@link #completed}; null when there is nothing to
   *     ask now
   */
  CompletableFuture<AbstractResponse> ask();

  /**
   * Takes in the answer to the question asked last.
   *
   * @param response null when there was none
   * @param failure why there was none, else null
   */
  void completed(AbstractResponse response, Throwable failure);

  /**
   * In how many milliseconds there is something to ask.
   *
   * @return empty when that is when it is woken up
   */
  OptionalLong idleMs();

  /** Whether it ended; nothing will be asked any more. */
  boolean ended();
}
