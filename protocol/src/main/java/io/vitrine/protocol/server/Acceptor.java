package io.vitrine.protocol.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one connection after another off the listening socket, as Kafka's acceptor does. Whether
 * and when it is taken says {@link ConnectionAdmission}; while one waits for its turn, all behind
 * it wait in the backlog. One that is refused may have to wait for its end, so that a client that
 * comes too often does not come again at once.
 *
 * <p>Where there are more connections than there may be, since the listener between brokers takes
 * them without a limit or the limit was lowered, the least recently used ones are closed.
 *
 * <p>Owned by the acceptor thread.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final long PAUSE_AFTER_ERROR_MS = 100;

  private final ServerSettings settings;
  private final Listener listener;
  private final ConnectionAdmission admission;
  private final Consumer<Channel> taken;
  private final Set<Channel> refused = new HashSet<>();
  private boolean accepting;
  private boolean paused;
  private boolean reading;

  /** Arrived and not decided on; null when there is none. */
  private Channel arrived;

  private boolean arrivedWaits;

  /** Closed last because there were too many; null when none was. */
  private Channel closing;

  private ChannelHandlerContext context;

  /**
   * @param taken gets the connections that are taken, on the acceptor thread
   */
  Acceptor(Listener listener, ConnectionAdmission admission, Consumer<Channel> taken) {
    this.settings = listener.settings();
    this.listener = listener;
    this.admission = admission;
    this.taken = taken;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    admission.onRoom(settings.listenerName(), this::roomMayBe);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    admission.ended(settings.listenerName());
  }

  /** Begins to take connections. Acceptor thread. */
  void start() {
    accepting = true;
    acceptNext();
  }

  /** Takes no further connection; what has arrived and is not taken is closed. Acceptor thread. */
  void stop() {
    accepting = false;
    if (arrived != null) {
      arrived.unsafe().closeForcibly();
      arrived = null;
    }
    refused.forEach(channel -> channel.unsafe().closeForcibly());
    refused.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    reading = false;
    Channel child = (Channel) msg;
    if (!accepting || child.remoteAddress() == null) {
      child.unsafe().closeForcibly();
      return;
    }
    arrived = child;
    int waitMs = admission.arrived(settings.listenerName());
    if (waitMs > 0) {
      arrivedWaits = true;
      ctx.executor().schedule(this::waited, waitMs, TimeUnit.MILLISECONDS);
    } else {
      takeArrived();
    }
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

  private void resume() {
    paused = false;
    reading = false;
    acceptNext();
  }

  private void waited() {
    arrivedWaits = false;
    takeArrived();
    acceptNext();
  }

  private void roomMayBe() {
    onAcceptorThread(
        () -> {
          closeOneTooMany();
          takeArrived();
          acceptNext();
        });
  }

  /** One after another: each that has gone is told as room. */
  private void closeOneTooMany() {
    boolean goes = closing != null && closing.isOpen();
    if (!accepting || goes || !admission.hasTooMany(settings.listenerName())) {
      return;
    }
    listener
        .leastRecentlyUsed()
        .ifPresent(
            connection -> {
              LOG.debug("{} closes a connection: there are too many", settings.logName());
              closing = connection.channel();
              connection.close();
            });
  }

  private void takeArrived() {
    Channel child = arrived;
    if (child == null || arrivedWaits || !admission.hasRoom(settings.listenerName())) {
      return;
    }
    arrived = null;
    InetAddress ip = ((InetSocketAddress) child.remoteAddress()).getAddress();
    ConnectionAdmission.Verdict verdict = admission.enter(settings.listenerName(), ip);
    if (verdict.taken()) {
      child.closeFuture().addListener(closed -> admission.left(settings.listenerName(), ip));
      taken.accept(child);
    } else {
      refuse(child, ip, verdict.closeAfterMs());
    }
  }

  private void refuse(Channel child, InetAddress ip, int closeAfterMs) {
    LOG.debug("{} refuses a connection from {}", settings.logName(), ip);
    if (closeAfterMs == 0) {
      child.unsafe().closeForcibly();
      return;
    }
    refused.add(child);
    context
        .executor()
        .schedule(
            () -> {
              if (refused.remove(child)) {
                child.unsafe().closeForcibly();
              }
            },
            closeAfterMs,
            TimeUnit.MILLISECONDS);
  }

  private void onAcceptorThread(Runnable task) {
    try {
      context.executor().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} acceptor has ended before", settings.logName());
    }
  }

  private void acceptNext() {
    if (accepting
        && !paused
        && !reading
        && arrived == null
        && admission.hasRoom(settings.listenerName())) {
      reading = true;
      context.read();
    }
  }
}
