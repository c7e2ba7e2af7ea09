package io.vitrine.protocol.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.Transport;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.security.SessionEnds;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket to a node, from connecting to its end. A node answers in the order of the requests, so
 * each response must carry the correlation id of the oldest request; any other ends the connection.
 * Owned by its event loop.
 */
final class NodeConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConnection.class);

  /** What lies behind is left for answers still to come. */
  private static final double USED_SHARE_OF_SESSION = 0.85;

  private final SocketClient client;
  private final ClientSettings settings;
  private final ClientSecurity security;

  /** Requests not answered yet, oldest first; while connecting, none of them is written. */
  private final Queue<Call> underWay = new ArrayDeque<>();

  private Channel channel;
  private boolean connected;
  private boolean retired;

  /** Why it is over; null while it is not. */
  private DisconnectException ended;

  NodeConnection(SocketClient client, ClientSettings settings, ClientSecurity security) {
    this.client = client;
    this.settings = settings;
    this.security = security;
  }

  void open(EventLoop loop, String host, int port) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(Transport.best().socketChannel())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectTimeoutMs())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel opened) {
                    security.addTls(opened.pipeline(), host, port);
                    opened.pipeline().addLast(FrameDecoder.onHeap(settings.maxResponseBytes()));
                    security.addSasl(opened.pipeline(), host, settings.clientId());
                    opened.pipeline().addLast(NodeConnection.this);
                  }
                })
            .connect(host, port);
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            end(new DisconnectException(client + " not made", done.cause()));
          }
        });
  }

  void send(Call call) {
    if (ended != null) {
      // Connecting has failed at once, e.g. because the event loops are just ending.
      call.fail(ended);
      return;
    }
    if (underWay.size() >= SocketClient.MAX_UNDER_WAY) {
      call.fail(new DisconnectException(client + ": too many requests under way"));
      return;
    }
    underWay.add(call);
    if (connected) {
      write(call);
      channel.flush();
    }
  }

  /** Makes the end that follows a reset instead of an orderly close. */
  void reset() {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
  }

  void close(String reason) {
    end(new DisconnectException(client + ": " + reason));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ended != null) {
      return;
    }
    connected = true;
    underWay.forEach(this::write);
    channel.flush();
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf frame = (ByteBuf) msg;
    ByteBuffer bytes = ByteBuffer.wrap(frame.array(), 0, frame.readableBytes());
    frame.release();
    if (ended != null) {
      return;
    }
    Call oldest = underWay.peek();
    if (oldest == null || bytes.remaining() < Integer.BYTES) {
      close("answer to nothing");
    } else if (bytes.getInt(0) != oldest.header().correlationId()) {
      close("answer out of order: " + bytes.getInt(0) + " where " + oldest + " was due");
    } else {
      underWay.remove();
      answered(oldest, bytes);
      endIfRetired();
    }
    channel.read();
  }

  /**
   * The other side will not serve this connection for long: the next request makes another, and
   * this one ends with its last answer.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SessionEnds session) {
      long usedMs = (long) (session.lifetimeMs() * USED_SHARE_OF_SESSION);
      channel.eventLoop().schedule(this::retire, usedMs, TimeUnit.MILLISECONDS);
    }
  }

  private void retire() {
    retired = true;
    client.lost(this);
    endIfRetired();
  }

  private void endIfRetired() {
    if (retired && underWay.isEmpty()) {
      close("session over");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close("lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof AuthenticationException || cause instanceof SSLException) {
      LOG.warn("{} is refused: {}", client, cause.getMessage());
    }
    end(new DisconnectException(client + " failed", cause));
  }

  private void write(Call call) {
    for (ReferenceCounted part : call.takeUnsent().parts()) {
      channel.write(part, channel.voidPromise());
    }
  }

  private void answered(Call call, ByteBuffer bytes) {
    AbstractResponse response;
    try {
      response = AbstractResponse.parseResponse(bytes, call.header());
    } catch (RuntimeException e) {
      call.fail(e);
      close("unreadable answer to " + call);
      return;
    }
    call.succeed(response);
  }

  private void end(DisconnectException cause) {
    if (ended != null) {
      return;
    }
    ended = cause;
    LOG.debug("{}", cause.getMessage(), cause.getCause());
    client.lost(this);
    channel.close();
    List<Call> failed = new ArrayList<>(underWay);
    underWay.clear();
    failed.forEach(call -> call.fail(cause));
  }
}
