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

  @Override
  protected void deallocate() {
    slice.release();
  }
}
