package io.vitrine.protocol.server;

import io.netty.channel.IoEventLoopGroup;
import io.vitrine.protocol.codec.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network threads of one listener, which may become more or fewer while it serves. One too many
 * gets no further connection; those it has end when their requests under way are answered, and the
 * thread with them.
 *
 * <p>{@link #next} is called by the acceptor, {@link #resize} and {@link #end} by one thread at a
 * time, the rest by any.
 */
final class NetworkThreads {
  /** How long answers may still take on a thread that is one too many. */
  private static final long ANSWERS_TIMEOUT_MS = 2_000;

  private final Listener listener;
  private final AtomicInteger numbers;
  private volatile List<Loop> loops = List.of();

  /** Those too many that still have connections. */
  private final Set<Loop> retiring = ConcurrentHashMap.newKeySet();

  private int turn;

  private record Loop(NetworkThread thread, IoEventLoopGroup group) {}

  /**
   * @param numbers gives every network thread of the server another number, as Kafka's processors
   *     have
   */
  NetworkThreads(Listener listener, AtomicInteger numbers) {
    this.listener = listener;
    this.numbers = numbers;
    resize(listener.settings().networkThreads());
  }

  /** The thread whose turn it is to get a connection. */
  NetworkThread next() {
    List<Loop> now = loops;
    return now.get(Math.floorMod(turn++, now.size())).thread();
  }

  List<NetworkThread> all() {
    return loops.stream().map(Loop::thread).toList();
  }

  /** From now on there are this many, at least one; those made last go first. */
  void resize(int count) {
    List<Loop> before = loops;
    List<Loop> after = new ArrayList<>(before.subList(0, Math.min(count, before.size())));
    while (after.size() < count) {
      after.add(make());
    }
    List<Loop> tooMany = before.subList(Math.min(count, before.size()), before.size());
    retiring.addAll(tooMany);
    loops = List.copyOf(after);
    tooMany.forEach(this::retire);
  }

  private Loop make() {
    int number = numbers.getAndIncrement();
    ServerSettings settings = listener.settings();
    String name = settings.threadPrefix() + "network-" + settings.listenerName() + "-" + number;
    IoEventLoopGroup group = Transport.best().eventLoops(1, Transport.threads(i -> name));
    return new Loop(new NetworkThread(number, group.next()), group);
  }

  private void retire(Loop loop) {
    connections(loop.thread()).forEach(Connection::closeGracefully);
    loop.group()
        .schedule(
            () -> {
              // A connection on its way here when the thread was taken out is dropped as well.
              loop.group().shutdownGracefully(0, ANSWERS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
              loop.group().terminationFuture().addListener(ended -> retiring.remove(loop));
            },
            ANSWERS_TIMEOUT_MS,
            TimeUnit.MILLISECONDS);
  }

  private List<Connection> connections(NetworkThread thread) {
    return listener.connections().stream()
        .filter(each -> each.channel().eventLoop() == thread.loop())
        .toList();
  }

  /** Ends all threads, and waits for that, each at most so long. */
  void end(long timeoutMs) {
    List<Loop> all = new ArrayList<>(loops);
    all.addAll(retiring);
    all.forEach(loop -> loop.group().shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS));
    all.forEach(loop -> loop.group().terminationFuture().awaitUninterruptibly(timeoutMs));
  }
}
