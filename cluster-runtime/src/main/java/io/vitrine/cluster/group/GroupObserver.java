package io.vitrine.cluster.group;

/** Hears of groups' changes. Called under the group's lock: never blocks. */
@FunctionalInterface
interface GroupObserver {
  /**
   * A group came to another state, or its members changed.
   *
   * @param reason in words
   */
  void changed(Group group, String reason);
}
