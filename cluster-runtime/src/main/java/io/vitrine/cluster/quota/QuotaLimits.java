package io.vitrine.cluster.quota;

import io.vitrine.cluster.quota.QuotaEntity.Kind;
import io.vitrine.cluster.quota.QuotaEntity.Part;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The limits of one kind as ZooKeeper has them, and which of them holds for a client. The most
 * specific wins: user and client id, user and default client id, user, default user and client id,
 * both defaults, default user, client id, default client id.
 *
 * <p>As in Kafka, a level counts as used from the first limit ever set on it, and while only one
 * level is used its rates are measured for everybody, limited or not. Safe from any thread; changed
 * by one at a time.
 */
final class QuotaLimits implements QuotaPolicy {
  private final Map<QuotaEntity, Double> bounds = new ConcurrentHashMap<>();
  private volatile Set<Level> used = Set.of();

  private enum Level {
    CLIENT,
    USER,
    USER_AND_CLIENT
  }

  /** Whether any limit was ever set. */
  @Override
  public boolean isOn() {
    return !used.isEmpty();
  }

  @Override
  public void put(QuotaEntity entity, double bound) {
    use(entity);
    bounds.put(entity, bound);
  }

  @Override
  public void remove(QuotaEntity entity) {
    use(entity);
    bounds.remove(entity);
  }

  private void use(QuotaEntity entity) {
    Level level = Level.USER_AND_CLIENT;
    if (entity.clientId().kind() == Kind.ABSENT) {
      level = Level.USER;
    } else if (entity.user().kind() == Kind.ABSENT) {
      level = Level.CLIENT;
    }
    Set<Level> next = EnumSet.of(level);
    next.addAll(used);
    used = Set.copyOf(next);
  }

  @Override
  public QuotaTags tagsOf(Client client) {
    String user = client.user();
    String clientId = client.clientId();
    Set<Level> levels = used;
    if (levels.size() == 1) {
      Level only = levels.iterator().next();
      return new UserAndClient(
          only == Level.CLIENT ? "" : user, only == Level.USER ? "" : clientId);
    }
    if (levels.isEmpty()) {
      return new UserAndClient("", clientId);
    }
    Part userPart = Part.named(user);
    Part clientPart = Part.named(clientId);
    if (has(userPart, clientPart) || has(userPart, Part.DEFAULT)) {
      return new UserAndClient(user, clientId);
    }
    if (has(userPart, Part.ABSENT)) {
      return new UserAndClient(user, "");
    }
    if (has(Part.DEFAULT, clientPart) || has(Part.DEFAULT, Part.DEFAULT)) {
      return new UserAndClient(user, clientId);
    }
    return has(Part.DEFAULT, Part.ABSENT)
        ? new UserAndClient(user, "")
        : new UserAndClient("", clientId);
  }

  @Override
  public OptionalDouble of(Map<String, String> shared) {
    UserAndClient tags = UserAndClient.of(shared);
    Part user = Part.named(tags.user());
    Part client = Part.named(tags.clientId());
    if (!tags.user().isEmpty() && !tags.clientId().isEmpty()) {
      return first(
          new QuotaEntity(user, client),
          new QuotaEntity(user, Part.DEFAULT),
          new QuotaEntity(Part.DEFAULT, client),
          new QuotaEntity(Part.DEFAULT, Part.DEFAULT));
    }
    if (!tags.user().isEmpty()) {
      return first(new QuotaEntity(user, Part.ABSENT), new QuotaEntity(Part.DEFAULT, Part.ABSENT));
    }
    if (!tags.clientId().isEmpty()) {
      return first(
          new QuotaEntity(Part.ABSENT, client), new QuotaEntity(Part.ABSENT, Part.DEFAULT));
    }
    return OptionalDouble.empty();
  }

  @Override
  public boolean hasChanged() {
    return false;
  }

  private boolean has(Part user, Part clientId) {
    return bounds.containsKey(new QuotaEntity(user, clientId));
  }

  private OptionalDouble first(QuotaEntity... entities) {
    for (QuotaEntity entity : entities) {
      Double bound = bounds.get(entity);
      if (bound != null) {
        return OptionalDouble.of(bound);
      }
    }
    return OptionalDouble.empty();
  }
}
