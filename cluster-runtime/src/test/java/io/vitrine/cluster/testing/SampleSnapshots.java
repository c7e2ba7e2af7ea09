package io.vitrine.cluster.testing;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.IdSource;
import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.event.FailoverStep;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One fixed story of three brokers, told in events and folded into snapshots.
 *
 * <p>Topics orders (6 partitions, the demo traffic's), payments (3) and audit (2), replication
 * factor 3. Broker 1 is the controller. Broker 2 leads orders-0 and is killed while traffic runs:
 * at first nobody knows, then the leaders of other partitions drop it from their ISRs, then its
 * session runs out and the controller moves what it led. In the end the controller itself is paused
 * past its session and deposed. The same on every run: time, offsets and chance come from a fixed
 * seed.
 */
public final class SampleSnapshots {
  /** The broker that is killed. */
  public static final int VICTIM = 2;

  /** The controller, until {@link Chapter#DEPOSED}. */
  public static final int CONTROLLER = 1;

  /** The controller from {@link Chapter#DEPOSED} on. */
  public static final int NEXT = 3;

  /** The partition whose leader the invitation asks to kill; broker 2 leads it. */
  public static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);

  /** Wall-clock start of the story. */
  public static final Instant START = Instant.parse("2026-11-20T09:00:00Z");

  /** {@code zookeeper.session.timeout.ms} of the story. */
  public static final int SESSION_TIMEOUT_MS = 18_000;

  private static final long SEED = 42;
  private static final int LAG_LIMIT_MS = 6_000;
  private static final int TICK_MS = 200;
  private static final long SEGMENT_BYTES = 262_144;
  private static final int RECORD_BYTES = 1_100;

  /** How far the story is told. */
  public enum Chapter {
    /** All is well, traffic runs. */
    CALM,
    /** Broker 2 was killed 9 s ago, its session has 9 s to go, ISRs have shrunk. */
    SESSION_RUNNING_OUT,
    /** The session is over, new leaders serve, traffic flows again. */
    FAILED_OVER,
    /** Broker 2 was started again, caught up, and leads nothing yet. */
    REJOINED,
    /** Groups share topics, one of them just lost a member; transactions run, one hangs. */
    SHARED,
    /**
     * The controller was paused past its session: broker 3 rules in the next epoch, what the zombie
     * ordered when it woke up was refused, and it came back as an ordinary broker. ZooKeeper turns
     * out to be an ensemble of three.
     */
    DEPOSED
  }

  private final List<StampedEvent> events = new ArrayList<>();
  private final Random random = new Random(SEED);
  private final Map<TopicPartition, Tale> tales = new LinkedHashMap<>();
  private final Map<Integer, Counters> counters = new TreeMap<>();
  private final EventJournal journal;
  private long nowMs;
  private boolean victimRunning = true;
  private boolean victimCut;
  private long killedAtMs;
  private long sent;
  private long acknowledged;
  private long received;
  private long gapMs = 38;

  /** What the story knows of a partition. */
  private static final class Tale {
    final List<Integer> assignment;
    final int recordsPerTick;
    final Map<Integer, Long> ends = new TreeMap<>();
    int leader;
    int leaderEpoch;
    int partitionEpoch;
    List<Integer> isr;
    long highWatermark;
    final List<ClusterEvent.EpochSample> epochs = new ArrayList<>();

    Tale(List<Integer> assignment, int recordsPerTick, long start) {
      this.assignment = assignment;
      this.recordsPerTick = recordsPerTick;
      this.isr = assignment;
      this.leader = assignment.get(0);
      this.highWatermark = start;
      assignment.forEach(b -> ends.put(b, start));
      epochs.add(new ClusterEvent.EpochSample(0, 0));
    }
  }

  /** What a broker's pipeline has counted. */
  private static final class Counters {
    long records;
    long produces;
    long fetches;
    long metadata = 12;
  }

  private SampleSnapshots() {
    journal =
        new EventJournal(
            10_000, () -> START.plusMillis(nowMs), () -> 1_000_000_000L + nowMs * 1_000_000L);
    journal.listen(events::add);
  }

  /** The snapshot at the end of this chapter. */
  public static ClusterSnapshot snapshot(Chapter chapter) {
    return SnapshotProjector.fold(events(chapter), 1);
  }

  /** Broker 2 killed, its session running out, ISRs shrunk, traffic on. */
  public static ClusterSnapshot sessionRunningOut() {
    return snapshot(Chapter.SESSION_RUNNING_OUT);
  }

  /** All events up to the end of this chapter, oldest first, samples included. */
  public static List<StampedEvent> events(Chapter chapter) {
    SampleSnapshots story = new SampleSnapshots();
    story.calm();
    if (chapter.compareTo(Chapter.SESSION_RUNNING_OUT) >= 0) {
      story.kill();
    }
    if (chapter.compareTo(Chapter.FAILED_OVER) >= 0) {
      story.failOver();
    }
    if (chapter.compareTo(Chapter.REJOINED) >= 0) {
      story.rejoin();
    }
    if (chapter.compareTo(Chapter.SHARED) >= 0) {
      story.share();
    }
    if (chapter.compareTo(Chapter.DEPOSED) >= 0) {
      story.depose();
    }
    return List.copyOf(story.events);
  }

  // ---- chapters
  // ----------------------------------------------------------------------------------

  private void calm() {
    report(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStarted("127.0.0.1:2181", 2000));
    for (int broker = 1; broker <= 3; broker++) {
      counters.put(broker, new Counters());
      pass(12);
      report(broker, new ClusterEvent.BrokerStarting());
      pass(65);
      report(broker, new ClusterEvent.SessionEstablished(session(broker, 0), SESSION_TIMEOUT_MS));
    }
    register(1, 25);
    report(CONTROLLER, new ClusterEvent.ControllerElected(1));
    pass(18);
    report(CONTROLLER, new ClusterEvent.ControllerReady(1, 18));
    register(2, 31);
    report(CONTROLLER, new ClusterEvent.BrokersChanged(List.of(2), List.of(), List.of()));
    register(3, 34);
    report(CONTROLLER, new ClusterEvent.BrokersChanged(List.of(3), List.of(), List.of()));
    topic(
        "orders",
        "pQ2tIkkGR0yVVrP5cE1x3A",
        List.of(
            List.of(2, 3, 1),
            List.of(3, 1, 2),
            List.of(1, 2, 3),
            List.of(2, 1, 3),
            List.of(3, 2, 1),
            List.of(1, 3, 2)),
        Map.of("min.insync.replicas", "2", "segment.bytes", Long.toString(SEGMENT_BYTES)),
        4);
    topic(
        "payments",
        "9dXh0Jc0Qe2bSJ2m3cXv7g",
        List.of(List.of(1, 2, 3), List.of(2, 3, 1), List.of(3, 1, 2)),
        Map.of("retention.ms", "604800000", "min.insync.replicas", "2"),
        1);
    topic(
        "audit",
        "Yx1m4b2eTf6q8Zr0sLk5dw",
        List.of(List.of(1, 3, 2), List.of(3, 2, 1)),
        Map.of("cleanup.policy", "delete", "retention.ms", "-1"),
        0);
    report(EventSink.NO_BROKER, new ClusterEvent.TrafficSwitched(true, "orders"));
    live(12_000);
  }

  private void kill() {
    report(
        EventSink.NO_BROKER,
        new ClusterEvent.CommandAccepted("KillBroker[brokerId=2]", "kill -9 2"));
    report(VICTIM, new ClusterEvent.BrokerKilled(session(VICTIM, 0), SESSION_TIMEOUT_MS));
    victimRunning = false;
    killedAtMs = nowMs;
    live(400);
    report(
        EventSink.NO_BROKER, new ClusterEvent.TrafficInterrupted(ORDERS_0, "DisconnectException"));
    live(LAG_LIMIT_MS);
    victimCut = true;
    tales.forEach(
        (id, tale) -> {
          if (tale.leader != VICTIM && tale.recordsPerTick > 0) {
            List<Integer> isr = without(tale.isr);
            report(
                tale.leader,
                new ClusterEvent.IsrShrunk(
                    id, List.of(VICTIM), isr, nowMs - killedAtMs, LAG_LIMIT_MS));
            tale.isr = isr;
            write(CONTROLLER, id, tale, ElectionReason.ALTER_PARTITION, false);
          }
        });
    live(9_000 - LAG_LIMIT_MS - 400);
  }

  private void failOver() {
    live(9_000);
    report(VICTIM, new ClusterEvent.SessionExpired(session(VICTIM, 0)));
    pass(7);
    report(CONTROLLER, new ClusterEvent.BrokersChanged(List.of(), List.of(VICTIM), List.of()));
    tales.forEach(
        (id, tale) -> {
          tale.isr = without(tale.isr);
          if (tale.leader == VICTIM) {
            int next = tale.assignment.stream().filter(tale.isr::contains).findFirst().orElse(-1);
            tale.leader = next;
            write(CONTROLLER, id, tale, ElectionReason.OFFLINE, true);
          } else {
            write(CONTROLLER, id, tale, ElectionReason.REPLICA_OFFLINE, true);
          }
        });
    report(CONTROLLER, new ClusterEvent.OrdersSent(1, "LeaderAndIsr", 11));
    report(CONTROLLER, new ClusterEvent.OrdersSent(3, "LeaderAndIsr", 11));
    pass(9);
    becomeAll(VICTIM);
    report(CONTROLLER, new ClusterEvent.OrdersSent(1, "UpdateMetadata", 11));
    report(CONTROLLER, new ClusterEvent.OrdersSent(3, "UpdateMetadata", 11));
    pass(84);
    gapMs = nowMs - killedAtMs;
    report(EventSink.NO_BROKER, new ClusterEvent.TrafficResumed(ORDERS_0, gapMs));
    live(5_000);
  }

  private void rejoin() {
    report(
        EventSink.NO_BROKER,
        new ClusterEvent.CommandAccepted(
            "RestartBroker[brokerId=2]",
            "bin/kafka-server-start.sh -daemon config/server-2.properties"));
    report(VICTIM, new ClusterEvent.BrokerStarting());
    pass(80);
    report(VICTIM, new ClusterEvent.SessionEstablished(session(VICTIM, 1), SESSION_TIMEOUT_MS));
    tales.forEach(
        (id, tale) -> {
          if (tale.recordsPerTick > 0) {
            report(VICTIM, new ClusterEvent.LogRecovered(id, 14, 0, tale.ends.get(VICTIM)));
          }
        });
    register(VICTIM, 211);
    counters.put(VICTIM, new Counters());
    report(CONTROLLER, new ClusterEvent.BrokersChanged(List.of(VICTIM), List.of(), List.of()));
    pass(13);
    becomeAll(VICTIM + 100);
    victimRunning = true;
    victimCut = false;
    live(600);
    tales.forEach(
        (id, tale) -> {
          List<Integer> isr = new ArrayList<>(tale.isr);
          isr.add(VICTIM);
          tale.isr = List.copyOf(isr);
          write(CONTROLLER, id, tale, ElectionReason.ALTER_PARTITION, false);
          report(tale.leader, new ClusterEvent.IsrExpanded(id, VICTIM, tale.isr));
        });
    live(4_000);
  }

  private void share() {
    topic(
        "__consumer_offsets",
        "C1ZfyRjwQk2u7mXk0sVd9g",
        List.of(List.of(1, 2, 3), List.of(2, 3, 1), List.of(3, 1, 2)),
        Map.of("cleanup.policy", "compact"),
        0);
    SampleGroups groups = new SampleGroups(this::report, this::orders);
    groups.gather(this::pass);
    live(3_000);
    groups.lose(this::pass);
    live(2_000);
    groups.sample(0);
    live(11_000);
    groups.sample(11);
  }

  private void depose() {
    for (int member = 1; member <= 3; member++) {
      report(
          EventSink.NO_BROKER,
          new ClusterEvent.ZooKeeperMemberChanged(
              member,
              "127.0.0.1:" + (2180 + member),
              member == 2 ? ClusterEvent.MemberRole.LEADER : ClusterEvent.MemberRole.FOLLOWER));
    }
    SampleControllers work = new SampleControllers(this::report, this::pass, () -> nowMs);
    work.work(
        CONTROLLER,
        "AlterPartitionReceived",
        ControllerState.ISR_CHANGE,
        1,
        4,
        () -> work.order(CONTROLLER, 2, "LeaderAndIsr", 1, 6));
    report(CONTROLLER, new ClusterEvent.SessionSuspended(session(1, 0), SESSION_TIMEOUT_MS));
    pass(SESSION_TIMEOUT_MS);
    report(CONTROLLER, new ClusterEvent.SessionExpired(session(1, 0)));
    pass(6);
    work.work(NEXT, "Reelect", ControllerState.CONTROLLER_CHANGE, 2, 9, () -> takeOver(work));
    work.work(
        NEXT, "BrokerChange", ControllerState.BROKER_CHANGE, 38, 12, () -> replaceDeposed(work));
    pass(400);
    // The zombie wakes up and goes on where it was, until it hears what it missed.
    work.refuse(CONTROLLER, 2, "LeaderAndIsr", 3);
    work.refuse(CONTROLLER, NEXT, "LeaderAndIsr", 3);
    work.refuse(CONTROLLER, 2, "UpdateMetadata", 14);
    pass(2);
    report(CONTROLLER, new ClusterEvent.ControllerResigned(1, "its ZooKeeper session expired"));
    report(CONTROLLER, new ClusterEvent.SessionEstablished(session(1, 1), SESSION_TIMEOUT_MS));
    register(CONTROLLER, 402);
    work.work(
        NEXT,
        "BrokerChange",
        ControllerState.BROKER_CHANGE,
        1,
        21,
        () -> {
          report(NEXT, new ClusterEvent.BrokersChanged(List.of(CONTROLLER), List.of(), List.of()));
          work.order(NEXT, CONTROLLER, "UpdateMetadata", 14, 11);
          work.order(NEXT, CONTROLLER, "LeaderAndIsr", 14, 17);
        });
    live(1_200);
    work.open(NEXT, CONTROLLER, "LeaderAndIsr", 2);
    report(
        NEXT,
        new ClusterEvent.ControllerEventBegun(
            "AlterPartitionReceived", ControllerState.ISR_CHANGE, 3_000_000, 2));
  }

  /** Broker 3 wins the election and reads the whole state. */
  private void takeOver(SampleControllers work) {
    report(NEXT, new ClusterEvent.ControllerElected(2));
    int[] tookMs = {2, 5, 3, 4, 9, 8};
    for (int i = 0; i < tookMs.length; i++) {
      work.step(NEXT, 2, FailoverStep.values()[i], tookMs[i], () -> {});
    }
    work.step(NEXT, 2, FailoverStep.DELETIONS, 1, () -> {});
    work.step(
        NEXT,
        2,
        FailoverStep.INTRODUCTION,
        1,
        () -> {
          work.order(NEXT, 2, "UpdateMetadata", 0, 7);
          work.order(NEXT, NEXT, "UpdateMetadata", 0, 4);
        });
    work.step(
        NEXT,
        2,
        FailoverStep.REPLICAS,
        2,
        () -> {
          work.order(NEXT, 2, "LeaderAndIsr", 14, 22);
          work.order(NEXT, NEXT, "LeaderAndIsr", 14, 15);
        });
    work.step(NEXT, 2, FailoverStep.LEADERS, 1, () -> {});
    work.step(NEXT, 2, FailoverStep.UNFINISHED, 0, () -> {});
    report(NEXT, new ClusterEvent.ControllerReady(2, 84));
  }

  /** What the deposed controller led goes to others. */
  private void replaceDeposed(SampleControllers work) {
    report(NEXT, new ClusterEvent.BrokersChanged(List.of(), List.of(CONTROLLER), List.of()));
    tales.forEach(
        (id, tale) -> {
          List<Integer> left = tale.isr.stream().filter(b -> b != CONTROLLER).toList();
          boolean led = tale.leader == CONTROLLER;
          tale.isr = left;
          if (led) {
            tale.leader = tale.assignment.stream().filter(left::contains).findFirst().orElse(-1);
          }
          write(
              NEXT, id, tale, led ? ElectionReason.OFFLINE : ElectionReason.REPLICA_OFFLINE, true);
        });
    work.order(NEXT, 2, "LeaderAndIsr", 14, 19);
    work.order(NEXT, NEXT, "LeaderAndIsr", 14, 12);
    becomeAll(CONTROLLER);
    work.order(NEXT, 2, "UpdateMetadata", 14, 5);
    work.order(NEXT, NEXT, "UpdateMetadata", 14, 4);
  }

  /** The next offset of a partition of orders that everybody may read. */
  private long orders(int partition) {
    return tales.get(new TopicPartition("orders", partition)).highWatermark;
  }

  // ---- steps
  // -------------------------------------------------------------------------------------

  private void register(int broker, long czxid) {
    pass(9);
    int port = 9091 + broker;
    report(
        broker,
        new ClusterEvent.BrokerRegistered(czxid, "127.0.0.1", port, "", IdSource.CONFIGURED));
    pass(22);
    report(broker, new ClusterEvent.BrokerServing("127.0.0.1", port, 160 + 11L * broker));
  }

  private void topic(
      String name,
      String topicId,
      List<List<Integer>> assignment,
      Map<String, String> config,
      int recordsPerTick) {
    pass(35);
    Map<Integer, List<Integer>> byNumber = new TreeMap<>();
    for (int p = 0; p < assignment.size(); p++) {
      byNumber.put(p, assignment.get(p));
    }
    report(CONTROLLER, new ClusterEvent.TopicCreated(name, topicId, byNumber));
    report(CONTROLLER, new ClusterEvent.TopicConfigChanged(name, config));
    byNumber.forEach(
        (p, replicas) -> {
          TopicPartition id = new TopicPartition(name, p);
          Tale tale = new Tale(replicas, recordsPerTick, recordsPerTick == 0 ? 120 + 40L * p : 0);
          tales.put(id, tale);
          write(CONTROLLER, id, tale, ElectionReason.NEW_PARTITION, false);
          become(id, tale);
        });
  }

  /** Writes the partition's state; the controller raises the leader epoch, a leader does not. */
  private void write(
      int reporter, TopicPartition id, Tale tale, ElectionReason reason, boolean byController) {
    if (reason != ElectionReason.NEW_PARTITION) {
      tale.partitionEpoch++;
    }
    if (byController) {
      tale.leaderEpoch++;
      tale.epochs.add(new ClusterEvent.EpochSample(tale.leaderEpoch, tale.ends.get(tale.leader)));
    }
    report(
        reporter,
        new ClusterEvent.PartitionStateWritten(
            id, tale.leader, tale.leaderEpoch, tale.isr, tale.partitionEpoch, reason));
  }

  private void becomeAll(int except) {
    tales.forEach(
        (id, tale) -> {
          for (int broker : tale.assignment) {
            if (broker != except) {
              become(id, tale, broker);
            }
          }
        });
  }

  private void become(TopicPartition id, Tale tale) {
    tale.assignment.forEach(broker -> become(id, tale, broker));
  }

  private void become(TopicPartition id, Tale tale, int broker) {
    report(
        broker,
        broker == tale.leader
            ? new ClusterEvent.BecameLeader(id, tale.leaderEpoch, tale.ends.get(broker))
            : new ClusterEvent.BecameFollower(id, tale.leaderEpoch, tale.leader));
  }

  // ---- time
  // --------------------------------------------------------------------------------------

  private void pass(long ms) {
    nowMs += ms;
  }

  private void live(long ms) {
    for (long end = nowMs + ms; nowMs < end; ) {
      pass(Math.min(TICK_MS, end - nowMs));
      tick();
    }
  }

  private void tick() {
    tales.forEach(this::advance);
    for (int broker = 1; broker <= 3; broker++) {
      if (broker != VICTIM || victimRunning) {
        report(broker, sample(broker));
        report(broker, pipeline(broker));
      }
    }
    report(
        EventSink.NO_BROKER,
        new ClusterEvent.TrafficSampled(sent, acknowledged, 0, received, 0, 0, gapMs));
    report(EventSink.NO_BROKER, process());
  }

  /** A heap that fills and is collected, and processors that are busy, more or less. */
  private ClusterEvent.ProcessSampled process() {
    long mebibyte = 1 << 20;
    long allocated = nowMs * 9 / 1000;
    long collections = allocated / 72;
    double seconds = nowMs / 1000.0;
    return new ClusterEvent.ProcessSampled(
        (118 + allocated % 72 + collections) * mebibyte,
        256 * mebibyte,
        1024 * mebibyte,
        24 * mebibyte + nowMs * 40,
        collections,
        collections * 11,
        (long) ((0.5 * seconds + 0.2 * Math.sin(seconds / 2)) * 1e9),
        2,
        143);
  }

  private void advance(TopicPartition id, Tale tale) {
    boolean leaderLives = tale.leader != VICTIM || victimRunning;
    if (!leaderLives || tale.recordsPerTick == 0) {
      return;
    }
    int added = tale.recordsPerTick + random.nextInt(3);
    long end = tale.ends.get(tale.leader) + added;
    tale.ends.put(tale.leader, end);
    for (int broker : tale.assignment) {
      if (broker != tale.leader && (broker != VICTIM || victimRunning)) {
        tale.ends.put(broker, end - random.nextInt(2));
      }
    }
    long before = tale.highWatermark;
    // acks=all: what a silent member of the ISR has not fetched cannot be read yet.
    tale.highWatermark =
        Math.max(before, tale.isr.stream().mapToLong(tale.ends::get).min().orElse(before));
    if (id.topic().equals("orders")) {
      sent += added;
      acknowledged += tale.highWatermark - before;
      received = Math.max(received, acknowledged - random.nextInt(4));
    }
    Counters of = counters.get(tale.leader);
    of.records += added;
    of.produces += 2;
    of.fetches += 3;
  }

  private ClusterEvent.BrokerSampled sample(int broker) {
    List<ClusterEvent.ReplicaSample> replicas = new ArrayList<>();
    int waiting = 0;
    long bytes = 0;
    for (Map.Entry<TopicPartition, Tale> entry : tales.entrySet()) {
      Tale tale = entry.getValue();
      ClusterEvent.ReplicaSample replica = replica(broker, entry.getKey(), tale);
      replicas.add(replica);
      waiting += replica.waitingProduces();
      bytes += replica.sizeBytes();
    }
    Counters of = counters.get(broker);
    return new ClusterEvent.BrokerSampled(
        replicas,
        new ClusterEvent.RequestSample(
            7 + broker,
            random.nextInt(3),
            500,
            8,
            1 + random.nextInt(2),
            random.nextInt(2),
            waiting,
            5,
            of.records * RECORD_BYTES,
            of.records * RECORD_BYTES * 3,
            of.records * RECORD_BYTES * 29 / 10,
            of.records,
            Map.of(
                "Produce", stage(of.produces, 900_000),
                "Fetch", stage(of.fetches, 400_000),
                "Metadata", stage(of.metadata, 150_000))),
        new ClusterEvent.StorageSample(
            List.of(
                new ClusterEvent.DirectorySample(
                    "data/broker-" + broker + "/logs-1", true, tales.size(), bytes, 81L << 30))));
  }

  private ClusterEvent.PipelineSampled pipeline(int broker) {
    SamplePipeline pipeline = new SamplePipeline(broker, nowMs);
    Map<TopicPartition, Long> ends = new LinkedHashMap<>();
    tales.forEach(
        (id, tale) -> {
          long end = tale.ends.getOrDefault(tale.leader, 0L);
          if (tale.leader == broker && tale.recordsPerTick > 0) {
            ends.put(id, end);
            if (tale.highWatermark < end) {
              long stuckMs = victimRunning ? 9 : nowMs - killedAtMs;
              pipeline.produce(id, tale.highWatermark, end, stuckMs);
            }
          }
        });
    if (!ends.isEmpty()) {
      for (int other = 1; other <= 3; other++) {
        if (other != broker && (other != VICTIM || victimRunning)) {
          pipeline.fetch(other, ends);
        }
      }
      pipeline.fetch(-1, ends);
    }
    return pipeline.sample();
  }

  private static ClusterEvent.StageSample stage(long count, long nanos) {
    return new ClusterEvent.StageSample(
        count,
        count * nanos / 10,
        count * nanos / 3,
        count * nanos / 2,
        count * nanos / 40,
        count * nanos / 25,
        count * nanos);
  }

  private ClusterEvent.ReplicaSample replica(int broker, TopicPartition id, Tale tale) {
    boolean leads = broker == tale.leader;
    long end = tale.ends.get(broker);
    List<ClusterEvent.FollowerSample> followers = new ArrayList<>();
    if (leads) {
      for (int other : tale.assignment) {
        if (other != broker) {
          boolean silent = other == VICTIM && !victimRunning;
          long age = silent ? nowMs - killedAtMs : 20 + random.nextInt(180);
          followers.add(
              new ClusterEvent.FollowerSample(
                  other, tale.ends.get(other), age, silent ? age + 40 : 0, LAG_LIMIT_MS));
        }
      }
    }
    boolean held = leads && tale.recordsPerTick > 0 && tale.highWatermark < end && !victimRunning;
    return new ClusterEvent.ReplicaSample(
        id,
        leads,
        tale.leader,
        tale.leaderEpoch,
        tale.partitionEpoch,
        0,
        end,
        leads ? tale.highWatermark : Math.max(0, Math.min(tale.highWatermark, end) - 2),
        leads ? tale.highWatermark : Math.max(0, Math.min(tale.highWatermark, end) - 2),
        leads ? tale.isr : List.of(),
        followers,
        held && !victimCut ? 4 : 0,
        leads ? 2 : 0,
        end * RECORD_BYTES,
        "data/broker-" + broker + "/logs-1",
        segments(end),
        tale.epochs);
  }

  private List<ClusterEvent.SegmentSample> segments(long end) {
    List<ClusterEvent.SegmentSample> segments = new ArrayList<>();
    long perSegment = SEGMENT_BYTES / RECORD_BYTES;
    long base = 0;
    do {
      long next = Math.min(end, base + perSegment);
      boolean active = next == end;
      long size = (next - base) * RECORD_BYTES;
      segments.add(
          new ClusterEvent.SegmentSample(
              base,
              next,
              size,
              START.toEpochMilli() + nowMs - (end - next) * 50,
              size / 4096 * 8,
              size / 4096 * 12,
              active));
      base = next;
    } while (base < end);
    return segments;
  }

  private static long session(int broker, int life) {
    return 0x1000_0000_0000_0000L + 0x0100_0000L * life + broker;
  }

  private static List<Integer> without(List<Integer> isr) {
    return isr.stream().filter(b -> b != VICTIM).toList();
  }

  private void report(int broker, ClusterEvent event) {
    journal.report(broker, event);
  }
}
