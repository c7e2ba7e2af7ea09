package io.vitrine.storage.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is only read, through one buffer of bounded size. Not thread-safe. */
final class ReadOnlyFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long bufferStart;

  ReadOnlyFile(Path path) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    this.size = channel.size();
  }

  Path path() {
    return path;
  }

  /** Its length when it was opened; a log may have grown since. */
  long size() {
    return size;
  }

  /**
   * Bytes of the file, valid until the next call.
   *
   * @param count at most the buffer's 64 KiB
   */
  ByteBuffer at(long position, int count) throws IOException {
    if (position < bufferStart || position + count > bufferStart + buffer.limit()) {
      if (buffer.capacity() == 0) {
        buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, Math.max(1, size)));
      }
      buffer.clear();
      bufferStart = position;
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) <= 0) {
          break;
        }
      }
      buffer.flip();
      if (buffer.limit() < count) {
        throw new IOException(path + " ends at " + (position + buffer.limit()));
      }
    }
    return buffer.slice((int) (position - bufferStart), count);
  }

  /** Copies bytes; whoever asks has bounded the count. */
  ByteBuffer copy(long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) <= 0) {
        throw new IOException(path + " ends at " + (position + bytes.position()));
      }
    }
    return bytes.flip();
  }

  /** The largest piece {@link #at} gives. */
  int pieceBytes() {
    return (int) Math.min(BUFFER_BYTES, Math.max(1, size));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
