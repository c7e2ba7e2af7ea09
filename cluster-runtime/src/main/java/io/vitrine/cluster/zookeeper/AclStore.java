package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ACLs as Kafka keeps them: those of names below {@code /kafka-acl}, those of prefixes below {@code
 * /kafka-acl-extended}, and for each a directory of change notifications. Waits for ZooKeeper: to
 * be called where that may be.
 */
public final class AclStore {
  private static final Logger LOG = LoggerFactory.getLogger(AclStore.class);

  private static final String LITERAL = "/kafka-acl";
  private static final String EXTENDED = "/kafka-acl-extended/";
  private static final String LITERAL_CHANGES = "/kafka-acl-changes";
  private static final String EXTENDED_CHANGES = "/kafka-acl-extended-changes";
  private static final String CHANGE = "/acl_changes_";
  private static final List<PatternType> PATTERNS =
      List.of(PatternType.LITERAL, PatternType.PREFIXED);
  private static final List<ResourceType> TYPES =
      List.of(
          ResourceType.TOPIC,
          ResourceType.GROUP,
          ResourceType.CLUSTER,
          ResourceType.TRANSACTIONAL_ID,
          ResourceType.DELEGATION_TOKEN,
          ResourceType.USER);

  private final ZooKeeperSession session;

  public AclStore(ZooKeeperSession session) {
    this.session = session;
  }

  /**
   * The ACLs of one resource pattern.
   *
   * @param version of the node; -1 where there is none
   */
  public record Versioned(Set<AccessControlEntry> acls, int version) {
    /** There is no node. */
    public static final Versioned NONE = new Versioned(Set.of(), -1);

    public Versioned {
      acls = Set.copyOf(acls);
    }

    public boolean exists() {
      return version >= 0;
    }
  }

  /** Makes the persistent nodes that are missing. */
  public void ensurePaths() {
    for (PatternType pattern : PATTERNS) {
      for (ResourceType type : TYPES) {
        Nodes.ensure(session, directory(pattern, type), null);
      }
    }
    Nodes.ensure(session, LITERAL_CHANGES, null);
    Nodes.ensure(session, EXTENDED_CHANGES, null);
  }

  /** All patterns there are ACLs for; those of a type this version does not know are left out. */
  public List<ResourcePattern> patterns() {
    List<ResourcePattern> found = new ArrayList<>();
    for (PatternType pattern : PATTERNS) {
      String root = root(pattern);
      for (String typeName : Waiting.on(session.children(root)).orElse(List.of())) {
        ResourceType type = type(typeName);
        if (type == ResourceType.UNKNOWN) {
          LOG.warn("{}/{} is of a type unknown here and left alone", root, typeName);
          continue;
        }
        for (String name : Waiting.on(session.children(root + "/" + typeName)).orElse(List.of())) {
          found.add(new ResourcePattern(type, name, pattern));
        }
      }
    }
    return found;
  }

  private static ResourceType type(String name) {
    try {
      return SecurityUtils.resourceType(name);
    } catch (IllegalArgumentException e) {
      return ResourceType.UNKNOWN;
    }
  }

  public Versioned read(ResourcePattern pattern) {
    String path = path(pattern);
    Optional<NodeData> node = Waiting.on(session.get(path));
    return node.map(n -> new Versioned(AclNode.decode(path, n.data()).acls(), n.stat().version()))
        .orElse(Versioned.NONE);
  }

  /**
   * Replaces ACLs; without any the node goes.
   *
   * @param before what they were: nothing is written when they have changed since
   * @return what they are now; empty when they had changed
   */
  public Optional<Versioned> write(
      ResourcePattern pattern, Set<AccessControlEntry> acls, Versioned before) {
    String path = path(pattern);
    byte[] data = new AclNode(acls).encode();
    try {
      if (acls.isEmpty()) {
        if (before.exists()) {
          Waiting.on(session.delete(path, before.version()));
        }
        return Optional.of(Versioned.NONE);
      }
      if (before.exists()) {
        NodeStat stat = Waiting.on(session.set(path, data, before.version()));
        return Optional.of(new Versioned(acls, stat.version()));
      }
      Waiting.on(session.create(path, data, CreateMode.PERSISTENT));
      return Optional.of(new Versioned(acls, 0));
    } catch (ZkException e) {
      return switch (e.code()) {
        case BAD_VERSION, NODE_EXISTS, NO_NODE -> Optional.empty();
        default -> throw e;
      };
    }
  }

  /** Tells all brokers that the ACLs of a pattern are others now. */
  public void announce(ResourcePattern pattern) {
    boolean literal = pattern.patternType() == PatternType.LITERAL;
    byte[] data =
        literal
            ? (pattern.resourceType() + ":" + pattern.name()).getBytes(StandardCharsets.UTF_8)
            : ZkJson.object(
                "version",
                1,
                "resourceType",
                pattern.resourceType().name(),
                "name",
                pattern.name(),
                "patternType",
                pattern.patternType().name());
    Waiting.on(
        session.create(
            (literal ? LITERAL_CHANGES : EXTENDED_CHANGES) + CHANGE,
            data,
            CreateMode.PERSISTENT_SEQUENTIAL));
  }

  /** What hears of changes, told the pattern; not started yet. */
  public List<ChangeNotifications> changes(
      Executor executor, InstantSource clock, Consumer<ResourcePattern> handler) {
    return List.of(
        new ChangeNotifications(
            session,
            LITERAL_CHANGES,
            executor,
            clock,
            data -> handler.accept(literal(new String(data, StandardCharsets.UTF_8)))),
        new ChangeNotifications(
            session,
            EXTENDED_CHANGES,
            executor,
            clock,
            data -> handler.accept(extended(ZkJson.parse(EXTENDED_CHANGES, data)))));
  }

  private static ResourcePattern literal(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not Type:name but " + text);
    }
    return new ResourcePattern(
        ResourceType.fromString(text.substring(0, colon)),
        text.substring(colon + 1),
        PatternType.LITERAL);
  }

  private static ResourcePattern extended(JsonNode json) {
    if (json.path("version").asInt() > 1) {
      throw new IllegalArgumentException("of version " + json.path("version"));
    }
    return new ResourcePattern(
        ResourceType.fromString(json.path("resourceType").asText()),
        json.path("name").asText(),
        PatternType.fromString(json.path("patternType").asText()));
  }

  private static String path(ResourcePattern pattern) {
    return directory(pattern.patternType(), pattern.resourceType()) + "/" + pattern.name();
  }

  private static String directory(PatternType pattern, ResourceType type) {
    return root(pattern) + "/" + SecurityUtils.resourceTypeName(type);
  }

  private static String root(PatternType pattern) {
    return pattern == PatternType.LITERAL
        ? LITERAL
        : EXTENDED + pattern.name().toLowerCase(Locale.ROOT);
  }
}
