package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.ControllerNode;
import io.vitrine.cluster.zookeeper.CreateMode;
import io.vitrine.cluster.zookeeper.NodeData;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZkException;
import io.vitrine.cluster.zookeeper.ZkOp;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZkResult;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The race for {@code /controller}: whoever makes the node and raises the epoch in one multi has
 * won.
 *
 * <p>Blocks; called by the event thread.
 */
final class ControllerElection {
  private final ZooKeeperSession session;
  private final int brokerId;
  private final InstantSource clock;

  /** The winner's epoch, and the version of {@code /controller_epoch} that fences its writes. */
  record Won(int epoch, int epochVersion) {}

  ControllerElection(ZooKeeperSession session, int brokerId, InstantSource clock) {
    this.session = session;
    this.brokerId = brokerId;
    this.clock = clock;
  }

  /** Who is controller; the next change of that fires the watch. */
  Optional<Integer> current() {
    return Waiting.on(session.getAndWatch(ZkPaths.CONTROLLER))
        .map(node -> ControllerNode.decode(node.data()).brokerId());
  }

  /**
   * Tries to become controller; empty when another is. Only for one who does not rule: a {@code
   * /controller} of this session is then left from a reign that ended without it, and goes first.
   */
  Optional<Won> tryToWin() {
    while (true) {
      NodeData before = epochNode();
      Optional<NodeData> held = Waiting.on(session.getAndWatch(ZkPaths.CONTROLLER));
      if (held.isPresent()) {
        if (held.get().stat().ephemeralOwner() != session.sessionId()) {
          return Optional.empty();
        }
        giveUp(before.stat().version());
      }
      int epoch = Integer.parseInt(before.text()) + 1;
      try {
        List<ZkResult> results =
            Waiting.on(
                session.multi(
                    List.of(
                        new ZkOp.Create(
                            ZkPaths.CONTROLLER,
                            new ControllerNode(brokerId, clock.millis()).encode(),
                            CreateMode.EPHEMERAL),
                        new ZkOp.SetData(
                            ZkPaths.CONTROLLER_EPOCH, text(epoch), before.stat().version()))));
        return Optional.of(new Won(epoch, results.get(1).stat().version()));
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.NODE_EXISTS && e.code() != ZkException.Code.BAD_VERSION) {
          throw e;
        }
        Optional<NodeData> winner = Waiting.on(session.getAndWatch(ZkPaths.CONTROLLER));
        if (winner.isPresent()) {
          return wonWithoutHearing(winner.get(), epoch);
        }
        // Another ruled and fell since the epoch was read, perhaps before the watch was armed: no
        // change may be left to hear of.
      }
    }
  }

  /** Deletes {@code /controller} unless another was elected since this epoch version. */
  void giveUp(int epochVersion) {
    try {
      Waiting.on(
          session.multi(
              List.of(
                  new ZkOp.Check(ZkPaths.CONTROLLER_EPOCH, epochVersion),
                  new ZkOp.Delete(ZkPaths.CONTROLLER, -1))));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NO_NODE && e.code() != ZkException.Code.BAD_VERSION) {
        throw e;
      }
    }
  }

  /** The answer may have been lost with the connection although the multi was done. */
  private Optional<Won> wonWithoutHearing(NodeData winner, int epoch) {
    NodeData now = epochNode();
    boolean ours =
        winner.stat().ephemeralOwner() == session.sessionId()
            && Integer.parseInt(now.text()) == epoch;
    return ours ? Optional.of(new Won(epoch, now.stat().version())) : Optional.empty();
  }

  private NodeData epochNode() {
    Optional<NodeData> present = Waiting.on(session.get(ZkPaths.CONTROLLER_EPOCH));
    if (present.isPresent()) {
      return present.get();
    }
    try {
      Waiting.on(session.create(ZkPaths.CONTROLLER_EPOCH, text(0), CreateMode.PERSISTENT));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NODE_EXISTS) {
        throw e;
      }
    }
    return Waiting.on(session.get(ZkPaths.CONTROLLER_EPOCH)).orElseThrow();
  }

  private static byte[] text(int epoch) {
    return Integer.toString(epoch).getBytes(StandardCharsets.UTF_8);
  }
}
