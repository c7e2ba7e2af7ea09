package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code /config/changes/config_change_…}: what was reconfigured, such as {@code topics/orders}.
 */
public record ConfigChangeNode(String entityPath) {

  public byte[] encode() {
    return ZkJson.object("version", 2, "entity_path", entityPath);
  }

  /** Reads version 2, and version 1 with type and name apart. */
  public static ConfigChangeNode decode(byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.CONFIG_CHANGES, data);
    if (json.has("entity_path")) {
      return new ConfigChangeNode(json.get("entity_path").asText());
    }
    return new ConfigChangeNode(
        json.path("entity_type").asText() + "/" + json.path("entity_name").asText());
  }
}
