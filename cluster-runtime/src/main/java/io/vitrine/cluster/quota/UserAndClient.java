package io.vitrine.cluster.quota;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tags as Kafka has them unless somebody else decides: all clients with this user and this client
 * id share a rate, where the empty name stands for any.
 *
 * @param user sanitized
 */
record UserAndClient(String user, String clientId) implements QuotaTags {
  private static final String USER = "user";
  private static final String CLIENT_ID = "client-id";

  @Override
  public Map<String, String> asMap() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(USER, user);
    tags.put(CLIENT_ID, clientId);
    return tags;
  }

  @Override
  public String suffix() {
    return user + ":" + clientId;
  }

  static UserAndClient of(Map<String, String> tags) {
    return new UserAndClient(tags.getOrDefault(USER, ""), tags.getOrDefault(CLIENT_ID, ""));
  }
}
