package io.vitrine.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakProof.class)
class FrameDecoderTest {
  private static final int MAX = 1 << 20;

  private static EmbeddedChannel channel(FrameDecoder decoder) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(decoder);
    return channel;
  }

  private static ByteBuf wire(byte[]... contents) {
    ByteBuf wire = Unpooled.buffer();
    for (byte[] content : contents) {
      wire.writeInt(content.length).writeBytes(content);
    }
    return wire;
  }

  private static byte[] next(EmbeddedChannel channel) {
    ByteBuf frame = channel.readInbound();
    if (frame == null) {
      return null;
    }
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  private static byte[] content(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void oneReadYieldsOneFrameHoweverMuchHasArrived() {
    EmbeddedChannel channel = channel(FrameDecoder.pooled(MAX));
    byte[][] contents = {content(1, 10), content(2, 0), content(3, 300)};
    channel.writeInbound(wire(contents));
    assertThat(next(channel)).as("nobody has asked yet").isNull();
    for (byte[] content : contents) {
      channel.read();
      assertThat(next(channel)).isEqualTo(content);
      assertThat(next(channel)).isNull();
    }
    channel.read();
    assertThat(next(channel)).isNull();
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 64, 1000, 70_000, 300_000})
  void framesComeOutWholeInChunksOfAnySize(int chunkSize) {
    byte[][] contents = {content(4, 1), content(5, 299), content(6, 0), content(7, 200_000)};
    if (chunkSize < 5) {
      contents[3] = content(7, 5_000);
    }
    for (FrameDecoder decoder :
        new FrameDecoder[] {FrameDecoder.pooled(MAX), FrameDecoder.onHeap(MAX)}) {
      EmbeddedChannel channel = channel(decoder);
      ByteBuf wire = wire(contents);
      int got = 0;
      channel.read();
      while (wire.isReadable()) {
        int size = Math.min(chunkSize, wire.readableBytes());
        channel.writeInbound(channel.alloc().directBuffer(size).writeBytes(wire, size));
        for (byte[] frame = next(channel); frame != null; frame = next(channel)) {
          assertThat(frame).isEqualTo(contents[got++]);
          channel.read();
        }
      }
      assertThat(got).isEqualTo(contents.length);
      channel.finishAndReleaseAll();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, MAX + 1, Integer.MAX_VALUE})
  void sizeOutOfBoundsIsRefusedAndAllThatFollowsDropped(int size) {
    EmbeddedChannel channel = channel(FrameDecoder.pooled(MAX));
    channel.read();
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(size).writeInt(7)))
        .isInstanceOf(InvalidFrameException.class);
    channel.writeInbound(wire(content(1, 10)));
    channel.read();
    assertThat(next(channel)).isNull();
    channel.finishAndReleaseAll();
  }

  @Test
  void announcedSizeAloneTakesNoMemory() {
    EmbeddedChannel channel = channel(FrameDecoder.pooled(100 << 20));
    channel.read();
    ByteBuf last = channel.alloc().directBuffer(8).writeInt(100 << 20);
    channel.writeInbound(last);
    assertThat(last.refCnt()).as("nothing held for the size alone").isZero();
    channel.writeInbound(channel.alloc().directBuffer(8).writeLong(1));
    assertThat(next(channel)).isNull();
    channel.finishAndReleaseAll();
  }

  @Test
  void wholeFrameIsASliceOfWhatWasReceived() {
    EmbeddedChannel channel = channel(FrameDecoder.pooled(MAX));
    channel.read();
    ByteBuf chunk = channel.alloc().directBuffer(64).writeBytes(wire(content(1, 20)));
    channel.writeInbound(chunk);
    ByteBuf frame = channel.readInbound();
    assertThat(frame.memoryAddress()).isEqualTo(chunk.memoryAddress() + 4);
    frame.release();
    assertThat(chunk.refCnt()).isZero();
    channel.finishAndReleaseAll();
  }

  @Test
  void framesReceivedBeforeTheClientClosedItsSideStillComeOut() {
    EmbeddedChannel channel = channel(FrameDecoder.pooled(MAX));
    channel.writeInbound(wire(content(1, 5), content(2, 6)));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.read();
    assertThat(next(channel)).isEqualTo(content(1, 5));
    channel.read();
    assertThat(next(channel)).isEqualTo(content(2, 6));
    channel.finishAndReleaseAll();
  }
}
