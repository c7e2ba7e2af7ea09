package io.vitrine.cluster.zookeeper;

import java.util.Map;
import java.util.TreeMap;

/** {@code /config/<type>/<name>}: the settings made on one thing. */
public record ConfigNode(Map<String, String> config) {
  public ConfigNode {
    config = Map.copyOf(config);
  }

  public byte[] encode() {
    return ZkJson.object("version", 1, "config", new TreeMap<>(config));
  }

  /** A node without data, such as that of a user with settings of single clients, has none. */
  public static ConfigNode decode(String path, byte[] data) {
    if (data.length == 0) {
      return new ConfigNode(Map.of());
    }
    return new ConfigNode(ZkJson.strings(ZkJson.parse(path, data).get("config")));
  }
}
