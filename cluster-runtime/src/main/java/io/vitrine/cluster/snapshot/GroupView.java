package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of consumers, as its coordinator last told.
 *
 * @param coordinator the broker that told it
 * @param partition of {@code __consumer_offsets} it is kept in
 * @param protocol how partitions are shared out; empty while that is open
 * @param leader the member that shares out, empty if there is none
 * @param reason why it came to be so, in words
 * @param sinceNanos when it came to its stage; of the events' monotonic clock
 * @param committed how far it has come, as last sampled
 */
public record GroupView(
    String id,
    int coordinator,
    int partition,
    GroupStage stage,
    int generation,
    String protocolType,
    String protocol,
    String leader,
    List<GroupMember> members,
    String reason,
    long sinceNanos,
    Map<TopicPartition, Long> committed) {
  public GroupView {
    members = List.copyOf(members);
    committed = Map.copyOf(committed);
  }

  GroupView withCommitted(Map<TopicPartition, Long> now) {
    return new GroupView(
        id,
        coordinator,
        partition,
        stage,
        generation,
        protocolType,
        protocol,
        leader,
        members,
        reason,
        sinceNanos,
        now);
  }
}
