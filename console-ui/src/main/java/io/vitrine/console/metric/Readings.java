package io.vitrine.console.metric;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ApiTimesView;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ProcessView;
import io.vitrine.cluster.snapshot.ReplicaView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a row of values out of a snapshot: one pass over its brokers, partitions and groups. What
 * is not known is not in the row, so that nobody takes it for 0. Stateless.
 */
final class Readings {
  /** What is recorded of an API's requests, in the order of {@link #times}. */
  private static final List<Quantity> PRODUCE =
      List.of(
          Quantity.PRODUCE_RATE,
          Quantity.PRODUCE_TOTAL,
          Quantity.PRODUCE_QUEUE,
          Quantity.PRODUCE_LOCAL,
          Quantity.PRODUCE_REMOTE,
          Quantity.PRODUCE_RESPONSE_QUEUE,
          Quantity.PRODUCE_SEND);

  private static final List<Quantity> FETCH =
      List.of(
          Quantity.FETCH_RATE,
          Quantity.FETCH_TOTAL,
          Quantity.FETCH_QUEUE,
          Quantity.FETCH_LOCAL,
          Quantity.FETCH_REMOTE,
          Quantity.FETCH_RESPONSE_QUEUE,
          Quantity.FETCH_SEND);

  private Readings() {}

  /**
   * A row.
   *
   * @param since what happened since the row before
   * @param seconds time since the row before
   */
  static Map<SeriesKey, Double> of(
      ClusterSnapshot snapshot, List<StampedEvent> since, double seconds) {
    Map<SeriesKey, Double> row = new HashMap<>();
    Map<Integer, Integer> leaders = new TreeMap<>();
    snapshot.partitions().values().forEach(each -> leaders.merge(each.leader(), 1, Integer::sum));
    for (BrokerView broker : snapshot.brokers()) {
      if (runs(broker)) {
        broker(row, broker, leaders.getOrDefault(broker.id(), 0));
      }
    }
    if (!snapshot.topics().isEmpty()) {
      health(row, snapshot, since, seconds);
    }
    snapshot
        .groups()
        .values()
        .forEach(
            group ->
                lag(snapshot, group)
                    .ifPresent(lag -> row.put(SeriesKey.group(group.id()), (double) lag)));
    process(row, snapshot.process());
    return row;
  }

  private static boolean runs(BrokerView broker) {
    return (broker.state() == BrokerState.SERVING || broker.state() == BrokerState.STOPPING)
        && broker.sampledNanos() != 0;
  }

  private static void broker(Map<SeriesKey, Double> row, BrokerView broker, int leaders) {
    put(row, Quantity.LEADERS, broker.id(), leaders);
    List<DirectorySample> directories = broker.storage().directories();
    if (!directories.isEmpty()) {
      put(
          row,
          Quantity.LOG_BYTES,
          broker.id(),
          directories.stream().mapToLong(DirectorySample::sizeBytes).sum());
    }
    if (broker.requests().told()) {
      pipeline(row, broker);
    }
  }

  private static void pipeline(Map<SeriesKey, Double> row, BrokerView broker) {
    int id = broker.id();
    put(row, Quantity.BYTES_IN, id, broker.rates().bytesIn());
    put(row, Quantity.BYTES_OUT, id, broker.rates().bytesOut());
    put(row, Quantity.RECORDS_IN, id, broker.rates().recordsIn());
    put(row, Quantity.REQUESTS, id, broker.rates().requests());
    put(row, Quantity.CONNECTIONS, id, broker.requests().connections());
    put(row, Quantity.REQUEST_QUEUE, id, broker.requests().requestQueueLength());
    if (broker.requests().ioThreads() > 0) {
      put(
          row,
          Quantity.IO_BUSY,
          id,
          (double) broker.requests().busyIoThreads() / broker.requests().ioThreads());
    }
    Map<String, ApiTimesView> apis = broker.pipeline().apis();
    times(row, id, apis.get("Produce"), PRODUCE);
    times(row, id, apis.get("Fetch"), FETCH);
  }

  /** How often an API is asked and where the time goes; no times while nobody asks. */
  private static void times(
      Map<SeriesKey, Double> row, int broker, ApiTimesView times, List<Quantity> quantities) {
    if (times == null || times.perSecond() <= 0) {
      put(row, quantities.get(0), broker, 0);
      return;
    }
    double[] values = {
      times.perSecond(),
      times.totalNanos(),
      times.queueNanos(),
      times.localNanos(),
      times.remoteNanos(),
      times.responseQueueNanos(),
      times.sendNanos()
    };
    for (int i = 0; i < values.length; i++) {
      put(row, quantities.get(i), broker, values[i]);
    }
  }

  private static void health(
      Map<SeriesKey, Double> row,
      ClusterSnapshot snapshot,
      List<StampedEvent> since,
      double seconds) {
    whole(row, Quantity.UNDER_REPLICATED, count(snapshot, PartitionView::underReplicated));
    whole(row, Quantity.UNDER_MIN_ISR, count(snapshot, PartitionView::underMinIsr));
    whole(row, Quantity.OFFLINE, count(snapshot, PartitionView::offline));
    // Leaders tell it; where they do not, nobody counted.
    if (seconds > 0 && snapshot.brokers().stream().anyMatch(each -> each.requests().told())) {
      whole(
          row,
          Quantity.ISR_SHRINKS,
          since.stream().filter(e -> e.event() instanceof ClusterEvent.IsrShrunk).count()
              / seconds);
      whole(
          row,
          Quantity.ISR_EXPANDS,
          since.stream().filter(e -> e.event() instanceof ClusterEvent.IsrExpanded).count()
              / seconds);
    }
  }

  private static double count(ClusterSnapshot snapshot, Predicate<PartitionView> which) {
    return snapshot.partitions().values().stream().filter(which).count();
  }

  /** What a group could read and has not committed, where both are known. */
  private static OptionalLong lag(ClusterSnapshot snapshot, GroupView group) {
    long lag = 0;
    boolean known = false;
    for (Map.Entry<TopicPartition, Long> committed : group.committed().entrySet()) {
      long end =
          Optional.ofNullable(snapshot.partitions().get(committed.getKey()))
              .flatMap(partition -> partition.replica(partition.leader()))
              .map(ReplicaView::highWatermark)
              .orElse(-1L);
      if (end >= 0 && committed.getValue() >= 0) {
        lag += Math.max(0, end - committed.getValue());
        known = true;
      }
    }
    return known ? OptionalLong.of(lag) : OptionalLong.empty();
  }

  private static void process(Map<SeriesKey, Double> row, ProcessView process) {
    if (process.known()) {
      whole(row, Quantity.HEAP_USED, process.newest().heapUsedBytes());
      whole(row, Quantity.HEAP_COMMITTED, process.newest().heapCommittedBytes());
      whole(row, Quantity.DIRECT_BYTES, process.newest().directBytes());
      whole(row, Quantity.PROCESSORS, process.processorShare());
      whole(row, Quantity.COLLECTION, process.collectionShare());
      whole(row, Quantity.THREADS, process.newest().threads());
    }
  }

  private static void put(Map<SeriesKey, Double> row, Quantity quantity, int broker, double value) {
    row.put(SeriesKey.broker(quantity, broker), value);
  }

  private static void whole(Map<SeriesKey, Double> row, Quantity quantity, double value) {
    row.put(SeriesKey.whole(quantity), value);
  }
}
