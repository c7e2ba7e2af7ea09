package io.vitrine.cluster.story;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Utils;

/**
 * What members of groups, their consumers and administrators ask: each request in every version,
 * where it is right, where it comes too early or too late, and where it is nonsense.
 *
 * <p>Group {@code g-<n>} is made by version n of JoinGroup and has one member; up to {@code g-5} it
 * becomes stable with version n of SyncGroup. {@code s-<n>} has one static member.
 */
final class GroupRequests {
  /** The topics groups and transactions are about. */
  static final List<NewTopic> TOPICS =
      List.of(
          new NewTopic("data", Map.of(0, List.of(1), 1, List.of(1))),
          new NewTopic("other", Map.of(0, List.of(1))));

  private static final int TIMEOUT_MS = 60_000;
  private static final String INSTANCE = "instance";

  private GroupRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    coordinators(table);
    joins(table);
    syncs(table);
    heartbeats(table);
    commits(table);
    fetches(table);
    descriptions(table);
    returns(table);
    leaves(table);
    deletions(table);
    return table;
  }

  // ---- coordinators --------------------------------------------------------------------------

  private static void coordinators(RequestTable table) {
    table.ask(
        "coordinator of a group",
        ApiKeys.FIND_COORDINATOR,
        (asked, version) -> coordinator(version, 0, "g-1"));
    table.ask(
        "coordinator of nothing",
        ApiKeys.FIND_COORDINATOR,
        (asked, version) -> coordinator(version, 0, ""));
    table.ask(
        "coordinator of a share group",
        ApiKeys.FIND_COORDINATOR,
        (asked, version) -> coordinator(version, 2, "group:id:0"));
    table.ask(
        "coordinator of something unheard-of",
        ApiKeys.FIND_COORDINATOR,
        (asked, version) -> coordinator(version, 9, "g-1"));
    table.ask(
        "coordinators of many",
        ApiKeys.FIND_COORDINATOR,
        (asked, version) -> coordinator(onlyFrom(4, version), 0, "g-1", "g-2", "", "g-1"));
  }

  private static FindCoordinatorRequestData coordinator(int version, int type, String... keys) {
    FindCoordinatorRequestData request = new FindCoordinatorRequestData().setKeyType((byte) type);
    return version >= 4 ? request.setCoordinatorKeys(Arrays.asList(keys)) : request.setKey(keys[0]);
  }

  // ---- join ----------------------------------------------------------------------------------

  private static void joins(RequestTable table) {
    table.ask("joins no group", ApiKeys.JOIN_GROUP, (asked, version) -> join("", ""));
    table.ask(
        "a short session",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("short", "").setSessionTimeoutMs(10));
    table.ask(
        "a long session",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("long", "").setSessionTimeoutMs(Integer.MAX_VALUE));
    table.ask(
        "a member of a group that is not",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("nobody-" + version, "somebody"));
    table.ask(
        "joins without protocols",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("bare-" + version, "", new String[0]));
    table.ask(
        "joins without a protocol type",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("typeless-" + version, "").setProtocolType(""));
    table.ask("joins", ApiKeys.JOIN_GROUP, (asked, version) -> join("g-" + version, ""));
    table.ask(
        "joins with its id",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + onlyFrom(4, version), memberOf("joins", asked, version)));
    table.ask(
        "joins once more",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + version, member(asked, version)));
    table.ask(
        "a stranger", ApiKeys.JOIN_GROUP, (asked, version) -> join("g-" + version, "stranger"));
    table.ask(
        "another kind of protocol",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + version, "").setProtocolType("connect"));
    table.ask(
        "no protocol in common",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + version, "", "sticky"));
    table.ask(
        "no protocol in common, by the member itself",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + version, member(asked, version), "sticky"));
    table.ask(
        "a static member joins",
        ApiKeys.JOIN_GROUP,
        (asked, version) ->
            join("s-" + onlyFrom(5, version), "", "range").setGroupInstanceId(INSTANCE));
    table.ask(
        "a static member joins under another id",
        ApiKeys.JOIN_GROUP,
        (asked, version) ->
            join("s-" + onlyFrom(5, version), "other", "range").setGroupInstanceId(INSTANCE));
    table.ask(
        "a static member nobody knows",
        ApiKeys.JOIN_GROUP,
        (asked, version) ->
            join(
                    "s-" + onlyFrom(5, version),
                    memberOf("a static member joins", asked, version),
                    "range")
                .setGroupInstanceId("unknown"));
  }

  private static JoinGroupRequestData join(String group, String member) {
    return join(group, member, "range", "roundrobin");
  }

  private static JoinGroupRequestData join(String group, String member, String... protocols) {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setProtocolType("consumer")
            .setSessionTimeoutMs(TIMEOUT_MS)
            .setRebalanceTimeoutMs(TIMEOUT_MS);
    for (String protocol : protocols) {
      request
          .protocols()
          .add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(subscription()));
    }
    return request;
  }

  private static byte[] subscription() {
    return Utils.toArray(ConsumerProtocol.serializeSubscription(new Subscription(List.of("data"))));
  }

  /** The id version n of JoinGroup gave the member of g-n. */
  private static String member(AskedCluster asked, int version) {
    return memberOf(version >= 4 ? "joins with its id" : "joins", asked, version);
  }

  private static String memberOf(String join, AskedCluster asked, int version) {
    return asked.answered(join, (short) version).get("memberId").asText();
  }

  // ---- sync ----------------------------------------------------------------------------------

  private static void syncs(RequestTable table) {
    table.ask(
        "syncs with no group", ApiKeys.SYNC_GROUP, (asked, version) -> sync(asked, version, ""));
    table.ask(
        "syncs with a group that is not",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "nobody"));
    table.ask(
        "a stranger syncs",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setMemberId("stranger"));
    table.ask(
        "syncs with another generation",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setGenerationId(7));
    table.ask(
        "syncs with another type of protocol",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setProtocolType("connect"));
    table.ask(
        "syncs with another protocol",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setProtocolName("sticky"));
    table.ask(
        "syncs without a protocol",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setProtocolName(null));
    table.ask(
        "syncs", ApiKeys.SYNC_GROUP, (asked, version) -> sync(asked, version, "g-" + version));
    table.ask(
        "syncs again without shares",
        ApiKeys.SYNC_GROUP,
        (asked, version) -> sync(asked, version, "g-" + version).setAssignments(List.of()));
    table.ask(
        "a static member syncs",
        ApiKeys.SYNC_GROUP,
        (asked, version) ->
            sync(asked, version, "s-" + onlyFrom(5, version))
                .setMemberId(memberOf("a static member joins", asked, version))
                .setAssignments(List.of())
                .setGroupInstanceId(INSTANCE));
    table.ask(
        "a static member syncs under another id",
        ApiKeys.SYNC_GROUP,
        (asked, version) ->
            sync(asked, version, "s-" + onlyFrom(5, version)).setGroupInstanceId(INSTANCE));
  }

  private static SyncGroupRequestData sync(AskedCluster asked, int version, String group) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group)
            .setGenerationId(1)
            .setMemberId(member(asked, version))
            .setAssignments(
                List.of(
                    new SyncGroupRequestAssignment()
                        .setMemberId(member(asked, version))
                        .setAssignment("all of it".getBytes(StandardCharsets.UTF_8))));
    return version >= 5 ? request.setProtocolType("consumer").setProtocolName("range") : request;
  }

  // ---- heartbeat -----------------------------------------------------------------------------

  private static void heartbeats(RequestTable table) {
    table.ask("no group's heartbeat", ApiKeys.HEARTBEAT, (asked, v) -> heartbeat(asked, v, ""));
    table.ask(
        "heartbeat of a group that is not",
        ApiKeys.HEARTBEAT,
        (asked, version) -> heartbeat(asked, version, "nobody"));
    table.ask(
        "heartbeat",
        ApiKeys.HEARTBEAT,
        (asked, version) -> heartbeat(asked, version, "g-" + version));
    table.ask(
        "a stranger's heartbeat",
        ApiKeys.HEARTBEAT,
        (asked, version) -> heartbeat(asked, version, "g-" + version).setMemberId("stranger"));
    table.ask(
        "heartbeat of another generation",
        ApiKeys.HEARTBEAT,
        (asked, version) -> heartbeat(asked, version, "g-" + version).setGenerationId(0));
    table.ask(
        "heartbeat of an unknown instance",
        ApiKeys.HEARTBEAT,
        (asked, version) ->
            heartbeat(asked, version, "g-" + onlyFrom(3, version)).setGroupInstanceId("unknown"));
    table.ask(
        "heartbeat of a fenced instance",
        ApiKeys.HEARTBEAT,
        (asked, version) ->
            heartbeat(asked, onlyFrom(3, version), "s-5").setGroupInstanceId(INSTANCE));
  }

  private static HeartbeatRequestData heartbeat(AskedCluster asked, int version, String group) {
    return new HeartbeatRequestData()
        .setGroupId(group)
        .setGenerationId(1)
        .setMemberId(member(asked, version));
  }

  // ---- commit --------------------------------------------------------------------------------

  private static void commits(RequestTable table) {
    table.ask(
        "commits",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, "g-" + version, "data", "note"));
    table.ask(
        "commits in another generation",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) ->
            commit(asked, version, "g-" + version, "data", "").setGenerationIdOrMemberEpoch(7));
    table.ask(
        "a stranger commits",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) ->
            commit(asked, version, "g-" + version, "data", "").setMemberId("stranger"));
    table.ask(
        "nobody commits to a group with members",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> simpleCommit(version, "g-" + version, "data", "n"));
    table.ask(
        "a simple consumer commits",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> simpleCommit(version, "simple-" + version, "data", "simple"));
    table.ask(
        "a simple consumer commits to the empty id",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> simpleCommit(version, "", "data", null));
    table.ask(
        "a generation of a group that is not",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, "nobody", "data", ""));
    table.ask(
        "commits of a topic nobody knows",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, "g-" + version, "nowhere", ""));
    table.ask(
        "a long note",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) -> commit(asked, version, "g-" + version, "data", "x".repeat(4097)));
    table.ask(
        "a fenced instance commits",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) ->
            commit(asked, onlyFrom(7, version), "s-5", "data", "").setGroupInstanceId(INSTANCE));
    table.ask(
        "commits with a life of its own",
        ApiKeys.OFFSET_COMMIT,
        (asked, version) ->
            simpleCommit(onlyFrom(2, version), "mortal-" + version, "data", "")
                .setRetentionTimeMs(version <= 4 ? 1_000_000 : -1));
  }

  private static OffsetCommitRequestData commit(
      AskedCluster asked, int version, String group, String topic, String note) {
    OffsetCommitRequestData request = simpleCommit(version, group, topic, note);
    return version == 0
        ? request
        : request.setGenerationIdOrMemberEpoch(1).setMemberId(member(asked, version));
  }

  private static OffsetCommitRequestData simpleCommit(
      int version, String group, String topic, String note) {
    OffsetCommitRequestTopic committed = new OffsetCommitRequestTopic().setName(topic);
    for (int partition : new int[] {0, 1, 99}) {
      OffsetCommitRequestPartition each =
          new OffsetCommitRequestPartition()
              .setPartitionIndex(partition)
              .setCommittedOffset(10L * partition + version)
              .setCommittedMetadata(note);
      if (version >= 6) {
        each.setCommittedLeaderEpoch(partition == 0 ? 3 : -1);
      }
      committed.partitions().add(each);
    }
    return new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(committed));
  }

  // ---- fetch ---------------------------------------------------------------------------------

  private static void fetches(RequestTable table) {
    table.ask(
        "offsets of a group",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetch(version, "g-" + Math.min(5, version)));
    table.ask(
        "offsets of a simple group",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetch(version, "simple-" + version));
    table.ask(
        "offsets of a group that is not",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetch(version, "nobody"));
    table.ask(
        "offsets of the empty id", ApiKeys.OFFSET_FETCH, (asked, version) -> fetch(version, ""));
    table.ask(
        "all offsets of a group",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetchAll(onlyFrom(2, version), "simple-5"));
    table.ask(
        "all offsets of a group that is not",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetchAll(onlyFrom(2, version), "nobody"));
    table.ask(
        "stable offsets",
        ApiKeys.OFFSET_FETCH,
        (asked, version) -> fetch(onlyFrom(7, version), "g-5").setRequireStable(true));
    table.ask(
        "offsets of many groups",
        ApiKeys.OFFSET_FETCH,
        (asked, version) ->
            fetch(onlyFrom(8, version), "g-5", "simple-5", "nobody", "simple-6", "simple-5"));
  }

  private static OffsetFetchRequestData fetch(int version, String... groups) {
    List<Integer> partitions = List.of(0, 1, 99);
    if (version < 8) {
      return new OffsetFetchRequestData()
          .setGroupId(groups[0])
          .setTopics(
              List.of(
                  new OffsetFetchRequestTopic().setName("data").setPartitionIndexes(partitions),
                  new OffsetFetchRequestTopic()
                      .setName("nowhere")
                      .setPartitionIndexes(partitions)));
    }
    return new OffsetFetchRequestData()
        .setGroups(
            Arrays.stream(groups)
                .map(
                    group ->
                        new OffsetFetchRequestGroup()
                            .setGroupId(group)
                            .setTopics(
                                List.of(
                                    new OffsetFetchRequestTopics()
                                        .setName("data")
                                        .setPartitionIndexes(partitions))))
                .toList());
  }

  private static OffsetFetchRequestData fetchAll(int version, String group) {
    return version < 8
        ? new OffsetFetchRequestData().setGroupId(group).setTopics(null)
        : new OffsetFetchRequestData()
            .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(group).setTopics(null)));
  }

  // ---- administration ------------------------------------------------------------------------

  private static void descriptions(RequestTable table) {
    table.ask(
        "describes groups",
        ApiKeys.DESCRIBE_GROUPS,
        (asked, version) ->
            new DescribeGroupsRequestData()
                .setGroups(
                    List.of("g-1", "g-5", "g-9", "s-5", "s-9", "simple-1", "nobody", "", "bare-4"))
                .setIncludeAuthorizedOperations(version >= 3));
    lists(table, "all groups", List.of(), List.of());
    lists(table, "stable groups", List.of("STABLE"), List.of());
    lists(table, "groups of several states", List.of("empty", "CompletingRebalance"), List.of());
    lists(table, "groups of an unknown state", List.of("asleep"), List.of());
    lists(table, "classic groups", List.of(), List.of("Classic"));
    lists(table, "consumer groups", List.of(), List.of("consumer"));
    lists(table, "groups of an unknown type", List.of(), List.of("strange"));
  }

  private static void lists(
      RequestTable table, String name, List<String> states, List<String> types) {
    table.ask(
        name,
        ApiKeys.LIST_GROUPS,
        (asked, version) ->
            new ListGroupsRequestData().setStatesFilter(states).setTypesFilter(types));
  }

  /** Members come back to groups that are stable by now. */
  private static void returns(RequestTable table) {
    table.ask(
        "a static member returns",
        ApiKeys.JOIN_GROUP,
        (asked, version) ->
            join("s-" + onlyFrom(5, version), "", "range").setGroupInstanceId(INSTANCE));
    table.ask(
        "the leader rejoins",
        ApiKeys.JOIN_GROUP,
        (asked, version) -> join("g-" + version, member(asked, version)));
    table.ask(
        "its old generation is over",
        ApiKeys.HEARTBEAT,
        (asked, version) -> heartbeat(asked, version, "g-" + version));
    table.ask(
        "groups after all have come back",
        ApiKeys.DESCRIBE_GROUPS,
        (asked, version) ->
            new DescribeGroupsRequestData().setGroups(List.of("g-1", "g-5", "g-9", "s-5", "s-9")));
  }

  private static void leaves(RequestTable table) {
    deletesOffsets(table, "forgets offsets of what is consumed", "g-4");
    table.ask("deletes groups with members", ApiKeys.DELETE_GROUPS, (asked, v) -> delete("g-1"));
    table.ask(
        "a stranger leaves",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(version, "g-" + version, "stranger", null));
    table.ask(
        "leaves a group that is not",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(version, "nobody", "stranger", null));
    table.ask(
        "leaves no group",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(version, "", "stranger", null));
    table.ask(
        "an unknown instance is removed",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(onlyFrom(3, version), "s-5", "", "unknown"));
    table.ask(
        "a fenced instance leaves",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(onlyFrom(3, version), "s-5", "other", INSTANCE));
    table.ask(
        "leaves",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(version, "g-" + version, member(asked, version), null));
    table.ask(
        "leaves again",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(version, "g-" + version, member(asked, version), null));
    table.ask(
        "a static member is removed",
        ApiKeys.LEAVE_GROUP,
        (asked, version) -> leave(onlyFrom(3, version), "s-" + (version + 2), "", INSTANCE));
    table.ask(
        "groups after all have left",
        ApiKeys.DESCRIBE_GROUPS,
        (asked, version) ->
            new DescribeGroupsRequestData().setGroups(List.of("g-1", "g-5", "g-9", "s-5", "s-9")));
  }

  private static LeaveGroupRequestData leave(
      int version, String group, String member, String instance) {
    return version < 3
        ? new LeaveGroupRequestData().setGroupId(group).setMemberId(member)
        : new LeaveGroupRequestData()
            .setGroupId(group)
            .setMembers(
                List.of(new MemberIdentity().setMemberId(member).setGroupInstanceId(instance)));
  }

  private static void deletions(RequestTable table) {
    deletesOffsets(table, "forgets offsets of an empty group", "simple-5");
    deletesOffsets(table, "forgets offsets of a group that is not", "nobody");
    deletesOffsets(table, "forgets offsets of no group", "");
    table.ask(
        "what was forgotten", ApiKeys.OFFSET_FETCH, (asked, version) -> fetch(version, "simple-5"));
    table.ask(
        "deletes groups",
        ApiKeys.DELETE_GROUPS,
        (asked, version) -> delete("simple-" + (version + 6), "nobody", "", "g-9"));
    table.ask(
        "deletes the same groups again",
        ApiKeys.DELETE_GROUPS,
        (asked, version) -> delete("simple-" + (version + 6), "simple-" + (version + 6)));
    lists(table, "the groups that are left", List.of(), List.of());
  }

  private static void deletesOffsets(RequestTable table, String name, String group) {
    table.ask(
        name,
        ApiKeys.OFFSET_DELETE,
        (asked, version) -> {
          OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
          for (String topic : List.of("data", "other", "nowhere")) {
            request
                .topics()
                .add(
                    new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new OffsetDeleteRequestPartition().setPartitionIndex(0),
                                new OffsetDeleteRequestPartition().setPartitionIndex(99))));
          }
          return request;
        });
  }

  private static DeleteGroupsRequestData delete(String... groups) {
    return new DeleteGroupsRequestData().setGroupsNames(Arrays.asList(groups));
  }

  /** A version that can say it; others are left out. */
  private static int onlyFrom(int first, int version) {
    if (version < first) {
      throw new UnsupportedVersionException("from version " + first + " on");
    }
    return version;
  }
}
