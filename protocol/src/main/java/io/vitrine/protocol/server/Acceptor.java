package io.vitrine.protocol.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one connection after another off the listening socket, as Kafka's acceptor does: at {@code
 * max.connections} it takes no more until one closes (they wait in the backlog), above {@code
 * max.connections.per.ip} it closes the new one at once. Stands before Netty's own acceptor, which
 * hands the connection to the next network thread in turn.
 *
 * <p>Owned by the acceptor thread.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final long PAUSE_AFTER_ERROR_MS = 100;

  private final ServerSettings settings;
  private final Map<InetAddress, Integer> openByIp = new HashMap<>();
  private int open;
  private boolean accepting;
  private boolean paused;
  private boolean reading;
  private ChannelHandlerContext context;

  Acceptor(ServerSettings settings) {
    this.settings = settings;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Begins to take connections. Acceptor thread. */
  void start() {
    accepting = true;
    acceptNext();
  }

  /** Takes no further connection; one already asked for is closed. Acceptor thread. */
  void stop() {
    accepting = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    reading = false;
    Channel child = (Channel) msg;
    InetSocketAddress remote = (InetSocketAddress) child.remoteAddress();
    if (!accepting || remote == null) {
      child.unsafe().closeForcibly();
      return;
    }
    InetAddress ip = remote.getAddress();
    if (openByIp.getOrDefault(ip, 0) >= settings.maxConnectionsPerIp()) {
      LOG.info("{} too many connections from {}, closing", settings.logName(), ip);
      child.unsafe().closeForcibly();
      return;
    }
    open++;
    openByIp.merge(ip, 1, Integer::sum);
    child.closeFuture().addListener(closed -> childClosed(ip));
    ctx.fireChannelRead(child);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    acceptNext();
  }

  /** The system had no connection to give, out of file descriptors as a rule. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.warn("{} cannot accept a connection: {}", settings.logName(), cause.toString());
    paused = true;
    ctx.executor().schedule(this::resume, PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
  }

  /** On the network thread of the connection. */
  private void childClosed(InetAddress ip) {
    try {
      context.executor().execute(() -> left(ip));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} acceptor ended before a connection from {}", settings.logName(), ip);
    }
  }

  private void resume() {
    paused = false;
    reading = false;
    acceptNext();
  }

  private void left(InetAddress ip) {
    open--;
    openByIp.computeIfPresent(ip, (key, count) -> count == 1 ? null : count - 1);
    acceptNext();
  }

  private void acceptNext() {
    if (accepting && !paused && !reading && open < settings.maxConnections()) {
      reading = true;
      context.read();
    }
  }
}
