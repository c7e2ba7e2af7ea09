package io.vitrine.cluster.fuzz;

import io.vitrine.cluster.group.GroupRecordsTarget;
import io.vitrine.cluster.transaction.TransactionRecordsTarget;
import io.vitrine.cluster.zookeeper.ZnodesTarget;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** All targets by name. */
final class FuzzTargets {
  private static final Map<String, Supplier<FuzzTarget>> TARGETS =
      new TreeMap<>(
          Map.of(
              "frames", FramesTarget::new,
              "requests", RequestsTarget::new,
              "sasl", SaslTarget::new,
              "batches", BatchesTarget::new,
              "logfiles", LogFilesTarget::new,
              "grouprecords", GroupRecordsTarget::new,
              "transactionrecords", TransactionRecordsTarget::new,
              "znodes", ZnodesTarget::new));

  private FuzzTargets() {}

  static SortedSet<String> names() {
    return new TreeSet<>(TARGETS.keySet());
  }

  /**
   * A new target.
   *
   * @throws IllegalArgumentException naming those there are
   */
  static FuzzTarget named(String name) {
    Supplier<FuzzTarget> target = TARGETS.get(name);
    if (target == null) {
      throw new IllegalArgumentException("no target " + name + " among " + names());
    }
    return target.get();
  }
}
