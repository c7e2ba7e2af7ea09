package io.vitrine.protocol.security;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Stands behind the TLS handler of a listener: tells who the client is by its certificate, or that
 * its handshake has failed. The TLS handler closes the connection then, without Kafka's
 * failed-authentication delay. Owned by the channel's event loop.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
  private final ListenerSecurity listener;
  private boolean failed;

  TlsGate(ListenerSecurity listener) {
    this.listener = listener;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        if (!listener.sasl()) {
          listener.authenticated();
          ctx.fireUserEventTriggered(
              new Authenticated(
                  listener.certified(
                      ctx.channel(), ctx.pipeline().get(SslHandler.class).engine().getSession())));
        }
      } else {
        failed = true;
        listener.refused(ctx.channel(), "SSL handshake failed: " + handshake.cause().getMessage());
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  /** What the TLS handler throws after a failed handshake has been told before. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
