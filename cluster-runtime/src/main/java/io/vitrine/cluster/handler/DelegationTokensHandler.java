package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.ConnectionInfo;
import io.vitrine.protocol.server.Request;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateDelegationTokenRequest;
import org.apache.kafka.common.requests.CreateDelegationTokenResponse;
import org.apache.kafka.common.requests.DescribeDelegationTokenResponse;
import org.apache.kafka.common.requests.ExpireDelegationTokenResponse;
import org.apache.kafka.common.requests.RenewDelegationTokenResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The calls about delegation tokens (KIP-48) on a broker that gives none: answered as Apache Kafka
 * answers them without {@code delegation.token.secret.key}, with which this version does not start.
 * Who is not known well enough is told 64, others 61.
 */
public final class DelegationTokensHandler implements ApiHandler {
  private static final long NO_TIME = -1;

  private final ApiKeys api;
  private final Authorizer authorizer;

  private DelegationTokensHandler(ApiKeys api, Authorizer authorizer) {
    this.api = api;
    this.authorizer = authorizer;
  }

  /** One handler for each of the four. */
  public static List<ApiHandler> all(Authorizer authorizer) {
    return List.of(
        new DelegationTokensHandler(ApiKeys.CREATE_DELEGATION_TOKEN, authorizer),
        new DelegationTokensHandler(ApiKeys.RENEW_DELEGATION_TOKEN, authorizer),
        new DelegationTokensHandler(ApiKeys.EXPIRE_DELEGATION_TOKEN, authorizer),
        new DelegationTokensHandler(ApiKeys.DESCRIBE_DELEGATION_TOKEN, authorizer));
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
    Errors refusal =
        mayAsk(request.connection())
            ? Errors.DELEGATION_TOKEN_AUTH_DISABLED
            : Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
    request.respond(
        switch (api) {
          case CREATE_DELEGATION_TOKEN -> create(request, refusal);
          case RENEW_DELEGATION_TOKEN ->
              new RenewDelegationTokenResponse(
                  new RenewDelegationTokenResponseData()
                      .setErrorCode(refusal.code())
                      .setExpiryTimestampMs(NO_TIME));
          case EXPIRE_DELEGATION_TOKEN ->
              new ExpireDelegationTokenResponse(
                  new ExpireDelegationTokenResponseData()
                      .setErrorCode(refusal.code())
                      .setExpiryTimestampMs(NO_TIME));
          default -> new DescribeDelegationTokenResponse(request.apiVersion(), 0, refusal);
        });
  }

  /** Tokens are for those who are known by something better than a token. */
  private static boolean mayAsk(ConnectionInfo client) {
    return !client.principal().tokenAuthenticated()
        && client.securityProtocol() != SecurityProtocol.PLAINTEXT
        && (client.securityProtocol() != SecurityProtocol.SSL
            || !client.principal().equals(KafkaPrincipal.ANONYMOUS));
  }

  private AbstractResponse create(Request request, Errors refusal) {
    CreateDelegationTokenRequestData body = request.body(CreateDelegationTokenRequest.class).data();
    KafkaPrincipal requester = request.connection().principal();
    String name = body.ownerPrincipalName();
    KafkaPrincipal owner =
        name == null || name.isEmpty()
            ? requester
            : new KafkaPrincipal(body.ownerPrincipalType(), name);
    Errors error = refusal;
    if (refusal == Errors.DELEGATION_TOKEN_AUTH_DISABLED) {
      if (!owner.equals(requester)
          && !authorizer.authorize(
              request, AclOperation.CREATE_TOKENS, ResourceType.USER, owner.toString())) {
        error = Errors.DELEGATION_TOKEN_AUTHORIZATION_FAILED;
      } else if (body.renewers().stream()
          .anyMatch(each -> !each.principalType().equals(KafkaPrincipal.USER_TYPE))) {
        error = Errors.INVALID_PRINCIPAL_TYPE;
      }
    }
    return CreateDelegationTokenResponse.prepareResponse(
        request.apiVersion(), 0, error, owner, requester);
  }
}
