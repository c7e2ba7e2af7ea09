package io.vitrine.storage.log;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.utils.BufferSupplier;

/** Buffers batches are decompressed with, used again and again. Safe from any thread. */
public final class DecompressionBuffers {
  private final ConcurrentLinkedQueue<BufferSupplier> idle = new ConcurrentLinkedQueue<>();

  /** Takes a supplier for one thread's use. */
  BufferSupplier take() {
    BufferSupplier supplier = idle.poll();
    return supplier == null ? BufferSupplier.create() : supplier;
  }

  /** Gives it back; as many are kept as were in use at once. */
  void giveBack(BufferSupplier supplier) {
    idle.add(supplier);
  }
}
