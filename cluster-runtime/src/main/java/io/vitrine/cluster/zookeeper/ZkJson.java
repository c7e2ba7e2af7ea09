package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON as it lies in znodes: compact, UTF-8. */
final class ZkJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ZkJson() {}

  /** Keys and values in turn, written in this order; null values are left in. */
  static byte[] object(Object... keysAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return bytes(fields);
  }

  static byte[] bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException naming what the bytes should have been
   */
  static JsonNode parse(String what, byte[] data) {
    try {
      JsonNode node = JSON.readTree(data);
      if (node == null || !node.isObject()) {
        throw new IllegalArgumentException(what + " is no JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new IllegalArgumentException(what + " is no JSON: " + e.getMessage(), e);
    }
  }

  static List<Integer> integers(JsonNode array) {
    List<Integer> numbers = new ArrayList<>();
    if (array != null) {
      array.forEach(each -> numbers.add(each.asInt()));
    }
    return List.copyOf(numbers);
  }

  /** Partition numbers to broker ids, as in a topic's node. */
  static Map<Integer, List<Integer>> replicas(JsonNode object) {
    Map<Integer, List<Integer>> found = new TreeMap<>();
    if (object != null) {
      object
          .properties()
          .forEach(e -> found.put(Integer.parseInt(e.getKey()), integers(e.getValue())));
    }
    return found;
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> found = new TreeMap<>();
    if (object != null) {
      object.properties().forEach(e -> found.put(e.getKey(), e.getValue().asText()));
    }
    return found;
  }
}
