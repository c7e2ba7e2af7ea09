package io.vitrine.cluster.quota;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who shares one measured rate: all clients with this user and this client id, where the empty name
 * stands for any.
 *
 * @param user sanitized
 */
record QuotaTags(String user, String clientId) {
  private static final String USER = "user";
  private static final String CLIENT_ID = "client-id";

  /** As tags of a metric. */
  Map<String, String> asMap() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(USER, user);
    tags.put(CLIENT_ID, clientId);
    return tags;
  }

  static QuotaTags of(Map<String, String> tags) {
    return new QuotaTags(tags.getOrDefault(USER, ""), tags.getOrDefault(CLIENT_ID, ""));
  }
}
