package io.vitrine.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.MemoryRecords;

/**
 * Writes one message's fields into one buffer and remembers where file slices belong between them.
 * Used once, by one thread; the buffer belongs to the caller.
 */
final class MessageWriter implements Writable {
  private final ByteBuf buffer;
  private final List<FileSlice> slices = new ArrayList<>(0);
  private final List<Integer> slicePositions = new ArrayList<>(0);

  MessageWriter(ByteBuf buffer) {
    this.buffer = buffer;
  }

  @Override
  public void writeByte(byte value) {
    buffer.writeByte(value);
  }

  @Override
  public void writeShort(short value) {
    buffer.writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    buffer.writeInt(value);
  }

  @Override
  public void writeLong(long value) {
    buffer.writeLong(value);
  }

  @Override
  public void writeDouble(double value) {
    buffer.writeDouble(value);
  }

  @Override
  public void writeByteArray(byte[] bytes) {
    buffer.writeBytes(bytes);
  }

  @Override
  public void writeByteBuffer(ByteBuffer bytes) {
    buffer.writeBytes(bytes.duplicate());
  }

  /** Seven bits a byte, least significant first, the high bit set on all but the last. */
  @Override
  public void writeUnsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      buffer.writeByte(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    buffer.writeByte(rest);
  }

  /** Zig-zag (0, -1, 1, -2 become 0, 1, 2, 3), then as unsigned. */
  @Override
  public void writeVarint(int value) {
    writeUnsignedVarint(value << 1 ^ value >> 31);
  }

  @Override
  public void writeVarlong(long value) {
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7FL) != 0) {
      buffer.writeByte((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    buffer.writeByte((int) rest);
  }

  @Override
  public void writeRecords(BaseRecords records) {
    if (records instanceof FileSlice slice) {
      slices.add(slice);
      slicePositions.add(buffer.writerIndex());
    } else if (records instanceof MemoryRecords memory) {
      buffer.writeBytes(memory.buffer());
    } else {
      throw new IllegalArgumentException("records of a kind never sent: " + records.getClass());
    }
  }

  /**
   * What to write to the channel, in order: the buffer, cut by the file regions. Takes over the
   * caller's reference to the buffer.
   */
  List<ReferenceCounted> parts() {
    if (slices.isEmpty()) {
      return List.of(buffer);
    }
    List<ReferenceCounted> parts = new ArrayList<>(2 * slices.size() + 1);
    for (int i = 0; i < slices.size(); i++) {
      int length = slicePositions.get(i) - buffer.readerIndex();
      if (length > 0) {
        parts.add(buffer.readRetainedSlice(length));
      }
      parts.add(new FileSliceRegion(slices.get(i)));
    }
    if (buffer.isReadable()) {
      parts.add(buffer);
    } else {
      buffer.release();
    }
    return parts;
  }

  long sliceBytes() {
    return slices.stream().mapToLong(FileSlice::sizeInBytes).sum();
  }
}
