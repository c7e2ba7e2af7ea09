package io.vitrine.protocol.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Requests to one node. Connects with the first request and, after a loss, again with the next one:
 * it never retries and never waits before reconnecting, that is the caller's. Requests are
 * pipelined in the order of sending.
 *
 * <p>Requests the node never answers (Produce with acks=0) are not for this client. Any thread; do
 * no work on the thread a future completes on.
 */
public interface NodeClient extends AutoCloseable {

  /** Sends with the settings' request timeout. */
  CompletableFuture<AbstractResponse> send(AbstractRequest.Builder<?> builder, short version);

  /**
   * Sends a request and never blocks.
   *
   * @param timeout from now to the response, including the time to connect
   * @return the response; fails with {@link DisconnectException} when the node cannot be reached,
   *     the connection is lost, or this client is closed, with {@link TimeoutException} when the
   *     timeout passes first, or with what kept the request from being encoded. Records in the
   *     response lie in heap memory of their own
   */
  CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> builder, short version, Duration timeout);

  /** Drops the connection, if there is one; its requests fail. The next request connects again. */
  void disconnect();

  /** Drops the connection; this and all later requests fail with DisconnectException. */
  @Override
  void close();
}
