package io.vitrine.cluster.workload;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The books of transfers, each of which is one transaction with one record in each of two
 * partitions: a reader that sees only what is committed must see both or none.
 *
 * <p>Transfers are numbered 0, 1, 2 … in the order one producer carries them out, so a partition
 * whose reader has seen a later number will not show an earlier one any more. What is wrong: a
 * record of an aborted transfer, a record twice, and a committed transfer of which a half has been
 * passed. A transfer of which nobody knows how it ended may be seen whole or not at all.
 *
 * <p>Owns its maps, bounded by what is under way and by {@value #ABORTED_KEPT} aborted numbers. All
 * methods hold its lock; called by the producing, the reading and the ticking thread.
 */
final class TransferLedger {
  private static final int ABORTED_KEPT = 10_000;

  private enum Outcome {
    UNDER_WAY,
    COMMITTED,
    UNKNOWN
  }

  /** A transfer that is not both ended and seen whole. */
  private static final class Transfer {
    private final Set<Integer> awaited;
    private Outcome outcome = Outcome.UNDER_WAY;
    private boolean seen;

    Transfer(int from, int to) {
      awaited = new HashSet<>(Set.of(from, to));
    }
  }

  private final Map<Long, Transfer> open = new HashMap<>();
  private final Set<Long> abortedNumbers =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > ABORTED_KEPT;
            }
          });
  private final Map<Integer, Long> lastOffsets = new HashMap<>();
  private final Map<Integer, Long> lastNumbers = new HashMap<>();
  private long next;
  private long committed;
  private long aborted;
  private long received;
  private long wrong;

  /** A transfer between two partitions begins; its number. */
  synchronized long begin(int from, int to) {
    open.put(next, new Transfer(from, to));
    return next++;
  }

  synchronized void committed(long number) {
    committed++;
    ended(number, Outcome.COMMITTED);
  }

  synchronized void aborted(long number) {
    aborted++;
    abortedNumbers.add(number);
    if (open.remove(number).seen) {
      wrong++;
    }
  }

  /** Nobody knows whether it was committed. */
  synchronized void unknown(long number) {
    ended(number, Outcome.UNKNOWN);
  }

  private void ended(long number, Outcome outcome) {
    Transfer transfer = open.get(number);
    transfer.outcome = outcome;
    if (transfer.awaited.isEmpty()) {
      open.remove(number);
    }
  }

  /** A half of a transfer was read. */
  synchronized void received(int partition, long number, long offset) {
    if (offset <= lastOffsets.getOrDefault(partition, -1L)) {
      return;
    }
    lastOffsets.put(partition, offset);
    lastNumbers.merge(partition, number, Math::max);
    Transfer transfer = open.get(number);
    if (transfer == null || !transfer.awaited.remove(partition)) {
      wrong++;
      return;
    }
    transfer.seen = true;
    if (transfer.awaited.isEmpty()) {
      received++;
      if (transfer.outcome != Outcome.UNDER_WAY) {
        open.remove(number);
      }
    }
  }

  /** Whether every committed transfer was read. */
  synchronized boolean settled() {
    return open.values().stream().noneMatch(each -> each.outcome == Outcome.COMMITTED);
  }

  synchronized Counts counts() {
    open.entrySet()
        .removeIf(
            each ->
                each.getValue().outcome == Outcome.UNKNOWN
                    && !each.getValue().seen
                    && each.getValue().awaited.stream().allMatch(p -> passed(p, each.getKey())));
    long torn =
        open.entrySet().stream()
            .filter(each -> each.getValue().seen || each.getValue().outcome == Outcome.COMMITTED)
            .filter(
                each -> each.getValue().awaited.stream().anyMatch(p -> passed(p, each.getKey())))
            .count();
    return new Counts(committed, aborted, received, wrong + torn);
  }

  private boolean passed(int partition, long number) {
    return lastNumbers.getOrDefault(partition, -1L) > number;
  }

  /** The sums; {@code wrong} is the number that must stay 0. */
  record Counts(long committed, long aborted, long received, long wrong) {}
}
