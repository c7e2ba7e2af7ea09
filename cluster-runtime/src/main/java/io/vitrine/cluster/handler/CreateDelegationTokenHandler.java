package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.protocol.server.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateDelegationTokenRequest;
import org.apache.kafka.common.requests.CreateDelegationTokenResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.security.token.delegation.TokenInformation;

/**
 * Gives a delegation token, from version 3 on also one for somebody else, which takes CREATE_TOKENS
 * on that user. 61 on a broker that gives none.
 */
public final class CreateDelegationTokenHandler implements ApiHandler {
  private final Optional<DelegationTokens> tokens;
  private final Authorizer authorizer;

  /**
   * @param tokens empty where none are given
   */
  public CreateDelegationTokenHandler(Optional<DelegationTokens> tokens, Authorizer authorizer) {
    this.tokens = tokens;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_DELEGATION_TOKEN;
  }

  @Override
  public short minVersion() {
    return ApiKeys.CREATE_DELEGATION_TOKEN.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.CREATE_DELEGATION_TOKEN.latestVersion();
  }

  @Override
  public void handle(Request request) {
    CreateDelegationTokenRequestData body = request.body(CreateDelegationTokenRequest.class).data();
    KafkaPrincipal requester = request.connection().principal();
    String name = body.ownerPrincipalName();
    KafkaPrincipal owner =
        name == null || name.isEmpty()
            ? requester
            : new KafkaPrincipal(body.ownerPrincipalType(), name);
    List<KafkaPrincipal> renewers = new ArrayList<>();
    body.renewers()
        .forEach(
            each -> renewers.add(new KafkaPrincipal(each.principalType(), each.principalName())));
    Optional<Errors> refusal = refusal(request, owner, renewers);
    if (refusal.isPresent()) {
      request.respond(
          CreateDelegationTokenResponse.prepareResponse(
              request.apiVersion(), 0, refusal.get(), owner, requester));
      return;
    }
    tokens
        .get()
        .create(owner, requester, renewers, body.maxLifetimeMs())
        .whenComplete(
            (token, error) ->
                request.respond(
                    error == null
                        ? given(request.apiVersion(), token)
                        : request.body().getErrorResponse(0, Failures.cause(error))));
    request.parked();
  }

  private Optional<Errors> refusal(
      Request request, KafkaPrincipal owner, List<KafkaPrincipal> renewers) {
    Optional<Errors> unknown = TokenRequests.refusal(request.connection());
    if (unknown.isPresent()) {
      return unknown;
    }
    if (!owner.equals(request.connection().principal())
        && !authorizer.authorize(
            request, AclOperation.CREATE_TOKENS, ResourceType.USER, owner.toString())) {
      return Optional.of(Errors.DELEGATION_TOKEN_AUTHORIZATION_FAILED);
    }
    if (renewers.stream()
        .anyMatch(each -> !each.getPrincipalType().equals(KafkaPrincipal.USER_TYPE))) {
      return Optional.of(Errors.INVALID_PRINCIPAL_TYPE);
    }
    return tokens.isPresent()
        ? Optional.empty()
        : Optional.of(Errors.DELEGATION_TOKEN_AUTH_DISABLED);
  }

  private static CreateDelegationTokenResponse given(int version, DelegationToken token) {
    TokenInformation told = token.tokenInfo();
    return CreateDelegationTokenResponse.prepareResponse(
        version,
        0,
        Errors.NONE,
        told.owner(),
        told.tokenRequester(),
        told.issueTimestamp(),
        told.expiryTimestamp(),
        told.maxTimestamp(),
        told.tokenId(),
        ByteBuffer.wrap(token.hmac()));
  }
}
