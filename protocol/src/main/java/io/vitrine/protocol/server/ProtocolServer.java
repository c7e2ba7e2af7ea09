package io.vitrine.protocol.server;

import io.vitrine.protocol.api.ApiVersionRanges;
import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.gate.WireTap;
import io.vitrine.protocol.security.ListenerSecurity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's listeners with all their threads. Each listener has a socket and network threads of
 * its own; the request queue and the I/O threads are common to all. Made, then {@link #bind},
 * {@link #startAccepting}, {@link #stopAccepting}, and at the end {@link #close} or {@link #kill};
 * each once, {@code close} and {@code kill} any number of times. {@link #sample} at any time. These
 * methods may be called from any thread but the server's own.
 */
public final class ProtocolServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProtocolServer.class);

  /** How long {@link #close} waits for answers that are still to come. */
  private static final long ANSWERS_TIMEOUT_MS = 2_000;

  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final String logName;
  private final RequestMeter meter = new RequestMeter();
  private final RequestQueue queue;
  private final IoThreads ioThreads;
  private final ApiVersionRanges ranges;
  private final RequestHandler handler;
  private final RequestObserver observer;
  private final ConnectionAdmission admission;
  private final FrameMemory memory;
  private final Tapping tapping;
  private final LongSupplier nanoTime;
  private final AtomicInteger networkThreadNumbers = new AtomicInteger();
  private final List<ListenerThreads> listeners = new CopyOnWriteArrayList<>();
  private boolean ended;

  /** One listener anybody may use, with the limits on connections in its settings. */
  public ProtocolServer(
      ServerSettings settings,
      ApiVersionRanges ranges,
      RequestHandler handler,
      RequestObserver observer,
      LongSupplier nanoTime) {
    this(
        List.of(new ServedListener(settings, ListenerSecurity.plaintext(settings.listenerName()))),
        ranges,
        handler,
        observer,
        new ConnectionCounts(settings.maxConnections(), settings.maxConnectionsPerIp()),
        new FrameMemory(-1),
        nanoTime);
  }

  /** A server that nobody watches; see the other constructor. */
  public ProtocolServer(
      List<ServedListener> served,
      ApiVersionRanges ranges,
      RequestHandler handler,
      RequestObserver observer,
      ConnectionAdmission admission,
      FrameMemory memory,
      LongSupplier nanoTime) {
    this(served, ranges, handler, observer, admission, memory, WireTap.CLOSED, nanoTime);
  }

  /**
   * Binds and starts nothing yet.
   *
   * @param served at least one; the first one's I/O threads and queue length are those of all
   * @param admission decides on connections; the limits in the settings do not count
   * @param memory bounds the requests of all listeners
   * @param tap watches the requests of all listeners
   * @param nanoTime a monotonic clock like {@link System#nanoTime}
   */
  public ProtocolServer(
      List<ServedListener> served,
      ApiVersionRanges ranges,
      RequestHandler handler,
      RequestObserver observer,
      ConnectionAdmission admission,
      FrameMemory memory,
      WireTap tap,
      LongSupplier nanoTime) {
    ServerSettings common = served.get(0).settings();
    this.logName = common.threadPrefix() + "server";
    this.queue = new RequestQueue(common.queuedMaxRequests());
    this.ioThreads = new IoThreads(common, queue, handler, nanoTime);
    this.ranges = ranges;
    this.handler = handler;
    this.observer = observer;
    this.admission = admission;
    this.memory = memory;
    this.tapping = new Tapping(tap);
    this.nanoTime = nanoTime;
    served.forEach(each -> listeners.add(threads(each)));
  }

  private ListenerThreads threads(ServedListener served) {
    return new ListenerThreads(
        new Listener(served, ranges, queue, memory, meter, handler, observer, tapping, nanoTime),
        admission,
        networkThreadNumbers);
  }

  /**
   * Takes the ports. Connections queue up in the system's backlog until {@link #startAccepting}.
   *
   * @return the addresses with the real ports, in the order of the listeners
   * @throws BindException when a port cannot be had; the server is closed then, and the message
   *     names host and port and says what to do
   */
  public synchronized List<InetSocketAddress> bind() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    try {
      for (ListenerThreads listener : listeners) {
        addresses.add(listener.bind());
      }
    } catch (BindException e) {
      close();
      throw e;
    }
    ioThreads.start();
    return addresses;
  }

  /**
   * Serves one more listener from now on.
   *
   * @return its address, with the real port
   * @throws BindException when the port cannot be had; nothing has changed then
   */
  public synchronized InetSocketAddress add(ServedListener served) throws BindException {
    ListenerThreads added = threads(served);
    try {
      InetSocketAddress address = added.bind();
      added.startAccepting();
      listeners.add(added);
      return address;
    } catch (BindException e) {
      added.end(Connection::close, THREADS_TIMEOUT_MS);
      throw e;
    }
  }

  /** Serves a listener no more; its connections are closed. */
  public synchronized void remove(String listenerName) {
    for (ListenerThreads each : listeners) {
      if (each.listener().settings().listenerName().equals(listenerName)) {
        listeners.remove(each);
        each.listener().stopReading();
        each.stopAccepting(THREADS_TIMEOUT_MS);
        each.end(Connection::close, THREADS_TIMEOUT_MS);
      }
    }
  }

  /**
   * From now on a listener has this many network threads. Connections of threads that are too many
   * are closed when their requests under way are answered, two seconds later at the latest.
   */
  public synchronized void resizeNetworkThreads(String listenerName, int count) {
    for (ListenerThreads each : listeners) {
      if (!ended && each.listener().settings().listenerName().equals(listenerName)) {
        each.networkThreads().resize(count);
      }
    }
  }

  /** From now on this many threads serve requests; safe from any thread. */
  public void resizeIoThreads(int count) {
    ioThreads.resize(count);
  }

  /** Accepts connections and serves their requests. */
  public synchronized void startAccepting() {
    listeners.forEach(ListenerThreads::startAccepting);
  }

  /**
   * No new connections and no further requests on those there are. Requests under way are answered;
   * connections stay open until {@link #close}.
   */
  public synchronized void stopAccepting() {
    listeners.forEach(each -> each.listener().stopReading());
    listeners.forEach(each -> each.stopAccepting(THREADS_TIMEOUT_MS));
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

  /** What each of its threads is at. Cheap: one look at each thread. */
  public PipelineSample pipeline() {
    return new PipelineSample(
        listeners.stream()
            .map(
                each ->
                    new PipelineSample.ListenerSample(
                        each.listener().settings().listenerName(),
                        each.networkThreads().all().stream().map(NetworkThread::sample).toList()))
            .toList(),
        queue.aside(),
        ioThreads.samples());
  }

  /** The time all I/O threads together have worked so far. */
  public long ioBusyNanos() {
    return ioThreads.busyNanos();
  }

  /** Connections closed so far because they were idle for too long. */
  public long expiredConnections() {
    return meter.expiredConnections();
  }

  /**
   * Connections and response queue of every network thread there is, by listeners; their numbers
   * stay theirs as long as they live.
   */
  public List<NetworkThreadSample> networkThreads() {
    return listeners.stream()
        .flatMap(listener -> listener.networkThreads().all().stream())
        .map(NetworkThread::sample)
        .toList();
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
    List<Connection> connections =
        listeners.stream().flatMap(each -> each.listener().connections().stream()).toList();
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
    listeners.forEach(each -> each.listener().stopReading());
    listeners.forEach(each -> each.listener().connections().forEach(Connection::reset));
    listeners.forEach(each -> each.stopAccepting(THREADS_TIMEOUT_MS));
    endThreads(Connection::reset);
  }

  private void endThreads(Consumer<Connection> drop) {
    ended = true;
    queue.close().forEach(Request::abandon);
    listeners.forEach(each -> each.end(drop, THREADS_TIMEOUT_MS));
    if (!ioThreads.join(THREADS_TIMEOUT_MS)) {
      LOG.warn("{} ended while a handler was still running", logName);
    }
  }
}
