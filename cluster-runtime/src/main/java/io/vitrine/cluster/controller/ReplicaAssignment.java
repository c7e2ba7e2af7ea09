package io.vitrine.cluster.controller;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;

/**
 * Which brokers get a new topic's replicas: round robin from a random start, followers shifted by a
 * step that grows with each round, racks taken in turn where every broker has one (M22, M23).
 */
public final class ReplicaAssignment {
  private ReplicaAssignment() {}

  /**
   * Spreads replicas.
   *
   * @param racks each live broker with its rack, if it has one
   * @throws InvalidReplicationFactorException when there are fewer brokers than replicas
   */
  public static Map<Integer, List<Integer>> spread(
      Map<Integer, Optional<String>> racks, int partitions, int replicationFactor, Random random) {
    check(racks.size(), partitions, replicationFactor);
    int start = random.nextInt(racks.size());
    int shift = random.nextInt(racks.size());
    return spread(racks, partitions, replicationFactor, start, shift, 0);
  }

  /**
   * Spreads the replicas of partitions added to a topic, beginning where the first one lies.
   *
   * @param first replicas of the topic's partition 0
   * @param existing partitions there are
   * @param wanted partitions there will be
   */
  public static Map<Integer, List<Integer>> extend(
      Map<Integer, Optional<String>> racks, List<Integer> first, int existing, int wanted) {
    int start = 0;
    for (int broker : new TreeMap<>(racks).keySet()) {
      if (broker >= first.get(0)) {
        return spread(racks, wanted - existing, first.size(), start, start, existing);
      }
      start++;
    }
    return spread(racks, wanted - existing, first.size(), 0, 0, existing);
  }

  /** The same with start, shift and first partition given. */
  static Map<Integer, List<Integer>> spread(
      Map<Integer, Optional<String>> racks,
      int partitions,
      int replicationFactor,
      int start,
      int shift,
      int firstPartition) {
    check(racks.size(), partitions, replicationFactor);
    long withRack = racks.values().stream().filter(Optional::isPresent).count();
    if (withRack > 0 && withRack < racks.size()) {
      throw new InvalidReplicationFactorException(
          "some brokers have a rack and some have none: give every broker a broker.rack or none");
    }
    return withRack == 0
        ? plain(
            new ArrayList<>(new TreeMap<>(racks).keySet()),
            partitions,
            replicationFactor,
            start,
            shift,
            firstPartition)
        : byRack(new TreeMap<>(racks), partitions, replicationFactor, start, shift, firstPartition);
  }

  private static void check(int brokers, int partitions, int replicationFactor) {
    if (partitions <= 0) {
      throw new InvalidPartitionsException("Number of partitions must be larger than 0.");
    }
    if (replicationFactor <= 0) {
      throw new InvalidReplicationFactorException("Replication factor must be larger than 0.");
    }
    if (replicationFactor > brokers) {
      throw new InvalidReplicationFactorException(
          "Replication factor: "
              + replicationFactor
              + " larger than available brokers: "
              + brokers
              + ".");
    }
  }

  private static Map<Integer, List<Integer>> plain(
      List<Integer> brokers, int partitions, int factor, int start, int shift, int firstPartition) {
    int count = brokers.size();
    int step = shift;
    Map<Integer, List<Integer>> assignment = new LinkedHashMap<>();
    for (int p = firstPartition; p < firstPartition + partitions; p++) {
      if (p > 0 && p % count == 0) {
        step++;
      }
      int first = (p + start) % count;
      List<Integer> replicas = new ArrayList<>(List.of(brokers.get(first)));
      for (int j = 0; j < factor - 1; j++) {
        replicas.add(brokers.get(follower(first, step, j, count)));
      }
      assignment.put(p, List.copyOf(replicas));
    }
    return assignment;
  }

  private static Map<Integer, List<Integer>> byRack(
      TreeMap<Integer, Optional<String>> racks,
      int partitions,
      int factor,
      int start,
      int shift,
      int firstPartition) {
    List<Integer> brokers = alternate(racks);
    int rackCount = new HashSet<>(racks.values()).size();
    int count = brokers.size();
    int step = shift;
    Map<Integer, List<Integer>> assignment = new LinkedHashMap<>();
    for (int p = firstPartition; p < firstPartition + partitions; p++) {
      if (p > 0 && p % count == 0) {
        step++;
      }
      int first = (p + start) % count;
      List<Integer> replicas = new ArrayList<>(List.of(brokers.get(first)));
      Set<Optional<String>> usedRacks = new HashSet<>(Set.of(racks.get(brokers.get(first))));
      int k = 0;
      while (replicas.size() < factor) {
        int broker = brokers.get(follower(first, step * rackCount, k++, count));
        boolean rackFree = !usedRacks.contains(racks.get(broker)) || usedRacks.size() == rackCount;
        if (rackFree && !replicas.contains(broker)) {
          replicas.add(broker);
          usedRacks.add(racks.get(broker));
        }
      }
      assignment.put(p, List.copyOf(replicas));
    }
    return assignment;
  }

  private static int follower(int first, int shift, int index, int count) {
    return (first + 1 + (shift + index) % (count - 1)) % count;
  }

  /** Brokers so that racks take turns: racks by name, brokers by id within. */
  private static List<Integer> alternate(TreeMap<Integer, Optional<String>> racks) {
    TreeMap<String, List<Integer>> byRack = new TreeMap<>();
    racks.forEach(
        (broker, rack) ->
            byRack.computeIfAbsent(rack.orElseThrow(), r -> new ArrayList<>()).add(broker));
    List<Integer> order = new ArrayList<>();
    for (int round = 0; order.size() < racks.size(); round++) {
      for (List<Integer> brokers : byRack.values()) {
        if (round < brokers.size()) {
          order.add(brokers.get(round));
        }
      }
    }
    return order;
  }
}
