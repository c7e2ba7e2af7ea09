package io.vitrine.cluster.replica;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.metadata.BrokerNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The fetchers of one broker: {@code num.replica.fetchers} for each broker it copies from, a
 * partition always with the same one of them. Guarded by this object's monitor, taken before a
 * fetcher's lock.
 */
final class FollowerFetchers {
  private static final long END_TIMEOUT_MS = 5_000;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final BrokerConfig config;
  private final FetcherDriver driver;
  private final DelayedOperations delayed;
  private final ReplicationQuota quota;
  private final LongSupplier nowMs;
  private final Map<Id, Running> fetchers = new HashMap<>();
  private final Set<TopicPartition> failed = ConcurrentHashMap.newKeySet();
  private int count;
  private boolean ended;

  private record Id(int source, int index) {}

  private record Running(
      FollowerFetcher fetcher, FetcherDriver.Driving driving, BrokerNode.HostPort address) {}

  /** A partition to fetch and where its leader is. */
  record Source(int leader, BrokerNode.HostPort address, FetchedPartition begin) {}

  FollowerFetchers(
      int brokerId,
      LongSupplier brokerEpoch,
      BrokerConfig config,
      FetcherDriver driver,
      DelayedOperations delayed,
      ReplicationQuota quota,
      LongSupplier nowMs) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.config = config;
    this.driver = driver;
    this.delayed = delayed;
    this.quota = quota;
    this.nowMs = nowMs;
    this.count = config.numReplicaFetchers();
  }

  /**
   * From now on this many for each broker: partitions go on where they are, with their new ones.
   */
  synchronized void resize(int fetchersOfEachBroker) {
    count = fetchersOfEachBroker;
    List<Source> all = new ArrayList<>();
    fetchers.forEach(
        (id, running) ->
            running
                .fetcher()
                .takeAll()
                .forEach(state -> all.add(new Source(id.source(), running.address(), state))));
    add(all);
    endIdle();
  }

  /** Begins to fetch these. A fetcher whose broker moved to another address is replaced. */
  synchronized void add(Collection<Source> sources) {
    Map<Id, List<Source>> byFetcher = new HashMap<>();
    for (Source source : sources) {
      TopicPartition partition = source.begin().partition().topicPartition();
      failed.remove(partition);
      Id id = new Id(source.leader(), indexOf(partition));
      byFetcher.computeIfAbsent(id, ignored -> new ArrayList<>()).add(source);
    }
    if (ended) {
      return;
    }
    byFetcher.forEach(
        (id, each) ->
            fetcher(id, each.get(0).address()).add(each.stream().map(Source::begin).toList()));
  }

  private int indexOf(TopicPartition partition) {
    int hash = 31 * partition.topic().hashCode() + partition.partition();
    return (hash & Integer.MAX_VALUE) % count;
  }

  private FollowerFetcher fetcher(Id id, BrokerNode.HostPort address) {
    Running running = fetchers.get(id);
    if (running != null && running.address().equals(address)) {
      return running.fetcher();
    }
    if (running != null) {
      running.fetcher().end();
    }
    String purpose = "fetcher-" + id.index() + "-from-" + id.source();
    String name = "broker-" + brokerId + "-" + purpose;
    FetcherDriver.Driving driving = driver.connect(address.host(), address.port(), purpose, name);
    LeaderEndpoint leader =
        new LeaderEndpoint(driving.client(), config, id.source(), brokerId, brokerEpoch);
    FollowerFetcher fetcher =
        new FollowerFetcher(
            name,
            leader,
            config.interBrokerProtocol(),
            delayed,
            quota,
            nowMs,
            config.replicaFetchBackoffMs(),
            failed);
    driving.start(fetcher);
    fetcher.onChange(driving::wakeUp);
    fetchers.put(id, new Running(fetcher, driving, address));
    return fetcher;
  }

  /** After its return nothing is appended to or cut from these any more. */
  synchronized void remove(Collection<TopicPartition> partitions) {
    fetchers.values().forEach(running -> running.fetcher().remove(partitions));
    partitions.forEach(failed::remove);
  }

  synchronized void updateTopicId(TopicPartition partition, Uuid id) {
    fetchers.values().forEach(running -> running.fetcher().updateTopicId(partition, id));
  }

  synchronized long maxLag() {
    return fetchers.values().stream().mapToLong(each -> each.fetcher().maxLag()).max().orElse(0);
  }

  /** Partitions that failed for good and were not ordered anew. */
  int failed() {
    return failed.size();
  }

  /** Fetchers that do not fetch any more, though they have what to fetch. */
  synchronized int dead() {
    return (int) fetchers.values().stream().filter(each -> each.driving().hasDied()).count();
  }

  /** Ends fetchers that have nothing left to fetch. */
  synchronized void endIdle() {
    fetchers
        .values()
        .removeIf(
            running -> {
              boolean idle = running.fetcher().isIdle();
              if (idle) {
                running.fetcher().end();
              }
              return idle;
            });
  }

  /** Ends all, and waits until their threads are gone. */
  void end() {
    List<Running> all;
    synchronized (this) {
      ended = true;
      all = List.copyOf(fetchers.values());
      fetchers.clear();
    }
    all.forEach(running -> running.fetcher().end());
    try {
      for (Running running : all) {
        running.driving().join(END_TIMEOUT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
