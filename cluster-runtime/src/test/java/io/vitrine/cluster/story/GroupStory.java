package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The story of a group with several members: they come one after another, one falls silent, one is
 * slow, one leaves, static ones return.
 *
 * <p>Each member has a connection of its own, since joins and syncs wait. What is told is every
 * answer, in the order in which the story waits for them.
 */
final class GroupStory implements AutoCloseable {
  private static final String GROUP = "story";
  private static final int SESSION_MS = 2_000;

  private final String address;
  private final AskedCluster asked;
  private final ExecutorService waiting = Executors.newCachedThreadPool();
  private final List<Member> members = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  GroupStory(String address) {
    this.address = address;
    this.asked = new AskedCluster(address);
  }

  /** A member and its connection. */
  private final class Member {
    private final RawConnection connection = new RawConnection(address);
    private final String instance;
    private final int rebalanceMs;
    private String id = "";
    private int generation = -1;

    Member(String instance, int rebalanceMs) {
      this.instance = instance;
      this.rebalanceMs = rebalanceMs;
      members.add(this);
    }

    JsonNode ask(ApiKeys api, int version, ApiMessage request) {
      try {
        return connection.ask(api, (short) version, request).orElseThrow();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Joins, with an id if it has to; the answer may be long in coming. */
    CompletableFuture<JsonNode> join(String... protocols) {
      return CompletableFuture.supplyAsync(
          () -> {
            JsonNode answer = ask(ApiKeys.JOIN_GROUP, 9, joinRequest(protocols));
            if (answer.get("errorCode").asInt() == 79) {
              id = answer.get("memberId").asText();
              answer = ask(ApiKeys.JOIN_GROUP, 9, joinRequest(protocols));
            }
            if (answer.get("errorCode").asInt() == 0) {
              id = answer.get("memberId").asText();
              generation = answer.get("generationId").asInt();
            }
            return answer;
          },
          waiting);
    }

    private JoinGroupRequestData joinRequest(String... protocols) {
      JoinGroupRequestData request =
          new JoinGroupRequestData()
              .setGroupId(GROUP)
              .setMemberId(id)
              .setGroupInstanceId(instance)
              .setProtocolType("story")
              .setSessionTimeoutMs(SESSION_MS)
              .setRebalanceTimeoutMs(rebalanceMs);
      for (String protocol : protocols) {
        request
            .protocols()
            .add(
                new JoinGroupRequestProtocol()
                    .setName(protocol)
                    .setMetadata(protocol.getBytes(StandardCharsets.UTF_8)));
      }
      return request;
    }

    CompletableFuture<JsonNode> sync(Member... shares) {
      SyncGroupRequestData request =
          new SyncGroupRequestData()
              .setGroupId(GROUP)
              .setGenerationId(generation)
              .setMemberId(id)
              .setGroupInstanceId(instance);
      for (int i = 0; i < shares.length; i++) {
        request
            .assignments()
            .add(
                new SyncGroupRequestAssignment()
                    .setMemberId(shares[i].id)
                    .setAssignment(("share " + i).getBytes(StandardCharsets.UTF_8)));
      }
      return CompletableFuture.supplyAsync(() -> ask(ApiKeys.SYNC_GROUP, 3, request), waiting);
    }

    JsonNode heartbeat() {
      return ask(
          ApiKeys.HEARTBEAT,
          3,
          new HeartbeatRequestData()
              .setGroupId(GROUP)
              .setGenerationId(generation)
              .setMemberId(id)
              .setGroupInstanceId(instance));
    }

    JsonNode leave() {
      return ask(
          ApiKeys.LEAVE_GROUP,
          3,
          new LeaveGroupRequestData()
              .setGroupId(GROUP)
              .setMembers(
                  List.of(new MemberIdentity().setMemberId(id).setGroupInstanceId(instance))));
    }
  }

  /** Everything that was answered, normalised. */
  List<String> tell() {
    asked.until(
        1,
        ApiKeys.FIND_COORDINATOR,
        (short) 0,
        new FindCoordinatorRequestData().setKey(GROUP),
        answer -> answer.get("errorCode").asInt() == 0);
    dynamicMembers();
    staticMembers();
    return told;
  }

  private void dynamicMembers() {
    Member first = new Member(null, 60_000);
    await("the coordinator is loaded")
        .until(() -> !tell("the first joins", first.join("a", "b")).contains("\"errorCode\":14"));
    told.subList(0, told.size() - 1).clear();
    tell("it has it all", first.sync(first));
    tell("it heartbeats", first.heartbeat());

    Member second = new Member(null, 60_000);
    CompletableFuture<JsonNode> secondJoin = second.join("b", "c");
    await("the first hears of it").until(() -> error(first.heartbeat()) == 27);
    tell("who prepares", describe());
    tell("the first rejoins", first.join("a", "b"));
    tell("the second is in", secondJoin);
    CompletableFuture<JsonNode> secondSync = second.sync();
    tell("the first shares out", first.sync(first, second));
    tell("the second has its share", secondSync);
    tell("who is in", describe());
    tell("a commonplace heartbeat", second.heartbeat());

    Member third = new Member(null, 60_000);
    tell("one with another protocol", third.join("d"));
    CompletableFuture<JsonNode> thirdJoin = third.join("b");
    await("the second hears of it").until(() -> error(second.heartbeat()) == 27);
    CompletableFuture<JsonNode> secondAgain = second.join("b", "c");
    // Who of the two leads then is chance, at Apache Kafka too.
    boolean secondLeads = secondAgain.join().get("leader").asText().equals(second.id);
    Member leader = secondLeads ? second : third;
    Member follower = secondLeads ? third : second;
    tell("the first falls silent: another one leads", secondLeads ? secondAgain : thirdJoin);
    tell("and one follows", secondLeads ? thirdJoin : secondAgain);
    await("they keep alive while nobody shares out").until(() -> error(leader.heartbeat()) == 0);
    tell("the silent one comes back", first.heartbeat());
    tell("the follower leaves before the leader has shared out", follower.leave());
    tell("the leader hears of it", leader.heartbeat());
    tell("the leader is too late", leader.sync(leader));
    tell("the leader is alone", leader.join("b"));
    tell("the leader shares out alone", leader.sync(leader));
    tell("the leader leaves", leader.leave());
    tell("nobody is in", describe());
  }

  private void staticMembers() {
    Member one = new Member("one", 60_000);
    tell("a static member joins", one.join("a"));
    tell("and has it all", one.sync(one));
    Member two = new Member("two", 60_000);
    CompletableFuture<JsonNode> twoJoin = two.join("a");
    await("one hears of it").until(() -> error(one.heartbeat()) == 27);
    tell("one rejoins", one.join("a"));
    tell("two is in", twoJoin);
    CompletableFuture<JsonNode> twoSync = two.sync();
    tell("one shares out", one.sync(one, two));
    tell("two has its share", twoSync);

    Member twoAgain = new Member("two", 60_000);
    tell("two returns", twoAgain.join("a"));
    tell("with its old share", twoAgain.sync());
    tell("its former self is fenced", two.heartbeat());
    tell("also when it syncs", two.sync());
    tell("and when it leaves", two.leave());
    Member oneAgain = new Member("one", 60_000);
    tell("the leader returns", oneAgain.join("a"));
    tell("nothing has moved", describe());
    Member otherTwo = new Member("two", 60_000);
    CompletableFuture<JsonNode> otherJoin = otherTwo.join("a", "z");
    tell("two returns with one protocol more", otherJoin);
    tell("still nothing has moved", describe());
    tell("two leaves", otherTwo.leave());
    tell("one hears of it", oneAgain.heartbeat());
    await("one's session runs out")
        .atMost(Duration.ofSeconds(20))
        .until(() -> describe().toString().contains("\"groupState\":\"Empty\""));
    tell("nobody is left", describe());
  }

  private JsonNode describe() {
    return members
        .get(0)
        .ask(ApiKeys.DESCRIBE_GROUPS, 5, new DescribeGroupsRequestData().setGroups(List.of(GROUP)));
  }

  private static int error(JsonNode answer) {
    return answer.get("errorCode").asInt();
  }

  private String tell(String what, CompletableFuture<JsonNode> answer) {
    return tell(what, answer.join());
  }

  private String tell(String what, JsonNode answer) {
    String line = what + ": " + asked.normalised(answer);
    told.add(line);
    return line;
  }

  @Override
  public void close() throws IOException {
    waiting.shutdownNow();
    for (Member member : members) {
      member.connection.close();
    }
    asked.close();
  }
}
