package io.vitrine.cluster.quota;

import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * Whose use is counted.
 *
 * @param principal who it is
 * @param user the principal's name, sanitized
 * @param clientId empty when it gave none
 */
public record Client(KafkaPrincipal principal, String user, String clientId) {
  /** Who sent a request. */
  public static Client of(Request request) {
    return of(request.connection().principal(), request.header().clientId());
  }

  static Client of(KafkaPrincipal principal, String clientId) {
    return new Client(
        principal, Sanitizer.sanitize(principal.getName()), clientId == null ? "" : clientId);
  }
}
