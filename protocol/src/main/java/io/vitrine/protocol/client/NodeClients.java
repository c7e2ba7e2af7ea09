package io.vitrine.protocol.client;

import io.netty.channel.IoEventLoopGroup;
import io.vitrine.protocol.codec.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The event loops shared by all connections one broker makes to others. Any thread but its own. */
public final class NodeClients implements AutoCloseable {
  private static final long THREADS_TIMEOUT_MS = 5_000;

  private final ClientSettings settings;
  private final IoEventLoopGroup loops;
  private final Set<NodeClient> clients = ConcurrentHashMap.newKeySet();

  /**
   * @param threadPrefix begins the threads' names, e.g. "broker-1-"
   * @param threads event loops; their threads start with the first use
   */
  public NodeClients(String threadPrefix, int threads, ClientSettings settings) {
    this.settings = settings;
    this.loops =
        Transport.best().eventLoops(threads, Transport.threads(i -> threadPrefix + "client-" + i));
  }

  /**
   * A client for one node. Connects with its first request.
   *
   * @param host name or address; a name is looked up on the event loop
   * @param purpose what it is for, in logs and errors
   */
  public NodeClient connectTo(String host, int port, String purpose) {
    NodeClient client =
        new NodeClient(loops.next(), settings, host, port, purpose, clients::remove);
    clients.add(client);
    return client;
  }

  /** Closes every client, then the threads. Requests under way fail with DisconnectException. */
  @Override
  public void close() {
    clients.forEach(NodeClient::close);
    endThreads();
  }

  /** As {@link #close}, but connections are reset, as when the process dies. */
  public void kill() {
    clients.forEach(NodeClient::kill);
    endThreads();
  }

  private void endThreads() {
    loops.shutdownGracefully(0, THREADS_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    loops.terminationFuture().awaitUninterruptibly(THREADS_TIMEOUT_MS);
  }
}
