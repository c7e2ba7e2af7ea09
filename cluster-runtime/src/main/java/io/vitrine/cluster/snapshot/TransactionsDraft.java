package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionalIdForgotten;
import io.vitrine.cluster.event.ClusterEvent.TransactionsSampled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The transactions as coordinators and leaders told; on the projector's thread.
 *
 * <p>What a broker told of an id stays until it, or whoever coordinates the id next, tells anew.
 */
final class TransactionsDraft {
  /** Coordinators and leaders are not asked at the same moment: for so long they may disagree. */
  static final long HANGING_MS = 10_000;

  private static final Comparator<TransactionsView.Open> BY_PLACE =
      Comparator.comparing((TransactionsView.Open open) -> open.partition().topic())
          .thenComparingInt(open -> open.partition().partition())
          .thenComparingLong(TransactionsView.Open::firstOffset);

  private final Map<String, TransactionView> byId = new TreeMap<>();
  private final Map<Integer, Reported> brokers = new TreeMap<>();

  /** An open transaction in a partition. */
  private record Place(TopicPartition partition, long producerId, long firstOffset) {}

  /** When it was first seen, and since when no coordinator knows of it. */
  private record Sight(short epoch, long sinceNanos, long unknownSinceNanos) {}

  /** What a broker told. */
  private static final class Reported {
    private final RateWindow rate;
    private final Map<Place, Sight> open = new HashMap<>();
    private int ids;
    private boolean listsAllOpen = true;

    Reported() {
      rate = new RateWindow();
    }

    Reported(Reported other) {
      rate = other.rate.copy();
      open.putAll(other.open);
      ids = other.ids;
      listsAllOpen = other.listsAllOpen;
    }
  }

  TransactionsDraft copy() {
    TransactionsDraft copy = new TransactionsDraft();
    copy.byId.putAll(byId);
    brokers.forEach((id, reported) -> copy.brokers.put(id, new Reported(reported)));
    return copy;
  }

  int size() {
    return byId.size();
  }

  void sampled(int broker, TransactionsSampled event, long nanos) {
    Reported reported = brokers.computeIfAbsent(broker, id -> new Reported());
    reported.rate.add(nanos, event.committed(), event.aborted());
    reported.ids = event.ids();
    reported.listsAllOpen =
        event.transactions().size() == event.ids()
            || event.transactions().stream().anyMatch(each -> !each.stage().isOpen());
    Set<String> told = new HashSet<>();
    for (TransactionSample sample : event.transactions()) {
      told.add(sample.transactionalId());
      byId.put(sample.transactionalId(), TransactionView.of(broker, sample, nanos));
    }
    byId.values().removeIf(each -> each.coordinator() == broker && !told.contains(each.id()));
    opened(reported, event.open(), nanos);
  }

  private void opened(
      Reported reported, Map<TopicPartition, List<OpenTransaction>> open, long nanos) {
    Map<Place, Sight> now = new HashMap<>();
    open.forEach(
        (partition, all) -> {
          for (OpenTransaction each : all) {
            Place place = new Place(partition, each.producerId(), each.firstOffset());
            Sight before = reported.open.get(place);
            boolean unknown = isUnknown(place);
            long sinceNanos = before == null ? nanos : before.sinceNanos();
            long unknownSince =
                !unknown
                    ? -1
                    : before == null || before.unknownSinceNanos() < 0
                        ? nanos
                        : before.unknownSinceNanos();
            now.put(place, new Sight(each.epoch(), sinceNanos, unknownSince));
          }
        });
    reported.open.clear();
    reported.open.putAll(now);
  }

  private boolean isUnknown(Place place) {
    return brokers.values().stream().allMatch(each -> each.listsAllOpen)
        && byId.values().stream()
            .noneMatch(
                each ->
                    each.producerId() == place.producerId()
                        && each.stage().isOpen()
                        && each.partitions().contains(place.partition()));
  }

  void forgotten(TransactionalIdForgotten event) {
    byId.remove(event.transactionalId());
  }

  /**
   * A broker has ended: what lay in partitions it led, others will tell; its ids wait for their
   * next coordinator.
   */
  void ended(int broker) {
    Reported reported = brokers.get(broker);
    if (reported != null) {
      reported.rate.clear();
      reported.open.clear();
    }
  }

  /**
   * @param nanos now
   */
  TransactionsView view(long nanos) {
    double committed = 0;
    double aborted = 0;
    int ids = 0;
    List<TransactionsView.Open> open = new ArrayList<>();
    for (Map.Entry<Integer, Reported> broker : brokers.entrySet()) {
      Reported reported = broker.getValue();
      committed += reported.rate.perSecond(0);
      aborted += reported.rate.perSecond(1);
      ids += reported.ids;
      reported.open.forEach(
          (place, sight) ->
              open.add(
                  new TransactionsView.Open(
                      place.partition(),
                      broker.getKey(),
                      place.producerId(),
                      sight.epoch(),
                      place.firstOffset(),
                      sight.sinceNanos(),
                      sight.unknownSinceNanos() >= 0
                          && nanos - sight.unknownSinceNanos() >= HANGING_MS * 1_000_000)));
    }
    open.sort(BY_PLACE);
    return new TransactionsView(committed, aborted, Math.max(ids, byId.size()), byId, open);
  }
}
