package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller to move leadership away before this broker goes: up to {@code
 * controlled.shutdown.max.retries} times, {@code controlled.shutdown.retry.backoff.ms} apart.
 *
 * <p>Against Kafka one thing is left out: when no other broker is alive, or ZooKeeper is not to be
 * reached, so that no controller can be elected, nothing can take the partitions over and the wait
 * between the tries is for nothing. Ours asks once then. A whole cluster so stops without the 15 s
 * Kafka spends on its last broker.
 */
final class ControlledShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(ControlledShutdown.class);

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final BrokerConfig config;
  private final MetadataCache metadata;
  private final Supplier<CompletableFuture<Optional<Integer>>> controllerInZooKeeper;
  private final NodeClients clients;
  private final EventSink events;
  private final CountDownLatch givenUp;

  /**
   * @param controllerInZooKeeper reads {@code /controller}
   * @param givenUp ends all waiting: the broker is being killed
   */
  ControlledShutdown(
      int brokerId,
      LongSupplier brokerEpoch,
      BrokerConfig config,
      MetadataCache metadata,
      Supplier<CompletableFuture<Optional<Integer>>> controllerInZooKeeper,
      NodeClients clients,
      EventSink events,
      CountDownLatch givenUp) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.config = config;
    this.metadata = metadata;
    this.controllerInZooKeeper = controllerInZooKeeper;
    this.clients = clients;
    this.events = events;
    this.givenUp = givenUp;
  }

  /**
   * Drains the broker.
   *
   * @param connected whether ZooKeeper can be reached
   * @return whether it leads nothing any more that another replica could lead
   */
  boolean drain(boolean connected) throws InterruptedException {
    int tries = connected && othersAlive() ? config.controlledShutdownMaxRetries() : 1;
    for (int attempt = 1; attempt <= tries; attempt++) {
      if (ask(attempt)) {
        return true;
      }
      if (attempt < tries
          && givenUp.await(config.controlledShutdownRetryBackoffMs(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    LOG.warn("broker={} goes without having handed everything over", brokerId);
    return false;
  }

  private boolean othersAlive() {
    return metadata.image().aliveBrokers().keySet().stream().anyMatch(id -> id != brokerId);
  }

  private boolean ask(int attempt) throws InterruptedException {
    Optional<Node> controller = controller();
    if (controller.isEmpty()) {
      LOG.info("broker={} attempt={} no controller to ask", brokerId, attempt);
      return false;
    }
    short version = config.interBrokerProtocol().controlledShutdownVersion();
    NodeClient client =
        clients.connectTo(controller.get().host(), controller.get().port(), "controlled shutdown");
    try {
      ControlledShutdownResponseData answer =
          ((ControlledShutdownResponse)
                  client
                      .send(
                          new ControlledShutdownRequest.Builder(
                              new ControlledShutdownRequestData()
                                  .setBrokerId(brokerId)
                                  .setBrokerEpoch(brokerEpoch.getAsLong()),
                              version),
                          version,
                          Duration.ofMillis(config.controllerSocketTimeoutMs()))
                      .get())
              .data();
      Errors error = Errors.forCode(answer.errorCode());
      int remaining = answer.remainingPartitions().size();
      LOG.info(
          "broker={} attempt={} controller={} answers {}, {} partitions remain",
          brokerId,
          attempt,
          controller.get().id(),
          error,
          remaining);
      if (error == Errors.NONE) {
        events.report(brokerId, new ClusterEvent.ControlledShutdownProgress(remaining, attempt));
      }
      return error == Errors.NONE && remaining == 0;
    } catch (ExecutionException e) {
      LOG.info("broker={} attempt={} failed: {}", brokerId, attempt, e.getCause().toString());
      return false;
    } finally {
      client.close();
    }
  }

  /** As ZooKeeper has it, or where that cannot be asked as this broker was last told. */
  private Optional<Node> controller() throws InterruptedException {
    MetadataImage image = metadata.image();
    Optional<Integer> id = Optional.of(image.controllerId());
    try {
      id =
          controllerInZooKeeper
              .get()
              .get(config.zookeeperSessionTimeoutMs(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("broker={} /controller cannot be read: {}", brokerId, e.toString());
    }
    return id.flatMap(image::broker)
        .flatMap(broker -> broker.node(config.interBrokerListenerName()));
  }
}
