package io.vitrine.protocol.client;

import io.netty.channel.IoEventLoopGroup;
import io.vitrine.protocol.codec.Transport;
import io.vitrine.protocol.security.ClientSecurity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** TCP connections on event loops of their own. Any thread but these. */
public final class SocketClients implements NodeClients {
  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final ClientSettings settings;
  private final ClientSecurity security;
  private final IoEventLoopGroup loops;
  private final Set<SocketClient> clients = ConcurrentHashMap.newKeySet();

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

  @Override
  public void close() {
    clients.forEach(SocketClient::close);
    endThreads();
  }

  @Override
  public void kill() {
    clients.forEach(SocketClient::kill);
    endThreads();
  }

  private void endThreads() {
    loops.shutdownGracefully(0, THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    loops.terminationFuture().awaitUninterruptibly(THREADS_TIMEOUT_MS);
  }
}
