package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.ConnectionInfo;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** What the four calls about delegation tokens (KIP-48) have in common. */
final class TokenRequests {
  /** Stands where a refused token's time would. */
  static final long NO_TIME = -1;

  private TokenRequests() {}

  /**
   * Tokens are for those who are known by something better than a token: 64 for all others.
   *
   * @param client who asks, over which protocol
   */
  static Optional<Errors> refusal(ConnectionInfo client) {
    boolean mayAsk =
        !client.principal().tokenAuthenticated()
            && client.securityProtocol() != SecurityProtocol.PLAINTEXT
            && (client.securityProtocol() != SecurityProtocol.SSL
                || !client.principal().equals(KafkaPrincipal.ANONYMOUS));
    return mayAsk ? Optional.empty() : Optional.of(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
  }
}
