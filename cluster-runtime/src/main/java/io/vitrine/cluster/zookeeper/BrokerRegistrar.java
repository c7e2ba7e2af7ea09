package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent.IdSource;
import io.vitrine.storage.checkpoint.MetaProperties;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * A broker's way into the cluster: top-level nodes, cluster id, its own id, its registration.
 *
 * <p>Blocks on ZooKeeper; called by the thread that starts the broker, and for a new session by the
 * controller's event thread.
 */
public final class BrokerRegistrar {
  private static final byte[] NOTHING = null;

  private final ZooKeeperSession session;
  private final Set<Long> ownSessions = ConcurrentHashMap.newKeySet();

  public BrokerRegistrar(ZooKeeperSession session) {
    this.session = session;
  }

  /** Makes the persistent nodes that are missing, in Kafka's order. */
  public void ensureTopLevelNodes() {
    for (String path : ZkPaths.PERSISTENT) {
      Nodes.ensure(session, path, NOTHING);
    }
  }

  /** The cluster's id, made at random by whoever comes first. */
  public String clusterId() {
    Optional<NodeData> present = Waiting.on(session.get(ZkPaths.CLUSTER_ID));
    if (present.isEmpty()) {
      String id = Uuid.randomUuid().toString();
      Nodes.ensure(session, ZkPaths.CLUSTER_ID, ZkJson.object("version", "1", "id", id));
      present = Waiting.on(session.get(ZkPaths.CLUSTER_ID));
    }
    byte[] data =
        present
            .orElseThrow(() -> new RegistrationException("/cluster/id vanished while it was read"))
            .data();
    return ZkJson.parse(ZkPaths.CLUSTER_ID, data).path("id").asText();
  }

  /**
   * Decides this broker's id: the configured one, else the stored one, else the next generated one.
   *
   * @param stored what the log directories say; those that say nothing are absent
   * @throws RegistrationException when they contradict each other or the configuration
   */
  public BrokerIdentity resolveId(BrokerConfig config, List<MetaProperties> stored) {
    Set<Integer> ids =
        stored.stream()
            .map(MetaProperties::brokerId)
            .filter(id -> id >= 0)
            .collect(Collectors.toSet());
    if (ids.size() > 1) {
      throw new RegistrationException(
          "the log directories belong to different brokers "
              + ids
              + ": name only one broker's directories in log.dirs");
    }
    Optional<Integer> storedId = ids.stream().findFirst();
    int configured = config.brokerId();
    if (configured >= 0) {
      if (storedId.isPresent() && storedId.get() != configured) {
        throw new RegistrationException(
            "broker.id is "
                + configured
                + ", but meta.properties in log.dirs says "
                + storedId.get()
                + ": correct broker.id, or use the other broker's directories");
      }
      return new BrokerIdentity(configured, IdSource.CONFIGURED);
    }
    return storedId
        .map(id -> new BrokerIdentity(id, IdSource.STORED))
        .orElseGet(
            () -> new BrokerIdentity(generateId(config.reservedBrokerMaxId()), IdSource.GENERATED));
  }

  private int generateId(int reservedMax) {
    return reservedMax
        + Waiting.on(session.set(ZkPaths.BROKER_SEQUENCE, new byte[0], -1)).version();
  }

  /**
   * Writes {@code /brokers/ids/<id>}, owned by the session.
   *
   * @return the broker epoch, the node's czxid
   * @throws RegistrationException when another broker with this id is alive
   */
  public long register(BrokerIdNode node) {
    String path = ZkPaths.broker(node.id());
    while (true) {
      ownSessions.add(session.sessionId());
      try {
        List<ZkResult> results =
            Waiting.on(
                session.multi(
                    List.of(
                        new ZkOp.Create(path, NOTHING, CreateMode.EPHEMERAL),
                        new ZkOp.SetData(path, node.encode(), 0))));
        return results.get(1).stat().czxid();
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.NODE_EXISTS) {
          throw e;
        }
        Optional<NodeData> present = Waiting.on(session.get(path));
        if (present.isPresent()) {
          NodeStat stat = present.get().stat();
          if (stat.ephemeralOwner() == session.sessionId()) {
            return stat.czxid();
          }
          if (!ownSessions.contains(stat.ephemeralOwner())) {
            throw new RegistrationException(
                "broker id "
                    + node.id()
                    + " is taken: session 0x"
                    + Long.toHexString(stat.ephemeralOwner())
                    + " holds "
                    + path
                    + ". Stop the other broker, choose another broker.id, or wait until that"
                    + " session has run out");
          }
          deleteIfThere(path);
        }
      }
    }
  }

  /**
   * Writes other addresses into the node that {@link #register} made; nothing when the session that
   * owned it is over, since the next registration has them.
   */
  public void update(BrokerIdNode node) {
    try {
      Waiting.on(session.set(ZkPaths.broker(node.id()), node.encode(), -1));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NO_NODE) {
        throw e;
      }
    }
  }

  private void deleteIfThere(String path) {
    try {
      Waiting.on(session.delete(path, -1));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NO_NODE) {
        throw e;
      }
    }
  }
}
