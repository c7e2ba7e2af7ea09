package io.vitrine.console.group;

import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ReplicaView;
import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.console.live.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * What is shown of groups, worked out of a frame. Needs no toolkit.
 *
 * <p>Lag is what a consumer could read and has not committed: the leader's high watermark less the
 * committed offset. Where either is not known, it is {@link #UNKNOWN}, never 0.
 */
final class GroupPage {
  /** A number nobody told. */
  static final long UNKNOWN = -1;

  private static final Comparator<TopicPartition> BY_NAME =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private GroupPage() {}

  /**
   * A group.
   *
   * @param coordinatorLives whether the broker that told it still serves; what is shown is old when
   *     it does not
   * @param lag over all partitions with a known one
   */
  record GroupRow(
      String id,
      GroupStage stage,
      int members,
      int generation,
      int coordinator,
      boolean coordinatorLives,
      long lag) {}

  /**
   * A member.
   *
   * @param sessionLeftMs until it is given up unless it is heard of
   */
  record MemberRow(
      GroupMember member,
      boolean leads,
      List<TopicPartition> partitions,
      long lag,
      long sessionLeftMs) {}

  /**
   * How far the group has come in a partition.
   *
   * @param client who is to read it, empty if nobody is
   */
  record OffsetRow(TopicPartition partition, long committed, long end, long lag, String client) {}

  /**
   * Why this broker coordinates.
   *
   * @param hash of the id, made positive as Kafka does it
   * @param partitions of {@code __consumer_offsets}, 0 when the topic is not known
   * @param leader of the partition, -1 nobody or not known
   */
  record Coordination(int hash, int partitions, int partition, int leader) {}

  static List<GroupRow> groups(ClusterSnapshot snapshot) {
    return snapshot.groups().values().stream()
        .map(
            group ->
                new GroupRow(
                    group.id(),
                    group.stage(),
                    group.members().size(),
                    group.generation(),
                    group.coordinator(),
                    lives(snapshot, group.coordinator()),
                    lag(snapshot, group)))
        .toList();
  }

  /** Over all partitions of a group with a known one, or {@link #UNKNOWN}. */
  static long lag(ClusterSnapshot snapshot, GroupView group) {
    return sum(offsets(snapshot, group).stream().map(OffsetRow::lag).toList());
  }

  static List<MemberRow> members(Frame frame, GroupView group) {
    long sinceMs = group.sampledNanos() == 0 ? 0 : frame.sinceMs(group.sampledNanos());
    List<MemberRow> rows = new ArrayList<>();
    for (GroupMember member : group.members()) {
      Long left = group.sessionsLeftMs().get(member.memberId());
      List<TopicPartition> partitions = member.assignment().stream().sorted(BY_NAME).toList();
      rows.add(
          new MemberRow(
              member,
              member.memberId().equals(group.leader()),
              partitions,
              sum(
                  partitions.stream()
                      .map(partition -> offset(frame.snapshot(), group, partition).lag())
                      .toList()),
              left == null ? UNKNOWN : Math.max(0, left - sinceMs)));
    }
    rows.sort(
        Comparator.comparing((MemberRow row) -> row.member().clientId())
            .thenComparing(row -> row.member().memberId()));
    return rows;
  }

  /** Every partition the group has committed in or is to read. */
  static List<OffsetRow> offsets(ClusterSnapshot snapshot, GroupView group) {
    Set<TopicPartition> all = new TreeSet<>(BY_NAME);
    all.addAll(group.committed().keySet());
    group.members().forEach(member -> all.addAll(member.assignment()));
    return all.stream().map(partition -> offset(snapshot, group, partition)).toList();
  }

  private static OffsetRow offset(
      ClusterSnapshot snapshot, GroupView group, TopicPartition partition) {
    long committed = group.committed().getOrDefault(partition, UNKNOWN);
    long end = end(snapshot, partition);
    long lag = committed < 0 || end < 0 ? UNKNOWN : Math.max(0, end - committed);
    String client = group.memberOf(partition).map(GroupMember::clientId).orElse("");
    return new OffsetRow(partition, committed, end, lag, client);
  }

  /** The leader's high watermark. */
  static long end(ClusterSnapshot snapshot, TopicPartition id) {
    return Optional.ofNullable(snapshot.partitions().get(id))
        .flatMap(partition -> partition.replica(partition.leader()))
        .map(ReplicaView::highWatermark)
        .orElse(UNKNOWN);
  }

  static Coordination coordination(ClusterSnapshot snapshot, GroupView group) {
    TopicView topic = snapshot.topics().get(Topic.GROUP_METADATA_TOPIC_NAME);
    PartitionView partition =
        snapshot
            .partitions()
            .get(new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, group.partition()));
    return new Coordination(
        Utils.abs(group.id().hashCode()),
        topic == null ? 0 : topic.partitions(),
        group.partition(),
        partition == null ? -1 : partition.leader());
  }

  /** How long the rebalance waits for who is missing, or {@link #UNKNOWN}. */
  static long rebalanceLeftMs(Frame frame, GroupView group) {
    return !group.rebalances() || group.rebalanceLeftMs() < 0
        ? UNKNOWN
        : Math.max(0, group.rebalanceLeftMs() - frame.sinceMs(group.sampledNanos()));
  }

  /** A generation in words, for one that is not told too. */
  static String generation(int generation) {
    return generation < 0 ? "–" : Integer.toString(generation);
  }

  static boolean lives(ClusterSnapshot snapshot, int broker) {
    return snapshot
        .broker(broker)
        .map(view -> view.state())
        .filter(state -> state == BrokerState.SERVING || state == BrokerState.STOPPING)
        .isPresent();
  }

  private static long sum(Collection<Long> lags) {
    List<Long> known = lags.stream().filter(lag -> lag >= 0).toList();
    return known.isEmpty() ? UNKNOWN : known.stream().mapToLong(Long::longValue).sum();
  }
}
