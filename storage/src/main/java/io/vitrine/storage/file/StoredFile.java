package io.vitrine.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * One open file of bounded size (below 2 GiB), written by one thread at a time and read by many.
 *
 * <p>Positions and sizes are bytes. Reads use positions, so they do not disturb each other.
 */
public interface StoredFile extends AutoCloseable {

  /** Its length now. */
  long size() throws IOException;

  /** Writes all of the buffer at a position, growing the file when it must. */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Reads until the buffer is full or the file ends.
   *
   * @return bytes read
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** Cuts the file, or extends it with zeros that take no space. */
  void resize(long size) throws IOException;

  /** Forces what was written to the device. */
  void sync() throws IOException;

  /** The channel behind it, for transfers to a socket; nobody else closes it. */
  FileChannel channel();

  @Override
  void close() throws IOException;
}
