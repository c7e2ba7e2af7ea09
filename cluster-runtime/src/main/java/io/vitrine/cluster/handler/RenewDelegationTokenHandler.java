package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.DelegationTokens.Outcome;
import io.vitrine.protocol.server.Request;
import java.util.Optional;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RenewDelegationTokenRequest;
import org.apache.kafka.common.requests.RenewDelegationTokenResponse;

/**
 * Makes a delegation token good for longer, for its owner and its renewers. 61 on a broker that
 * gives none.
 */
public final class RenewDelegationTokenHandler implements ApiHandler {
  private final Optional<DelegationTokens> tokens;

  /**
   * @param tokens empty where none are given
   */
  public RenewDelegationTokenHandler(Optional<DelegationTokens> tokens) {
    this.tokens = tokens;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.RENEW_DELEGATION_TOKEN;
  }

  @Override
  public short minVersion() {
    return ApiKeys.RENEW_DELEGATION_TOKEN.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.RENEW_DELEGATION_TOKEN.latestVersion();
  }

  @Override
  public void handle(Request request) {
    Optional<Errors> unknown = TokenRequests.refusal(request.connection());
    if (unknown.isPresent() || tokens.isEmpty()) {
      Errors refusal = unknown.orElse(Errors.DELEGATION_TOKEN_AUTH_DISABLED);
      request.respond(response(new Outcome(refusal, TokenRequests.NO_TIME)));
      return;
    }
    RenewDelegationTokenRequestData body = request.body(RenewDelegationTokenRequest.class).data();
    tokens
        .get()
        .renew(request.connection().principal(), body.hmac(), body.renewPeriodMs())
        .whenComplete(
            (outcome, error) ->
                request.respond(
                    error == null
                        ? response(outcome)
                        : request.body().getErrorResponse(0, Failures.cause(error))));
    request.parked();
  }

  private static RenewDelegationTokenResponse response(Outcome outcome) {
    return new RenewDelegationTokenResponse(
        new RenewDelegationTokenResponseData()
            .setErrorCode(outcome.error().code())
            .setExpiryTimestampMs(outcome.expiryMs()));
  }
}
