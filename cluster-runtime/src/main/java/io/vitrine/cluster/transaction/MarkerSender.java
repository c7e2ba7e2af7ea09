package io.vitrine.cluster.transaction;

import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the leaders of a transaction's partitions how it ended, again and again until all have
 * written the marker, then writes that all is complete. Stops for ids this broker does not
 * coordinate any more: whoever does begins anew.
 *
 * <p>One request at a time goes to each broker; what comes meanwhile is sent together in the next.
 * Everything here belongs to the thread of the executor.
 */
final class MarkerSender {
  private static final Logger LOG = LoggerFactory.getLogger(MarkerSender.class);
  private static final long RETRY_MS = 50;

  private final MetadataCache metadata;
  private final NodeClients clients;
  private final String listenerName;
  private final short version;
  private final Duration timeout;
  private final TransactionLog log;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  private final Map<Integer, Channel> channels = new HashMap<>();
  private final AtomicInteger withoutLeader = new AtomicInteger();
  private final AtomicInteger toCompleteAgain = new AtomicInteger();

  /**
   * @param version of WriteTxnMarkers all brokers understand
   * @param executor has one thread; owned by the caller
   */
  MarkerSender(
      MetadataCache metadata,
      NodeClients clients,
      String listenerName,
      short version,
      Duration timeout,
      TransactionLog log,
      InstantSource clock,
      ScheduledExecutorService executor) {
    this.metadata = metadata;
    this.clients = clients;
    this.listenerName = listenerName;
    this.version = version;
    this.timeout = timeout;
    this.log = log;
    this.clock = clock;
    this.executor = executor;
  }

  /** A transaction whose end was decided. */
  private record Ending(
      TransactionPartition partition, TransactionEntry entry, Transaction prepared) {
    TransactionResult result() {
      return prepared.state() == TransactionState.PREPARE_COMMIT
          ? TransactionResult.COMMIT
          : TransactionResult.ABORT;
    }
  }

  /** A marker some of the partitions of one broker need. */
  private record Marker(Ending ending, Set<TopicPartition> partitions) {}

  /** To one broker. */
  private static final class Channel {
    private BrokerNode.HostPort address;
    private NodeClient client;
    private List<Marker> waiting = new ArrayList<>();
    private boolean underWay;
  }

  /** Tells the leaders of all its partitions; from any thread. */
  void tell(TransactionPartition partition, TransactionEntry entry) {
    Transaction prepared = entry.current();
    Ending ending = new Ending(partition, entry, prepared);
    later(
        0,
        () -> {
          if (prepared.partitions().isEmpty()) {
            complete(ending);
          } else {
            route(ending, prepared.partitions());
          }
        });
  }

  /** How many markers wait because partitions have no leader; from any thread. */
  int withoutLeader() {
    return withoutLeader.get();
  }

  /** How many complete transactions have to be written once more; from any thread. */
  int toCompleteAgain() {
    return toCompleteAgain.get();
  }

  private void later(long delayMs, Runnable task) {
    try {
      executor.schedule(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.error("a transaction's end cannot be told", e);
            }
          },
          delayMs,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the broker ends; who coordinates next tells the leaders");
    }
  }

  // ---- to leaders ------------------------------------------------------------------------------

  private void route(Ending ending, Set<TopicPartition> partitions) {
    if (!ending.partition().isActive()) {
      return;
    }
    MetadataImage image = metadata.image();
    TopicPartition own =
        new TopicPartition(Topic.TRANSACTION_STATE_TOPIC_NAME, ending.partition().number());
    Map<Integer, Set<TopicPartition>> byLeader = new HashMap<>();
    Set<TopicPartition> deleted = new HashSet<>();
    Set<TopicPartition> leaderless = new HashSet<>();
    for (TopicPartition each : partitions) {
      int leader = image.partition(each).map(found -> found.leader()).orElse(-1);
      if (addressOf(image, leader).isPresent()) {
        byLeader.computeIfAbsent(leader, id -> new HashSet<>()).add(each);
      } else if (image.contains(own) && !image.contains(each)) {
        deleted.add(each);
      } else {
        leaderless.add(each);
      }
    }
    if (!leaderless.isEmpty()) {
      withoutLeader.incrementAndGet();
      later(
          RETRY_MS,
          () -> {
            withoutLeader.decrementAndGet();
            route(ending, leaderless);
          });
    }
    byLeader.forEach(
        (leader, theirs) -> {
          enqueue(leader, addressOf(image, leader).orElseThrow(), new Marker(ending, theirs));
          sendNext(leader);
        });
    if (!deleted.isEmpty()) {
      LOG.info("{} are gone and need no marker", deleted);
      told(ending, deleted);
    }
  }

  private Optional<BrokerNode.HostPort> addressOf(MetadataImage image, int broker) {
    return image.broker(broker).flatMap(node -> node.endpoint(listenerName));
  }

  private void enqueue(int broker, BrokerNode.HostPort address, Marker marker) {
    Channel channel = channels.computeIfAbsent(broker, id -> new Channel());
    if (!address.equals(channel.address)) {
      if (channel.client != null) {
        channel.client.close();
      }
      channel.address = address;
      channel.client = clients.connectTo(address.host(), address.port(), "transaction markers");
    }
    channel.waiting.add(marker);
  }

  private void sendNext(int broker) {
    Channel channel = channels.get(broker);
    channel.waiting.removeIf(marker -> !marker.ending().partition().isActive());
    if (channel.underWay || channel.waiting.isEmpty()) {
      return;
    }
    channel.underWay = true;
    List<Marker> markers = channel.waiting;
    channel.waiting = new ArrayList<>();
    channel
        .client
        .send(
            new WriteTxnMarkersRequest.Builder(
                version, markers.stream().map(MarkerSender::entry).toList()),
            version,
            timeout)
        .whenComplete(
            (response, failure) ->
                later(
                    0,
                    () -> {
                      channel.underWay = false;
                      sendNext(broker);
                      answered(broker, markers, response, failure);
                    }));
  }

  private static TxnMarkerEntry entry(Marker marker) {
    return new TxnMarkerEntry(
        marker.ending().prepared().producerId(),
        marker.ending().prepared().producerEpoch(),
        marker.ending().partition().leaderEpoch(),
        marker.ending().result(),
        List.copyOf(marker.partitions()));
  }

  // ---- what they answer ------------------------------------------------------------------------

  private void answered(
      int broker, List<Marker> markers, AbstractResponse response, Throwable failure) {
    if (failure != null) {
      LOG.info("broker {} did not take {} markers: {}", broker, markers.size(), failure.toString());
      markers.forEach(each -> later(RETRY_MS, () -> route(each.ending(), each.partitions())));
      return;
    }
    Map<Long, Map<TopicPartition, Errors>> errors =
        ((WriteTxnMarkersResponse) response).errorsByProducerId();
    for (Marker marker : markers) {
      if (marker.ending().partition().isActive()) {
        outcome(marker, errors.getOrDefault(marker.ending().prepared().producerId(), Map.of()));
      }
    }
  }

  private void outcome(Marker marker, Map<TopicPartition, Errors> errors) {
    Set<TopicPartition> told = new HashSet<>();
    Set<TopicPartition> again = new HashSet<>();
    for (TopicPartition partition : marker.partitions()) {
      Errors error = errors.getOrDefault(partition, Errors.UNKNOWN_SERVER_ERROR);
      switch (error) {
        case NONE, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_VERSION -> told.add(partition);
        case INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> {
          LOG.info(
              "the marker of {} is out of date in {}: {}",
              marker.ending().prepared().transactionalId(),
              partition,
              error);
          return;
        }
        default -> again.add(partition);
      }
    }
    if (!again.isEmpty()) {
      LOG.debug("markers of {} have to be sent again: {}", again, errors);
      later(RETRY_MS, () -> route(marker.ending(), again));
    }
    if (!told.isEmpty()) {
      told(marker.ending(), told);
    }
  }

  private void told(Ending ending, Set<TopicPartition> partitions) {
    if (ending.entry().told(partitions)) {
      complete(ending);
    }
  }

  private void complete(Ending ending) {
    if (!ending.partition().isActive()) {
      return;
    }
    Transaction completed = ending.entry().current().completed(clock.millis());
    log.write(ending.partition(), completed)
        .thenAccept(
            error -> {
              if (error == Errors.NONE) {
                ending.entry().written(completed);
              } else if (error != Errors.NOT_COORDINATOR) {
                LOG.info(
                    "the end of {} could not be written: {}", completed.transactionalId(), error);
                toCompleteAgain.incrementAndGet();
                later(
                    RETRY_MS,
                    () -> {
                      toCompleteAgain.decrementAndGet();
                      complete(ending);
                    });
              }
            });
  }
}
