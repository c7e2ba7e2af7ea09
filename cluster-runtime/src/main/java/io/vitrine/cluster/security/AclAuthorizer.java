package io.vitrine.cluster.security;

import io.vitrine.cluster.zookeeper.AclStore;
import io.vitrine.cluster.zookeeper.AclStore.Versioned;
import io.vitrine.cluster.zookeeper.ChangeNotifications;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.SecurityUtils;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.AclDeleteResult.AclBindingDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the ACLs in ZooKeeper, as Kafka's {@code kafka.security.authorizer.AclAuthorizer}:
 * same nodes, same rules, same audit log.
 *
 * <p>All ACLs are in memory and asked there from any thread. One thread, the executor's, changes
 * them: it takes notifications up and carries changes out, one after another. A change is in force
 * here before it is announced to others.
 */
public final class AclAuthorizer implements Authorizer {
  /** How {@code authorizer.class.name} calls it. */
  public static final String CLASS_NAME = "kafka.security.authorizer.AclAuthorizer";

  private static final String SUPER_USERS = "super.users";
  private static final String ALLOW_IF_NO_ACL = "allow.everyone.if.no.acl.found";
  private static final int MAX_TRIES = 11;

  private static final Logger LOG = LoggerFactory.getLogger(AclAuthorizer.class);

  /** Kafka's name for it, so that its log settings work. */
  private static final Logger AUDIT = LoggerFactory.getLogger("kafka.authorizer.logger");

  private final AclStore store;
  private final ExecutorService thread;
  private final InstantSource clock;
  private volatile Set<String> superUsers = Set.of();
  private volatile boolean allowIfNoAcl;
  private volatile AclCache cache = AclCache.EMPTY;
  private volatile List<ChangeNotifications> changes = List.of();

  /**
   * @param thread runs one task at a time; ended by its owner, before or after this
   */
  public AclAuthorizer(AclStore store, ExecutorService thread, InstantSource clock) {
    this.store = store;
    this.thread = thread;
    this.clock = clock;
  }

  /** Takes {@code super.users} and {@code allow.everyone.if.no.acl.found}. */
  @Override
  public void configure(Map<String, ?> configs) {
    Object users = configs.get(SUPER_USERS);
    superUsers =
        users == null || users.toString().isBlank()
            ? Set.of()
            : Arrays.stream(users.toString().split(";"))
                .map(each -> SecurityUtils.parseKafkaPrincipal(each.trim()).toString())
                .collect(Collectors.toUnmodifiableSet());
    Object allow = configs.get(ALLOW_IF_NO_ACL);
    allowIfNoAcl = allow != null && Boolean.parseBoolean(allow.toString().trim());
  }

  /** Reads all ACLs; every endpoint may be served once that is done. */
  @Override
  public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo info) {
    CompletableFuture<Void> loaded = CompletableFuture.runAsync(this::load, thread);
    Map<Endpoint, CompletionStage<Void>> ready = new HashMap<>();
    info.endpoints().forEach(endpoint -> ready.put(endpoint, loaded));
    return ready;
  }

  private void load() {
    store.ensurePaths();
    // Listening begins before reading: what changes in between is read twice.
    changes = store.changes(thread, clock, this::reload);
    changes.forEach(ChangeNotifications::start);
    Map<ResourcePattern, Versioned> all = new HashMap<>();
    for (ResourcePattern pattern : store.patterns()) {
      Versioned acls = store.read(pattern);
      if (!acls.acls().isEmpty()) {
        all.put(pattern, acls);
      }
    }
    cache = new AclCache(all);
  }

  /** Hears of changes again on a new session. */
  public void renewed() {
    changes.forEach(ChangeNotifications::renewed);
  }

  private void reload(ResourcePattern pattern) {
    Versioned acls = store.read(pattern);
    cache = cache.with(pattern, acls);
    LOG.info("ACLs of {} are now {}", pattern, acls);
  }

  // ---- decisions -----------------------------------------------------------------------------

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext context, List<Action> actions) {
    return actions.stream().map(action -> authorize(context, action)).toList();
  }

  private AuthorizationResult authorize(AuthorizableRequestContext context, Action action) {
    ResourcePattern resource = action.resourcePattern();
    if (resource.patternType() != PatternType.LITERAL) {
      throw new IllegalArgumentException("Only literal resources are supported. Got: " + resource);
    }
    KafkaPrincipal sender = context.principal();
    String principal = sender.getPrincipalType() + ":" + sender.getName();
    boolean allowed = superUsers.contains(principal);
    if (!allowed) {
      List<AccessControlEntry> acls = cache.about(resource.resourceType(), resource.name());
      allowed =
          acls.isEmpty()
              ? allowIfNoAcl
              : AclDecision.allows(
                  acls, action.operation(), principal, context.clientAddress().getHostAddress());
    }
    audit(context, action, allowed);
    return allowed ? AuthorizationResult.ALLOWED : AuthorizationResult.DENIED;
  }

  /** What was asked for and refused is told, what was granted only on request (debug). */
  private static void audit(AuthorizableRequestContext context, Action action, boolean allowed) {
    if (allowed && action.logIfAllowed() && AUDIT.isDebugEnabled()) {
      AUDIT.debug(line(context, action, "Allowed"));
    } else if (!allowed && action.logIfDenied() && AUDIT.isInfoEnabled()) {
      AUDIT.info(line(context, action, "Denied"));
    } else if (AUDIT.isTraceEnabled()) {
      AUDIT.trace(line(context, action, allowed ? "Allowed" : "Denied"));
    }
  }

  private static String line(AuthorizableRequestContext context, Action action, String result) {
    ResourcePattern resource = action.resourcePattern();
    int api = context.requestType();
    return "Principal = "
        + context.principal()
        + " is "
        + result
        + " Operation = "
        + SecurityUtils.operationName(action.operation())
        + " from host = "
        + context.clientAddress().getHostAddress()
        + " on resource = "
        + SecurityUtils.resourceTypeName(resource.resourceType())
        + ":"
        + resource.patternType()
        + ":"
        + resource.name()
        + " for request = "
        + (ApiKeys.hasId(api) ? ApiKeys.forId(api).name : api)
        + " with resourceRefCount = "
        + action.resourceReferenceCount();
  }

  @Override
  public Iterable<AclBinding> acls(AclBindingFilter filter) {
    List<AclBinding> found = new ArrayList<>();
    cache.forEach(
        (pattern, acls) ->
            acls.acls().stream()
                .map(acl -> new AclBinding(pattern, acl))
                .filter(filter::matches)
                .forEach(found::add));
    return found;
  }

  // ---- changes -------------------------------------------------------------------------------

  @Override
  public List<? extends CompletionStage<AclCreateResult>> createAcls(
      AuthorizableRequestContext context, List<AclBinding> bindings) {
    List<CompletableFuture<AclCreateResult>> results =
        bindings.stream().map(binding -> new CompletableFuture<AclCreateResult>()).toList();
    Map<ResourcePattern, List<Integer>> valid = new LinkedHashMap<>();
    for (int i = 0; i < bindings.size(); i++) {
      AclBinding binding = bindings.get(i);
      if (binding.isUnknown() || binding.pattern().name().contains("/")) {
        results.get(i).complete(failed(new InvalidRequestException("Failed to create ACL")));
      } else {
        valid.computeIfAbsent(binding.pattern(), pattern -> new ArrayList<>()).add(i);
      }
    }
    onThread(
        () ->
            valid.forEach(
                (pattern, indexes) -> {
                  AclCreateResult result = create(pattern, indexes, bindings);
                  indexes.forEach(i -> results.get(i).complete(result));
                }),
        stopping -> results.forEach(each -> each.complete(failed(stopping))));
    return results;
  }

  private AclCreateResult create(
      ResourcePattern pattern, List<Integer> indexes, List<AclBinding> bindings) {
    try {
      update(
          pattern,
          before -> {
            Set<AccessControlEntry> after = new HashSet<>(before);
            indexes.forEach(i -> after.add(readable(bindings.get(i).entry())));
            return after;
          });
      return AclCreateResult.SUCCESS;
    } catch (RuntimeException e) {
      return failed(apiException(e));
    }
  }

  /**
   * What is written must be read again, by brokers that start later as well.
   *
   * @throws IllegalArgumentException when the principal has no type or no name
   */
  private static AccessControlEntry readable(AccessControlEntry acl) {
    SecurityUtils.parseKafkaPrincipal(acl.principal());
    return acl;
  }

  private static AclCreateResult failed(ApiException e) {
    return new AclCreateResult(e);
  }

  @Override
  public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
      AuthorizableRequestContext context, List<AclBindingFilter> filters) {
    CompletableFuture<List<AclDeleteResult>> all = new CompletableFuture<>();
    onThread(
        () -> {
          try {
            all.complete(delete(filters));
          } catch (RuntimeException e) {
            all.completeExceptionally(apiException(e));
          }
        },
        all::completeExceptionally);
    List<CompletableFuture<AclDeleteResult>> results = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      int index = i;
      results.add(
          all.handle(
              (deleted, error) ->
                  error == null ? deleted.get(index) : new AclDeleteResult(apiException(error))));
    }
    return results;
  }

  private List<AclDeleteResult> delete(List<AclBindingFilter> filters) {
    Set<ResourcePattern> patterns = new HashSet<>();
    cache.forEach((pattern, acls) -> patterns.add(pattern));
    filters.stream()
        .map(AclBindingFilter::patternFilter)
        .filter(ResourcePatternFilter::matchesAtMostOne)
        .forEach(
            filter ->
                patterns.add(
                    new ResourcePattern(
                        filter.resourceType(), filter.name(), filter.patternType())));
    Map<Integer, List<AclBindingDeleteResult>> deleted = new HashMap<>();
    for (ResourcePattern pattern : patterns) {
      List<Integer> matching = new ArrayList<>();
      for (int i = 0; i < filters.size(); i++) {
        if (filters.get(i).patternFilter().matches(pattern)) {
          matching.add(i);
        }
      }
      if (!matching.isEmpty()) {
        delete(pattern, matching, filters, deleted);
      }
    }
    List<AclDeleteResult> results = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      results.add(new AclDeleteResult(deleted.getOrDefault(i, List.of())));
    }
    return results;
  }

  /** An ACL several filters name is reported with the first of them. */
  private void delete(
      ResourcePattern pattern,
      List<Integer> matching,
      List<AclBindingFilter> filters,
      Map<Integer, List<AclBindingDeleteResult>> deleted) {
    Map<AccessControlEntry, Integer> removed = new LinkedHashMap<>();
    ApiException failure = null;
    try {
      update(
          pattern,
          before -> {
            removed.clear();
            Set<AccessControlEntry> after = new HashSet<>(before);
            for (AccessControlEntry acl : before) {
              matching.stream()
                  .filter(i -> filters.get(i).entryFilter().matches(acl))
                  .findFirst()
                  .ifPresent(
                      i -> {
                        removed.put(acl, i);
                        after.remove(acl);
                      });
            }
            return after;
          });
    } catch (RuntimeException e) {
      failure = apiException(e);
    }
    for (Map.Entry<AccessControlEntry, Integer> each : removed.entrySet()) {
      deleted
          .computeIfAbsent(each.getValue(), i -> new ArrayList<>())
          .add(new AclBindingDeleteResult(new AclBinding(pattern, each.getKey()), failure));
    }
  }

  /** On the thread: writes what others must not have changed meanwhile, else tries again. */
  private void update(ResourcePattern pattern, UnaryOperator<Set<AccessControlEntry>> change) {
    Versioned before = cache.contains(pattern) ? cache.of(pattern) : store.read(pattern);
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      Set<AccessControlEntry> acls = change.apply(before.acls());
      Optional<Versioned> written = store.write(pattern, acls, before);
      if (written.isPresent()) {
        cache = cache.with(pattern, written.get());
        if (!acls.equals(before.acls())) {
          LOG.info("ACLs of {} changed to {}", pattern, written.get());
          store.announce(pattern);
        }
        return;
      }
      before = store.read(pattern);
    }
    throw new IllegalStateException(
        "ACLs of " + pattern + " were changed by others " + MAX_TRIES + " times in a row");
  }

  private void onThread(Runnable task, Consumer<ApiException> stopping) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      stopping.accept(new ApiException("the broker is stopping"));
    }
  }

  private static ApiException apiException(Throwable e) {
    return e instanceof ApiException known ? known : new ApiException(e);
  }

  /** Hears of nothing any more. */
  @Override
  public void close() {
    changes.forEach(ChangeNotifications::close);
  }
}
