package io.vitrine.cluster.story;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One way through the network: who connects to its address talks to a server elsewhere on loopback,
 * through real sockets, until the way is cut.
 *
 * <p>A cut is silence, as a pulled cable is: nothing is reset or closed, what is sent waits in the
 * sockets, connections made meanwhile get no answer, and after {@link #heal} all of it goes on.
 * Owns one thread for accepting and two for each connection; safe from any thread.
 */
final class Link implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int BACKLOG = 64;

  private final String name;
  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile long delayNanos;

  // Guarded by this.
  private boolean cut;
  private boolean closed;

  /**
   * Opens the way.
   *
   * @param name for threads
   * @param address where it is entered; port 0 for any
   * @param server where it leads to; nobody has to be there yet
   */
  Link(String name, InetSocketAddress address, InetSocketAddress server) throws IOException {
    this.name = name;
    this.server = server;
    this.listening = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
    start("accept", this::accept);
  }

  /** The port it is entered by. */
  int port() {
    return listening.getLocalPort();
  }

  /** Lets nothing through from now on, in neither direction. */
  synchronized void cut() {
    cut = true;
  }

  /** Lets everything through again, at once. */
  synchronized void heal() {
    cut = false;
    delayNanos = 0;
    notifyAll();
  }

  /** Holds back each chunk of either direction for so long. */
  void delay(long ms) {
    delayNanos = TimeUnit.MILLISECONDS.toNanos(ms);
  }

  /** Resets every connection there is; new ones can be made. */
  void reset() {
    connections.forEach(Connection::abort);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    quietly(listening);
    reset();
  }

  private void accept() {
    while (true) {
      try {
        Connection connection = new Connection(listening.accept());
        connections.add(connection);
        start("there", connection::there);
      } catch (IOException closedNow) {
        return;
      }
    }
  }

  private void start(String what, Runnable work) {
    Thread thread = new Thread(work, "link-" + name + "-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits while the way is cut; false when it is no more. */
  private synchronized boolean passes() {
    try {
      while (cut && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  private static void quietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception gone) {
      // Nobody is left who would be told.
    }
  }

  /** Two sockets and what goes between them. */
  private final class Connection {
    private final Socket near;
    private final Socket far = new Socket();
    private final AtomicInteger open = new AtomicInteger(2);

    Connection(Socket near) {
      this.near = near;
    }

    /** Reaches the server, then carries what is meant for it; another thread carries answers. */
    void there() {
      try {
        if (!passes()) {
          abort();
          return;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        far.connect(server);
      } catch (IOException refused) {
        abort();
        return;
      }
      start("back", () -> carry(far, near));
      carry(near, far);
    }

    private void carry(Socket from, Socket to) {
      byte[] chunk = new byte[CHUNK_BYTES];
      try {
        for (int n = from.getInputStream().read(chunk); ; n = from.getInputStream().read(chunk)) {
          if (!passes()) {
            abort();
            return;
          }
          LockSupport.parkNanos(delayNanos);
          if (n < 0) {
            break;
          }
          to.getOutputStream().write(chunk, 0, n);
        }
        to.shutdownOutput();
      } catch (IOException reset) {
        passes();
        abort();
        return;
      }
      if (open.decrementAndGet() == 0) {
        end();
      }
    }

    /** Both ends hear of a reset. */
    void abort() {
      try {
        near.setSoLinger(true, 0);
        far.setSoLinger(true, 0);
      } catch (IOException goneAlready) {
        // Then closing is enough.
      }
      end();
    }

    private void end() {
      quietly(near);
      quietly(far);
      connections.remove(this);
    }
  }
}
