package io.vitrine.cluster.security;

import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * What handlers ask before they act. Stands before a plug-in of Kafka's own interface ({@code
 * authorizer.class.name}), or allows everything when none is configured.
 *
 * <p>Immutable; any thread. The plug-in answers from memory, so that asking never waits.
 */
public final class Authorizer {
  private static final Authorizer ALLOW_ALL = new Authorizer(null);

  /** What can be done at all with a resource of a type (KIP-430). */
  private static final Map<ResourceType, Set<AclOperation>> OPERATIONS =
      Map.of(
          ResourceType.TOPIC,
          Set.of(
              AclOperation.READ,
              AclOperation.WRITE,
              AclOperation.CREATE,
              AclOperation.DESCRIBE,
              AclOperation.DELETE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS),
          ResourceType.GROUP,
          Set.of(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DELETE),
          ResourceType.CLUSTER,
          Set.of(
              AclOperation.CREATE,
              AclOperation.CLUSTER_ACTION,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS,
              AclOperation.IDEMPOTENT_WRITE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE),
          ResourceType.TRANSACTIONAL_ID,
          Set.of(AclOperation.DESCRIBE, AclOperation.WRITE),
          ResourceType.DELEGATION_TOKEN,
          Set.of(AclOperation.DESCRIBE),
          ResourceType.USER,
          Set.of(AclOperation.CREATE_TOKENS, AclOperation.DESCRIBE_TOKENS));

  /** Null when everything is allowed. */
  private final org.apache.kafka.server.authorizer.Authorizer plugin;

  private Authorizer(org.apache.kafka.server.authorizer.Authorizer plugin) {
    this.plugin = plugin;
  }

  /** For brokers without {@code authorizer.class.name}. */
  public static Authorizer allowAll() {
    return ALLOW_ALL;
  }

  /** Asks this plug-in, which stays the caller's to close. */
  public static Authorizer of(org.apache.kafka.server.authorizer.Authorizer plugin) {
    return new Authorizer(plugin);
  }

  /** The plug-in, for those who change ACLs; empty when none is configured. */
  public Optional<org.apache.kafka.server.authorizer.Authorizer> plugin() {
    return Optional.ofNullable(plugin);
  }

  /** Whether the sender may do this; a denial is written to the audit log. */
  public boolean authorize(
      Request request, AclOperation operation, ResourceType type, String name) {
    return authorize(request, operation, type, name, true);
  }

  /**
   * Whether the sender may do this.
   *
   * @param logIfDenied false where a denial is no refusal, as when another permission may do
   */
  public boolean authorize(
      Request request,
      AclOperation operation,
      ResourceType type,
      String name,
      boolean logIfDenied) {
    return plugin == null
        || plugin
                .authorize(
                    new RequestContext(request),
                    List.of(action(operation, type, name, 1, true, logIfDenied)))
                .get(0)
            == AuthorizationResult.ALLOWED;
  }

  /** Whether the sender may do this with the cluster; a denial is written to the audit log. */
  public boolean authorizeCluster(Request request, AclOperation operation) {
    return authorizeCluster(request, operation, true);
  }

  /** Whether the sender may do this with the cluster. */
  public boolean authorizeCluster(Request request, AclOperation operation, boolean logIfDenied) {
    return authorize(request, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME, logIfDenied);
  }

  /** Whether there may be any resource of this type the sender may do this with. */
  public boolean authorizeAny(Request request, AclOperation operation, ResourceType type) {
    return plugin == null
        || plugin.authorizeByResourceType(new RequestContext(request), operation, type)
            == AuthorizationResult.ALLOWED;
  }

  /** Those of the names the sender may do this with; denials are written to the audit log. */
  public Set<String> authorized(
      Request request, AclOperation operation, ResourceType type, Collection<String> names) {
    return authorized(request, operation, type, names, true);
  }

  /**
   * Those of the names the sender may do this with.
   *
   * @param names one is asked about once, however often it occurs; the audit log tells how often
   * @param logIfDenied false where names not allowed are silently passed over
   */
  public Set<String> authorized(
      Request request,
      AclOperation operation,
      ResourceType type,
      Collection<String> names,
      boolean logIfDenied) {
    if (plugin == null) {
      return new HashSet<>(names);
    }
    Map<String, Integer> references = new LinkedHashMap<>();
    names.forEach(name -> references.merge(name, 1, Integer::sum));
    List<Action> actions = new ArrayList<>(references.size());
    references.forEach(
        (name, count) -> actions.add(action(operation, type, name, count, true, logIfDenied)));
    Set<String> allowed = new HashSet<>();
    if (!actions.isEmpty()) {
      List<AuthorizationResult> results = plugin.authorize(new RequestContext(request), actions);
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i) == AuthorizationResult.ALLOWED) {
          allowed.add(actions.get(i).resourcePattern().name());
        }
      }
    }
    return allowed;
  }

  /** What the sender may do with a resource: a bit for each operation by its code (KIP-430). */
  public int authorizedOperations(Request request, ResourceType type, String name) {
    Set<Byte> allowed = new HashSet<>();
    AuthorizableRequestContext context = new RequestContext(request);
    for (AclOperation operation : OPERATIONS.get(type)) {
      if (plugin == null
          || plugin
                  .authorize(context, List.of(action(operation, type, name, 1, false, false)))
                  .get(0)
              == AuthorizationResult.ALLOWED) {
        allowed.add(operation.code());
      }
    }
    return Utils.to32BitField(allowed);
  }

  /** What the sender may do with the cluster; nothing unless it may describe it. */
  public int authorizedClusterOperations(Request request) {
    return authorizeCluster(request, AclOperation.DESCRIBE)
        ? authorizedOperations(request, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
        : 0;
  }

  private static Action action(
      AclOperation operation,
      ResourceType type,
      String name,
      int references,
      boolean logIfAllowed,
      boolean logIfDenied) {
    return new Action(
        operation,
        new ResourcePattern(type, name, PatternType.LITERAL),
        references,
        logIfAllowed,
        logIfDenied);
  }
}
