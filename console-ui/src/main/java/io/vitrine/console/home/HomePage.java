package io.vitrine.console.home;

import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import java.util.List;

/**
 * What Home says of the cluster on the screen. Needs no toolkit.
 *
 * @param serving brokers that serve
 * @param bootstrap addresses for clients, empty while no broker serves
 * @param zooKeeper its address, empty when not known
 * @param controller broker id, -1 nobody or not known
 * @param offline partitions nobody leads
 * @param mayStart whether something does not run that could
 * @param mayStop whether anything runs
 */
record HomePage(
    Life life,
    int serving,
    int brokers,
    String bootstrap,
    String zooKeeper,
    int controller,
    int topics,
    int partitions,
    int offline,
    boolean mayStart,
    boolean mayStop) {

  /** How the cluster is, as a whole. */
  enum Life {
    /** Nothing was heard of it. */
    UNKNOWN,
    STARTING,
    SERVING,
    /** Some brokers serve, others do not. */
    PARTLY,
    STOPPED
  }

  static HomePage of(ClusterSnapshot snapshot) {
    List<BrokerView> brokers = snapshot.brokers();
    int serving = count(brokers, BrokerState.SERVING);
    int starting = count(brokers, BrokerState.STARTING);
    int stopping = count(brokers, BrokerState.STOPPING);
    boolean zooKeeperDown =
        snapshot.zooKeeper().state() == ZooKeeperView.State.STOPPED
            || snapshot.zooKeeper().state() == ZooKeeperView.State.NO_QUORUM;
    return new HomePage(
        life(brokers.size(), serving, starting),
        serving,
        brokers.size(),
        snapshot.bootstrapServers(),
        snapshot.zooKeeper().connectString(),
        snapshot.controller().brokerId(),
        snapshot.topics().size(),
        snapshot.partitions().size(),
        (int) snapshot.partitions().values().stream().filter(PartitionView::offline).count(),
        zooKeeperDown || serving + starting + stopping < brokers.size(),
        serving + starting + stopping > 0);
  }

  private static Life life(int brokers, int serving, int starting) {
    if (brokers == 0) {
      return Life.UNKNOWN;
    }
    if (serving == brokers) {
      return Life.SERVING;
    }
    if (starting > 0) {
      return Life.STARTING;
    }
    return serving == 0 ? Life.STOPPED : Life.PARTLY;
  }

  private static int count(List<BrokerView> brokers, BrokerState state) {
    return (int) brokers.stream().filter(b -> b.state() == state).count();
  }
}
