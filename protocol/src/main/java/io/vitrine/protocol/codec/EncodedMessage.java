package io.vitrine.protocol.codec;

import io.netty.util.ReferenceCounted;
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

  /** Frees the parts of a message that will not be written. */
  public void release() {
    parts.forEach(ReferenceCounted::release);
  }
}
