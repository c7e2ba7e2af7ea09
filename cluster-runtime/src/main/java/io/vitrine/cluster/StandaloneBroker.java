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
   * Starts a broker and returns once it serves.
   *
   * @param settings by Kafka's names, as in a {@code server.properties}
   * @throws IOException saying why it cannot start, and what to do
   */
  public static StandaloneBroker start(Map<String, String> settings) throws IOException {
    return new StandaloneBroker(SingleBroker.start(settings));
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

  /** Controlled shutdown; blocks until done. */
  public void shutdown() {
    broker.shutdown();
  }
}
