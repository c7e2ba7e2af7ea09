package io.vitrine.protocol.client;

import io.netty.channel.IoEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Requests to one node by one thread that does nothing else: it writes them, reads the answers and
 * completes the futures, and whoever is answered may work and block there. What asks again as soon
 * as it is answered, and asks on this thread, is never handed from one thread to another.
 *
 * <p>Made by {@link SocketClients#connectWithThread}; the thread ends with this client.
 */
public final class DedicatedClient implements NodeClient {
  private static final long END_TIMEOUT_MS = 5_000;

  private final SocketClient client;
  private final IoEventLoopGroup thread;

  DedicatedClient(SocketClient client, IoEventLoopGroup thread) {
    this.client = client;
    this.thread = thread;
  }

  /** The thread; it takes no more work once this client is closed. */
  public ScheduledExecutorService thread() {
    return thread.next();
  }

  @Override
  public CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> builder, short version) {
    return client.send(builder, version);
  }

  @Override
  public CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> builder, short version, Duration timeout) {
    return client.send(builder, version, timeout);
  }

  @Override
  public void disconnect() {
    client.disconnect();
  }

  /** Fails what is under way and ends the thread, without waiting for that: see {@link #join}. */
  @Override
  public void close() {
    client.close();
    end();
  }

  void kill() {
    client.kill();
    end();
  }

  private void end() {
    thread.shutdownGracefully(0, END_TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  /** Waits until the thread of a closed client has ended; on that thread it returns at once. */
  public void join(long timeoutMs) throws InterruptedException {
    if (!thread.next().inEventLoop()) {
      thread.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
