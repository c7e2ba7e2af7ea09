package io.vitrine.cluster.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.codec.InvalidFrameException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Frames out of a stream cut anywhere, against a plain reading of the same bytes; nothing is held
 * when the connection has ended, and never more than twice of what has come.
 */
final class FramesTarget implements FuzzTarget {
  private static final int MAX_FRAME_BYTES = 1 << 16;

  @Override
  public List<byte[]> seeds() {
    byte[] two = {0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 9};
    return List.of(
        Input.of(two, 0, 4), Input.of(two, 1, 1), Input.of(new byte[] {-1, -1, -1, -1}, 2, 200));
  }

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    boolean onHeap = input.choice(2) == 1;
    int chunkBytes = 1 + input.choice(256);
    byte[] stream = input.rest();
    UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
    FrameMemory memory = new FrameMemory(MAX_FRAME_BYTES);
    FrameDecoder decoder =
        onHeap ? FrameDecoder.onHeap(MAX_FRAME_BYTES) : FrameDecoder.pooled(MAX_FRAME_BYTES);
    decoder.memory(memory);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.config().setAllocator(alloc);
    channel.pipeline().addLast(decoder);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    boolean refused = false;
    for (int at = 0; at < stream.length && !refused; at += chunkBytes) {
      int size = Math.min(chunkBytes, stream.length - at);
      try {
        channel.read();
        channel.writeInbound(alloc.directBuffer(size).writeBytes(stream, at, size));
        take(channel, found);
        channel.checkException();
      } catch (InvalidFrameException e) {
        refused = true;
      }
      long held = alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory();
      check(held <= 4096 + 4L * (at + size), held + " bytes are held of " + (at + size));
    }
    channel.finishAndReleaseAll();
    Expected expected = Expected.of(stream);
    check(refused == expected.refused, "refused: " + refused);
    check(Arrays.equals(found.toByteArray(), expected.frames), "other frames");
    check(alloc.metric().usedDirectMemory() == 0, "a buffer is not released");
    check(memory.usedBytes() == 0, "room for a frame is not given back");
  }

  private static void take(EmbeddedChannel channel, ByteArrayOutputStream found) {
    for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      byte[] content = new byte[frame.readableBytes()];
      frame.readBytes(content);
      frame.release();
      found.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
      found.writeBytes(content);
      channel.read();
    }
  }

  private record Expected(byte[] frames, boolean refused) {
    static Expected of(byte[] stream) {
      ByteBuffer in = ByteBuffer.wrap(stream);
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      while (in.remaining() >= 4) {
        int size = in.getInt();
        if (size < 0 || size > MAX_FRAME_BYTES) {
          return new Expected(frames.toByteArray(), true);
        }
        if (size > in.remaining()) {
          break;
        }
        byte[] content = new byte[size];
        in.get(content);
        frames.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
        frames.writeBytes(content);
      }
      return new Expected(frames.toByteArray(), false);
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
