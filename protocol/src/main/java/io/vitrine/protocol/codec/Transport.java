package io.vitrine.protocol.codec;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The sockets both ends stand on: Linux' epoll where its native library loads, the JDK's selectors
 * elsewhere.
 */
public enum Transport {
  EPOLL,
  NIO;

  /** The better of the two on this machine. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** Event loops, one thread each; a thread starts with its loop's first task. */
  public IoEventLoopGroup eventLoops(int count, ThreadFactory threads) {
    return new MultiThreadIoEventLoopGroup(
        count, threads, this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** The listening socket's class. */
  public Class<? extends ServerChannel> serverChannel() {
    return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The connecting socket's class. */
  public Class<? extends SocketChannel> socketChannel() {
    return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /**
   * Daemon threads named by their number of creation, from 0. They must not keep a program alive
   * whose owner forgot one broken broker.
   */
  public static ThreadFactory threads(IntFunction<String> name) {
    AtomicInteger next = new AtomicInteger();
    return task -> {
      Thread thread = new FastThreadLocalThread(task, name.apply(next.getAndIncrement()));
      thread.setDaemon(true);
      return thread;
    };
  }
}
