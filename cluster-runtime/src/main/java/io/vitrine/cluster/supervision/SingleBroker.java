package io.vitrine.cluster.supervision;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One broker that nobody but its process watches over. Safe from any thread. */
public final class SingleBroker {
  private final Broker broker;
  private final CompletableFuture<Optional<String>> end;

  private SingleBroker(Broker broker, CompletableFuture<Optional<String>> end) {
    this.broker = broker;
    this.end = end;
  }

  /**
   * A broker that does not run yet.
   *
   * @param settings by Kafka's names
   * @throws IOException saying which setting cannot be used
   */
  public static SingleBroker of(Map<String, String> settings) throws IOException {
    CompletableFuture<Optional<String>> end = new CompletableFuture<>();
    try {
      return new SingleBroker(
          Broker.alone(
              BrokerConfig.parse(settings),
              EventSink.none(),
              BrokerClocks.system(),
              reason -> end.complete(Optional.of(reason))),
          end);
    } catch (RuntimeException e) {
      throw new IOException(FailureReason.of(e), e);
    }
  }

  /**
   * Starts it, once, and returns when it serves.
   *
   * @throws IOException saying why it cannot start, and what to do; or that {@link #shutdown} came
   *     first
   */
  public void start() throws IOException {
    try {
      broker.start();
    } catch (IOException | RuntimeException e) {
      throw new IOException(FailureReason.of(e), e);
    }
  }

  public int id() {
    return broker.id();
  }

  public InetSocketAddress address() {
    return broker.address();
  }

  /** Waits until it was shut down, or cannot go on: then with the reason, and it is dead. */
  public Optional<String> awaitEnd() throws InterruptedException {
    try {
      Optional<String> reason = end.get();
      if (reason.isPresent()) {
        broker.kill();
      }
      return reason;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Controlled shutdown, or the end of a start under way; blocks until done. */
  public void shutdown() {
    broker.shutdown();
    end.complete(Optional.empty());
  }
}
