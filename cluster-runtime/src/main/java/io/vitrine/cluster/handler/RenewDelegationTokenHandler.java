package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.DelegationTokens.Outcome;
import io.vitrine.protocol.server.Request;
import java.util.Optional;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
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
    RenewDelegationTokenRequestData body = request.body(RenewDelegationTokenRequest.class).data();
    TokenRequests.change(
        request,
        tokens,
        all -> all.renew(request.connection().principal(), body.hmac(), body.renewPeriodMs()),
        RenewDelegationTokenHandler::response);
  }

  private static RenewDelegationTokenResponse response(Outcome outcome) {
    return new RenewDelegationTokenResponse(
        new RenewDelegationTokenResponseData()
            .setErrorCode(outcome.error().code())
            .setExpiryTimestampMs(outcome.expiryMs()));
  }
}
