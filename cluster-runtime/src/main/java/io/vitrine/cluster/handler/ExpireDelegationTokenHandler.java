package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.DelegationTokens.Outcome;
import io.vitrine.protocol.server.Request;
import java.util.Optional;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ExpireDelegationTokenRequest;
import org.apache.kafka.common.requests.ExpireDelegationTokenResponse;

/**
 * Takes a delegation token away, or changes until when it is good, for its owner and its renewers.
 * 61 on a broker that gives none.
 */
public final class ExpireDelegationTokenHandler implements ApiHandler {
  private final Optional<DelegationTokens> tokens;

  /**
   * @param tokens empty where none are given
   */
  public ExpireDelegationTokenHandler(Optional<DelegationTokens> tokens) {
    this.tokens = tokens;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.EXPIRE_DELEGATION_TOKEN;
  }

  @Override
  public short minVersion() {
    return ApiKeys.EXPIRE_DELEGATION_TOKEN.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.EXPIRE_DELEGATION_TOKEN.latestVersion();
  }

  @Override
  public void handle(Request request) {
    ExpireDelegationTokenRequestData body = request.body(ExpireDelegationTokenRequest.class).data();
    TokenRequests.change(
        request,
        tokens,
        all -> all.expire(request.connection().principal(), body.hmac(), body.expiryTimePeriodMs()),
        ExpireDelegationTokenHandler::response);
  }

  private static ExpireDelegationTokenResponse response(Outcome outcome) {
    return new ExpireDelegationTokenResponse(
        new ExpireDelegationTokenResponseData()
            .setErrorCode(outcome.error().code())
            .setExpiryTimestampMs(outcome.expiryMs()));
  }
}
