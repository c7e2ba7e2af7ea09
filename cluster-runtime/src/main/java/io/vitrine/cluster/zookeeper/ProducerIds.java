package io.vitrine.cluster.zookeeper;

/**
 * Hands out producer ids, a block from ZooKeeper at a time.
 *
 * <p>Safe from any thread; one call in a thousand waits for ZooKeeper.
 */
public final class ProducerIds {
  private final ProducerIdBlocks blocks;
  private final int brokerId;
  private long next;
  private long end;

  public ProducerIds(ZooKeeperSession session, int brokerId) {
    this.blocks = new ProducerIdBlocks(session);
    this.brokerId = brokerId;
  }

  /** An id nobody else gets. */
  public synchronized long next() {
    reserve();
    return next++;
  }

  /** Has ids at hand, as brokers below level 3.0 do from their start on. */
  public synchronized void reserve() {
    if (next == end) {
      ProducerIdBlockNode block = blocks.take(brokerId);
      next = block.first();
      end = block.last() + 1;
    }
  }
}
