package io.vitrine.cluster.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Offsets of groups: committed, fetched, removed. Takes the group's lock for as long as it decides
 * and writes; a commit counts once the log has it.
 */
final class OffsetCommits {
  private final GroupLog log;
  private final Membership membership;
  private final int metadataMaxLength;
  private final LongAdder committed = new LongAdder();

  OffsetCommits(GroupLog log, Membership membership, int metadataMaxLength) {
    this.log = log;
    this.membership = membership;
    this.metadataMaxLength = metadataMaxLength;
  }

  /** How many offsets were committed since the broker's start. */
  long committed() {
    return committed.sum();
  }

  // ---- commit --------------------------------------------------------------------------------

  /** Completes with an error, or none, for every partition; never fails. */
  CompletableFuture<Map<TopicPartition, Errors>> commit(
      Group group, Committer committer, Map<TopicPartition, CommittedOffset> offsets) {
    return group.locked(
        () -> {
          Optional<Errors> refused = refused(group, committer, false);
          if (refused.isEmpty() && group.is(GroupState.COMPLETING_REBALANCE)) {
            refused = Optional.of(Errors.REBALANCE_IN_PROGRESS);
          }
          if (refused.isPresent()) {
            return CompletableFuture.completedFuture(all(offsets, refused.get()));
          }
          if (!group.is(GroupState.EMPTY)) {
            membership.awaitHeartbeat(group, group.members().get(committer.memberId()));
          }
          return store(
              group,
              offsets,
              small -> {
                group.offsets().begin(small);
                return log.storeOffsets(group, small);
              },
              (small, batchOffset) -> group.offsets().appended(small, batchOffset),
              small -> group.offsets().failed(small));
        });
  }

  /** Likewise, in a producer's transaction: it counts with the transaction's commit. */
  CompletableFuture<Map<TopicPartition, Errors>> commitInTransaction(
      GroupPartition partition,
      Group group,
      Committer committer,
      Transactional transaction,
      Map<TopicPartition, CommittedOffset> offsets) {
    long producerId = transaction.producerId();
    return group.locked(
        () -> {
          Optional<Errors> refused = refused(group, committer, true);
          if (refused.isPresent()) {
            return CompletableFuture.completedFuture(all(offsets, refused.get()));
          }
          return store(
              group,
              offsets,
              small -> {
                partition.producerOpened(producerId, group.id());
                group.offsets().begin(producerId, small);
                return log.storeOffsets(group, small, transaction);
              },
              (small, batchOffset) -> group.offsets().appended(producerId, small, batchOffset),
              small -> group.offsets().failed(producerId, small));
        });
  }

  /**
   * Members commit in their generation. Who is none may commit while the group is empty; old
   * transactional producers do not say who they are.
   */
  private Optional<Errors> refused(Group group, Committer committer, boolean transactional) {
    if (group.is(GroupState.DEAD)) {
      return Optional.of(Errors.COORDINATOR_NOT_AVAILABLE);
    }
    if (committer.generation() < 0 && group.is(GroupState.EMPTY)) {
      return Optional.empty();
    }
    if (committer.claimsMembership()) {
      return membership.validated(
          group, committer.generation(), committer.memberId(), committer.instanceId());
    }
    return transactional || group.is(GroupState.EMPTY)
        ? Optional.empty()
        : Optional.of(Errors.UNKNOWN_MEMBER_ID);
  }

  /** How offsets get into the log; returns where their batch begins. */
  @FunctionalInterface
  private interface Begin {
    CompletableFuture<Long> store(Map<TopicPartition, CommittedOffset> offsets);
  }

  /** They are in the log. */
  @FunctionalInterface
  private interface Appended {
    void at(Map<TopicPartition, CommittedOffset> offsets, long batchOffset);
  }

  /** They are not. */
  @FunctionalInterface
  private interface Failed {
    void these(Map<TopicPartition, CommittedOffset> offsets);
  }

  private CompletableFuture<Map<TopicPartition, Errors>> store(
      Group group,
      Map<TopicPartition, CommittedOffset> offsets,
      Begin begin,
      Appended appended,
      Failed failed) {
    Map<TopicPartition, CommittedOffset> small = new LinkedHashMap<>(offsets);
    small.values().removeIf(offset -> offset.metadata().length() > metadataMaxLength);
    Map<TopicPartition, Errors> outcome = all(offsets, Errors.OFFSET_METADATA_TOO_LARGE);
    if (small.isEmpty()) {
      return CompletableFuture.completedFuture(outcome);
    }
    return begin
        .store(small)
        .handle(
            (batchOffset, error) -> {
              group.locked(
                  () -> {
                    if (group.is(GroupState.DEAD)) {
                      return;
                    }
                    if (error == null) {
                      appended.at(small, batchOffset);
                    } else {
                      failed.these(small);
                    }
                  });
              if (error == null) {
                committed.add(small.size());
              }
              Errors told =
                  error == null ? Errors.NONE : AppendErrors.ofOffsets(Errors.forException(error));
              small.keySet().forEach(partition -> outcome.put(partition, told));
              return outcome;
            });
  }

  private static Map<TopicPartition, Errors> all(
      Map<TopicPartition, CommittedOffset> offsets, Errors error) {
    Map<TopicPartition, Errors> outcome = new LinkedHashMap<>();
    offsets.keySet().forEach(partition -> outcome.put(partition, error));
    return outcome;
  }

  // ---- fetch ---------------------------------------------------------------------------------

  /**
   * @param group empty for one nobody knows
   * @param asked empty for all partitions with a committed offset
   */
  static Map<TopicPartition, FetchedOffset> fetch(
      Optional<Group> group, boolean requireStable, Optional<List<TopicPartition>> asked) {
    return group
        .map(found -> found.locked(() -> fetchOf(found, requireStable, asked)))
        .orElseGet(() -> nothing(asked));
  }

  private static Map<TopicPartition, FetchedOffset> fetchOf(
      Group group, boolean requireStable, Optional<List<TopicPartition>> asked) {
    if (group.is(GroupState.DEAD)) {
      return nothing(asked);
    }
    GroupOffsets offsets = group.offsets();
    Collection<TopicPartition> partitions = asked.isPresent() ? asked.get() : offsets.partitions();
    Map<TopicPartition, FetchedOffset> found = new LinkedHashMap<>();
    for (TopicPartition partition : partitions) {
      boolean unstable = requireStable && offsets.isUnstable(partition);
      found.put(
          partition,
          unstable
              ? FetchedOffset.none(Errors.UNSTABLE_OFFSET_COMMIT)
              : offsets
                  .get(partition)
                  .map(FetchedOffset::of)
                  .orElseGet(() -> FetchedOffset.none(Errors.NONE)));
    }
    return found;
  }

  private static Map<TopicPartition, FetchedOffset> nothing(Optional<List<TopicPartition>> asked) {
    Map<TopicPartition, FetchedOffset> none = new LinkedHashMap<>();
    asked
        .orElse(List.of())
        .forEach(partition -> none.put(partition, FetchedOffset.none(Errors.NONE)));
    return none;
  }

  // ---- removal -------------------------------------------------------------------------------

  /**
   * Removes offsets and, when the group is empty and has none left, the group; tombstones say so in
   * the log.
   *
   * @param removal takes the offsets out and returns them; called under the group's lock
   * @return how many offsets were removed
   */
  int remove(GroupPartition partition, Group group, Supplier<List<TopicPartition>> removal) {
    return group.locked(
        () -> {
          if (!partition.has(group)) {
            return 0; // removed, or coordinated elsewhere by now
          }
          List<TopicPartition> removed = removal.get();
          boolean gone = group.is(GroupState.EMPTY) && group.offsets().isEmpty();
          if (gone) {
            membership.end(group);
            partition.remove(group);
          }
          // A group without a generation never was in the log.
          log.forget(group, removed, gone && group.generation() > 0);
          return removed.size();
        });
  }

  /** Removes the group, which is empty, with all its offsets. */
  void removeAll(GroupPartition partition, Group group) {
    remove(
        partition,
        group,
        () -> {
          group.offsets().abandonPending();
          return group.offsets().remove(group.offsets().partitions());
        });
  }

  /**
   * Removes offsets of a group nobody may need them of.
   *
   * @return an error for each partition
   */
  Map<TopicPartition, Errors> remove(
      GroupPartition partition, Group group, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Errors> outcome = new HashMap<>();
    remove(
        partition,
        group,
        () -> {
          partitions.forEach(
              each ->
                  outcome.put(
                      each,
                      !group.is(GroupState.EMPTY) && group.isSubscribedTo(each.topic())
                          ? Errors.GROUP_SUBSCRIBED_TO_TOPIC
                          : Errors.NONE));
          return group
              .offsets()
              .remove(
                  partitions.stream().filter(each -> outcome.get(each) == Errors.NONE).toList());
        });
    return outcome;
  }
}
