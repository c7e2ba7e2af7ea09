package io.vitrine.cluster.controller;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A partition's replicas, and what a reassignment under way makes of them (KIP-455).
 *
 * @param replicas all of them, those that come and those that go included; the first is the
 *     preferred leader
 * @param adding those that come
 * @param removing those that go once the others are in sync
 */
public record Assignment(List<Integer> replicas, List<Integer> adding, List<Integer> removing) {
  static final Assignment NONE = of(List.of());

  public Assignment {
    replicas = List.copyOf(replicas);
    adding = List.copyOf(adding);
    removing = List.copyOf(removing);
  }

  /** An assignment nothing changes. */
  static Assignment of(List<Integer> replicas) {
    return new Assignment(replicas, List.of(), List.of());
  }

  /** Whether replicas come or go. */
  public boolean reassigning() {
    return !adding.isEmpty() || !removing.isEmpty();
  }

  /** What it was before the reassignment; the order may be the new one's. */
  public List<Integer> origin() {
    return without(replicas, adding);
  }

  /** What it will be after the reassignment. */
  public List<Integer> target() {
    return without(replicas, removing);
  }

  /** The way to other replicas: the wanted ones first, then those that will go. */
  Assignment reassignTo(List<Integer> wanted) {
    List<Integer> before = origin();
    Set<Integer> all = new LinkedHashSet<>(wanted);
    all.addAll(before);
    List<Integer> full = new ArrayList<>(all);
    return new Assignment(full, without(full, before), without(full, wanted));
  }

  private static List<Integer> without(List<Integer> from, List<Integer> those) {
    return from.stream().filter(id -> !those.contains(id)).toList();
  }
}
