package io.vitrine.cluster.story;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Reconfigurable;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.apache.kafka.server.quota.ClientQuotaEntity;
import org.apache.kafka.server.quota.ClientQuotaType;

/**
 * Lets each client produce so much for each partition of {@link QuotaStoryTest#TOPIC} there is, and
 * nobody is limited otherwise.
 */
public final class PartitionQuotas implements ClientQuotaCallback, Reconfigurable {
  static final String BYTES_PER_PARTITION = "quotas.bytes.per.partition";

  private volatile double bytesPerPartition;
  private volatile int partitions;

  /** The kinds whose limits have changed since they were asked for. */
  private final Set<ClientQuotaType> changed = ConcurrentHashMap.newKeySet();

  @Override
  public void configure(Map<String, ?> settings) {
    bytesPerPartition = Double.parseDouble(String.valueOf(settings.get(BYTES_PER_PARTITION)));
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of(BYTES_PER_PARTITION);
  }

  @Override
  public void validateReconfiguration(Map<String, ?> settings) {}

  @Override
  public void reconfigure(Map<String, ?> settings) {
    configure(settings);
    changed.addAll(EnumSet.allOf(ClientQuotaType.class));
  }

  @Override
  public boolean updateClusterMetadata(Cluster cluster) {
    Integer known = cluster.partitionCountForTopic(QuotaStoryTest.TOPIC);
    int now = known == null ? 0 : known;
    boolean other = now != partitions;
    partitions = now;
    return other;
  }

  @Override
  public Map<String, String> quotaMetricTags(
      ClientQuotaType type, KafkaPrincipal principal, String clientId) {
    return Map.of("whose", clientId);
  }

  @Override
  public Double quotaLimit(ClientQuotaType type, Map<String, String> tags) {
    return type == ClientQuotaType.PRODUCE && partitions > 0
        ? bytesPerPartition * partitions
        : null;
  }

  @Override
  public boolean quotaResetRequired(ClientQuotaType type) {
    return changed.remove(type);
  }

  @Override
  public void updateQuota(ClientQuotaType type, ClientQuotaEntity entity, double limit) {}

  @Override
  public void removeQuota(ClientQuotaType type, ClientQuotaEntity entity) {}

  @Override
  public void close() {}
}
