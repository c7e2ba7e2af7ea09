package io.vitrine.cluster.testing;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupChanged;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupSample;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.ClusterEvent.GroupsSampled;
import io.vitrine.cluster.event.ClusterEvent.OpenTransaction;
import io.vitrine.cluster.event.ClusterEvent.TransactionSample;
import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import io.vitrine.cluster.event.ClusterEvent.TransactionsSampled;
import io.vitrine.cluster.event.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** What groups and transactions do in the last chapter of {@link SampleSnapshots}. */
final class SampleGroups {
  private static final String READERS = "demo-readers";
  private static final String BILLING = "billing";
  private static final String NIGHTLY = "nightly-report";
  private static final String UUID = "-3f0c1b52-77aa-4d0e-9c41-0b6f8d1e2a3";
  private static final int PARTITIONS = 3;
  private static final int SESSION_MS = 10_000;
  private static final int REBALANCE_MS = 300_000;

  private final BiConsumer<Integer, ClusterEvent> told;
  private final IntToLongFunction ends;

  /**
   * @param told broker and event
   * @param ends the high watermark of each partition of orders
   */
  SampleGroups(BiConsumer<Integer, ClusterEvent> told, IntToLongFunction ends) {
    this.told = told;
    this.ends = ends;
  }

  /** Three members come, the group shares six partitions among them; two more groups. */
  void gather(LongConsumer pass) {
    List<GroupMember> members = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      members.add(member(number, true, false));
      readers(GroupStage.PREPARING_REBALANCE, 0, GroupCause.JOINED, number, members);
      pass.accept(60);
    }
    pass.accept(2_900);
    List<GroupMember> joined = List.of(waiting(1), waiting(2), waiting(3));
    readers(GroupStage.COMPLETING_REBALANCE, 1, GroupCause.ALL_JOINED, 0, joined);
    pass.accept(21);
    readers(
        GroupStage.STABLE,
        1,
        GroupCause.SHARED_OUT,
        0,
        List.of(member(1, 0, 1), member(2, 2, 3), member(3, 4, 5)));
    changed(
        BILLING,
        GroupStage.PREPARING_REBALANCE,
        4,
        GroupCause.LEADER_REJOINED,
        "b-1",
        "",
        List.of(plain("b-1", true), plain("b-2", false)));
    changed(NIGHTLY, GroupStage.EMPTY, 12, GroupCause.LAST_LEFT, "", "", List.of());
  }

  /** Member 2 is silent for too long; the others share what it had. */
  void lose(LongConsumer pass) {
    List<GroupMember> left = List.of(member(1, 0, 1), member(3, 4, 5));
    readers(GroupStage.PREPARING_REBALANCE, 1, GroupCause.SILENT, 2, left);
    pass.accept(940);
    readers(
        GroupStage.PREPARING_REBALANCE,
        1,
        GroupCause.REJOINED,
        1,
        List.of(member(1, true, false), member(3, 4, 5)));
    pass.accept(410);
    readers(
        GroupStage.COMPLETING_REBALANCE,
        2,
        GroupCause.ALL_JOINED,
        0,
        List.of(waiting(1), waiting(3)));
    pass.accept(16);
    readers(
        GroupStage.STABLE,
        2,
        GroupCause.SHARED_OUT,
        0,
        List.of(member(1, 0, 1, 2), member(3, 3, 4, 5)));
  }

  /**
   * Offsets and time-outs; transactions, of which one hangs.
   *
   * @param seconds since the first sample
   */
  void sample(int seconds) {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (int partition = 0; partition < 6; partition++) {
      long lag = partition == 2 ? 34 : partition;
      committed.put(orders(partition), Math.max(0, ends.applyAsLong(partition) - lag));
    }
    Map<String, GroupSample> samples = new HashMap<>();
    samples.put(READERS, new GroupSample(committed, -1, Map.of(id(1), 9_200L, id(3), 2_700L)));
    samples.put(
        BILLING,
        new GroupSample(
            Map.of(new TopicPartition("payments", 0), 40L),
            184_000,
            Map.of("b-1", 43_000L, "b-2", 21_000L)));
    samples.put(
        NIGHTLY, new GroupSample(Map.of(new TopicPartition("audit", 0), 96L), -1, Map.of()));
    for (int broker = 1; broker <= 3; broker++) {
      Map<String, GroupSample> theirs = new HashMap<>(samples);
      int coordinator = broker;
      theirs.keySet().removeIf(group -> coordinator(group) != coordinator);
      told.accept(broker, new GroupsSampled(40, theirs));
    }
    TopicPartition account = new TopicPartition("payments", 1);
    told.accept(
        1,
        new TransactionsSampled(
            900 + 5L * seconds,
            100 + seconds / 2,
            2,
            List.of(
                transaction("demo-transfers", 1000, 3, TransactionStage.ONGOING, 2_400),
                transaction("ledger-7", 1004, 12, TransactionStage.COMPLETE_COMMIT, -1)),
            Map.of(account, List.of(new OpenTransaction(1000, (short) 3, 140, 1)))));
    told.accept(
        3,
        new TransactionsSampled(
            120,
            4,
            1,
            List.of(
                transaction(
                    "invoices",
                    2001,
                    0,
                    TransactionStage.PREPARE_COMMIT,
                    37_000 + 1_000L * seconds)),
            Map.of(
                new TopicPartition("payments", 2),
                List.of(new OpenTransaction(2001, (short) 0, 201, 1)),
                new TopicPartition("audit", 1),
                List.of(new OpenTransaction(1733, (short) 5, 131, 1)))));
    told.accept(
        EventSink.NO_BROKER,
        new ClusterEvent.DemoSampled(READERS, List.of(1, 3), 4_117, 0, 411, 46, 411, 0));
  }

  // ---- pieces ----------------------------------------------------------------------------------

  private void readers(
      GroupStage stage, int generation, GroupCause cause, int culprit, List<GroupMember> members) {
    changed(READERS, stage, generation, cause, culprit == 0 ? "" : id(culprit), "", members);
  }

  private void changed(
      String group,
      GroupStage stage,
      int generation,
      GroupCause cause,
      String culprit,
      String detail,
      List<GroupMember> members) {
    boolean open = stage == GroupStage.PREPARING_REBALANCE || members.isEmpty();
    told.accept(
        coordinator(group),
        new GroupChanged(
            group,
            partition(group),
            stage,
            generation,
            "consumer",
            open ? "" : "range",
            members.isEmpty() ? "" : members.get(0).memberId(),
            members,
            cause,
            culprit,
            detail));
  }

  private static int partition(String group) {
    return Utils.abs(group.hashCode()) % PARTITIONS;
  }

  /** The leader of the group's partition: partition n is led by broker n + 1. */
  private static int coordinator(String group) {
    return partition(group) + 1;
  }

  private static String id(int number) {
    return "demo-reader-" + number + UUID + number;
  }

  private static TopicPartition orders(int partition) {
    return new TopicPartition("orders", partition);
  }

  private static GroupMember member(int number, int... partitions) {
    List<TopicPartition> assignment = new ArrayList<>();
    for (int partition : partitions) {
      assignment.add(orders(partition));
    }
    return member(number, false, false, assignment);
  }

  private static GroupMember member(int number, boolean awaitsJoin, boolean awaitsSync) {
    return member(number, awaitsJoin, awaitsSync, List.of());
  }

  private static GroupMember waiting(int number) {
    return member(number, false, true);
  }

  private static GroupMember member(
      int number, boolean awaitsJoin, boolean awaitsSync, List<TopicPartition> assignment) {
    return new GroupMember(
        id(number),
        "",
        "demo-reader-" + number,
        "/127.0.0.1",
        awaitsJoin,
        awaitsSync,
        SESSION_MS,
        REBALANCE_MS,
        assignment);
  }

  private static GroupMember plain(String id, boolean awaitsJoin) {
    return new GroupMember(
        id,
        "",
        id,
        "/127.0.0.1",
        awaitsJoin,
        false,
        45_000,
        REBALANCE_MS,
        List.of(new TopicPartition("payments", 0)));
  }

  private static TransactionSample transaction(
      String id, long producerId, int epoch, TransactionStage stage, long openMs) {
    return new TransactionSample(
        id,
        7,
        producerId,
        (short) epoch,
        stage,
        60_000,
        !stage.isOpen()
            ? List.of()
            : List.of(new TopicPartition("payments", producerId == 1000 ? 1 : 2)),
        openMs);
  }
}
