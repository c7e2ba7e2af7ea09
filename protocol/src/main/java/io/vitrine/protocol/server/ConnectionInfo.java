package io.vitrine.protocol.server;

import io.vitrine.protocol.security.ListenerSecurity;
import java.net.InetSocketAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Who is at the other end.
 *
 * @param connectionId Kafka's form: local host:port-remote host:port-index
 * @param principal nobody in particular before the client has said who it is
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
      String listenerName,
      ListenerSecurity security,
      InetSocketAddress local,
      InetSocketAddress remote,
      int index) {
    return new ConnectionInfo(
        hostPort(local) + "-" + hostPort(remote) + "-" + index,
        listenerName,
        local,
        remote,
        security.protocol(),
        security.principalAtFirst(remote.getAddress()),
        UNKNOWN,
        UNKNOWN);
  }

  ConnectionInfo withPrincipal(KafkaPrincipal known) {
    return new ConnectionInfo(
        connectionId,
        listenerName,
        local,
        remote,
        securityProtocol,
        known,
        clientSoftwareName,
        clientSoftwareVersion);
  }

  ConnectionInfo withClientSoftware(String name, String version) {
    return new ConnectionInfo(
        connectionId, listenerName, local, remote, securityProtocol, principal, name, version);
  }

  private static String hostPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
