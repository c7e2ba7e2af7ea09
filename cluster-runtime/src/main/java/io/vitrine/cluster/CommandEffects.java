package io.vitrine.cluster;

import io.vitrine.cluster.event.ClusterEvent.SegmentSample;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.cluster.snapshot.TopicView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command would do to the cluster as it stands, in numbers for the confirmation.
 *
 * <p>A forecast from one snapshot by Kafka's own rules; what happens in between is not foreseen.
 * Partitions are counted only when the command makes the difference.
 *
 * @param leadersMoved partitions that get another leader at once or after {@code leaderlessMs}
 * @param leadersLost partitions nobody leads until the dead broker's session has run out
 * @param leaderlessMs how long that takes at most, in milliseconds
 * @param belowMinIsr partitions that fall below {@code min.insync.replicas} and refuse acks=all
 * @param offline partitions that nobody can lead any more until the broker is back
 * @param controllerMoves whether another broker must become the controller
 * @param recordsLost records that are deleted, as far as their segments are known
 * @param bytesLost bytes that are deleted on all replicas together, likewise
 */
public record CommandEffects(
    int leadersMoved,
    int leadersLost,
    long leaderlessMs,
    int belowMinIsr,
    int offline,
    boolean controllerMoves,
    long recordsLost,
    long bytesLost) {
  /** Kafka's {@code log.retention.hours}, which holds when a topic's own setting is removed. */
  private static final long DEFAULT_RETENTION_MS = 7L * 24 * 60 * 60 * 1000;

  private static final CommandEffects NONE = new CommandEffects(0, 0, 0, 0, 0, false, 0, 0);

  /** The effects of this command on the cluster in this snapshot. */
  public static CommandEffects of(ClusterCommand command, ClusterSnapshot snapshot) {
    if (command instanceof ClusterCommand.KillBroker c) {
      return leaving(c.brokerId(), true, snapshot);
    }
    if (command instanceof ClusterCommand.StopBroker c) {
      return leaving(c.brokerId(), false, snapshot);
    }
    if (command instanceof ClusterCommand.RestartBroker c) {
      return leaving(c.brokerId(), false, snapshot);
    }
    if (command instanceof ClusterCommand.StopCluster) {
      return stopping(snapshot);
    }
    if (command instanceof ClusterCommand.ElectPreferredLeaders c) {
      return election(c, snapshot);
    }
    if (command instanceof ClusterCommand.DeleteTopic c) {
      return lost(ofTopic(c.name(), snapshot), CommandEffects::allSegments);
    }
    if (command instanceof ClusterCommand.SetTopicConfig c) {
      return setting(c, snapshot);
    }
    if (command instanceof ClusterCommand.TendLogs) {
      return tending(snapshot);
    }
    return NONE;
  }

  /** Whether the command changes nothing anybody would notice. */
  public boolean none() {
    return equals(NONE);
  }

  // ---- brokers
  // -----------------------------------------------------------------------------------

  private static CommandEffects leaving(int broker, boolean killed, ClusterSnapshot snapshot) {
    Optional<BrokerView> view = snapshot.broker(broker);
    if (view.isEmpty() || !running(view.get())) {
      return NONE;
    }
    int moved = 0;
    int lost = 0;
    int below = 0;
    int offline = 0;
    for (PartitionView partition : snapshot.partitions().values()) {
      boolean inIsr = partition.isr().contains(broker);
      if (partition.leader() == broker) {
        boolean successor =
            partition.isr().stream().anyMatch(b -> b != broker && serving(b, snapshot));
        moved += successor ? 1 : 0;
        offline += successor ? 0 : 1;
        lost += killed ? 1 : 0;
      }
      if (inIsr
          && !partition.underMinIsr()
          && partition.isr().size() - 1 < partition.minInSyncReplicas()) {
        below++;
      }
    }
    return new CommandEffects(
        moved,
        lost,
        lost == 0 ? 0 : view.get().session().timeoutMs(),
        below,
        offline,
        snapshot.controller().brokerId() == broker,
        0,
        0);
  }

  /** Every partition that has a leader loses it; none has another to go to. */
  private static CommandEffects stopping(ClusterSnapshot snapshot) {
    int led = (int) snapshot.partitions().values().stream().filter(p -> !p.offline()).count();
    return new CommandEffects(0, 0, 0, 0, led, false, 0, 0);
  }

  private static CommandEffects election(
      ClusterCommand.ElectPreferredLeaders command, ClusterSnapshot snapshot) {
    int moved = 0;
    for (PartitionView partition : snapshot.partitions().values()) {
      boolean asked =
          command.partitions().isEmpty() || command.partitions().contains(partition.id());
      if (asked
          && partition.leader() != partition.preferredLeader()
          && partition.isr().contains(partition.preferredLeader())
          && serving(partition.preferredLeader(), snapshot)) {
        moved++;
      }
    }
    return new CommandEffects(moved, 0, 0, 0, 0, false, 0, 0);
  }

  private static boolean serving(int broker, ClusterSnapshot snapshot) {
    return snapshot.broker(broker).filter(b -> b.state() == BrokerState.SERVING).isPresent();
  }

  private static boolean running(BrokerView broker) {
    return broker.state() == BrokerState.SERVING || broker.state() == BrokerState.STOPPING;
  }

  // ---- records
  // -----------------------------------------------------------------------------------

  private interface Choice {
    /** The segments of this replica that go, oldest first. */
    List<SegmentSample> of(ReplicaView replica);
  }

  private static CommandEffects setting(
      ClusterCommand.SetTopicConfig command, ClusterSnapshot snapshot) {
    List<PartitionView> partitions = ofTopic(command.topic(), snapshot);
    Map<String, String> config =
        Optional.ofNullable(snapshot.topics().get(command.topic()))
            .map(TopicView::config)
            .orElse(Map.of());
    boolean deletes = config.getOrDefault("cleanup.policy", "delete").contains("delete");
    switch (command.key()) {
      case "retention.ms":
        long retentionMs = number(command.value(), DEFAULT_RETENTION_MS);
        return deletes ? lost(partitions, r -> olderThan(r, retentionMs, snapshot.wallMs())) : NONE;
      case "retention.bytes":
        long retentionBytes = number(command.value(), -1);
        return deletes ? lost(partitions, r -> beyondSize(r, retentionBytes)) : NONE;
      case "min.insync.replicas":
        long needed = number(command.value(), 1);
        int below =
            (int)
                partitions.stream()
                    .filter(p -> !p.underMinIsr() && p.isr().size() < needed)
                    .count();
        return new CommandEffects(0, 0, 0, below, 0, false, 0, 0);
      default:
        return NONE;
    }
  }

  private static CommandEffects tending(ClusterSnapshot snapshot) {
    long records = 0;
    long bytes = 0;
    for (TopicView topic : snapshot.topics().values()) {
      if (topic.config().getOrDefault("cleanup.policy", "delete").contains("delete")) {
        long ms = number(setting(topic, "retention.ms"), DEFAULT_RETENTION_MS);
        long size = number(setting(topic, "retention.bytes"), -1);
        CommandEffects of =
            lost(
                ofTopic(topic.name(), snapshot),
                replica -> {
                  List<SegmentSample> old = olderThan(replica, ms, snapshot.wallMs());
                  List<SegmentSample> beyond = beyondSize(replica, size);
                  return old.size() > beyond.size() ? old : beyond;
                });
        records += of.recordsLost();
        bytes += of.bytesLost();
      }
    }
    return new CommandEffects(0, 0, 0, 0, 0, false, records, bytes);
  }

  private static Optional<String> setting(TopicView topic, String key) {
    return Optional.ofNullable(topic.config().get(key));
  }

  private static List<PartitionView> ofTopic(String topic, ClusterSnapshot snapshot) {
    return snapshot.partitions().values().stream()
        .filter(p -> p.id().topic().equals(topic))
        .toList();
  }

  private static CommandEffects lost(List<PartitionView> partitions, Choice choice) {
    long records = 0;
    long bytes = 0;
    for (PartitionView partition : partitions) {
      long most = 0;
      for (ReplicaView replica : partition.replicas()) {
        long ofReplica = 0;
        for (SegmentSample segment : choice.of(replica)) {
          ofReplica +=
              segment.nextOffset() - Math.max(segment.baseOffset(), replica.logStartOffset());
          bytes += segment.sizeBytes();
        }
        // Replicas hold the same records: the one that knows most of them counts.
        most = Math.max(most, ofReplica);
      }
      records += most;
    }
    return new CommandEffects(0, 0, 0, 0, 0, false, records, bytes);
  }

  private static List<SegmentSample> allSegments(ReplicaView replica) {
    return replica.segments();
  }

  /** As Kafka's retention: from the oldest on, while the newest record of a segment is too old. */
  private static List<SegmentSample> olderThan(ReplicaView replica, long retentionMs, long nowMs) {
    List<SegmentSample> gone = new ArrayList<>();
    if (retentionMs >= 0) {
      for (SegmentSample segment : oldestFirst(replica)) {
        if (segment.sizeBytes() == 0 || nowMs - segment.largestTimestampMs() <= retentionMs) {
          break;
        }
        gone.add(segment);
      }
    }
    return gone;
  }

  /** As Kafka's retention: from the oldest on, while the rest is at least as large as allowed. */
  private static List<SegmentSample> beyondSize(ReplicaView replica, long retentionBytes) {
    List<SegmentSample> gone = new ArrayList<>();
    if (retentionBytes >= 0) {
      long tooMuch =
          replica.segments().stream().mapToLong(SegmentSample::sizeBytes).sum() - retentionBytes;
      for (SegmentSample segment : oldestFirst(replica)) {
        if (segment.sizeBytes() == 0 || tooMuch < segment.sizeBytes()) {
          break;
        }
        tooMuch -= segment.sizeBytes();
        gone.add(segment);
      }
    }
    return gone;
  }

  private static List<SegmentSample> oldestFirst(ReplicaView replica) {
    return replica.segments().stream()
        .sorted(Comparator.comparingLong(SegmentSample::baseOffset))
        .toList();
  }

  /** A setting's value; what is no number has no effect, since the broker will refuse it. */
  private static long number(Optional<String> value, long ifRemoved) {
    try {
      return value.map(v -> Long.parseLong(v.trim())).orElse(ifRemoved);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
