package io.vitrine.cluster.zookeeper;

import org.apache.zookeeper.data.Stat;

/**
 * What ZooKeeper knows of a node.
 *
 * @param version how often the data were set
 * @param czxid transaction that created it; the broker epoch of a registration
 * @param mzxid transaction that last changed it
 * @param ephemeralOwner session that owns it, 0 for a persistent node
 */
public record NodeStat(int version, long czxid, long mzxid, long ctimeMs, long ephemeralOwner) {
  static final NodeStat NONE = new NodeStat(-1, -1, -1, -1, 0);

  static NodeStat of(Stat stat) {
    return stat == null
        ? NONE
        : new NodeStat(
            stat.getVersion(),
            stat.getCzxid(),
            stat.getMzxid(),
            stat.getCtime(),
            stat.getEphemeralOwner());
  }
}
