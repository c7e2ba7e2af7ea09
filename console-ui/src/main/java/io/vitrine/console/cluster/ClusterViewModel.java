package io.vitrine.console.cluster;

import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.console.live.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Turns frames into pages of the Cluster view.
 *
 * <p>Owns what a single snapshot does not hold: the last rates of each broker and how far each
 * follower was a moment ago; both are forgotten when time goes back. JavaFX thread only, but needs
 * no toolkit.
 */
final class ClusterViewModel {
  private static final int HISTORY = 60;
  private static final double SMOOTHING = 0.4;
  private static final long LEAST_GAP_NANOS = 150_000_000;

  private final Map<Integer, Deque<Double>> histories = new HashMap<>();
  private final Map<Integer, Long> measuredAt = new HashMap<>();
  private final Map<Copy, Progress> progress = new HashMap<>();
  private boolean past;
  private long sequence;

  private record Copy(TopicPartition partition, int follower) {}

  private record Progress(long offset, long atNanos, double perSecond) {}

  private record Pair(int from, int to) {}

  /** The page for this frame. */
  ClusterPage page(Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    if (frame.past() != past || snapshot.sequence() < sequence) {
      histories.clear();
      measuredAt.clear();
      progress.clear();
    }
    past = frame.past();
    sequence = snapshot.sequence();
    Map<Integer, int[]> counts = count(snapshot);
    List<ClusterPage.Card> cards = new ArrayList<>();
    for (BrokerView broker : snapshot.brokers()) {
      remember(broker);
      cards.add(card(broker, counts.getOrDefault(broker.id(), new int[2]), frame));
    }
    int leaderless =
        (int) snapshot.partitions().values().stream().filter(p -> !led(p, snapshot)).count();
    return new ClusterPage(
        snapshot.sequence() == 0,
        new ClusterPage.Traffic(snapshot.traffic(), leaderless),
        new ClusterPage.Keeper(
            snapshot.zooKeeper(), snapshot.controller().brokerId(), snapshot.controller().epoch()),
        cards,
        streams(snapshot),
        frame.stands());
  }

  private static boolean led(PartitionView partition, ClusterSnapshot snapshot) {
    return snapshot
        .broker(partition.leader())
        .filter(b -> b.state() == BrokerState.SERVING || b.state() == BrokerState.STOPPING)
        .isPresent();
  }

  /** Led and assigned partitions by broker. */
  private static Map<Integer, int[]> count(ClusterSnapshot snapshot) {
    Map<Integer, int[]> counts = new TreeMap<>();
    for (PartitionView partition : snapshot.partitions().values()) {
      if (partition.leader() >= 0) {
        counts.computeIfAbsent(partition.leader(), id -> new int[2])[0]++;
      }
      for (int broker : partition.assignment()) {
        counts.computeIfAbsent(broker, id -> new int[2])[1]++;
      }
    }
    return counts;
  }

  private void remember(BrokerView broker) {
    if (broker.sampledNanos() == measuredAt.getOrDefault(broker.id(), 0L)) {
      return;
    }
    measuredAt.put(broker.id(), broker.sampledNanos());
    Deque<Double> history = histories.computeIfAbsent(broker.id(), id -> new ArrayDeque<>());
    history.add(Math.max(0, broker.rates().bytesIn()));
    if (history.size() > HISTORY) {
      history.removeFirst();
    }
  }

  private ClusterPage.Card card(BrokerView broker, int[] counts, Frame frame) {
    SessionView session = broker.session();
    long leftMs =
        session.state() == SessionView.State.RUNNING_OUT
            ? Math.max(0, session.timeoutMs() - frame.sinceMs(session.sinceNanos()))
            : -1;
    RequestSample requests = broker.requests();
    List<DirectorySample> directories = broker.storage().directories();
    boolean controls = frame.snapshot().controller().brokerId() == broker.id();
    return new ClusterPage.Card(
        broker.id(),
        broker.state(),
        controls ? Math.max(0, frame.snapshot().controller().epoch()) : -1,
        broker.brokerEpoch(),
        broker.port() == 0 ? "" : broker.host() + ":" + broker.port(),
        new ClusterPage.Session(session.state(), leftMs, session.timeoutMs()),
        counts[0],
        counts[1],
        new ClusterPage.Load(
            requests.connections(),
            requests.requestQueueLength(),
            requests.ioThreads(),
            requests.busyIoThreads(),
            directories.isEmpty() && !requests.told()
                ? -1
                : directories.stream().mapToLong(DirectorySample::sizeBytes).sum(),
            directories.stream().mapToLong(DirectorySample::freeBytes).min().orElse(-1),
            broker.rates().bytesIn(),
            broker.rates().recordsIn()),
        broker.remainingLeaders(),
        broker.failure(),
        broker.sampledNanos() == 0 ? -1 : frame.sinceMs(broker.sampledNanos()),
        histories.getOrDefault(broker.id(), new ArrayDeque<>()).stream()
            .mapToDouble(Double::doubleValue)
            .toArray());
  }

  /** What followers copy, from how far their logs moved between two reports. */
  private List<ClusterPage.Stream> streams(ClusterSnapshot snapshot) {
    Map<Pair, Double> sums = new HashMap<>();
    for (PartitionView partition : snapshot.partitions().values()) {
      for (ReplicaView replica : partition.replicas()) {
        if (replica.role() == ReplicaView.Role.FOLLOWER
            && replica.believedLeader() >= 0
            && replica.logEndOffset() >= 0) {
          double perSecond = copied(new Copy(partition.id(), replica.brokerId()), replica);
          sums.merge(
              new Pair(replica.believedLeader(), replica.brokerId()), perSecond, Double::sum);
        }
      }
    }
    return sums.entrySet().stream()
        .map(e -> new ClusterPage.Stream(e.getKey().from(), e.getKey().to(), e.getValue()))
        .sorted(
            Comparator.comparingInt(ClusterPage.Stream::from)
                .thenComparingInt(ClusterPage.Stream::to))
        .toList();
  }

  private double copied(Copy copy, ReplicaView replica) {
    Progress before = progress.get(copy);
    if (before == null) {
      progress.put(copy, new Progress(replica.logEndOffset(), replica.reportedNanos(), 0));
      return 0;
    }
    long nanos = replica.reportedNanos() - before.atNanos();
    if (nanos < LEAST_GAP_NANOS) {
      return before.perSecond();
    }
    double now = Math.max(0, replica.logEndOffset() - before.offset()) * 1e9 / nanos;
    double perSecond = before.perSecond() + SMOOTHING * (now - before.perSecond());
    progress.put(copy, new Progress(replica.logEndOffset(), replica.reportedNanos(), perSecond));
    return perSecond;
  }
}
