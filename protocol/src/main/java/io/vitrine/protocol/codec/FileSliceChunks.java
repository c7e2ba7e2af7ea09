package io.vitrine.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.EOFException;
import java.io.IOException;

/**
 * A file slice read piece by piece, for connections whose bytes must go through this process on
 * their way (TLS). Needs Netty's ChunkedWriteHandler, which asks for the next piece only when the
 * socket has taken what came before. Owned by the channel's event loop.
 */
final class FileSliceChunks extends AbstractReferenceCounted implements ChunkedInput<ByteBuf> {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final FileSlice slice;
  private int readBytes;

  FileSliceChunks(FileSlice slice) {
    this.slice = slice;
  }

  @Override
  public boolean isEndOfInput() {
    return readBytes >= slice.sizeInBytes();
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
    int wanted = Math.min(CHUNK_BYTES, slice.sizeInBytes() - readBytes);
    if (wanted <= 0) {
      return null;
    }
    ByteBuf chunk = allocator.buffer(wanted, wanted);
    try {
      while (chunk.isWritable()) {
        int read =
            chunk.writeBytes(
                slice.channel(),
                slice.position() + readBytes + chunk.readableBytes(),
                chunk.writableBytes());
        if (read < 0) {
          throw new EOFException("file ended within " + slice);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      chunk.release();
      throw e;
    }
    readBytes += wanted;
    return chunk;
  }

  /** Netty's older way to ask for the same. */
  @Deprecated
  @Override
  public ByteBuf readChunk(ChannelHandlerContext ctx) throws IOException {
    return readChunk(ctx.alloc());
  }

  @Override
  public long length() {
    return slice.sizeInBytes();
  }

  @Override
  public long progress() {
    return readBytes;
  }

  /** Called by Netty when the slice is written, or never will be. */
  @Override
  public void close() {
    slice.release();
  }

  @Override
  protected void deallocate() {
    slice.release();
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    return this;
  }
}
