package io.vitrine.cluster.zookeeper;

import java.util.Optional;

/**
 * Takes blocks of {@value #SIZE} producer ids out of ZooKeeper, for a broker itself or by the
 * controller for a broker that asks it (KIP-730). Waits for ZooKeeper; safe from any thread.
 */
public final class ProducerIdBlocks {
  /** Ids in a block. */
  public static final int SIZE = 1000;

  private final ZooKeeperSession session;

  public ProducerIdBlocks(ZooKeeperSession session) {
    this.session = session;
  }

  /**
   * A block nobody else gets.
   *
   * @throws ZkException when ZooKeeper refuses or is closed
   * @throws IllegalStateException when all ids there are have been given
   */
  public ProducerIdBlockNode take(int brokerId) {
    while (true) {
      Optional<NodeData> node = Waiting.on(session.get(ZkPaths.PRODUCER_ID_BLOCK));
      NodeData present =
          node.orElseThrow(
              () -> new IllegalStateException(ZkPaths.PRODUCER_ID_BLOCK + " is missing"));
      long last =
          present.data().length == 0 ? -1 : ProducerIdBlockNode.decode(present.data()).last();
      if (last > Long.MAX_VALUE - SIZE) {
        throw new IllegalStateException("no producer id is left after " + last);
      }
      ProducerIdBlockNode block = new ProducerIdBlockNode(brokerId, last + 1, last + SIZE);
      try {
        Waiting.on(
            session.set(ZkPaths.PRODUCER_ID_BLOCK, block.encode(), present.stat().version()));
        return block;
      } catch (ZkException e) {
        if (e.code() != ZkException.Code.BAD_VERSION) {
          throw e;
        }
        // Somebody else took the block in between.
      }
    }
  }
}
