package io.vitrine.storage.log;

import java.nio.ByteBuffer;

/**
 * What a Snappy stream announces, as Kafka's clients write it: 16 bytes of header, then chunks of
 * i32 size and so many bytes; or one chunk alone, without header and size. A chunk begins with a
 * varint, the length it has when decompressed. The reader allocates both before it looks whether
 * they can be, up to 2 GiB for 30 bytes. Source: snappy's format_description.txt.
 */
final class SnappyChunks {
  private static final int HEADER_BYTES = 16;

  /** Its first eight bytes, {@code 0x82 SNAPPY 0x00}. */
  private static final long HEADER = 0x82534e4150505900L;

  /** The first four, which come in place of a size where one stream follows another. */
  private static final int HEADER_BEGIN = (int) (HEADER >>> 32);

  /** The most of a copy, 64 bytes, takes 3. */
  private static final int MOST_EXPANSION = 22;

  private SnappyChunks() {}

  /** Whether the chunks are there, and can become as long as they announce. */
  static boolean sound(ByteBuffer stream) {
    ByteBuffer rest = stream.slice();
    if (rest.remaining() < HEADER_BYTES || rest.getLong(0) != HEADER) {
      return soundChunk(rest);
    }
    rest.position(HEADER_BYTES);
    while (rest.remaining() >= Integer.BYTES) {
      int size = rest.getInt();
      if (size == HEADER_BEGIN) {
        size = HEADER_BYTES - Integer.BYTES;
        if (size > rest.remaining()) {
          return false;
        }
      } else if (size < 0
          || size > rest.remaining()
          || !soundChunk(rest.slice(rest.position(), size))) {
        return false;
      }
      rest.position(rest.position() + size);
    }
    return true;
  }

  private static boolean soundChunk(ByteBuffer chunk) {
    long length = 0;
    int at = 0;
    int octet = 0x80;
    while (octet >= 0x80 && at < chunk.limit() && at < Integer.BYTES + 1) {
      octet = chunk.get(at) & 0xff;
      length |= (octet & 0x7fL) << (7 * at);
      at++;
    }
    return length <= (long) MOST_EXPANSION * chunk.limit();
  }
}
