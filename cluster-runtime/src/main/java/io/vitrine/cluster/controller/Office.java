package io.vitrine.cluster.controller;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What the parts of one reign share: what is known, the fenced store, the orders to brokers, and
 * the watches that end with the reign. Owned by the event thread.
 */
final class Office {
  private final int brokerId;
  private final Supplier<BrokerConfig> config;
  private final ZooKeeperSession session;
  private final FencedStore store;
  private final EventSink events;
  private final BiConsumer<ControllerEvent, Runnable> enqueue;
  private final OrderBatch.Answers answers;
  private final ControllerContext context = new ControllerContext();
  private final Map<Integer, BrokerChannel> channels = new TreeMap<>();
  private final PartitionChanges changes;
  private final Map<String, Runnable> watches = new HashMap<>();

  /**
   * @param enqueue puts work of this reign into the event queue; it is dropped once the reign ended
   * @param answers what is done with brokers' answers to orders
   */
  Office(
      int brokerId,
      Supplier<BrokerConfig> config,
      ZooKeeperSession session,
      FencedStore store,
      EventSink events,
      BiConsumer<ControllerEvent, Runnable> enqueue,
      OrderBatch.Answers answers) {
    this.brokerId = brokerId;
    this.config = config;
    this.session = session;
    this.store = store;
    this.events = events;
    this.enqueue = enqueue;
    this.answers = answers;
    this.changes =
        new PartitionChanges(
            context,
            store,
            events,
            brokerId,
            config.get().interBrokerProtocol().hasLeaderRecovery());
  }

  /** The broker's settings in force. */
  BrokerConfig config() {
    return config.get();
  }

  ZooKeeperSession session() {
    return session;
  }

  FencedStore store() {
    return store;
  }

  ControllerContext context() {
    return context;
  }

  PartitionChanges changes() {
    return changes;
  }

  /** The way to each live broker. */
  Map<Integer, BrokerChannel> channels() {
    return channels;
  }

  /** An empty batch of orders. */
  OrderBatch orders() {
    return new OrderBatch(
        context,
        brokerId,
        store.epoch(),
        channels,
        answers,
        events,
        config().interBrokerListenerName(),
        config().interBrokerProtocol());
  }

  void report(ClusterEvent event) {
    events.report(brokerId, event);
  }

  /** Puts work of this reign at the end of the event queue. */
  void enqueue(ControllerEvent event, Runnable work) {
    enqueue.accept(event, work);
  }

  /** Does this work each time a watch on the path fires, until the reign ends; once a path. */
  void watch(String path, ControllerEvent event, Runnable work) {
    watches.computeIfAbsent(path, p -> session.onWatch(p, () -> enqueue.accept(event, work)));
  }

  /** What became of the path is of no interest any more. */
  void unwatch(String path) {
    Runnable end = watches.remove(path);
    if (end != null) {
      end.run();
    }
  }

  /** The children of a node, none when there is no such node; the next change fires the watch. */
  List<String> childrenAndWatch(String path) {
    return Waiting.on(session.childrenAndWatch(path)).orElse(List.of());
  }

  List<String> children(String path) {
    return Waiting.on(session.children(path)).orElse(List.of());
  }

  /** No watch, no channel, nothing known. */
  void close() {
    watches.values().forEach(Runnable::run);
    watches.clear();
    channels.values().forEach(BrokerChannel::close);
    channels.clear();
    context.clear();
  }
}
