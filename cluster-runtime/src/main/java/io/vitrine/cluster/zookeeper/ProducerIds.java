package io.vitrine.cluster.zookeeper;

import java.util.Optional;

/**
 * Hands out producer ids, a thousand from ZooKeeper at a time.
 *
 * <p>Safe from any thread; one call in a thousand waits for ZooKeeper.
 */
public final class ProducerIds {
  private static final long BLOCK = 1000;

  private final ZooKeeperSession session;
  private final int brokerId;
  private long next;
  private long end;

  public ProducerIds(ZooKeeperSession session, int brokerId) {
    this.session = session;
    this.brokerId = brokerId;
  }

  /** An id nobody else gets. */
  public synchronized long next() {
    if (next == end) {
      takeBlock();
    }
    return next++;
  }

  private void takeBlock() {
    while (true) {
      Optional<NodeData> node = Waiting.on(session.get(ZkPaths.PRODUCER_ID_BLOCK));
      NodeData present =
          node.orElseThrow(
              () -> new IllegalStateException(ZkPaths.PRODUCER_ID_BLOCK + " is missing"));
      long first =
          present.data().length == 0 ? 0 : ProducerIdBlockNode.decode(present.data()).last() + 1;
      try {
        Waiting.on(
            session.set(
                ZkPaths.PRODUCER_ID_BLOCK,
                new ProducerIdBlockNode(brokerId, first, first + BLOCK - 1).encode(),
                present.stat().version()));
        next = first;
        end = first + BLOCK;
        return;
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.BAD_VERSION) {
          throw e;
        }
        // Another broker took the block in between.
      }
    }
  }
}
