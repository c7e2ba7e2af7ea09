package io.vitrine.protocol.security;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.MessageEncoder;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between frames and connection of a SASL listener and lets requests pass once the client is
 * known. The connection asks for one frame at a time; frames of the exchange are not counted: each
 * is answered and followed by asking for the next.
 *
 * <p>A refusal is told, and the connection closed, after the failed-authentication delay, in which
 * nothing is read. Frames are bounded by {@code sasl.server.max.receive.size} until the first
 * exchange is complete. Owned by the channel's event loop.
 */
final class SaslGate extends ChannelInboundHandlerAdapter {
  private final ListenerSecurity listener;
  private final FrameDecoder frames;
  private final int maxFrameBytes;
  private SaslExchange exchange;
  private boolean refused;

  /**
   * @param frames the decoder before this handler
   * @param maxFrameBytes what a frame may have once the client is known
   */
  SaslGate(ListenerSecurity listener, FrameDecoder frames, int maxFrameBytes) {
    this.listener = listener;
    this.frames = frames;
    this.maxFrameBytes = maxFrameBytes;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    exchange = listener.newExchange(ctx.channel());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf frame = (ByteBuf) msg;
    if (refused) {
      frame.release();
      return;
    }
    if (exchange.complete()) {
      boolean handshake =
          frame.readableBytes() >= Short.BYTES
              && frame.getShort(frame.readerIndex()) == ApiKeys.SASL_HANDSHAKE.id;
      if (!handshake || !exchange.reauthenticate()) {
        serve(ctx, frame);
        return;
      }
    }
    exchange(ctx, frame);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.close();
    }
    ctx.fireChannelInactive();
  }

  private void serve(ChannelHandlerContext ctx, ByteBuf frame) {
    if (exchange.sessionOver()) {
      frame.release();
      listener.sessionOver(ctx.channel());
      ctx.close();
    } else {
      ctx.fireChannelRead(frame);
    }
  }

  private void exchange(ChannelHandlerContext ctx, ByteBuf frame) {
    SaslStep step;
    try {
      ByteBuffer copy = ByteBuffer.allocate(frame.readableBytes());
      frame.getBytes(frame.readerIndex(), copy);
      step = exchange.receive(copy.flip());
    } catch (SaslException | RuntimeException | Error e) {
      // An Error too: some mechanisms' patterns overflow the stack on a long text.
      frame.release();
      refused = true;
      listener.refused(ctx.channel(), e.toString());
      ctx.close();
      return;
    }
    if (step instanceof SaslStep.PassOn) {
      ctx.fireChannelRead(frame);
      return;
    }
    frame.release();
    if (step instanceof SaslStep.Refused refusal) {
      refuse(ctx, refusal);
    } else if (step instanceof SaslStep.Complete complete) {
      listener.authenticated();
      frames.maxFrameBytes(maxFrameBytes);
      ctx.fireUserEventTriggered(new Authenticated(complete.principal()));
      write(ctx, complete.answer());
      ctx.read();
    } else if (step instanceof SaslStep.Continue next) {
      write(ctx, next.answer());
      ctx.read();
    }
  }

  private void refuse(ChannelHandlerContext ctx, SaslStep.Refused refusal) {
    refused = true;
    listener.refused(ctx.channel(), refusal.reason());
    ctx.executor()
        .schedule(
            () -> {
              ChannelFuture written = write(ctx, refusal.answer());
              written.addListener(done -> ctx.close());
            },
            listener.failedAuthenticationDelayMs(),
            TimeUnit.MILLISECONDS);
  }

  private static ChannelFuture write(ChannelHandlerContext ctx, SaslStep.Answer answer) {
    if (answer instanceof SaslStep.Response response) {
      EncodedMessage encoded =
          MessageEncoder.encode(
              ctx.alloc(),
              response.request(),
              response.response(),
              response.request().apiVersion());
      ChannelFuture last = ctx.newSucceededFuture();
      for (ReferenceCounted part : encoded.parts()) {
        last = ctx.write(part);
      }
      ctx.flush();
      return last;
    }
    if (answer instanceof SaslStep.Token token) {
      ByteBuf size = ctx.alloc().buffer(Integer.BYTES).writeInt(token.bytes().remaining());
      return ctx.writeAndFlush(Unpooled.wrappedBuffer(size, Unpooled.wrappedBuffer(token.bytes())));
    }
    return ctx.newSucceededFuture();
  }
}
