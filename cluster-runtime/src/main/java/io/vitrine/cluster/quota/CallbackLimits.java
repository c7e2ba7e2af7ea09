package io.vitrine.cluster.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.common.utils.Sanitizer;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.apache.kafka.server.quota.ClientQuotaEntity;
import org.apache.kafka.server.quota.ClientQuotaEntity.ConfigEntity;
import org.apache.kafka.server.quota.ClientQuotaEntity.ConfigEntityType;
import org.apache.kafka.server.quota.ClientQuotaType;

/**
 * The limits of one kind as an operator's {@code client.quota.callback.class} decides them
 * (KIP-257), which hears of those in ZooKeeper. Use is measured from the beginning: nobody knows
 * when it will set its first limit.
 */
final class CallbackLimits implements QuotaPolicy {
  private static final String DEFAULT = "<default>";

  private final ClientQuotaCallback callback;
  private final ClientQuotaType type;

  CallbackLimits(ClientQuotaCallback callback, QuotaType type) {
    this.callback = callback;
    this.type =
        switch (type) {
          case PRODUCE -> ClientQuotaType.PRODUCE;
          case FETCH -> ClientQuotaType.FETCH;
          case REQUEST -> ClientQuotaType.REQUEST;
          case CONTROLLER_MUTATION -> ClientQuotaType.CONTROLLER_MUTATION;
        };
  }

  /** The tags it names, in its order. */
  private record Tags(Map<String, String> asMap) implements QuotaTags {
    @Override
    public String suffix() {
      return String.join(":", asMap.values());
    }
  }

  /** Whom a limit in ZooKeeper is for, in Kafka's words. */
  private record Entity(List<ConfigEntity> configEntities) implements ClientQuotaEntity {
    static Entity of(QuotaEntity entity) {
      List<ConfigEntity> parts = new ArrayList<>();
      switch (entity.user().kind()) {
        case NAMED ->
            parts.add(new Part(ConfigEntityType.USER, Sanitizer.desanitize(entity.user().name())));
        case DEFAULT -> parts.add(new Part(ConfigEntityType.DEFAULT_USER, CallbackLimits.DEFAULT));
        case ABSENT -> {}
      }
      switch (entity.clientId().kind()) {
        case NAMED -> parts.add(new Part(ConfigEntityType.CLIENT_ID, entity.clientId().name()));
        case DEFAULT ->
            parts.add(new Part(ConfigEntityType.DEFAULT_CLIENT_ID, CallbackLimits.DEFAULT));
        case ABSENT -> {}
      }
      return new Entity(List.copyOf(parts));
    }
  }

  private record Part(ConfigEntityType entityType, String name) implements ConfigEntity {}

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public QuotaTags tagsOf(Client client) {
    return new Tags(callback.quotaMetricTags(type, client.principal(), client.clientId()));
  }

  @Override
  public OptionalDouble of(Map<String, String> tags) {
    Double limit = callback.quotaLimit(type, tags);
    return limit == null ? OptionalDouble.empty() : OptionalDouble.of(limit);
  }

  @Override
  public void put(QuotaEntity entity, double bound) {
    callback.updateQuota(type, Entity.of(entity), bound);
  }

  @Override
  public void remove(QuotaEntity entity) {
    callback.removeQuota(type, Entity.of(entity));
  }

  @Override
  public boolean hasChanged() {
    return callback.quotaResetRequired(type);
  }
}
