package io.vitrine.cluster.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.simulation.World.Place;
import io.vitrine.cluster.zookeeper.ModelSession;
import io.vitrine.cluster.zookeeper.TopicStore;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZooKeeperModel;
import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.log.LogRead;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.requests.ControlledShutdownRequest;

/**
 * One story of a cluster of our brokers under crashes, pauses, cuts, lost sessions, failing disks
 * and messages that are late, lost or come twice, told from one seed; and the rules that hold
 * whatever happens.
 *
 * <ul>
 *   <li>A record that was acknowledged to a producer with acks=all, or shown to a consumer, is at
 *       its offset on every live member of the ISR that ZooKeeper holds.
 *   <li>Nobody ever sees two different records at one offset, nor one beyond the high watermark.
 *   <li>No two brokers lead a partition in one leader epoch.
 *   <li>Leader epochs, partition epochs and controller epochs never go back.
 *   <li>After healing a topic that was created and deleted meanwhile is whole or gone, every
 *       partition is led, all replicas are in sync and equal, and every record sent is there once,
 *       in order.
 * </ul>
 */
public final class Simulation {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "t";
  private static final int PARTITIONS = 2;

  /** A topic that is created, deleted and created again while everything else goes on. */
  private static final String FLEETING = "u";

  private static final int BROKERS = 3;
  private static final int SESSION_TIMEOUT_MS = 800;
  private static final long FAULTS_MS = 12_000;
  private static final double ANSWER_LOST = 0.01;
  private static final long HEALING_MS = 120_000;
  private static final int EVENTS_BETWEEN_CHECKS = 16;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "replica.lag.time.max.ms",
          "900",
          "replica.fetch.wait.max.ms",
          "150",
          "replica.fetch.backoff.ms",
          "100",
          "replica.socket.timeout.ms",
          "900",
          "min.insync.replicas",
          "2",
          "auto.leader.rebalance.enable",
          "true",
          "leader.imbalance.check.interval.seconds",
          "3");

  private final long seed;
  private final World world;
  private final SimulatedNetwork network;
  private final ZooKeeperModel zooKeeper;
  private final Map<Integer, MemoryFiles> disks = new HashMap<>();
  private final Map<Integer, FaultyFiles> faults = new HashMap<>();
  private final Map<Integer, SimulatedNode> nodes = new TreeMap<>();
  private final Map<SimulatedNode, Long> offSinceMs = new HashMap<>();
  private final Map<Long, SimulatedNode> sessions = new HashMap<>();
  private final Set<Long> expired = new TreeSet<>();
  private final Set<Integer> withoutZooKeeper = new TreeSet<>();
  private final Map<String, Integer> leaderOfEpoch = new HashMap<>();
  private final Clients clients;
  private long nextSession = 1;
  private int sinceCheck;
  private boolean healing;

  private Simulation(long seed) {
    this.seed = seed;
    this.world = new World(seed);
    this.network = new SimulatedNetwork(world);
    this.zooKeeper = new ZooKeeperModel(this::zooKeeperChanged);
    this.clients = new Clients(world, network, TOPIC, PARTITIONS, BROKERS, nodes::get);
    world.afterEach(this::afterEvent);
  }

  /**
   * Tells one story.
   *
   * @throws AssertionError with the whole story when a rule was broken
   */
  public static void run(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.tell();
    } catch (RuntimeException | AssertionError | IOException e) {
      throw new AssertionError("seed " + seed + ": " + e + "\n" + simulation.world.story(), e);
    }
  }

  private void tell() throws IOException {
    for (int id = 1; id <= BROKERS; id++) {
      disks.put(id, new MemoryFiles());
      start(id);
    }
    world.runUntil(() -> zooKeeper.text("/controller").isPresent());
    createTopic(
        TOPIC,
        IntStream.range(0, PARTITIONS)
            .boxed()
            .collect(Collectors.toMap(p -> p, Simulation::replicas)),
        new Uuid(seed, seed + 1));
    world.runUntil(this::allInSync);
    clients.start();
    world.schedule(Place.OUTSIDE, 100, this::trouble);
    world.runFor(FAULTS_MS);
    heal();
    world.runUntil(() -> world.nowMs() > FAULTS_MS + HEALING_MS || healed());
    clients.end();
    world.runUntil(() -> world.nowMs() > FAULTS_MS + 2 * HEALING_MS || clients.idle() && healed());
    if (!healed() || !clients.idle()) {
      throw world.broken("the cluster does not heal: " + states());
    }
    checkPromises();
    replicasAreEqual();
    everythingIsThereOnce();
  }

  private static Set<TopicPartition> allPartitions() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(number -> new TopicPartition(TOPIC, number))
        .collect(Collectors.toSet());
  }

  private void createTopic(String name, Map<Integer, List<Integer>> assignment, Uuid id) {
    new TopicStore(operator())
        .createTopic(name, Map.of(), new TreeMap<>(assignment), Optional.of(id))
        .join();
    deliverWatches();
  }

  /** A session nothing keeps from its work. */
  private ModelSession operator() {
    return new ModelSession(
        zooKeeper,
        new ModelSession.Gate() {
          @Override
          public void pass() {
            // Nothing keeps the operator from it.
          }

          @Override
          public void closed(long session) {
            zooKeeper.expire(session);
          }
        },
        nextSession++);
  }

  // ---- brokers and sessions ------------------------------------------------------------------

  private void start(int id) throws IOException {
    FaultyFiles disk = new FaultyFiles(disks.get(id), time -> {}, (fault, operation, file) -> {});
    faults.put(id, disk);
    long sessionId = nextSession++;
    SimulatedNode[] self = new SimulatedNode[1];
    ModelSession session =
        new ModelSession(
            zooKeeper,
            new ModelSession.Gate() {
              @Override
              public void pass() {
                Simulation.this.pass(self[0]);
              }

              @Override
              public boolean answerLost() {
                return !healing && world.chance(ANSWER_LOST);
              }

              @Override
              public void closed(long ended) {
                zooKeeper.expire(ended);
                expired.add(ended);
                deliverWatches();
              }
            },
            sessionId);
    SimulatedNode node =
        new SimulatedNode(
            id,
            world,
            disk,
            network,
            session,
            SETTINGS,
            (broker, event) -> {
              if (self[0] != null) {
                happened(self[0], event);
              }
            });
    self[0] = node;
    node.onDeath(
        () -> {
          network.drop(id);
          nodes.remove(id, node);
        });
    nodes.put(id, node);
    sessions.put(sessionId, node);
    world.tell("broker " + id + " starts with session " + sessionId);
    world.schedule(node, 0, node::start);
    watchSession(node);
  }

  private boolean reaches(SimulatedNode node) {
    return !node.dead() && !node.paused() && !withoutZooKeeper.contains(node.id());
  }

  /** The server ends a session it has not heard of for the time-out. */
  private void watchSession(SimulatedNode node) {
    long sessionId = node.session().sessionId();
    if (expired.contains(sessionId)) {
      return;
    }
    if (reaches(node)) {
      offSinceMs.remove(node);
    } else {
      long since = offSinceMs.computeIfAbsent(node, n -> world.nowMs());
      if (world.nowMs() - since >= SESSION_TIMEOUT_MS) {
        offSinceMs.remove(node);
        world.tell("session " + sessionId + " of broker " + node.id() + " expires");
        expired.add(sessionId);
        zooKeeper.expire(sessionId);
        deliverWatches();
        if (!node.dead()) {
          renewWhenReached(node);
        }
        return;
      }
    }
    world.schedule(Place.OUTSIDE, 20, () -> watchSession(node));
  }

  /** The client hears that its session is over once it reaches the server again. */
  private void renewWhenReached(SimulatedNode node) {
    if (node.dead()) {
      return;
    }
    if (!reaches(node)) {
      world.schedule(Place.OUTSIDE, 20, () -> renewWhenReached(node));
      return;
    }
    long renewed = nextSession++;
    world.tell("broker " + node.id() + " has session " + renewed + " now");
    node.session().renew(renewed);
    sessions.put(renewed, node);
    node.sessionRenewed();
    watchSession(node);
  }

  /** An operation on its way to ZooKeeper: others go on meanwhile, and it may take long. */
  private void pass(SimulatedNode node) {
    if (world.chance(0.15)) {
      world.meanwhile(world.between(1, 6));
    }
    BooleanSupplier through =
        () -> node.dead() || reaches(node) && !expired.contains(node.session().sessionId());
    if (!through.getAsBoolean()) {
      world.meanwhile(through);
    }
    world.schedule(Place.OUTSIDE, 0, this::deliverWatches);
  }

  private void deliverWatches() {
    for (ZooKeeperModel.Fired fired : zooKeeper.takeFired()) {
      deliver(fired, world.between(0, 5));
    }
  }

  private void deliver(ZooKeeperModel.Fired fired, int delayMs) {
    SimulatedNode node = sessions.get(fired.session());
    if (node == null) {
      return;
    }
    world.schedule(
        node,
        delayMs,
        () -> {
          if (node.session().sessionId() != fired.session()) {
            return;
          }
          if (reaches(node)) {
            node.session().fire(fired.path());
          } else {
            deliver(fired, 20);
          }
        });
  }

  // ---- trouble -------------------------------------------------------------------------------

  private void trouble() {
    if (healing) {
      return;
    }
    int id = world.between(1, BROKERS);
    SimulatedNode node = nodes.get(id);
    if (node == null) {
      if (world.chance(0.6)) {
        restart(id);
      }
    } else {
      happenTo(node);
    }
    world.schedule(Place.OUTSIDE, world.between(50, 700), this::trouble);
  }

  private void happenTo(SimulatedNode node) {
    int id = node.id();
    switch (world.between(0, 13)) {
      case 0, 1 -> node.crash();
      case 2 -> stopControlled(node);
      case 3, 4 -> {
        int ms = world.between(20, 2_500);
        world.tell("broker " + id + " is paused for " + ms + " ms");
        node.pause(true);
        world.schedule(Place.OUTSIDE, ms, () -> resume(node));
      }
      case 5 -> {
        int ms = world.between(20, 2_500);
        world.tell("broker " + id + " is cut off the others for " + ms + " ms");
        network.cut(id, true);
        world.schedule(Place.OUTSIDE, ms, () -> network.cut(id, false));
      }
      case 6 -> {
        int ms = world.between(20, 2_500);
        world.tell("broker " + id + " is cut off ZooKeeper for " + ms + " ms");
        withoutZooKeeper.add(id);
        world.schedule(Place.OUTSIDE, ms, () -> withoutZooKeeper.remove(id));
      }
      case 7 -> {
        world.tell("connections of broker " + id + " are reset");
        network.drop(id);
      }
      case 8 -> {
        int step = world.between(1, 8);
        world.tell("step " + step + " from now on the disk of broker " + id + " fails");
        faults
            .get(id)
            .plan(
                world.chance(0.5)
                    ? FileFault.stoppingAt(step)
                    : FileFault.tearingAt(step, world.between(0, 80)));
      }
      case 9 -> {
        world.tell("preferred leaders are elected");
        node.controller().electLeaders(ElectionType.PREFERRED, allPartitions());
      }
      case 10, 11 -> createOrDelete();
      default -> reassign(node);
    }
  }

  private void createOrDelete() {
    if (!exists(FLEETING)) {
      List<Integer> replicas = new ArrayList<>(List.of(1, 2, 3));
      Collections.shuffle(replicas, world.random());
      List<Integer> some = List.copyOf(replicas.subList(0, world.between(1, BROKERS)));
      world.tell("topic " + FLEETING + " is created on " + some);
      createTopic(FLEETING, Map.of(0, some), new Uuid(seed, 1_000 + world.nowMs()));
    } else if (!deletionPending()) {
      world.tell("topic " + FLEETING + " is to be deleted");
      new TopicStore(operator()).markForDeletion(FLEETING).join();
      deliverWatches();
    }
  }

  private boolean exists(String topic) {
    return zooKeeper.text(ZkPaths.topic(topic)).isPresent();
  }

  private boolean deletionPending() {
    return zooKeeper.text(ZkPaths.deleteTopic(FLEETING)).isPresent();
  }

  /** It is gone altogether, or led and in sync on all its replicas. */
  private boolean fleetingIsWhole() {
    if (deletionPending()) {
      return false;
    }
    if (!exists(FLEETING)) {
      return zooKeeper.text(ZkPaths.partitions(FLEETING)).isEmpty();
    }
    JsonNode topic = json(zooKeeper.text(ZkPaths.topic(FLEETING)).orElseThrow());
    Optional<JsonNode> state =
        zooKeeper.text(ZkPaths.partitionState(FLEETING, 0)).map(Simulation::json);
    return state.isPresent()
        && state.get().get("leader").asInt() > 0
        && state.get().get("isr").size() == topic.path("partitions").path("0").size();
  }

  /**
   * Other replicas for a partition, two or three of them in any order, or the last wish given up.
   */
  private void reassign(SimulatedNode asked) {
    TopicPartition partition = new TopicPartition(TOPIC, world.between(0, PARTITIONS - 1));
    Optional<List<Integer>> wish = Optional.empty();
    if (world.chance(0.8)) {
      List<Integer> replicas = new ArrayList<>(List.of(1, 2, 3));
      Collections.shuffle(replicas, world.random());
      wish = Optional.of(replicas.subList(0, world.between(2, BROKERS)));
    }
    world.tell("broker " + asked.id() + " is asked to move " + partition + " to " + wish);
    asked.controller().alterReassignments(Map.of(partition, wish));
  }

  /** The replicas every partition began with, as long as somebody is there to be asked. */
  private void replicasAsAtFirst() {
    SimulatedNode controller = nodes.get(controllerId());
    if (controller != null) {
      Map<TopicPartition, Optional<List<Integer>>> wishes = new HashMap<>();
      for (int p = 0; p < PARTITIONS; p++) {
        if (!asAtFirst(p)) {
          wishes.put(new TopicPartition(TOPIC, p), Optional.of(replicas(p)));
        }
      }
      controller.controller().alterReassignments(wishes);
    }
    world.schedule(Place.OUTSIDE, 3_000, this::replicasAsAtFirst);
  }

  private void resume(SimulatedNode node) {
    if (node.paused()) {
      world.tell("broker " + node.id() + " goes on");
      node.pause(false);
    }
  }

  private void stopControlled(SimulatedNode node) {
    world.tell("broker " + node.id() + " is asked to stop");
    int controller = controllerId();
    if (controller < 0) {
      node.stop();
      return;
    }
    network
        .clientsOf(node.id(), node, 600)
        .connectTo("127.0.0.1", controller, "controlled shutdown")
        .send(
            new ControlledShutdownRequest.Builder(
                new ControlledShutdownRequestData().setBrokerId(node.id()).setBrokerEpoch(-1),
                (short) 3),
            ApiKeys.CONTROLLED_SHUTDOWN.latestVersion())
        .whenComplete((answer, failure) -> world.schedule(node, 0, node::stop));
  }

  private int controllerId() {
    return zooKeeper.text("/controller").map(t -> json(t).get("brokerid").asInt()).orElse(-1);
  }

  /** A broker starts again once its old session has run out, as its operator would see to. */
  private void restart(int id) {
    if (nodes.containsKey(id)) {
      return;
    }
    if (zooKeeper.text("/brokers/ids/" + id).isPresent()) {
      world.schedule(Place.OUTSIDE, 50, () -> restart(id));
      return;
    }
    try {
      start(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void heal() {
    world.tell("everything is mended");
    healing = true;
    withoutZooKeeper.clear();
    for (int id = 1; id <= BROKERS; id++) {
      network.cut(id, false);
      faults.get(id).heal();
      SimulatedNode node = nodes.get(id);
      if (node == null) {
        restart(id);
      } else {
        resume(node);
      }
    }
    world.schedule(Place.OUTSIDE, 500, this::restartTheDead);
    world.schedule(Place.OUTSIDE, 1_000, this::replicasAsAtFirst);
  }

  /**
   * A controlled stop under way, or a disk that failed a moment ago, may still take a broker down.
   */
  private void restartTheDead() {
    for (int id = 1; id <= BROKERS; id++) {
      if (!nodes.containsKey(id)) {
        restart(id);
      }
    }
    world.schedule(Place.OUTSIDE, 500, this::restartTheDead);
  }

  // ---- rules ---------------------------------------------------------------------------------

  private void happened(SimulatedNode node, ClusterEvent event) {
    if (event instanceof ClusterEvent.BecameLeader led && led.partition().topic().equals(TOPIC)) {
      node.tell(event);
      String epoch = led.partition() + " in epoch " + led.leaderEpoch();
      Integer before = leaderOfEpoch.putIfAbsent(epoch, node.id());
      if (before != null && before != node.id()) {
        throw world.broken(before + " and " + node.id() + " lead " + epoch);
      }
    } else if (!(event instanceof ClusterEvent.OrdersSent
        || event instanceof ClusterEvent.ControllerWork
        || event instanceof ClusterEvent.TopicConfigChanged
        || event instanceof ClusterEvent.Sample)) {
      node.tell(event);
    }
  }

  private void zooKeeperChanged(String path, byte[] before, byte[] after, int version) {
    if (before == null || after == null) {
      return;
    }
    if (path.equals("/controller_epoch")) {
      int was = Integer.parseInt(new String(before, StandardCharsets.UTF_8));
      int is = Integer.parseInt(new String(after, StandardCharsets.UTF_8));
      if (is <= was) {
        throw world.broken("the controller epoch went from " + was + " to " + is);
      }
    } else if (path.endsWith("/state")) {
      JsonNode was = json(new String(before, StandardCharsets.UTF_8));
      JsonNode is = json(new String(after, StandardCharsets.UTF_8));
      for (String field : List.of("leader_epoch", "controller_epoch")) {
        if (is.get(field).asInt() < was.get(field).asInt()) {
          throw world.broken(field + " of " + path + " went back: " + was + " to " + is);
        }
      }
      sinceCheck = EVENTS_BETWEEN_CHECKS;
    }
  }

  private void afterEvent() {
    if (++sinceCheck > EVENTS_BETWEEN_CHECKS) {
      sinceCheck = 0;
      checkPromises();
    }
  }

  private void checkPromises() {
    clients
        .promised()
        .forEach(
            (partition, records) -> {
              if (records.isEmpty()) {
                return;
              }
              for (int id : isr(partition)) {
                SimulatedNode node = nodes.get(id);
                Optional<PartitionLog> log = node == null ? Optional.empty() : node.log(partition);
                log.ifPresent(l -> holds(id, partition, l, records));
              }
            });
  }

  private void holds(
      int id, TopicPartition partition, PartitionLog log, TreeMap<Long, Long> promised) {
    long last = promised.lastKey();
    if (log.logEndOffset() <= last) {
      throw world.broken(
          "broker "
              + id
              + " is in the ISR of "
              + partition
              + " and ends at "
              + log.logEndOffset()
              + ", but "
              + last
              + " was promised");
    }
    // The newest promises are the ones in danger; all are looked at once in the end.
    long from = healing ? 0 : promised.floorKey(Math.max(0, last - 8)) == null ? 0 : last - 8;
    Map<Long, Long> there = records(log, Math.max(0, from));
    promised
        .tailMap(Math.max(0, from))
        .forEach(
            (offset, number) -> {
              if (!number.equals(there.get(offset))) {
                throw world.broken(
                    "broker "
                        + id
                        + " holds "
                        + there.get(offset)
                        + " at offset "
                        + offset
                        + " of "
                        + partition
                        + ", promised was "
                        + number);
              }
            });
  }

  private static TreeMap<Long, Long> records(PartitionLog log, long from) {
    TreeMap<Long, Long> found = new TreeMap<>();
    long next = Math.max(from, log.logStartOffset());
    while (next < log.logEndOffset()) {
      LogRead read = log.read(next, 1 << 20, ReadBound.LOG_END, true);
      try (LogSlice slice = read.records()) {
        MemoryRecords records = slice.toMemory();
        if (records.sizeInBytes() == 0) {
          break;
        }
        for (Record record : records.records()) {
          found.put(record.offset(), record.value().getLong(0));
          next = record.offset() + 1;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private void replicasAreEqual() {
    for (TopicPartition partition : clients.promised().keySet()) {
      TreeMap<Long, Long> first = records(nodes.get(1).log(partition).orElseThrow(), 0);
      for (int id = 2; id <= BROKERS; id++) {
        TreeMap<Long, Long> other = records(nodes.get(id).log(partition).orElseThrow(), 0);
        if (!other.equals(first)) {
          throw world.broken(
              "replicas 1 and " + id + " of " + partition + " differ: " + first + " and " + other);
        }
      }
    }
  }

  private void everythingIsThereOnce() {
    for (TopicPartition partition : clients.promised().keySet()) {
      long expected = 0;
      for (long number : records(nodes.get(1).log(partition).orElseThrow(), 0).values()) {
        if (number != expected) {
          throw world.broken(partition + " holds " + number + " where " + expected + " belongs");
        }
        expected++;
      }
    }
  }

  // ---- looking -------------------------------------------------------------------------------

  /** The replicas a partition begins and ends with. */
  private static List<Integer> replicas(int partition) {
    List<Integer> replicas = new ArrayList<>();
    for (int i = 0; i < BROKERS; i++) {
      replicas.add(1 + (partition + i) % BROKERS);
    }
    return replicas;
  }

  private boolean asAtFirst(int partition) {
    JsonNode topic = zooKeeper.text("/brokers/topics/" + TOPIC).map(Simulation::json).orElseThrow();
    String p = Integer.toString(partition);
    List<Integer> now = new ArrayList<>();
    topic.path("partitions").path(p).forEach(id -> now.add(id.asInt()));
    return now.equals(replicas(partition))
        && topic.path("adding_replicas").path(p).isEmpty()
        && topic.path("removing_replicas").path(p).isEmpty();
  }

  private List<Integer> isr(TopicPartition partition) {
    List<Integer> isr = new ArrayList<>();
    state(partition).ifPresent(state -> state.get("isr").forEach(id -> isr.add(id.asInt())));
    return isr;
  }

  private Optional<JsonNode> state(TopicPartition partition) {
    return zooKeeper
        .text("/brokers/topics/" + TOPIC + "/partitions/" + partition.partition() + "/state")
        .map(Simulation::json);
  }

  private boolean allInSync() {
    for (int p = 0; p < PARTITIONS; p++) {
      Optional<JsonNode> state = state(new TopicPartition(TOPIC, p));
      if (!asAtFirst(p)
          || state.isEmpty()
          || state.get().get("leader").asInt() < 0
          || state.get().get("isr").size() < BROKERS) {
        return false;
      }
    }
    return true;
  }

  private boolean healed() {
    if (nodes.size() < BROKERS || !allInSync() || !fleetingIsWhole()) {
      return false;
    }
    for (TopicPartition partition : clients.promised().keySet()) {
      Set<Long> ends = new TreeSet<>();
      for (SimulatedNode node : nodes.values()) {
        node.log(partition).ifPresent(log -> ends.add(log.logEndOffset()));
      }
      if (ends.size() != 1) {
        return false;
      }
    }
    return true;
  }

  private String states() {
    List<String> all = new ArrayList<>();
    clients.promised().keySet().forEach(p -> all.add(p + " " + state(p).orElse(null)));
    all.add(
        FLEETING
            + (deletionPending() ? " to be deleted " : " ")
            + zooKeeper.text(ZkPaths.topic(FLEETING))
            + zooKeeper.text(ZkPaths.partitionState(FLEETING, 0)));
    return all + " brokers " + nodes.keySet();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
