package io.vitrine.storage.log;

import java.nio.ByteBuffer;

/**
 * One small buffer a thread, for looking at the headers of batches between two index entries.
 *
 * <p>Outside the heap, so that a read goes there without a copy. Safe from any thread.
 */
public final class LookupBuffers {
  private static final int BYTES = 2048;

  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BYTES));

  /** The calling thread's buffer; one lookup ends before the next begins. */
  ByteBuffer buffer() {
    return buffers.get();
  }
}
