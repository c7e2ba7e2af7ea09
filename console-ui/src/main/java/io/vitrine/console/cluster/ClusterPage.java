package io.vitrine.console.cluster;

import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.cluster.snapshot.TrafficView;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What the Cluster view shows at one moment.
 *
 * @param brokers cards by broker id
 * @param fetches what followers copied lately, between brokers
 */
record ClusterPage(
    boolean loading,
    Traffic traffic,
    Keeper zooKeeper,
    List<Card> brokers,
    List<Stream> fetches,
    boolean paused) {

  /** The demo traffic, and how many partitions nobody serves now. */
  record Traffic(TrafficView counts, int leaderless) {}

  /**
   * ZooKeeper.
   *
   * @param controllerEpoch 0 when there never was a controller
   * @param controller broker id, -1 nobody
   */
  record Keeper(ZooKeeperView view, int controller, int controllerEpoch) {}

  /** Records a second that one broker copies from another. */
  record Stream(int from, int to, double recordsPerSecond) {}

  /** A broker's session with ZooKeeper; left is -1 when no countdown runs. */
  record Session(SessionView.State state, long leftMs, int timeoutMs) {
    /** How much of the session is left, between 0 and 1. */
    double share() {
      return switch (state) {
        case CONNECTED -> 1;
        case RUNNING_OUT -> timeoutMs == 0 ? 0 : leftMs / (double) timeoutMs;
        default -> 0;
      };
    }
  }

  /**
   * The request pipeline and the disk, as last measured.
   *
   * @param connections negative when the broker tells nobody about its pipeline
   * @param diskBytes -1 when not known
   */
  record Load(
      int connections,
      int queueLength,
      int ioThreads,
      int busyIoThreads,
      long diskBytes,
      long freeBytes,
      double bytesInPerSecond,
      double recordsInPerSecond) {
    boolean told() {
      return connections >= 0;
    }
  }

  /**
   * One broker.
   *
   * @param controllerEpoch its epoch as controller, 0 when that is not known, -1 when it is not the
   *     controller
   * @param leaders partitions it leads in ZooKeeper
   * @param partitions partitions assigned to it
   * @param remainingLeaders partitions still led during controlled shutdown, else -1
   * @param measuredAgoMs age of the load, -1 never measured
   * @param history bytes in per second, oldest first
   */
  record Card(
      int id,
      BrokerState state,
      int controllerEpoch,
      long brokerEpoch,
      String address,
      Session session,
      int leaders,
      int partitions,
      Load load,
      int remainingLeaders,
      String failure,
      long measuredAgoMs,
      double[] history) {

    boolean running() {
      return state == BrokerState.SERVING
          || state == BrokerState.STOPPING
          || state == BrokerState.STARTING;
    }

    /** The measurements are old although the broker should be sending new ones. */
    boolean stale() {
      return measuredAgoMs > 2_000;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Card card
          && id == card.id
          && state == card.state
          && controllerEpoch == card.controllerEpoch
          && brokerEpoch == card.brokerEpoch
          && address.equals(card.address)
          && session.equals(card.session)
          && leaders == card.leaders
          && partitions == card.partitions
          && load.equals(card.load)
          && remainingLeaders == card.remainingLeaders
          && failure.equals(card.failure)
          && measuredAgoMs / 1000 == card.measuredAgoMs / 1000
          && Arrays.equals(history, card.history);
    }

    @Override
    public int hashCode() {
      return Objects.hash(id, state, brokerEpoch, leaders);
    }
  }
}
