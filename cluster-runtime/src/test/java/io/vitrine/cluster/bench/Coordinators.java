package io.vitrine.cluster.bench;

import io.vitrine.cluster.bench.Comparison.Brand;
import io.vitrine.cluster.oracle.WorkDirectory;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures what coordinators of groups and transactions do, Apache Kafka 3.9.2 and Vitrine side by
 * side: three brokers, each a JVM of its own with the same flags, internal topics of three
 * replicas, the runs taken in turns.
 *
 * <p>Prints for each:
 *
 * <ul>
 *   <li><b>a group of 50</b> ({@link GroupMember}s with a heartbeat every 50 ms, no initial delay):
 *       from the first JoinGroup until all 50 have their assignment in one generation; the median
 *       of 20 rebalances after one left (until the other 49 have theirs) and after it came back
 *       (until all 50 have), and the brokers' CPU time of such a rebalance;
 *   <li><b>offset commits</b>: 50 groups of one member on the 50 partitions, two offsets a commit,
 *       1,000 commits a second: time to the answer from when each was due, and CPU time a commit;
 *       then each member commits again as soon as it is answered: commits a second, and CPU time;
 *   <li><b>transactions</b>: ten producers, each transaction one record to each of two partitions
 *       of three replicas, 200 transactions a second: from begin to committed, and CPU time a
 *       transaction; then without a pause: transactions a second, and CPU time.
 * </ul>
 *
 * Every part is warmed up before it is measured. Arguments: runs each (default 3), seconds of each
 * paced part (default 60), and, to look into one thing alone, KAFKA or VITRINE (BOTH is both) and
 * groups, commits or transactions.
 */
public final class Coordinators implements AutoCloseable {
  private static final int MEMBERS = 50;
  private static final long HEARTBEAT_MS = 50;
  private static final int REBALANCES = 20;
  private static final int WARM_UP_REBALANCES = 10;
  private static final int COMMITS_PER_SECOND = 1_000;
  private static final int OFFSETS_PER_COMMIT = 2;
  private static final int PRODUCERS = 10;
  private static final int TRANSACTIONS_PER_SECOND = 200;
  private static final int PARTITIONS = 6;
  private static final int VALUE_BYTES = 100;
  private static final int WARM_UP_SECONDS = 10;
  private static final int FLAT_OUT_SECONDS = 15;
  private static final long PATIENCE_SECONDS = 60;
  private static final String TOPIC = "bench";
  private static final List<String> PARTS = List.of("groups", "commits", "transactions");

  private final Brand brand;
  private final int seconds;
  private final Comparison comparison;
  private final BenchBrokers brokers;
  private final SocketClients clients =
      new SocketClients(
          "bench-",
          1,
          new ClientSettings("bench", 5_000, 60_000, 10 << 20),
          ClientSecurity.plaintext());
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "members"));
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  private Coordinators(Brand brand, int seconds, Comparison comparison, Path directory)
      throws Exception {
    this.brand = brand;
    this.seconds = seconds;
    this.comparison = comparison;
    this.brokers =
        new BenchBrokers(brand, directory, Map.of("group.initial.rebalance.delay.ms", "0"));
  }

  public static void main(String[] args) throws Exception {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    List<Brand> brands =
        args.length > 2 && !args[2].equals("BOTH")
            ? List.of(Brand.valueOf(args[2]))
            : List.of(Brand.values());
    List<String> parts = args.length > 3 ? List.of(args[3]) : PARTS;
    Comparison comparison = new Comparison();
    for (int run = 0; run < runs; run++) {
      for (Brand brand : brands) {
        Path directory = Files.createTempDirectory("coordinators");
        try (Coordinators bench = new Coordinators(brand, seconds, comparison, directory)) {
          bench.run(parts);
        } finally {
          WorkDirectory.delete(directory);
        }
      }
    }
    if (brands.size() > 1) {
      comparison.print();
    }
  }

  private void run(List<String> parts) throws Exception {
    try {
      measure(parts);
    } catch (Exception e) {
      throw new IllegalStateException("failed; the brokers said\n" + brokers.output(), e);
    }
  }

  private void measure(List<String> parts) throws Exception {
    brokers.startAll();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 3))).all().get();
    }
    for (String part : parts) {
      switch (part) {
        case "groups" -> rebalances();
        case "commits" -> commits();
        case "transactions" -> transactions();
        default -> throw new IllegalArgumentException(part + " is none of " + PARTS);
      }
    }
    brokers.terminateAll(PATIENCE_SECONDS);
  }

  private void figure(String row, double value) {
    comparison.add(brand, row, value);
  }

  // ---- a group of 50 -------------------------------------------------------------------------

  private void rebalances() throws Exception {
    NodeClient[] connections = connections("group-of-50", MEMBERS);
    Rebalancing group = new Rebalancing("group-of-50", connections);
    group.joinAll();
    for (int i = 0; i < WARM_UP_REBALANCES; i++) {
      group.leaveOne();
      group.joinOne();
    }
    group.leaveAll();
    figure("group of 50: all join, ms", group.joinAll() / 1e6);
    Latencies leaves = new Latencies(REBALANCES);
    Latencies joins = new Latencies(REBALANCES);
    long cpu = brokers.cpuNanos();
    for (int i = 0; i < REBALANCES; i++) {
      leaves.add(group.leaveOne());
      joins.add(group.joinOne());
    }
    double cpuMs = (brokers.cpuNanos() - cpu) / 1e6 / (2 * REBALANCES);
    figure("group of 50: one leaves, ms", leaves.percentileMs(0.5));
    figure("group of 50: one joins, ms", joins.percentileMs(0.5));
    figure("group of 50: CPU of such a rebalance, ms", cpuMs);
    group.leaveAll();
    for (NodeClient each : connections) {
      each.close();
    }
  }

  /** A group of fifty; its members live on the executor. */
  private final class Rebalancing {
    private final String groupId;
    private final NodeClient[] connections;
    private final List<GroupMember> members = new ArrayList<>();
    private CompletableFuture<Long> stable = new CompletableFuture<>();

    Rebalancing(String groupId, NodeClient[] connections) {
      this.groupId = groupId;
      this.connections = connections;
    }

    private GroupMember member(NodeClient connection) {
      return new GroupMember(
          connection,
          groupId,
          HEARTBEAT_MS,
          executor,
          this::assigned,
          failure::completeExceptionally);
    }

    private void assigned(GroupMember member) {
      if (members.stream().allMatch(each -> each.isStableIn(member.generation()))) {
        stable.complete(System.nanoTime());
      }
    }

    long joinAll() throws Exception {
      return timed(
          () -> {
            for (NodeClient connection : connections) {
              members.add(member(connection));
            }
            members.forEach(GroupMember::join);
          });
    }

    long leaveOne() throws Exception {
      return timed(() -> members.remove(members.size() - 1).leave());
    }

    long joinOne() throws Exception {
      return timed(
          () -> {
            GroupMember late = member(connections[members.size()]);
            members.add(late);
            late.join();
          });
    }

    void leaveAll() throws Exception {
      await(outOf(members));
      members.clear();
    }

    /** Nanoseconds until all who are members then have their assignment. */
    private long timed(Runnable change) throws Exception {
      long begin =
          executor
              .submit(
                  () -> {
                    stable = new CompletableFuture<>();
                    long now = System.nanoTime();
                    change.run();
                    return now;
                  })
              .get();
      return await(stable) - begin;
    }
  }

  private NodeClient[] connections(String groupId, int count) throws Exception {
    int broker = coordinatorOf(groupId);
    NodeClient[] all = new NodeClient[count];
    for (int i = 0; i < count; i++) {
      all[i] = clients.connectTo("127.0.0.1", brokers.port(broker), "member");
    }
    return all;
  }

  private int coordinatorOf(String groupId) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (NodeClient any = clients.connectTo("127.0.0.1", brokers.port(1), "lookup")) {
      while (System.nanoTime() < end) {
        Coordinator found =
            ((FindCoordinatorResponse)
                    any.send(
                            new FindCoordinatorRequest.Builder(
                                new FindCoordinatorRequestData()
                                    .setCoordinatorKeys(List.of(groupId))),
                            ApiKeys.FIND_COORDINATOR.latestVersion())
                        .get())
                .data()
                .coordinators()
                .get(0);
        if (found.errorCode() == Errors.NONE.code()) {
          return found.nodeId();
        }
        TimeUnit.MILLISECONDS.sleep(HEARTBEAT_MS);
      }
    }
    throw new IllegalStateException("no coordinator of " + groupId);
  }

  private <T> T await(CompletableFuture<T> what) throws Exception {
    CompletableFuture.anyOf(what, failure).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return what.get();
  }

  // ---- offset commits ------------------------------------------------------------------------

  private void commits() throws Exception {
    List<GroupMember> members = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      String groupId = "committer-" + i;
      CompletableFuture<Void> assigned = new CompletableFuture<>();
      GroupMember member =
          new GroupMember(
              connections(groupId, 1)[0],
              groupId,
              TimeUnit.SECONDS.toMillis(WARM_UP_SECONDS),
              executor,
              each -> assigned.complete(null),
              failure::completeExceptionally);
      executor.execute(member::join);
      await(assigned);
      members.add(member);
    }
    commitPaced(members, WARM_UP_SECONDS);
    commitFlatOut(members, WARM_UP_SECONDS);

    long cpu = brokers.cpuNanos();
    Latencies paced = commitPaced(members, seconds);
    figure("1,000 commits/s: p50, ms", paced.percentileMs(0.5));
    figure("1,000 commits/s: p99, ms", paced.percentileMs(0.99));
    figure("1,000 commits/s: CPU a commit, us", cpuMicros(cpu, paced.count()));

    cpu = brokers.cpuNanos();
    long reached = commitFlatOut(members, FLAT_OUT_SECONDS);
    figure("commits flat out: commits/s", reached / (double) FLAT_OUT_SECONDS);
    figure("commits flat out: CPU a commit, us", cpuMicros(cpu, reached));
    await(outOf(members));
  }

  private CompletableFuture<Void> outOf(List<GroupMember> members) throws Exception {
    return executor
        .submit(
            () ->
                CompletableFuture.allOf(
                    members.stream().map(GroupMember::leave).toArray(CompletableFuture[]::new)))
        .get();
  }

  private double cpuMicros(long before, long operations) {
    return (brokers.cpuNanos() - before) / 1e3 / operations;
  }

  /** One after the other commits when it is due, whether the last was answered or not. */
  private Latencies commitPaced(List<GroupMember> members, int forSeconds) throws Exception {
    int total = forSeconds * COMMITS_PER_SECOND;
    Latencies latencies = new Latencies(total);
    CountDownLatch open = new CountDownLatch(total);
    long begin = System.nanoTime();
    for (int i = 0; i < total; i++) {
      long due = begin + i * (TimeUnit.SECONDS.toNanos(1) / COMMITS_PER_SECOND);
      parkUntil(due);
      commit(
          members.get(i % members.size()),
          i,
          now -> {
            latencies.add(now - due);
            open.countDown();
          });
    }
    awaitAll(open);
    return latencies;
  }

  private void awaitAll(CountDownLatch open) throws Exception {
    boolean all = open.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (failure.isCompletedExceptionally()) {
      failure.get();
    }
    if (!all) {
      throw new IllegalStateException(open.getCount() + " commits were not answered");
    }
  }

  /** Each commits again as soon as it is answered; returns how many commits there were. */
  private long commitFlatOut(List<GroupMember> members, int forSeconds) throws Exception {
    AtomicLong answered = new AtomicLong();
    CountDownLatch open = new CountDownLatch(members.size());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(forSeconds);
    members.forEach(member -> commitAgain(member, answered, end, open));
    parkUntil(end);
    awaitAll(open);
    return answered.get();
  }

  private void commitAgain(GroupMember member, AtomicLong answered, long end, CountDownLatch open) {
    commit(
        member,
        answered.get(),
        now -> {
          if (now - end >= 0) {
            open.countDown();
            return;
          }
          answered.incrementAndGet();
          commitAgain(member, answered, end, open);
        });
  }

  /**
   * @param done hears when a commit that succeeded was answered
   */
  private void commit(GroupMember member, long offset, LongConsumer done) {
    member.commit(
        TOPIC,
        OFFSETS_PER_COMMIT,
        offset,
        (error, failed) -> {
          if (error == Errors.NONE) {
            done.accept(System.nanoTime());
          } else {
            failure.completeExceptionally(
                new IllegalStateException("a commit failed: " + error, failed));
          }
        });
  }

  private static void parkUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  // ---- transactions --------------------------------------------------------------------------

  private void transactions() throws Exception {
    List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    try {
      for (int i = 0; i < PRODUCERS; i++) {
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrap(), "transactional.id", "bench-" + i),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producers.add(producer);
        producer.initTransactions();
      }
      transact(producers, WARM_UP_SECONDS, true);
      transact(producers, WARM_UP_SECONDS, false);

      long cpu = brokers.cpuNanos();
      Latencies paced = transact(producers, seconds, true);
      figure("200 transactions/s: p50, ms", paced.percentileMs(0.5));
      figure("200 transactions/s: p99, ms", paced.percentileMs(0.99));
      figure("200 transactions/s: reached/s", paced.count() / (double) seconds);
      figure("200 transactions/s: CPU of each, us", cpuMicros(cpu, paced.count()));

      cpu = brokers.cpuNanos();
      Latencies flatOut = transact(producers, FLAT_OUT_SECONDS, false);
      figure("transactions flat out: p50, ms", flatOut.percentileMs(0.5));
      figure("transactions flat out: reached/s", flatOut.count() / (double) FLAT_OUT_SECONDS);
      figure("transactions flat out: CPU of each, us", cpuMicros(cpu, flatOut.count()));
    } finally {
      producers.forEach(KafkaProducer::close);
    }
  }

  /** From begin to committed, of all transactions that ended in time. */
  private Latencies transact(
      List<KafkaProducer<byte[], byte[]>> producers, int forSeconds, boolean paced)
      throws Exception {
    Latencies latencies = new Latencies(forSeconds * TRANSACTIONS_PER_SECOND * 20);
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(forSeconds);
    long period = TimeUnit.SECONDS.toNanos(PRODUCERS) / TRANSACTIONS_PER_SECOND;
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < producers.size(); i++) {
      KafkaProducer<byte[], byte[]> producer = producers.get(i);
      long first = begin + i * period / producers.size();
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; ; n++) {
                  parkUntil(paced ? first + n * period : begin);
                  long from = System.nanoTime();
                  if (from - end >= 0) {
                    return;
                  }
                  transact(producer, n);
                  latencies.add(System.nanoTime() - from);
                }
              },
              task -> new Thread(task, "transactions").start()));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get();
    return latencies;
  }

  private static void transact(KafkaProducer<byte[], byte[]> producer, int n) {
    byte[] value = new byte[VALUE_BYTES];
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(TOPIC, n % PARTITIONS, null, value));
    producer.send(new ProducerRecord<>(TOPIC, (n + 1) % PARTITIONS, null, value));
    producer.commitTransaction();
  }

  @Override
  public void close() {
    executor.shutdownNow();
    clients.close();
    brokers.close();
  }
}
