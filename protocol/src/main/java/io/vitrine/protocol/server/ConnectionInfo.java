package io.vitrine.protocol.server;

import java.net.InetSocketAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Who is at the other end.
 *
 * @param connectionId Kafka's form: local host:port-remote host:port-index
 * @param clientSoftwareName as told by the last ApiVersions request of version 3 or later, {@link
 *     #UNKNOWN} before
 * @param clientSoftwareVersion likewise
 */
public record ConnectionInfo(
    String connectionId,
    String listenerName,
    InetSocketAddress local,
    InetSocketAddress remote,
    SecurityProtocol securityProtocol,
    KafkaPrincipal principal,
    String clientSoftwareName,
    String clientSoftwareVersion) {

  public static final String UNKNOWN = "unknown";

  static ConnectionInfo of(
      String listenerName, InetSocketAddress local, InetSocketAddress remote, int index) {
    return new ConnectionInfo(
        hostPort(local) + "-" + hostPort(remote) + "-" + index,
        listenerName,
        local,
        remote,
        SecurityProtocol.PLAINTEXT,
        KafkaPrincipal.ANONYMOUS,
        UNKNOWN,
        UNKNOWN);
  }

  ConnectionInfo withClientSoftware(String name, String version) {
    return new ConnectionInfo(
        connectionId, listenerName, local, remote, securityProtocol, principal, name, version);
  }

  private static String hostPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
