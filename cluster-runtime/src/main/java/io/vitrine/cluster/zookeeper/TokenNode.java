package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.TokenInformation;
import org.apache.kafka.common.utils.Sanitizer;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * {@code /delegation_token/tokens/<id>}: what is known of a token, but for its secret, which every
 * broker computes. Principals are sanitized as in paths; times are milliseconds since 1970.
 */
final class TokenNode {
  /** Since it who asked for a token is written beside whose it is. */
  private static final int FIRST_WITH_REQUESTER = 3;

  private static final int VERSION = 3;

  private TokenNode() {}

  static byte[] encode(TokenInformation token) {
    return ZkJson.object(
        "version",
        VERSION,
        "owner",
        Sanitizer.sanitize(token.ownerAsString()),
        "tokenRequester",
        Sanitizer.sanitize(token.tokenRequester().toString()),
        "renewers",
        token.renewersAsString().stream().map(Sanitizer::sanitize).toList(),
        "issueTimestamp",
        token.issueTimestamp(),
        "maxTimestamp",
        token.maxTimestamp(),
        "expiryTimestamp",
        token.expiryTimestamp(),
        "tokenId",
        token.tokenId());
  }

  /**
   * @throws IllegalArgumentException when the bytes are not what this version knows
   */
  static TokenInformation decode(String path, byte[] data) {
    JsonNode json = ZkJson.parse(path, data);
    int version = json.path("version").asInt();
    if (version < 1 || version > VERSION) {
      throw new IllegalArgumentException(path + " is of version " + json.path("version"));
    }
    KafkaPrincipal owner = principal(path, json.path("owner"));
    List<KafkaPrincipal> renewers = new ArrayList<>();
    json.path("renewers").forEach(each -> renewers.add(principal(path, each)));
    return new TokenInformation(
        json.path("tokenId").asText(),
        owner,
        version < FIRST_WITH_REQUESTER ? owner : principal(path, json.path("tokenRequester")),
        renewers,
        time(path, json, "issueTimestamp"),
        time(path, json, "maxTimestamp"),
        time(path, json, "expiryTimestamp"));
  }

  private static KafkaPrincipal principal(String path, JsonNode text) {
    if (!text.isTextual()) {
      throw new IllegalArgumentException(path + " does not say whose the token is");
    }
    return SecurityUtils.parseKafkaPrincipal(Sanitizer.desanitize(text.asText()));
  }

  private static long time(String path, JsonNode json, String name) {
    JsonNode time = json.path(name);
    if (!time.canConvertToLong()) {
      throw new IllegalArgumentException(path + " has no " + name);
    }
    return time.asLong();
  }
}
