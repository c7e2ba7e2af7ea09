package io.vitrine.cluster.group;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What members are told; made under the group's lock. */
final class GroupAnswers {
  private static final int NO_GENERATION = -1;
  private static final String NOBODY = "";

  private GroupAnswers() {}

  static JoinGroupResponseData joinRefused(String memberId, Errors error) {
    return new JoinGroupResponseData()
        .setErrorCode(error.code())
        .setMemberId(memberId)
        .setGenerationId(NO_GENERATION)
        .setProtocolType(null)
        .setProtocolName(null)
        .setLeader(NOBODY);
  }

  /** A member is in; only the leader learns who the others are. */
  static JoinGroupResponseData joined(Group group, Member member) {
    return joined(
        group, member.id(), group.members().leaderId(), group.members().isLeader(member.id()));
  }

  /**
   * A member is in.
   *
   * @param leader whom it is told to be the leader
   * @param withMembers whether it learns who the others are
   */
  static JoinGroupResponseData joined(
      Group group, String memberId, String leader, boolean withMembers) {
    return new JoinGroupResponseData()
        .setErrorCode(Errors.NONE.code())
        .setMemberId(memberId)
        .setGenerationId(group.generation())
        .setProtocolType(group.protocolType())
        .setProtocolName(group.protocolName())
        .setLeader(leader)
        .setMembers(withMembers ? members(group) : List.of());
  }

  private static List<JoinGroupResponseMember> members(Group group) {
    return group.members().all().stream()
        .map(
            member ->
                new JoinGroupResponseMember()
                    .setMemberId(member.id())
                    .setGroupInstanceId(member.instanceId().orElse(null))
                    .setMetadata(member.metadata(group.protocolName())))
        .toList();
  }

  static SyncGroupResponseData syncRefused(Errors error) {
    return new SyncGroupResponseData()
        .setErrorCode(error.code())
        .setProtocolType(null)
        .setProtocolName(null);
  }

  static SyncGroupResponseData assigned(Group group, Member member) {
    return new SyncGroupResponseData()
        .setErrorCode(Errors.NONE.code())
        .setProtocolType(group.protocolType())
        .setProtocolName(group.protocolName())
        .setAssignment(member.assignment());
  }

  /** Answers a waiting join, if there is one. */
  static void tell(Group group, Member member, JoinGroupResponseData answer) {
    group
        .members()
        .takeJoin(member)
        .ifPresent(join -> group.afterwards(() -> join.complete(answer)));
  }

  /**
   * Answers a waiting sync, if there is one.
   *
   * @return whether there was one
   */
  static boolean tell(Group group, Member member, SyncGroupResponseData answer) {
    var sync = Optional.ofNullable(member.sync());
    member.sync(null);
    sync.ifPresent(waiting -> group.afterwards(() -> waiting.complete(answer)));
    return sync.isPresent();
  }
}
