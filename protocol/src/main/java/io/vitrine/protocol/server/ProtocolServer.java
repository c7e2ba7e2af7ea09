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
import io.vitrine.protocol.api.ApiVersionRanges;
import io.vitrine.protocol.codec.FrameDecoder;
import io.vitrine.protocol.codec.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener of a broker with all its threads. Made, then {@link #bind}, {@link #startAccepting},
 * {@link #stopAccepting}, and at the end {@link #close} or {@link #kill}; each once, {@code close}
 * and {@code kill} any number of times. {@link #sample} at any time. These methods may be called
 * from any thread but the server's own.
 */
public final class ProtocolServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProtocolServer.class);

  /** How long {@link #close} waits for answers that are still to come. */
  private static final long ANSWERS_TIMEOUT_MS = 2_000;

  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final ServerSettings settings;
  private final RequestMeter meter = new RequestMeter();
  private final RequestQueue queue;
  private final Listener listener;
  private final IoThreads ioThreads;
  private final Acceptor acceptor;
  private final IoEventLoopGroup acceptorLoop;
  private final IoEventLoopGroup networkLoops;
  private final List<NetworkThread> networkThreads;
  private Channel serverChannel;
  private boolean ended;

  /** A server that stands alone, with the limits on connections in its settings. */
  public ProtocolServer(
      ServerSettings settings,
      ApiVersionRanges ranges,
      RequestHandler handler,
      RequestObserver observer,
      LongSupplier nanoTime) {
    this(
        settings,
        ranges,
        handler,
        observer,
        new ConnectionCounts(settings.maxConnections(), settings.maxConnectionsPerIp()),
        nanoTime);
  }

  /**
   * Binds and starts nothing yet.
   *
   * @param admission decides on connections; the limits in the settings do not count
   * @param nanoTime a monotonic clock like {@link System#nanoTime}
   */
  public ProtocolServer(
      ServerSettings settings,
      ApiVersionRanges ranges,
      RequestHandler handler,
      RequestObserver observer,
      ConnectionAdmission admission,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.queue = new RequestQueue(settings.queuedMaxRequests());
    this.listener = new Listener(settings, ranges, queue, meter, handler, observer, nanoTime);
    this.ioThreads = new IoThreads(settings, queue, handler, nanoTime);
    this.acceptor = new Acceptor(settings, admission);
    String prefix = settings.threadPrefix();
    String name = settings.listenerName();
    Transport transport = Transport.best();
    this.acceptorLoop =
        transport.eventLoops(1, Transport.threads(i -> prefix + "acceptor-" + name));
    this.networkLoops =
        transport.eventLoops(
            settings.networkThreads(),
            Transport.threads(i -> prefix + "network-" + name + "-" + i));
    this.networkThreads = new ArrayList<>();
    for (EventExecutor loop : networkLoops) {
      networkThreads.add(new NetworkThread(networkThreads.size(), (EventLoop) loop));
    }
  }

  /**
   * Takes the port. Connections queue up in the system's backlog until {@link #startAccepting}.
   *
   * @return the address with the real port
   * @throws BindException when the port cannot be had; the server is closed then, and the message
   *     names host and port and says what to do
   */
  public synchronized InetSocketAddress bind() throws IOException {
    ChannelFuture bound = bootstrap().bind(settings.host(), settings.port());
    bound.awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
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
    ioThreads.start();
    InetSocketAddress address = (InetSocketAddress) serverChannel.localAddress();
    LOG.info("{} bound to {}", settings.logName(), address);
    return address;
  }

  /** Accepts connections and serves their requests. */
  public synchronized void startAccepting() {
    serverChannel.eventLoop().execute(acceptor::start);
  }

  /**
   * No new connections and no further requests on those there are. Requests under way are answered;
   * connections stay open until {@link #close}.
   */
  public synchronized void stopAccepting() {
    listener.stopReading();
    if (serverChannel != null) {
      closeListeningSocket();
    }
  }

  /**
   * What the server is doing now. Cheap: some tens of counters are read, nothing is locked long.
   */
  public ServerSample sample() {
    List<NetworkThreadSample> threads = networkThreads();
    return new ServerSample(
        threads.stream().mapToInt(NetworkThreadSample::connections).sum(),
        threads.stream().map(NetworkThreadSample::connections).toList(),
        queue.length(),
        queue.capacity(),
        ioThreads.count(),
        ioThreads.busy(),
        threads.stream().mapToInt(NetworkThreadSample::responseQueueLength).sum(),
        meter.totals(),
        meter.requestBytes(),
        meter.responseBytes(),
        meter.zeroCopyBytes(),
        meter.rejectedFrames());
  }

  /** Connections and response queue of every network thread. */
  public List<NetworkThreadSample> networkThreads() {
    return networkThreads.stream().map(NetworkThread::sample).toList();
  }

  /**
   * Ends in order: no new requests, answers to those under way (for {@value #ANSWERS_TIMEOUT_MS} ms
   * at most), then connections and threads.
   */
  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    stopAccepting();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWERS_TIMEOUT_MS);
    List<Connection> connections = List.copyOf(listener.connections());
    connections.forEach(Connection::closeGracefully);
    for (Connection connection : connections) {
      connection
          .channel()
          .closeFuture()
          .awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    endThreads(Connection::close);
  }

  /**
   * Ends as a crashed process would: every socket is reset at once, nothing is answered, requests
   * not yet taken by an I/O thread are never served. A handler just running ends by itself; what it
   * answers goes nowhere.
   */
  public synchronized void kill() {
    if (ended) {
      return;
    }
    listener.stopReading();
    listener.connections().forEach(Connection::reset);
    if (serverChannel != null) {
      closeListeningSocket();
    }
    endThreads(Connection::reset);
  }

  private void endThreads(Consumer<Connection> drop) {
    ended = true;
    queue.close().forEach(Request::abandon);
    listener.connections().forEach(drop);
    acceptorLoop.shutdownGracefully(0, THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    acceptorLoop.terminationFuture().awaitUninterruptibly(THREADS_TIMEOUT_MS);
    // A connection accepted last of all may have been registered meanwhile.
    listener.connections().forEach(drop);
    networkLoops.shutdownGracefully(0, THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    networkLoops.terminationFuture().awaitUninterruptibly(THREADS_TIMEOUT_MS);
    if (!ioThreads.join(THREADS_TIMEOUT_MS)) {
      LOG.warn("{} ended while a handler was still running", settings.logName());
    }
  }

  private void closeListeningSocket() {
    try {
      serverChannel.eventLoop().execute(acceptor::stop);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} acceptor has ended before", settings.logName());
    }
    serverChannel.close().awaitUninterruptibly(THREADS_TIMEOUT_MS);
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
    if (settings.connectionsMaxIdleMs() >= 0) {
      // Counts bytes, not frames, and in both directions: a slow transfer is not idle.
      channel
          .pipeline()
          .addLast(
              new IdleStateHandler(
                  true, 0, 0, settings.connectionsMaxIdleMs(), TimeUnit.MILLISECONDS));
    }
    channel
        .pipeline()
        .addLast(FrameDecoder.pooled(settings.socketRequestMaxBytes()))
        .addLast(new Connection(listener, thread, channel));
  }
}
