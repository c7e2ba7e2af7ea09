package io.vitrine.protocol.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.InvalidFrameException;
import io.vitrine.protocol.codec.MessageEncoder;
import io.vitrine.protocol.codec.ParsedRequest;
import io.vitrine.protocol.codec.RequestParser;
import io.vitrine.protocol.gate.TappedRequest;
import io.vitrine.protocol.security.Authenticated;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. At most one request is under way: the next frame is asked for only when
 * the answer has been written, which keeps the order and bounds what one client can make the broker
 * hold. Everything malformed closes the connection without an answer.
 *
 * <p>Owned by its network thread; {@link Request} hands answers over from any thread.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Listener listener;
  private final NetworkThread thread;
  private final Channel channel;
  private final FrameDecoder frames;
  private ConnectionInfo info;
  private Request underWay;

  /** Answered, and not read again before a quota's time is over. */
  private boolean held;

  /** When it last was opened, asked or answered. */
  private volatile long lastUsedNanos;

  private boolean inputClosed;
  private boolean closeWhenAnswered;

  Connection(Listener listener, NetworkThread thread, Channel channel, FrameDecoder frames) {
    this.listener = listener;
    this.thread = thread;
    this.channel = channel;
    this.frames = frames;
  }

  // From the network

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    info =
        ConnectionInfo.of(
            listener.settings().listenerName(),
            listener.security(),
            (InetSocketAddress) channel.localAddress(),
            (InetSocketAddress) channel.remoteAddress(),
            thread.opened());
    channel.closeFuture().addListener(closed -> thread.closed());
    lastUsedNanos = nanoTime();
    listener.opened(this);
    readNext();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf frame = (ByteBuf) msg;
    if (listener.readingStopped()) {
      frame.release();
      return;
    }
    long receivedNanos = nanoTime();
    lastUsedNanos = receivedNanos;
    int sizeBytes = frame.readableBytes();
    ParsedRequest parsed;
    try {
      parsed = RequestParser.parse(frame.nioBuffer(), listener.ranges());
    } catch (RuntimeException | Error e) {
      frame.release();
      reject(e);
      return;
    }
    AbstractResponse refusal = RequestParser.refusal(parsed.body());
    if (refusal == null && parsed.body() instanceof ApiVersionsRequest apiVersions) {
      rememberSoftware(apiVersions);
    }
    TappedRequest tapped = listener.tapping().received(info, parsed.header(), frame);
    Request request = new Request(this, info, parsed, frame, sizeBytes, receivedNanos, tapped);
    underWay = request;
    request.addNetworkNanos(nanoTime() - receivedNanos);
    if (refusal != null) {
      request.respond(refusal);
    } else if (!listener.queue().put(request)) {
      request.abandon();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      LOG.debug("{} idle too long, closing", info.connectionId());
      listener.meter().expiredConnection();
      channel.close();
    } else if (event instanceof Authenticated client) {
      info = info.withPrincipal(client.principal());
    } else if (event instanceof ChannelInputShutdownEvent) {
      // The client sends no more, but may still wait for answers to what it has sent.
      inputClosed = true;
      if (underWay == null && !held) {
        channel.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof InvalidFrameException) {
      reject(cause);
    } else if (cause instanceof IOException || cause instanceof DecoderException) {
      // The latter is TLS that cannot be made out.
      LOG.debug("{} lost: {}", name(), cause.toString());
      channel.close();
    } else {
      LOG.error("{} failed, closing", name(), cause);
      channel.close();
    }
  }

  private void reject(Throwable cause) {
    LOG.debug("{} sent what cannot be answered, closing: {}", name(), cause.toString());
    listener.meter().rejectedFrame();
    channel.close();
  }

  private void rememberSoftware(ApiVersionsRequest request) {
    if (request.version() >= 3) {
      info =
          info.withClientSoftware(
              request.data().clientSoftwareName(), request.data().clientSoftwareVersion());
    }
  }

  // From requests, on any thread

  long nanoTime() {
    return listener.nanoTime();
  }

  void answering(Request request, AbstractResponse response) {
    listener.answering(request, response);
  }

  /** The frame under way is not held any more. */
  void frameReleased() {
    frames.giveBack();
  }

  boolean isOpen() {
    return channel.isActive();
  }

  EncodedMessage encode(Request request, AbstractResponse response, short version) {
    EncodedMessage encoded =
        MessageEncoder.encode(channel.alloc(), request.header(), response, version);
    listener.tapping().answered(request.tapped(), response, version, encoded);
    return listener.security().encrypted() ? encoded.readingFiles() : encoded;
  }

  void answer(Request request, EncodedMessage encoded) {
    if (!thread.answer(() -> write(request, encoded))) {
      encoded.release();
    }
  }

  void answerWithNothing(Request request) {
    thread.answer(
        () -> {
          long now = nanoTime();
          listener.completed(request, request.times(now, now, null));
          answered(request);
        });
  }

  void answerByClosing(Request request) {
    thread.answer(
        () -> {
          long now = nanoTime();
          listener.completed(request, request.times(now, now, null));
          request.throttlingEnded();
          channel.close();
        });
  }

  // On the network thread

  private void write(Request request, EncodedMessage encoded) {
    long sendStartNanos = nanoTime();
    List<ReferenceCounted> parts = encoded.parts();
    int last = parts.size() - 1;
    for (int i = 0; i < last; i++) {
      channel.write(parts.get(i), channel.voidPromise());
    }
    ChannelFuture sent = channel.writeAndFlush(parts.get(last));
    request.addNetworkNanos(nanoTime() - sendStartNanos);
    sent.addListener(
        written -> {
          if (written.isSuccess()) {
            lastUsedNanos = nanoTime();
            listener.completed(request, request.times(sendStartNanos, lastUsedNanos, encoded));
            answered(request);
          } else {
            listener.tapping().lost(request.tapped());
            request.throttlingEnded();
            LOG.debug("{} answer not written: {}", name(), written.cause().toString());
            channel.close();
          }
        });
  }

  private void answered(Request request) {
    underWay = null;
    if (closeWhenAnswered) {
      request.throttlingEnded();
      channel.close();
      return;
    }
    long heldNanos = request.throttledForNanos(nanoTime());
    if (heldNanos <= 0) {
      request.throttlingEnded();
      goOn();
      return;
    }
    held = true;
    channel
        .eventLoop()
        .schedule(
            () -> {
              held = false;
              request.throttlingEnded();
              if (channel.isActive()) {
                goOn();
              }
            },
            heldNanos,
            TimeUnit.NANOSECONDS);
  }

  private void goOn() {
    readNext();
    if (inputClosed && underWay == null) {
      channel.close();
    }
  }

  private void readNext() {
    if (!listener.readingStopped()) {
      channel.read();
    }
  }

  // From the server, on any thread

  /** Closes now, or when the answer to the request under way has been written. */
  void closeGracefully() {
    channel
        .eventLoop()
        .execute(
            () -> {
              closeWhenAnswered = true;
              if (underWay == null) {
                channel.close();
              }
            });
  }

  void close() {
    channel.close();
  }

  /**
   * Drops the socket as a dying process would: with a reset, whatever was still to be sent.
   *
   * <p>The option is set on the calling thread: an event loop that is ended right after closes its
   * channels before it runs its tasks, and would end this one in good order.
   */
  void reset() {
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException closed) {
      LOG.debug("{} was closed already", name());
    }
    channel.close();
  }

  Channel channel() {
    return channel;
  }

  /** By the broker's monotonic clock. */
  long lastUsedNanos() {
    return lastUsedNanos;
  }

  private String name() {
    return info == null ? listener.settings().logName() : info.connectionId();
  }
}
