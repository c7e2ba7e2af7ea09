package io.vitrine.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;
import java.util.Arrays;
import java.util.List;

/**
 * A frame ready to be written: buffers and file regions in order, at least one. The holder either
 * writes every part to a channel, which then owns it, or calls {@link #release()}.
 *
 * @param sizeBytes the whole frame with its size field
 * @param zeroCopyBytes those of them that go from file to socket
 */
public record EncodedMessage(List<ReferenceCounted> parts, long sizeBytes, long zeroCopyBytes) {

  /**
   * The same message for a channel that cannot send files past this process: it reads them piece by
   * piece. Takes this one's place.
   */
  public EncodedMessage readingFiles() {
    if (zeroCopyBytes == 0) {
      return this;
    }
    List<ReferenceCounted> read =
        parts.stream()
            .map(part -> part instanceof FileSliceRegion region ? region.chunks() : part)
            .toList();
    return new EncodedMessage(read, sizeBytes, 0);
  }

  /**
   * A copy of the first bytes, read from the file where they are in one; the message stays as it
   * is. To be called before {@link #readingFiles}. What a file does not give any more is missing.
   */
  public byte[] head(int limitBytes) {
    byte[] head = new byte[(int) Math.min(limitBytes, sizeBytes)];
    int filled = 0;
    for (ReferenceCounted part : parts) {
      int wanted = head.length - filled;
      if (part instanceof ByteBuf buffer) {
        int length = Math.min(wanted, buffer.readableBytes());
        buffer.getBytes(buffer.readerIndex(), head, filled, length);
        filled += length;
      } else if (part instanceof FileSliceRegion region) {
        int length = (int) Math.min(wanted, region.count());
        int read = region.copy(head, filled, length);
        filled += read;
        if (read < length) {
          break;
        }
      }
    }
    return filled == head.length ? head : Arrays.copyOf(head, filled);
  }

  /** Frees the parts of a message that will not be written. */
  public void release() {
    parts.forEach(ReferenceCounted::release);
  }
}
