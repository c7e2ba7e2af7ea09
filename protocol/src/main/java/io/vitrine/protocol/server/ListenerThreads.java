package io.vitrine.protocol.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.Transport;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
  private final IoEventLoopGroup acceptorLoop;
  private final IoEventLoopGroup networkLoops;
  private final List<NetworkThread> networkThreads = new ArrayList<>();
  private Channel serverChannel;

  ListenerThreads(Listener listener, Acceptor acceptor) {
    this.settings = listener.settings();
    this.listener = listener;
    this.acceptor = acceptor;
    String prefix = settings.threadPrefix();
    String name = settings.listenerName();
    Transport transport = Transport.best();
    this.acceptorLoop =
        transport.eventLoops(1, Transport.threads(i -> prefix + "acceptor-" + name));
    this.networkLoops =
        transport.eventLoops(
            settings.networkThreads(),
            Transport.threads(i -> prefix + "network-" + name + "-" + i));
    for (EventExecutor loop : networkLoops) {
      networkThreads.add(new NetworkThread(networkThreads.size(), (EventLoop) loop));
    }
  }

  Listener listener() {
    return listener;
  }

  List<NetworkThread> networkThreads() {
    return networkThreads;
  }

  /**
   * Takes the port.
   *
   * @throws BindException when it cannot be had; the message says what to do
   */
  InetSocketAddress bind() throws BindException {
    ChannelFuture bound = bootstrap().bind(settings.host(), settings.port());
    bound.awaitUninterruptibly();
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
                  + "). Stop the program that holds this port, or set another address in"
                  + " 'listeners'.");
      refused.initCause(bound.cause());
      throw refused;
    }
    serverChannel = bound.channel();
    InetSocketAddress address = (InetSocketAddress) serverChannel.localAddress();
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
    networkLoops.shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS);
    networkLoops.terminationFuture().awaitUninterruptibly(timeoutMs);
  }

  private ServerBootstrap bootstrap() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(acceptorLoop, networkLoops)
            .channel(Transport.best().serverChannel())
            .option(ChannelOption.SO_BACKLOG, settings.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(acceptor)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    open(channel);
                  }
                })
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true);
    if (settings.receiveBufferBytes() > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
    }
    if (settings.sendBufferBytes() > 0) {
      bootstrap.childOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
    }
    return bootstrap;
  }

  private void open(Channel channel) {
    NetworkThread thread =
        networkThreads.stream()
            .filter(candidate -> candidate.loop() == channel.eventLoop())
            .findFirst()
            .orElseThrow();
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
