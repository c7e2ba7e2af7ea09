package io.vitrine.protocol.client;

/** All connections one broker makes to others. */
public interface NodeClients extends AutoCloseable {

  /**
   * A client for one node. Connects with its first request.
   *
   * @param host name or address
   * @param purpose what it is for, in logs and errors
   */
  NodeClient connectTo(String host, int port, String purpose);

  /** Closes every client, then the threads. Requests under way fail with DisconnectException. */
  @Override
  void close();

  /** As {@link #close}, but connections are reset, as when the process dies. */
  void kill();
}
