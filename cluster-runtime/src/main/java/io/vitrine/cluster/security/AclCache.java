package io.vitrine.cluster.security;

import io.vitrine.cluster.zookeeper.AclStore.Versioned;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** All ACLs at one moment. Immutable. */
final class AclCache {
  static final AclCache EMPTY = new AclCache(Map.of());

  private final Map<ResourcePattern, Versioned> byPattern;

  /** How long the prefixes of a type are, so that only such beginnings of a name are looked up. */
  private final Map<ResourceType, NavigableSet<Integer>> prefixLengths =
      new EnumMap<>(ResourceType.class);

  /**
   * @param byPattern without patterns that have no ACL
   */
  AclCache(Map<ResourcePattern, Versioned> byPattern) {
    this.byPattern = Map.copyOf(byPattern);
    for (ResourcePattern pattern : byPattern.keySet()) {
      if (pattern.patternType() == PatternType.PREFIXED) {
        prefixLengths
            .computeIfAbsent(pattern.resourceType(), type -> new TreeSet<>())
            .add(pattern.name().length());
      }
    }
  }

  /** The same with other ACLs for one pattern. */
  AclCache with(ResourcePattern pattern, Versioned acls) {
    Map<ResourcePattern, Versioned> changed = new HashMap<>(byPattern);
    if (acls.acls().isEmpty()) {
      changed.remove(pattern);
    } else {
      changed.put(pattern, acls);
    }
    return new AclCache(changed);
  }

  boolean contains(ResourcePattern pattern) {
    return byPattern.containsKey(pattern);
  }

  Versioned of(ResourcePattern pattern) {
    return byPattern.getOrDefault(pattern, Versioned.NONE);
  }

  void forEach(BiConsumer<ResourcePattern, Versioned> action) {
    byPattern.forEach(action);
  }

  /** The ACLs that have a say about a resource: of its name, of {@code *}, of its beginnings. */
  List<AccessControlEntry> about(ResourceType type, String name) {
    List<AccessControlEntry> found = new ArrayList<>();
    add(type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL, found);
    if (!name.equals(ResourcePattern.WILDCARD_RESOURCE)) {
      add(type, name, PatternType.LITERAL, found);
    }
    NavigableSet<Integer> lengths = prefixLengths.get(type);
    if (lengths != null) {
      for (int length : lengths.headSet(name.length(), true)) {
        add(type, name.substring(0, length), PatternType.PREFIXED, found);
      }
    }
    return found;
  }

  private void add(
      ResourceType type, String name, PatternType pattern, List<AccessControlEntry> into) {
    Versioned acls = byPattern.get(new ResourcePattern(type, name, pattern));
    if (acls != null) {
      into.addAll(acls.acls());
    }
  }
}
