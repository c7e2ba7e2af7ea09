package io.vitrine.protocol.security;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Holds channelActive back until TLS stands. A failed handshake comes up as an exception. Owned by
 * the channel's event loop.
 */
final class TlsClientGate extends ChannelInboundHandlerAdapter {

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        ctx.fireChannelActive();
      } else {
        ctx.fireExceptionCaught(handshake.cause());
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
