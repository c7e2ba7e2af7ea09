package io.vitrine.cluster.broker;

import io.vitrine.cluster.thread.Ending;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The threads of a broker that belong to no single part of it. Each is started with its first task;
 * one may wait for ZooKeeper and none for another. Made and ended by the broker's owner.
 */
final class BrokerThreads implements AutoCloseable {
  /** They wait for the disk, which serves as many at once in about the time of one. */
  private static final int ORDER_THREADS = 8;

  private static final long ORDER_THREADS_IDLE_MS = 10_000;
  private static final long END_TIMEOUT_MS = 5_000;

  private final String prefix;
  private final ExecutorService configChanges;
  private final ExecutorService acls;
  private final ExecutorService tokens;
  private final ExecutorService producerIds;
  private final ExecutorService directoryFailures;
  private final ThreadPoolExecutor orders;
  private final ScheduledThreadPoolExecutor scheduler;

  /**
   * @param prefix begins the name of each thread
   * @param backgroundThreads of the scheduler, until its owner resizes it
   */
  BrokerThreads(String prefix, int backgroundThreads) {
    this.prefix = prefix;
    this.configChanges = single("config-changes");
    this.acls = single("acls");
    this.tokens = single("tokens");
    this.producerIds = single("producer-ids");
    this.directoryFailures = single("log-dir-failures");
    this.orders = orderThreads();
    this.scheduler =
        new ScheduledThreadPoolExecutor(
            backgroundThreads, task -> new Thread(task, prefix + "scheduler"));
    scheduler.setRemoveOnCancelPolicy(true);
    // Files of deleted logs that wait to be unlinked are so at the next start.
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private ExecutorService single(String name) {
    return Executors.newSingleThreadExecutor(task -> new Thread(task, prefix + name));
  }

  /** Started with the first order that needs them, and gone when none came for a while. */
  private ThreadPoolExecutor orderThreads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            ORDER_THREADS,
            ORDER_THREADS,
            ORDER_THREADS_IDLE_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, prefix + "order-" + number.getAndIncrement()),
            // The broker is ending: whoever brought the order carries it out.
            (task, ended) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** What the names of all threads of this broker begin with. */
  String prefix() {
    return prefix;
  }

  /** Takes over settings that changed. */
  ExecutorService configChanges() {
    return configChanges;
  }

  /** Reads and changes ACLs. */
  ExecutorService acls() {
    return acls;
  }

  /** Reads and changes delegation tokens. */
  ExecutorService tokens() {
    return tokens;
  }

  /** Waits for blocks of producer ids. */
  ExecutorService producerIds() {
    return producerIds;
  }

  /** Acts on log directories that failed. */
  ExecutorService directoryFailures() {
    return directoryFailures;
  }

  /** Carry out a controller's orders. */
  ExecutorService orders() {
    return orders;
  }

  /** Kafka's background threads. */
  ScheduledThreadPoolExecutor scheduler() {
    return scheduler;
  }

  /**
   * Drops what waits and interrupts whoever may wait for ZooKeeper, then waits for the threads to
   * end. Whoever is at a file is let finish: an interrupt would close the file, which is taken for
   * a disk that failed.
   */
  void kill() {
    Stream.of(configChanges, acls, tokens, producerIds, directoryFailures)
        .forEach(ExecutorService::shutdownNow);
    for (ThreadPoolExecutor each : List.of(orders, scheduler)) {
      each.shutdown();
      each.getQueue().clear();
    }
    close();
  }

  /** Lets them end what they were given; who takes too long is interrupted. */
  @Override
  public void close() {
    all().forEach(each -> Ending.of(each, END_TIMEOUT_MS));
  }

  private Stream<ExecutorService> all() {
    return Stream.of(
        configChanges, acls, tokens, producerIds, directoryFailures, orders, scheduler);
  }
}
