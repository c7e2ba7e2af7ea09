package io.vitrine.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Bytes of a segment file, promised to a reader.
 *
 * <p>The file stays open until the slice is closed, also when its segment is deleted meanwhile.
 * Closing twice does nothing.
 */
public final class LogSlice implements AutoCloseable {
  /** No bytes. */
  public static final LogSlice EMPTY = new LogSlice(null, 0, 0);

  private final SegmentFile file;
  private final long position;
  private final int sizeBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The file was retained for this slice by the caller. */
  LogSlice(SegmentFile file, long position, int sizeBytes) {
    this.file = file;
    this.position = position;
    this.sizeBytes = sizeBytes;
  }

  /** The segment's channel; only for a slice that is not empty. */
  public FileChannel channel() {
    return file.stored().channel();
  }

  public long position() {
    return position;
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  /** Copies the bytes to the heap. */
  public MemoryRecords toMemory() throws IOException {
    if (sizeBytes == 0) {
      return MemoryRecords.EMPTY;
    }
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
    file.stored().read(bytes, position);
    return MemoryRecords.readableRecords(bytes.flip());
  }

  @Override
  public void close() {
    if (file != null && closed.compareAndSet(false, true)) {
      file.release();
    }
  }
}
