package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.config.Endpoint;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metric.ClockTime;
import io.vitrine.cluster.quota.ConnectionLimits;
import io.vitrine.cluster.quota.QuotaWindows;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.zookeeper.ConfigStore;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Reconfigurable;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.server.quota.ClientQuotaCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds a broker's clients back: quotas, limits on connections, and what ZooKeeper says of
 * both. Made by the starting thread.
 */
record LimitParts(
    Quotas quotas,
    ConnectionLimits connections,
    ClientLimits ofClients,
    Optional<ClientQuotaCallback> callback)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LimitParts.class);
  private static final long FORGET_IDLE_SECONDS = 30;

  /**
   * Nobody is held back yet but by the broker's own settings.
   *
   * @param sensors measure what is used
   * @param scheduler forgets who has not been here for long
   * @throws ConfigException when {@code client.quota.callback.class} decides nothing
   */
  static LimitParts of(
      int brokerId,
      BrokerConfig config,
      ConfigStore store,
      Metrics sensors,
      LongSupplier nanoTime,
      ScheduledExecutorService scheduler) {
    ClockTime time = new ClockTime(nanoTime);
    QuotaWindows windows =
        new QuotaWindows(config.quotaWindowNum(), config.quotaWindowSizeSeconds());
    Optional<ClientQuotaCallback> callback = config.clientQuotaCallback();
    Quotas quotas =
        new Quotas(
            callback,
            windows,
            new QuotaWindows(
                config.controllerQuotaWindowNum(), config.controllerQuotaWindowSizeSeconds()),
            sensors,
            time::milliseconds);
    ConnectionLimits connections =
        new ConnectionLimits(
            ConnectionReconfiguration.bounds(config),
            config.listeners().stream().map(Endpoint::listenerName).toList(),
            config.interBrokerListenerName(),
            windows,
            sensors,
            time::milliseconds);
    new ConnectionReconfiguration(connections).limitListeners(config);
    scheduler.scheduleWithFixedDelay(
        () -> {
          quotas.forgetIdle();
          connections.forgetIdle();
        },
        FORGET_IDLE_SECONDS,
        FORGET_IDLE_SECONDS,
        TimeUnit.SECONDS);
    return new LimitParts(
        quotas, connections, new ClientLimits(brokerId, store, quotas, connections), callback);
  }

  /** Lets the limits follow the broker's settings. */
  void follow(DynamicBrokerConfig settings) {
    settings.register(new ConnectionReconfiguration(connections));
    if (callback.orElse(null) instanceof Reconfigurable changing) {
      settings.register(new CallbackReconfiguration(changing));
    }
  }

  /**
   * Lets an operator's own code hear of the cluster, on the thread that brings the news.
   *
   * @param listenerName where the controller finds brokers
   */
  void follow(MetadataCache metadata, String clusterId, String listenerName) {
    if (callback.isEmpty()) {
      return;
    }
    metadata.onChange(
        () -> {
          try {
            quotas.metadataChanged(metadata.image().asCluster(clusterId, listenerName));
          } catch (RuntimeException e) {
            LOG.error("{} takes no news of the cluster", callback.get().getClass().getName(), e);
          }
        });
  }

  /** Ends what an operator's own code has begun. */
  @Override
  public void close() {
    callback.ifPresent(ClientQuotaCallback::close);
  }
}
