package io.vitrine.console.zookeeper;

import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;

/**
 * A line of the tree.
 *
 * @param label its name, or its whole path among what was found
 * @param owner who is behind the session it lives as long as, empty for a persistent node
 * @param justChanged whether it changed a moment ago
 */
record ZnodeRow(Znode node, String label, String owner, boolean justChanged) {
  /** How many sessions will hear of its next change, of data or of children. */
  int watchers() {
    return node.dataWatchers().size() + node.childWatchers().size();
  }
}
