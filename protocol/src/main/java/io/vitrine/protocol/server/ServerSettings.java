package io.vitrine.protocol.server;

/**
 * One listener's settings; names and defaults are those of server.properties.
 *
 * @param listenerName e.g. PLAINTEXT
 * @param host address to bind
 * @param port port to bind; 0 takes a free one
 * @param networkThreads num.network.threads (3)
 * @param ioThreads num.io.threads (8)
 * @param queuedMaxRequests queued.max.requests (500)
 * @param socketRequestMaxBytes socket.request.max.bytes (104857600)
 * @param maxConnections max.connections (2147483647): above it, connections wait unaccepted
 * @param maxConnectionsPerIp max.connections.per.ip (2147483647): above it, they are closed
 * @param connectionsMaxIdleMs connections.max.idle.ms (600000); negative never closes
 * @param backlog socket.listen.backlog.size (50)
 * @param sendBufferBytes socket.send.buffer.bytes (102400); -1 leaves it to the system
 * @param receiveBufferBytes socket.receive.buffer.bytes (102400); -1 leaves it to the system
 * @param threadPrefix begins the name of every thread, e.g. "broker-1-"
 */
public record ServerSettings(
    String listenerName,
    String host,
    int port,
    int networkThreads,
    int ioThreads,
    int queuedMaxRequests,
    int socketRequestMaxBytes,
    int maxConnections,
    int maxConnectionsPerIp,
    long connectionsMaxIdleMs,
    int backlog,
    int sendBufferBytes,
    int receiveBufferBytes,
    String threadPrefix) {

  /** What it is called in logs. */
  String logName() {
    return threadPrefix + listenerName;
  }
}
