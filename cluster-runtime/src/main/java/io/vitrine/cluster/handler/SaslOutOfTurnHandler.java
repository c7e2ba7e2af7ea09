package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.Request;
import java.util.List;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeResponse;

/**
 * SaslHandshake or SaslAuthenticate where nobody is to be authenticated: on a listener without
 * SASL, or out of turn (34). All others end in the listener's own exchange.
 */
public final class SaslOutOfTurnHandler implements ApiHandler {
  private final ApiKeys api;
  private final AbstractResponse refusal;

  private SaslOutOfTurnHandler(ApiKeys api, AbstractResponse refusal) {
    this.api = api;
    this.refusal = refusal;
  }

  /** One handler for each of the two. */
  public static List<ApiHandler> both() {
    return List.of(
        new SaslOutOfTurnHandler(
            ApiKeys.SASL_HANDSHAKE,
            new SaslHandshakeResponse(
                new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code()))),
        new SaslOutOfTurnHandler(
            ApiKeys.SASL_AUTHENTICATE,
            new SaslAuthenticateResponse(
                new SaslAuthenticateResponseData()
                    .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                    .setErrorMessage(
                        "SaslAuthenticate request received after successful authentication"))));
  }

  @Override
  public ApiKeys api() {
    return api;
  }

  @Override
  public short minVersion() {
    return api.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return api.latestVersion();
  }

  @Override
  public void handle(Request request) {
    request.respond(refusal);
  }
}
