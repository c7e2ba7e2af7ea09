package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupSample;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of consumers, as its coordinator last told.
 *
 * @param coordinator the broker that told it
 * @param partition of {@code __consumer_offsets} it is kept in
 * @param protocol how partitions are shared out; empty while that is open
 * @param leader the member that shares out, empty if there is none
 * @param sinceNanos when it came to its stage; of the events' monotonic clock
 * @param committed how far it has come: the next offsets to be read, as last sampled
 * @param rebalanceLeftMs when last sampled: until the rebalance goes on without who is missing, -1
 *     when none is
 * @param sessionsLeftMs when last sampled: until each member is given up unless it is heard of
 * @param sampledNanos when that was, 0 never
 * @param story what happened to it last, oldest first, at most {@value #STORY_LIMIT} steps
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
    long sinceNanos,
    Map<TopicPartition, Long> committed,
    long rebalanceLeftMs,
    Map<String, Long> sessionsLeftMs,
    long sampledNanos,
    List<Step> story) {
  /** Steps a group's story keeps. */
  public static final int STORY_LIMIT = 64;

  public GroupView {
    members = List.copyOf(members);
    committed = Map.copyOf(committed);
    sessionsLeftMs = Map.copyOf(sessionsLeftMs);
    story = List.copyOf(story);
  }

  /**
   * Something happened to the group.
   *
   * @param coordinator the broker that told it
   * @param members how many there were then
   * @param culprit the member that caused it, empty if none did
   * @param detail the client's own reason or an error, empty when there is nothing
   */
  public record Step(
      long nanos,
      long wallMs,
      int coordinator,
      GroupStage stage,
      int generation,
      int members,
      GroupCause cause,
      String culprit,
      String detail) {}

  /** Whether the members are being gathered or told their shares. */
  public boolean rebalances() {
    return stage == GroupStage.PREPARING_REBALANCE || stage == GroupStage.COMPLETING_REBALANCE;
  }

  /** The member that is to consume a partition. */
  public Optional<GroupMember> memberOf(TopicPartition id) {
    return members.stream().filter(member -> member.assignment().contains(id)).findFirst();
  }

  /** What last happened to it; empty when nothing is known. */
  public Optional<Step> lastStep() {
    return story.isEmpty() ? Optional.empty() : Optional.of(story.get(story.size() - 1));
  }

  GroupView sampled(GroupSample now, long nanos) {
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
        sinceNanos,
        now.committed(),
        now.rebalanceLeftMs(),
        now.sessionsLeftMs(),
        nanos,
        story);
  }
}
