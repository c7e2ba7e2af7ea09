package io.vitrine.cluster.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Who leads next: pure functions of assignment, ISR and live brokers. Source: controller design.
 */
final class Elections {

  /** A leader and its ISR. */
  record Elected(int leader, List<Integer> isr, boolean unclean) {
    Elected {
      isr = List.copyOf(isr);
    }
  }

  private Elections() {}

  /** A new partition: the first live replica leads, all live ones are in sync. */
  static Optional<Elected> first(List<Integer> assignment, Set<Integer> live) {
    List<Integer> isr = assignment.stream().filter(live::contains).toList();
    return isr.isEmpty() ? Optional.empty() : Optional.of(new Elected(isr.get(0), isr, false));
  }

  /**
   * A partition without leader: the first live member of the ISR in assignment order; if none is
   * and it is allowed, the first live replica at all, alone.
   */
  static Optional<Elected> offline(
      List<Integer> assignment, List<Integer> isr, Set<Integer> live, boolean uncleanAllowed) {
    Optional<Integer> inSync =
        assignment.stream().filter(id -> live.contains(id) && isr.contains(id)).findFirst();
    if (inSync.isPresent()) {
      return Optional.of(new Elected(inSync.get(), keep(isr, live::contains), false));
    }
    if (!uncleanAllowed) {
      return Optional.empty();
    }
    return assignment.stream()
        .filter(live::contains)
        .findFirst()
        .map(id -> new Elected(id, List.of(id), true));
  }

  /** The first of the assignment, if it is live and in sync. */
  static Optional<Elected> preferred(
      List<Integer> assignment, List<Integer> isr, Set<Integer> live) {
    return assignment.stream()
        .limit(1)
        .filter(id -> live.contains(id) && isr.contains(id))
        .findFirst()
        .map(id -> new Elected(id, isr, false));
  }

  /** The first of the replicas wanted that is live and in sync; the ISR stays. */
  static Optional<Elected> reassignment(
      List<Integer> target, List<Integer> isr, Set<Integer> live) {
    return target.stream()
        .filter(id -> live.contains(id) && isr.contains(id))
        .findFirst()
        .map(id -> new Elected(id, isr, false));
  }

  /** A leader that is not shutting down; those that are leave the ISR. */
  static Optional<Elected> controlledShutdown(
      List<Integer> assignment, List<Integer> isr, Set<Integer> live, Set<Integer> shuttingDown) {
    return assignment.stream()
        .filter(id -> live.contains(id) && isr.contains(id) && !shuttingDown.contains(id))
        .findFirst()
        .map(id -> new Elected(id, keep(isr, member -> !shuttingDown.contains(member)), false));
  }

  /** The ISR without a replica whose broker went; the last member always stays. */
  static Elected without(int replica, int leader, List<Integer> isr) {
    List<Integer> rest = isr.size() == 1 ? isr : keep(isr, member -> member != replica);
    return new Elected(leader == replica ? PartitionState.NO_LEADER : leader, rest, false);
  }

  private static List<Integer> keep(List<Integer> isr, IntPredicate wanted) {
    List<Integer> kept = new ArrayList<>();
    for (int member : isr) {
      if (wanted.test(member)) {
        kept.add(member);
      }
    }
    return kept;
  }
}
