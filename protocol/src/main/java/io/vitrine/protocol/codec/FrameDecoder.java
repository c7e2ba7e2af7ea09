package io.vitrine.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cuts the stream into frames: int32 size (big endian), then that many bytes. <b>One {@code read()}
 * from above yields one frame</b>: the handler behind it mutes the connection simply by not reading
 * again. The channel must have auto-read switched off.
 *
 * <p>Memory: the size is checked before anything is allocated, and a frame larger than what has
 * arrived grows with its bytes (doubling from {@value #INITIAL_FRAME_BYTES}), so an announced size
 * alone costs nothing. A frame that lies whole in one received chunk is a slice of it, without
 * copy. What was received beyond the frame asked for is held until the next {@code read()}; that is
 * at most one chunk, or, after the peer has closed its side, what the kernel still had. Frames
 * received before that are still handed up.
 *
 * <p>With a {@link FrameMemory} a frame waits for its room before any of its bytes is taken in; the
 * room is given back with {@link #giveBack}, at the latest when the next frame is asked for.
 *
 * <p>A bad size goes up as {@link InvalidFrameException}; all further bytes are dropped. Owned by
 * the channel's event loop.
 */
public final class FrameDecoder extends ChannelDuplexHandler {
  private static final int SIZE_BYTES = 4;
  private static final int INITIAL_FRAME_BYTES = 1024;

  private int maxFrameBytes;
  private final boolean onHeap;

  /** Null without a bound. */
  private FrameMemory memory;

  /** Room taken for the frame that is being received or has been handed up. */
  private final AtomicInteger room = new AtomicInteger();

  private boolean waitsForRoom;

  /** Bytes received and not yet looked at; null when there are none. */
  private ByteBuf received;

  /** The bytes of a frame that came in several chunks; null when no such frame is open. */
  private ByteBuf frame;

  private int sizeBytesSeen;
  private int frameSize;
  private boolean frameWanted;
  private boolean draining;
  private boolean broken;
  private boolean inputClosed;

  private FrameDecoder(int maxFrameBytes, boolean onHeap) {
    this.maxFrameBytes = maxFrameBytes;
    this.onHeap = onHeap;
  }

  /** Frames are pooled direct buffers; the receiver releases each. */
  public static FrameDecoder pooled(int maxFrameBytes) {
    return new FrameDecoder(maxFrameBytes, false);
  }

  /** Frames are heap buffers of their own, left to the garbage collector. */
  public static FrameDecoder onHeap(int maxFrameBytes) {
    return new FrameDecoder(maxFrameBytes, true);
  }

  /** Changes what the frames to come may have. On the channel's event loop. */
  public void maxFrameBytes(int bytes) {
    maxFrameBytes = bytes;
  }

  /** From the next frame on, frames take their room from here. Before the first read. */
  public void memory(FrameMemory shared) {
    memory = shared;
  }

  /** The frame handed up last is not held any more. From any thread, any number of times. */
  public void giveBack() {
    int taken = room.getAndSet(0);
    if (taken > 0) {
      memory.giveBack(taken);
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!frameWanted) {
      giveBack();
    }
    frameWanted = true;
    drain(ctx);
    if (!draining) {
      readIfWanted(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf chunk = (ByteBuf) msg;
    if (broken || !chunk.isReadable()) {
      chunk.release();
      return;
    }
    append(ctx.alloc(), chunk);
    drain(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readIfWanted(ctx);
    ctx.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    giveBack();
    releaseReceived();
    if (frame != null) {
      frame.release();
      frame = null;
    }
  }

  private void readIfWanted(ChannelHandlerContext ctx) {
    if (frameWanted && !waitsForRoom && !inputClosed) {
      ctx.read();
    }
  }

  private void append(ByteBufAllocator alloc, ByteBuf chunk) {
    if (received == null) {
      received = chunk;
      return;
    }
    ByteBuf joined = alloc.directBuffer(received.readableBytes() + chunk.readableBytes());
    joined.writeBytes(received).writeBytes(chunk);
    chunk.release();
    received.release();
    received = joined;
  }

  /** Hands frames up as long as the handler above asks for them; it asks from inside the call. */
  private void drain(ChannelHandlerContext ctx) {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (frameWanted && !waitsForRoom && received != null) {
        ByteBuf next = nextFrame(ctx);
        if (next != null) {
          frameWanted = false;
          ctx.fireChannelRead(next);
        }
      }
    } catch (InvalidFrameException e) {
      broken = true;
      releaseReceived();
      ctx.fireExceptionCaught(e);
    } finally {
      draining = false;
    }
  }

  /** The next whole frame, or null after having consumed all that was received. */
  private ByteBuf nextFrame(ChannelHandlerContext ctx) {
    while (sizeBytesSeen < SIZE_BYTES && received.isReadable()) {
      frameSize = frameSize << 8 | received.readUnsignedByte();
      sizeBytesSeen++;
    }
    ByteBuf whole = null;
    if (sizeBytesSeen == SIZE_BYTES) {
      if (frameSize < 0 || frameSize > maxFrameBytes) {
        throw new InvalidFrameException(frameSize, maxFrameBytes);
      }
      if (!hasRoom(ctx)) {
        return null;
      }
      if (frameSize == 0 || received.isReadable()) {
        whole = frame == null && !onHeap ? slice() : collect(ctx.alloc());
      }
    }
    if (!received.isReadable()) {
      releaseReceived();
    }
    if (whole != null) {
      frame = null;
      frameSize = 0;
      sizeBytesSeen = 0;
    }
    return whole;
  }

  private boolean hasRoom(ChannelHandlerContext ctx) {
    if (memory == null || frameSize == 0 || room.get() > 0) {
      return true;
    }
    waitsForRoom = !memory.take(frameSize, () -> tell(ctx));
    if (!waitsForRoom) {
      room.set(frameSize);
    }
    return !waitsForRoom;
  }

  private void tell(ChannelHandlerContext ctx) {
    try {
      ctx.executor().execute(() -> roomMayBe(ctx));
    } catch (RejectedExecutionException ended) {
      memory.pass();
    }
  }

  private void roomMayBe(ChannelHandlerContext ctx) {
    waitsForRoom = false;
    if (ctx.isRemoved() || !ctx.channel().isActive()) {
      memory.pass();
      return;
    }
    drain(ctx);
    readIfWanted(ctx);
  }

  private ByteBuf slice() {
    if (received.readableBytes() >= frameSize) {
      return received.readRetainedSlice(frameSize);
    }
    return collect(received.alloc());
  }

  private ByteBuf collect(ByteBufAllocator alloc) {
    if (frame == null) {
      int initial =
          Math.min(frameSize, Math.max(2 * received.readableBytes(), INITIAL_FRAME_BYTES));
      frame = onHeap ? Unpooled.buffer(initial, frameSize) : alloc.directBuffer(initial, frameSize);
    }
    int taken = Math.min(received.readableBytes(), frameSize - frame.readableBytes());
    int needed = frame.readableBytes() + taken;
    if (needed > frame.capacity()) {
      frame.capacity((int) Math.min(frameSize, Math.max(needed, 2L * frame.capacity())));
    }
    frame.writeBytes(received, taken);
    return frame.readableBytes() == frameSize ? frame : null;
  }

  private void releaseReceived() {
    if (received != null) {
      received.release();
      received = null;
    }
  }
}
