package io.vitrine.cluster;

import io.vitrine.cluster.supervision.SingleBroker;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * One broker against any ZooKeeper, beside brokers of Vitrine or of Apache Kafka: the door for a
 * process that is nothing else. Safe from any thread.
 */
public final class StandaloneBroker {
  private final SingleBroker broker;

  private StandaloneBroker(SingleBroker broker) {
    this.broker = broker;
  }

  /**
   * A broker that does not run yet.
   *
   * @param settings by Kafka's names, as in a {@code server.properties}
   * @throws IOException saying which setting cannot be used
   */
  public static StandaloneBroker of(Map<String, String> settings) throws IOException {
    return new StandaloneBroker(SingleBroker.of(settings));
  }

  /**
   * Starts it, once, and returns when it serves.
   *
   * @throws IOException saying why it cannot start, and what to do; or that {@link #shutdown} came
   *     first
   */
  public void start() throws IOException {
    broker.start();
  }

  public int id() {
    return broker.id();
  }

  /** Where it listens, {@code host:port}. */
  public String listener() {
    return broker.address().getAddress().getHostAddress() + ":" + broker.address().getPort();
  }

  /** Waits until it was shut down, or cannot go on: then with the reason, and it is dead. */
  public Optional<String> awaitEnd() throws InterruptedException {
    return broker.awaitEnd();
  }

  /** Controlled shutdown, or the end of a start under way; blocks until done. */
  public void shutdown() {
    broker.shutdown();
  }
}
