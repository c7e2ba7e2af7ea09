package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.DelegationTokens.Outcome;
import io.vitrine.protocol.server.ConnectionInfo;
import io.vitrine.protocol.server.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
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

  /**
   * Answers a call that changes until when a token is good: once it is changed, or refused. 61
   * where no tokens are given.
   *
   * @param tokens empty where none are given
   */
  static void change(
      Request request,
      Optional<DelegationTokens> tokens,
      Function<DelegationTokens, CompletableFuture<Outcome>> change,
      Function<Outcome, AbstractResponse> response) {
    Optional<Errors> unknown = refusal(request.connection());
    if (unknown.isPresent() || tokens.isEmpty()) {
      Errors refusal = unknown.orElse(Errors.DELEGATION_TOKEN_AUTH_DISABLED);
      request.respond(response.apply(new Outcome(refusal, NO_TIME)));
      return;
    }
    change
        .apply(tokens.get())
        .whenComplete(
            (outcome, error) ->
                request.respond(
                    error == null
                        ? response.apply(outcome)
                        : request.body().getErrorResponse(0, Failures.cause(error))));
    request.parked();
  }
}
