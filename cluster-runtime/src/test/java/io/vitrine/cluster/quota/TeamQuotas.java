package io.vitrine.cluster.quota;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.apache.kafka.server.quota.ClientQuotaEntity;
import org.apache.kafka.server.quota.ClientQuotaType;

/** Users whose names begin with the same letter share a rate; one thread's. */
final class TeamQuotas implements ClientQuotaCallback {
  private final Map<String, Double> limits = new HashMap<>();
  private final Set<ClientQuotaType> changed = EnumSet.noneOf(ClientQuotaType.class);
  private final List<String> heard = new ArrayList<>();

  static String teamOf(String user) {
    return user.substring(0, 1);
  }

  /** Sets a limit nobody has told the broker of. */
  void decide(String team, double limit) {
    limits.put(team, limit);
    changed.addAll(EnumSet.allOf(ClientQuotaType.class));
  }

  /** What it was told of limits in ZooKeeper. */
  List<String> heard() {
    return heard;
  }

  @Override
  public Map<String, String> quotaMetricTags(
      ClientQuotaType type, KafkaPrincipal principal, String clientId) {
    return Map.of("team", teamOf(principal.getName()));
  }

  @Override
  public Double quotaLimit(ClientQuotaType type, Map<String, String> tags) {
    return limits.get(tags.get("team"));
  }

  @Override
  public void updateQuota(ClientQuotaType type, ClientQuotaEntity entity, double limit) {
    heard.add(type + " " + named(entity) + " " + limit);
    users(entity).forEach(user -> limits.put(teamOf(user), limit));
  }

  @Override
  public void removeQuota(ClientQuotaType type, ClientQuotaEntity entity) {
    heard.add(type + " " + named(entity));
    users(entity).forEach(user -> limits.remove(teamOf(user)));
  }

  private static List<String> named(ClientQuotaEntity entity) {
    return entity.configEntities().stream()
        .map(each -> each.entityType() + " " + each.name())
        .toList();
  }

  private static List<String> users(ClientQuotaEntity entity) {
    return entity.configEntities().stream()
        .filter(each -> each.entityType() == ClientQuotaEntity.ConfigEntityType.USER)
        .map(ClientQuotaEntity.ConfigEntity::name)
        .toList();
  }

  @Override
  public boolean quotaResetRequired(ClientQuotaType type) {
    return changed.remove(type);
  }

  @Override
  public boolean updateClusterMetadata(Cluster cluster) {
    return false;
  }

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
