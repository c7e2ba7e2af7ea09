package io.vitrine.protocol.client;

import io.netty.channel.IoEventLoopGroup;
import io.vitrine.protocol.codec.Transport;
import io.vitrine.protocol.security.ClientSecurity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** TCP connections, on event loops they share or on a thread of their own. Any thread but these. */
public final class SocketClients implements NodeClients {
  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final ClientSettings settings;
  private final ClientSecurity security;
  private final IoEventLoopGroup loops;
  private final Set<SocketClient> clients = ConcurrentHashMap.newKeySet();
  private final Map<SocketClient, DedicatedClient> dedicated = new ConcurrentHashMap<>();

  /**
   * @param threadPrefix begins the threads' names, e.g. "broker-1-"
   * @param threads event loops; their threads start with the first use
   * @param security stays its maker's to close, after these clients
   */
  public SocketClients(
      String threadPrefix, int threads, ClientSettings settings, ClientSecurity security) {
    this.settings = settings;
    this.security = security;
    this.loops =
        Transport.best().eventLoops(threads, Transport.threads(i -> threadPrefix + "client-" + i));
  }

  @Override
  public NodeClient connectTo(String host, int port, String purpose) {
    SocketClient client =
        new SocketClient(loops.next(), settings, security, host, port, purpose, clients::remove);
    clients.add(client);
    return client;
  }

  /**
   * A client for one node whose thread is its own; see {@link #connectTo}.
   *
   * @param threadName in full
   */
  public DedicatedClient connectWithThread(
      String host, int port, String purpose, String threadName) {
    IoEventLoopGroup thread = Transport.best().eventLoops(1, Transport.threads(i -> threadName));
    SocketClient client =
        new SocketClient(thread.next(), settings, security, host, port, purpose, dedicated::remove);
    DedicatedClient made = new DedicatedClient(client, thread);
    dedicated.put(client, made);
    return made;
  }

  @Override
  public void close() {
    clients.forEach(SocketClient::close);
    end(DedicatedClient::close);
  }

  @Override
  public void kill() {
    clients.forEach(SocketClient::kill);
    end(DedicatedClient::kill);
  }

  private void end(Consumer<DedicatedClient> ending) {
    List<DedicatedClient> all = List.copyOf(dedicated.values());
    all.forEach(ending);
    endSharedThreads();
    try {
      for (DedicatedClient each : all) {
        each.join(THREADS_TIMEOUT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endSharedThreads() {
    loops.shutdownGracefully(0, THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    loops.terminationFuture().awaitUninterruptibly(THREADS_TIMEOUT_MS);
  }
}
