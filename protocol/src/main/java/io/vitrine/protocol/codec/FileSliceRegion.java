package io.vitrine.protocol.codec;

import io.netty.channel.DefaultFileRegion;

/**
 * A file region that gives its slice back when done. Netty's own would close the file, which is a
 * log segment here and read by others.
 */
final class FileSliceRegion extends DefaultFileRegion {
  private final FileSlice slice;

  FileSliceRegion(FileSlice slice) {
    super(slice.channel(), slice.position(), slice.sizeInBytes());
    this.slice = slice;
  }

  /** The same bytes to be read piece by piece; this region must not be used any more. */
  FileSliceChunks chunks() {
    return new FileSliceChunks(slice);
  }

  @Override
  protected void deallocate() {
    slice.release();
  }
}
