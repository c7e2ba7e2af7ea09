package io.vitrine.protocol.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.timeout.IdleStateHandler;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.Transport;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket of one listener, and the threads of its own: one that accepts, some that
 * read and write. Called by {@link ProtocolServer} under its lock.
 */
final class ListenerThreads {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerThreads.class);

  private final ServerSettings settings;
  private final Listener listener;
  private final Acceptor acceptor;
  private final EventLoopGroup acceptorLoop;
  private final NetworkThreads networkThreads;
  private Channel serverChannel;

  /**
   * @param admission decides on connections
   * @param numbers gives every network thread of the server another number
   */
  ListenerThreads(Listener listener, ConnectionAdmission admission, AtomicInteger numbers) {
    this.settings = listener.settings();
    this.listener = listener;
    this.acceptor = new Acceptor(listener, admission, this::open);
    String name = settings.threadPrefix() + "acceptor-" + settings.listenerName();
    this.acceptorLoop = Transport.best().eventLoops(1, Transport.threads(i -> name));
    this.networkThreads = new NetworkThreads(listener, numbers);
  }

  Listener listener() {
    return listener;
  }

  NetworkThreads networkThreads() {
    return networkThreads;
  }

  /**
   * Takes the port.
   *
   * @throws BindException when it cannot be had; the message says what to do
   */
  InetSocketAddress bind() throws BindException {
    Channel socket = socket();
    ChannelFuture bound = acceptorLoop.register(socket).awaitUninterruptibly();
    if (bound.isSuccess()) {
      bound = socket.bind(address()).awaitUninterruptibly();
    }
    if (!bound.isSuccess()) {
      BindException refused =
          new BindException(
              "Listener "
                  + settings.listenerName()
                  + " cannot take "
                  + settings.host()
                  + ":"
                  + settings.port()
                  + " ("
                  + bound.cause().getMessage()
                  + "). Stop the program that holds this port, or choose another one: --port,"
                  + " or 'listeners' in a broker's own settings.");
      refused.initCause(bound.cause());
      socket.close();
      throw refused;
    }
    serverChannel = socket;
    InetSocketAddress address = (InetSocketAddress) socket.localAddress();
    LOG.info("{} bound to {}", settings.logName(), address);
    return address;
  }

  void startAccepting() {
    serverChannel.eventLoop().execute(acceptor::start);
  }

  /** Closes the listening socket, if there is one; may be called again. */
  void stopAccepting(long timeoutMs) {
    if (serverChannel == null) {
      return;
    }
    try {
      serverChannel.eventLoop().execute(acceptor::stop);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} acceptor has ended before", settings.logName());
    }
    serverChannel.close().awaitUninterruptibly(timeoutMs);
  }

  /** Drops all connections and ends the threads. */
  void end(Consumer<Connection> drop, long timeoutMs) {
    listener.connections().forEach(drop);
    acceptorLoop.shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS);
    acceptorLoop.terminationFuture().awaitUninterruptibly(timeoutMs);
    // A connection accepted last of all may have been registered meanwhile.
    listener.connections().forEach(drop);
    networkThreads.end(timeoutMs);
  }

  private InetSocketAddress address() {
    return settings.host().isBlank()
        ? new InetSocketAddress(settings.port())
        : new InetSocketAddress(settings.host(), settings.port());
  }

  private Channel socket() {
    Channel socket = new ReflectiveChannelFactory<>(Transport.best().serverChannel()).newChannel();
    ChannelConfig config = socket.config();
    config.setOption(ChannelOption.SO_BACKLOG, settings.backlog());
    config.setOption(ChannelOption.SO_REUSEADDR, true);
    config.setOption(ChannelOption.AUTO_READ, false);
    if (settings.receiveBufferBytes() > 0) {
      config.setOption(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
    }
    socket.pipeline().addLast(acceptor);
    return socket;
  }

  /** A connection was taken: hands it to the next network thread. Acceptor thread. */
  private void open(Channel channel) {
    ChannelConfig config = channel.config();
    config.setOption(ChannelOption.AUTO_READ, false);
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setOption(ChannelOption.TCP_NODELAY, true);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    if (settings.sendBufferBytes() > 0) {
      config.setOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
    }
    NetworkThread thread = networkThreads.next();
    channel
        .pipeline()
        .addLast(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel registered) {
                open(registered, thread);
              }
            });
    thread
        .loop()
        .register(channel)
        .addListener(
            registered -> {
              if (!registered.isSuccess()) {
                LOG.debug("{} lost a connection: {}", settings.logName(), registered.cause());
                channel.unsafe().closeForcibly();
              }
            });
  }

  private void open(Channel channel, NetworkThread thread) {
    listener.security().addTls(channel);
    if (settings.connectionsMaxIdleMs() >= 0) {
      // Counts bytes, not frames, and in both directions: a slow transfer is not idle.
      channel
          .pipeline()
          .addLast(
              new IdleStateHandler(
                  true, 0, 0, settings.connectionsMaxIdleMs(), TimeUnit.MILLISECONDS));
    }
    listener.security().addFrames(channel.pipeline(), settings.socketRequestMaxBytes());
    FrameDecoder frames = channel.pipeline().get(FrameDecoder.class);
    frames.memory(listener.memory());
    channel.pipeline().addLast(new Connection(listener, thread, channel, frames));
  }
}
