package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.protocol.server.Request;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeDelegationTokenRequest;
import org.apache.kafka.common.requests.DescribeDelegationTokenResponse;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.security.token.delegation.TokenInformation;

/**
 * Tells of delegation tokens, passwords included: one's own and those one may renew, and others by
 * DESCRIBE on the token or DESCRIBE_TOKENS on its owner. 61 on a broker that gives none.
 */
public final class DescribeDelegationTokenHandler implements ApiHandler {
  private final Optional<DelegationTokens> tokens;
  private final Authorizer authorizer;

  /**
   * @param tokens empty where none are given
   */
  public DescribeDelegationTokenHandler(Optional<DelegationTokens> tokens, Authorizer authorizer) {
    this.tokens = tokens;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_DELEGATION_TOKEN;
  }

  @Override
  public short minVersion() {
    return ApiKeys.DESCRIBE_DELEGATION_TOKEN.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.DESCRIBE_DELEGATION_TOKEN.latestVersion();
  }

  @Override
  public void handle(Request request) {
    Optional<Errors> unknown = TokenRequests.refusal(request.connection());
    if (unknown.isPresent() || tokens.isEmpty()) {
      request.respond(
          new DescribeDelegationTokenResponse(
              request.apiVersion(), 0, unknown.orElse(Errors.DELEGATION_TOKEN_AUTH_DISABLED)));
      return;
    }
    request.respond(
        new DescribeDelegationTokenResponse(
            request.apiVersion(), 0, Errors.NONE, described(request, tokens.get())));
  }

  private List<DelegationToken> described(Request request, DelegationTokens tokens) {
    DescribeDelegationTokenRequestData body =
        request.body(DescribeDelegationTokenRequest.class).data();
    if (body.owners() == null) {
      return tokens.describe(token -> maySee(request, token));
    }
    List<KafkaPrincipal> asked =
        body.owners().stream()
            .map(each -> new KafkaPrincipal(each.principalType(), each.principalName()))
            .toList();
    return tokens.describe(
        token -> asked.stream().anyMatch(token::ownerOrRenewer) && maySee(request, token));
  }

  private boolean maySee(Request request, TokenInformation token) {
    return token.ownerOrRenewer(request.connection().principal())
        || authorizer.authorize(
            request, AclOperation.DESCRIBE, ResourceType.DELEGATION_TOKEN, token.tokenId())
        || authorizer.authorize(
            request, AclOperation.DESCRIBE_TOKENS, ResourceType.USER, token.owner().toString());
  }
}
