package io.vitrine.cluster.snapshot;

import java.util.Set;

/**
 * Where somebody looks in ZooKeeper's tree. What is told costs what is looked at, however large the
 * tree is.
 *
 * @param open paths whose children are wanted
 * @param chosen the path whose data are wanted, empty for none
 * @param find what paths are to hold, upper and lower case alike; empty looks for nothing
 */
public record ZooKeeperLook(Set<String> open, String chosen, String find) {
  public ZooKeeperLook {
    open = Set.copyOf(open);
  }
}
