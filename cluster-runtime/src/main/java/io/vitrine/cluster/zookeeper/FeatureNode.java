package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /feature} (KIP-584): the features finalized for the cluster.
 *
 * @param version 1 or 2
 * @param enabled whether features are finalized at all
 * @param levels the finalized level of each feature
 */
public record FeatureNode(int version, boolean enabled, Map<String, Integer> levels) {
  /** The newest version, without the lowest level of each feature. */
  private static final int WITHOUT_MINIMUM = 2;

  private static final String HIGHEST = "max_version_level";
  private static final String LOWEST = "min_version_level";

  public FeatureNode {
    levels = Map.copyOf(levels);
  }

  public byte[] encode() {
    Map<String, Object> features = new TreeMap<>();
    levels.forEach(
        (name, level) ->
            features.put(
                name,
                version >= WITHOUT_MINIMUM
                    ? Map.of(HIGHEST, level)
                    : Map.of(HIGHEST, level, LOWEST, level)));
    return ZkJson.object("features", features, "version", version, "status", enabled ? 1 : 0);
  }

  /**
   * @throws IllegalArgumentException when it is no such node
   */
  public static FeatureNode decode(byte[] data) {
    JsonNode json = ZkJson.parse(ZkPaths.FEATURE, data);
    Map<String, Integer> levels = new TreeMap<>();
    json.path("features")
        .properties()
        .forEach(each -> levels.put(each.getKey(), each.getValue().path(HIGHEST).asInt()));
    return new FeatureNode(json.path("version").asInt(), json.path("status").asInt() == 1, levels);
  }
}
