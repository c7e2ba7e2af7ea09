package io.vitrine.storage.log;

import io.vitrine.storage.index.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment that compaction writes, {@code <base>.log.cleaned}. Nobody else knows of it before
 * {@link PartitionLog#replace}. Not thread-safe.
 */
public final class CleanedSegment {
  private final LogSegment segment;

  CleanedSegment(LogSegment segment) {
    this.segment = segment;
  }

  LogSegment segment() {
    return segment;
  }

  public int sizeBytes() {
    return segment.sizeBytes();
  }

  /** Appends whole batches as they are. */
  public void append(ByteBuffer batches) throws IOException {
    List<BatchHeader> headers = new ArrayList<>();
    ByteBuffer rest = batches.duplicate();
    while (rest.hasRemaining()) {
      BatchHeader header = BatchHeader.parse(rest);
      headers.add(header);
      rest.position(rest.position() + header.sizeBytes());
    }
    segment.append(batches, headers);
  }

  /** Notes an aborted transaction whose records are still there. */
  public void append(AbortedTransaction aborted) throws IOException {
    segment.transactions().append(aborted);
  }

  /** Ends it: trimmed, on the device, with the file time of the newest segment it stands for. */
  public void finish(long lastModifiedMs) throws IOException {
    segment.activate();
    segment.seal();
    segment.flush();
    segment.setLastModifiedMs(lastModifiedMs);
  }

  /** Throws it away. */
  public void discard() throws IOException {
    segment.delete();
  }
}
