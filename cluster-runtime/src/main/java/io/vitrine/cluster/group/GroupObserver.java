package io.vitrine.cluster.group;

/** Hears of groups' changes. Called under the group's lock: never blocks. */
@FunctionalInterface
interface GroupObserver {
  /** A group came to another state, or its members changed. */
  void changed(Group group, Change change);
}
