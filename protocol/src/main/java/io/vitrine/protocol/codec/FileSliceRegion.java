package io.vitrine.protocol.codec;

import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file region that gives its slice back when done. Netty's own would close the file, which is a
 * log segment here and read by others.
 */
final class FileSliceRegion extends DefaultFileRegion {
  private static final Logger LOG = LoggerFactory.getLogger(FileSliceRegion.class);

  private final FileSlice slice;

  FileSliceRegion(FileSlice slice) {
    super(slice.channel(), slice.position(), slice.sizeInBytes());
    this.slice = slice;
  }

  /** The same bytes to be read piece by piece; this region must not be used any more. */
  FileSliceChunks chunks() {
    return new FileSliceChunks(slice);
  }

  /**
   * Copies the first bytes without using them up.
   *
   * @return how many were read; fewer than wanted when the file cannot be read
   */
  int copy(byte[] into, int at, int length) {
    ByteBuffer target = ByteBuffer.wrap(into, at, length);
    try {
      while (target.hasRemaining()) {
        int done = target.position() - at;
        if (slice.channel().read(target, slice.position() + done) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be copied", slice, e);
    }
    return target.position() - at;
  }

  @Override
  protected void deallocate() {
    slice.release();
  }
}
