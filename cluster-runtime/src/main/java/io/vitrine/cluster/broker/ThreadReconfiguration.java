package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.BrokerReconfigurable;
import io.vitrine.cluster.config.ThreadCounts;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.ProtocolServer;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * How many threads do what, changed by at most half or double at once (Kafka: {@code
 * DynamicThreadPool}). Those that recover logs are counted when a broker starts.
 */
record ThreadReconfiguration(
    ProtocolServer server, ReplicaManager replicas, ScheduledThreadPoolExecutor scheduler)
    implements BrokerReconfigurable {
  private static final String IO = "num.io.threads";
  private static final String FETCHERS = "num.replica.fetchers";
  private static final String BACKGROUND = "background.threads";
  private static final List<String> ALL =
      List.of(IO, FETCHERS, BACKGROUND, "num.recovery.threads.per.data.dir");

  @Override
  public boolean concerns(String name) {
    return ALL.contains(name);
  }

  @Override
  public void validate(BrokerConfig before, BrokerConfig after) {
    for (String name : ALL) {
      ThreadCounts.check(name, count(before, name), count(after, name));
    }
  }

  @Override
  public void reconfigure(BrokerConfig before, BrokerConfig after) {
    server.resizeIoThreads(count(after, IO));
    scheduler.setCorePoolSize(count(after, BACKGROUND));
    if (count(before, FETCHERS) != count(after, FETCHERS)) {
      replicas.resizeFetchers(count(after, FETCHERS));
    }
  }

  private static int count(BrokerConfig config, String name) {
    return (Integer) config.value(name);
  }
}
