package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.zookeeper.CuratorSession;
import io.vitrine.cluster.zookeeper.SessionListener;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import io.vitrine.cluster.zookeeper.ZooKeeperSettings;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a broker's start goes on from step to step: a step is taken again when the ZooKeeper session
 * ended under it, and none is taken any more once the start is given up. Taken by the starting
 * thread, given up by any.
 */
final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private final int brokerId;
  private final Object lock = new Object();

  /** The starting thread while it waits for ZooKeeper; guarded by {@link #lock}. */
  private Thread connecting;

  private volatile boolean givenUp;

  /**
   * @param brokerId for messages, negative while nobody knows it
   */
  Startup(int brokerId) {
    this.brokerId = brokerId;
  }

  /** A step of the start. */
  interface Step {
    void take() throws IOException;
  }

  /**
   * Makes {@link #goOn} throw from now on. Waiting for ZooKeeper ends at once, the recovery of logs
   * does not.
   */
  void giveUp() {
    synchronized (lock) {
      givenUp = true;
      if (connecting != null) {
        connecting.interrupt();
      }
    }
  }

  /** Throws when the start was given up. */
  void goOn() throws IOException {
    if (givenUp) {
      throw new IOException("the broker was stopped while it started");
    }
  }

  /**
   * Takes a step again when the session ended meanwhile: nothing of this broker hung on it yet, so
   * that the next session is as good.
   */
  void untilSessionHolds(Step step) throws IOException {
    while (true) {
      try {
        step.take();
        return;
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.SESSION_EXPIRED) {
          throw e;
        }
        LOG.warn("broker={} the session ended during the start: {}", brokerId, e.toString());
      }
    }
  }

  /** Waits for ZooKeeper; the wait ends when the start is given up. */
  ZooKeeperSession connect(BrokerConfig config, SessionListener listener)
      throws IOException, InterruptedException {
    synchronized (lock) {
      goOn();
      connecting = Thread.currentThread();
    }
    try {
      return CuratorSession.connect(
          new ZooKeeperSettings(
              config.zookeeperConnect(),
              config.zookeeperSessionTimeoutMs(),
              config.zookeeperConnectionTimeoutMs()),
          "broker-" + (brokerId < 0 ? "new" : Integer.toString(brokerId)) + "-",
          listener);
    } catch (InterruptedException e) {
      goOn();
      throw e;
    } finally {
      synchronized (lock) {
        connecting = null;
        if (givenUp) {
          Thread.interrupted(); // meant for the wait only
        }
      }
    }
  }
}
