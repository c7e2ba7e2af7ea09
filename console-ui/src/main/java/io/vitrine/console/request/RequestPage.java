package io.vitrine.console.request;

import io.vitrine.cluster.event.ClusterEvent.IoThreadSample;
import io.vitrine.cluster.event.ClusterEvent.NetworkThreadSample;
import io.vitrine.cluster.event.ClusterEvent.WaitingSample;
import io.vitrine.cluster.snapshot.ApiTimesView;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is shown of requests, worked out of a frame. Needs no toolkit. */
final class RequestPage {
  private RequestPage() {}

  /** A place in the pipeline. */
  enum Place {
    CONNECTIONS,
    NETWORK_THREAD,
    REQUEST_QUEUE,
    ASIDE,
    IO_THREAD,
    PURGATORY,
    RESPONSE_QUEUE
  }

  /**
   * A place with what is there now.
   *
   * @param name which of several, may be empty
   * @param now how many are there
   * @param most how many there can be, negative without a bound
   * @param detail what is there in words that need no translation, may be empty
   */
  record PlaceRow(Place place, String name, long now, long most, String detail) {}

  /** An API with its rate and its mean times. */
  record ApiRow(String api, ApiTimesView times) {}

  /**
   * An operation in a purgatory.
   *
   * @param waitedMs up to now, not up to the sample
   */
  record WaitRow(int broker, WaitingSample operation, long waitedMs) {
    long leftMs() {
      return Math.max(0, operation.timeoutMs() - waitedMs);
    }

    /** The share of its time that is over. */
    double share() {
      return operation.timeoutMs() <= 0
          ? 1
          : Math.min(1, (double) waitedMs / operation.timeoutMs());
    }
  }

  /** Whether what a broker's pipeline is at can be known: it runs and was measured. */
  static boolean known(BrokerView broker) {
    return (broker.state() == BrokerState.SERVING || broker.state() == BrokerState.STOPPING)
        && !broker.pipeline().threads().ioThreads().isEmpty();
  }

  /**
   * Whose pipeline is shown: the chosen broker's, else the one shown before, else the first that
   * can be known, else the first.
   */
  static Optional<BrokerView> broker(
      ClusterSnapshot snapshot, Selection.Item chosen, OptionalInt before) {
    if (chosen instanceof Selection.Broker broker && snapshot.broker(broker.id()).isPresent()) {
      return snapshot.broker(broker.id());
    }
    if (before.isPresent() && snapshot.broker(before.getAsInt()).isPresent()) {
      return snapshot.broker(before.getAsInt());
    }
    return snapshot.brokers().stream()
        .filter(RequestPage::known)
        .findFirst()
        .or(() -> snapshot.brokers().stream().findFirst());
  }

  /** All places of a broker's pipeline, in a request's order. */
  static List<PlaceRow> places(BrokerView broker) {
    var requests = broker.requests();
    var threads = broker.pipeline().threads();
    List<PlaceRow> rows = new ArrayList<>();
    rows.add(new PlaceRow(Place.CONNECTIONS, "", requests.connections(), -1, ""));
    for (NetworkThreadSample thread : threads.networkThreads()) {
      rows.add(
          new PlaceRow(
              Place.NETWORK_THREAD,
              Integer.toString(thread.number()),
              thread.connections(),
              -1,
              thread.listener()));
    }
    rows.add(
        new PlaceRow(
            Place.REQUEST_QUEUE,
            "",
            requests.requestQueueLength(),
            requests.requestQueueCapacity(),
            ""));
    rows.add(new PlaceRow(Place.ASIDE, "", threads.requestsAside(), -1, ""));
    for (IoThreadSample thread : threads.ioThreads()) {
      rows.add(
          new PlaceRow(
              Place.IO_THREAD,
              Integer.toString(thread.number()),
              thread.api().isEmpty() ? 0 : 1,
              1,
              (thread.api() + "  " + thread.clientId()).trim()));
    }
    rooms(broker)
        .forEach((name, count) -> rows.add(new PlaceRow(Place.PURGATORY, name, count, -1, "")));
    for (NetworkThreadSample thread : threads.networkThreads()) {
      rows.add(
          new PlaceRow(
              Place.RESPONSE_QUEUE,
              Integer.toString(thread.number()),
              thread.responseQueueLength(),
              -1,
              thread.listener()));
    }
    return List.copyOf(rows);
  }

  /** The purgatories with how many wait there: those of produces and fetches first. */
  static Map<String, Integer> rooms(BrokerView broker) {
    List<String> first = List.of("Produce", "Fetch");
    Map<String, Integer> rooms = new LinkedHashMap<>();
    broker.pipeline().threads().waiting().entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Integer>>comparingInt(
                    room ->
                        first.contains(room.getKey()) ? first.indexOf(room.getKey()) : first.size())
                .thenComparing(Map.Entry::getKey))
        .forEach(room -> rooms.put(room.getKey(), room.getValue()));
    return rooms;
  }

  /** The APIs asked since the broker's start, the busiest first. */
  static List<ApiRow> apis(BrokerView broker) {
    return broker.pipeline().apis().entrySet().stream()
        .map(entry -> new ApiRow(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingDouble((ApiRow row) -> row.times().perSecond())
                .thenComparingLong(row -> row.times().count())
                .reversed()
                .thenComparing(ApiRow::api))
        .toList();
  }

  /** What waits at a broker, the longest first. */
  static List<WaitRow> waiting(BrokerView broker, Frame frame) {
    long sinceSample = frame.sinceMs(broker.sampledNanos());
    return broker.pipeline().threads().waitingRoom().stream()
        .map(
            operation ->
                new WaitRow(
                    broker.id(),
                    operation,
                    Math.min(operation.timeoutMs(), operation.waitedMs() + sinceSample)))
        .sorted(Comparator.comparingLong(WaitRow::waitedMs).reversed())
        .toList();
  }

  /** Requests that end a second, of all APIs. */
  static double perSecond(BrokerView broker) {
    return broker.pipeline().apis().values().stream().mapToDouble(ApiTimesView::perSecond).sum();
  }

  /** Of those, how many had to wait for something else, as far as their mean times tell. */
  static double waitingPerSecond(BrokerView broker) {
    return broker.pipeline().apis().values().stream()
        .filter(times -> times.remoteNanos() >= 1_000_000)
        .mapToDouble(ApiTimesView::perSecond)
        .sum();
  }

  /** The innermost field that holds this byte. */
  static Optional<WireField> fieldAt(List<WireField> fields, int offset) {
    for (WireField field : fields) {
      if (offset >= field.offset() && offset < field.offset() + field.length()) {
        return fieldAt(field.children(), offset).or(() -> Optional.of(field));
      }
    }
    return Optional.empty();
  }
}
