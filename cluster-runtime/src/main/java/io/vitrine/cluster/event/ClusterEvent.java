package io.vitrine.cluster.event;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * One thing that happened. Immutable; collections are copies.
 *
 * <p>Several truths exist at once and stay apart: what the controller decided ({@link Decision}),
 * what a broker did with it ({@link Replication}) and what was measured ({@link Sample}).
 */
public sealed interface ClusterEvent {

  // ---- ZooKeeper -----------------------------------------------------------------------------

  /** The ZooKeeper server and the sessions with it. */
  sealed interface ZooKeeper extends ClusterEvent {}

  /** The embedded servers were started; where clients connect, and the tick in milliseconds. */
  record ZooKeeperStarted(String connectString, int tickMs) implements ZooKeeper {}

  /** No embedded server runs any more; sessions wait for one to be back. */
  record ZooKeeperStopped(boolean killed) implements ZooKeeper {}

  /** What a ZooKeeper server is at a moment. */
  enum MemberRole {
    STOPPED,
    /** It runs, but there is no leader, or none that has it yet: nobody is served. */
    LOOKING,
    FOLLOWER,
    LEADER,
    /** It is the only one and serves. */
    STANDALONE;

    /** Whether, with it, there is somebody who decides. */
    public boolean decides() {
      return this == LEADER || this == STANDALONE;
    }
  }

  /** One embedded server became something else; members are numbered from 1. */
  record ZooKeeperMemberChanged(int member, String address, MemberRole role) implements ZooKeeper {}

  /** A broker's session with ZooKeeper is up; the negotiated time-out in milliseconds. */
  record SessionEstablished(long sessionId, int timeoutMs) implements ZooKeeper {}

  /** The connection is lost, the session may live; it runs out in at most this time. */
  record SessionSuspended(long sessionId, int timeoutMs) implements ZooKeeper {}

  /** The connection is back before the session ran out. */
  record SessionResumed(long sessionId) implements ZooKeeper {}

  /** ZooKeeper ended the session: its ephemeral nodes are gone. */
  record SessionExpired(long sessionId) implements ZooKeeper {}

  /** The broker ended its session itself: its ephemeral nodes are gone at once. */
  record SessionClosed(long sessionId) implements ZooKeeper {}

  // ---- brokers -------------------------------------------------------------------------------

  /** A broker's life. */
  sealed interface Membership extends ClusterEvent {}

  /** The supervisor starts a broker. */
  record BrokerStarting() implements Membership {}

  /** Where the broker's id came from, see {@code broker.id.generation.enable}. */
  enum IdSource {
    CONFIGURED,
    STORED,
    GENERATED
  }

  /** The broker wrote {@code /brokers/ids/<id>}; the epoch is that node's czxid. */
  record BrokerRegistered(long brokerEpoch, String host, int port, String rack, IdSource idSource)
      implements Membership {}

  /** The broker serves requests. */
  record BrokerServing(String host, int port, long startMs) implements Membership {}

  /** Controlled shutdown began. */
  record BrokerStopping() implements Membership {}

  /** The controller's answer to ControlledShutdown: partitions this broker still leads. */
  record ControlledShutdownProgress(int remainingLeaders, int attempt) implements Membership {}

  /** The broker stopped cleanly. */
  record BrokerStopped(long stopMs) implements Membership {}

  /** The broker was killed: sockets dropped, session left to run out, nothing flushed. */
  record BrokerKilled(long sessionId, int sessionTimeoutMs) implements Membership {}

  /** The broker failed to start or died of an error; the reason says what to do. */
  record BrokerFailed(String reason) implements Membership {}

  /** A listener asks nobody who they are, and other machines can reach it at this address. */
  record ListenerExposed(String listener, String address) implements Membership {}

  /** A log directory of the broker failed and is offline. */
  record LogDirectoryFailed(String directory, String reason) implements Membership {}

  // ---- controller ----------------------------------------------------------------------------

  /** What the controller decided, after ZooKeeper holds it. */
  sealed interface Decision extends ClusterEvent {}

  /** This broker won the election with this epoch. */
  record ControllerElected(int controllerEpoch) implements Decision {}

  /** The steps of a fail-over are done; brokers were told. */
  record ControllerReady(int controllerEpoch, long tookMs) implements Decision {}

  /** This broker is not the controller any more. */
  record ControllerResigned(int controllerEpoch, String reason) implements Decision {}

  /** The controller saw the set of live brokers change. */
  record BrokersChanged(List<Integer> added, List<Integer> gone, List<Integer> bounced)
      implements Decision {
    public BrokersChanged {
      added = List.copyOf(added);
      gone = List.copyOf(gone);
      bounced = List.copyOf(bounced);
    }
  }

  /** Why a partition's state changed. */
  enum ElectionReason {
    /** Nothing changed: a new controller read it. */
    LOADED,
    NEW_PARTITION,
    OFFLINE,
    UNCLEAN,
    PREFERRED,
    REASSIGNMENT,
    CONTROLLED_SHUTDOWN,
    /** A replica left the ISR because its broker went; the leader may stay. */
    REPLICA_OFFLINE,
    /** The leader asked for another ISR (AlterPartition). */
    ALTER_PARTITION,
    /** It was seen from outside, where nobody tells why. */
    OBSERVED
  }

  /**
   * A partition's state as it now stands in ZooKeeper.
   *
   * @param leader broker id, or -1 when nobody leads
   * @param partitionEpoch version of the state node
   */
  record PartitionStateWritten(
      TopicPartition partition,
      int leader,
      int leaderEpoch,
      List<Integer> isr,
      int partitionEpoch,
      ElectionReason reason)
      implements Decision {
    public PartitionStateWritten {
      isr = List.copyOf(isr);
    }
  }

  /** The controller sent one batch of orders to a broker. */
  record OrdersSent(int toBroker, String api, int partitions) implements Decision {}

  // ---- the controller at work -----------------------------------------------------------------

  /** How a controller goes about it: its event queue, and the answers to its orders. */
  sealed interface ControllerWork extends ClusterEvent {}

  /**
   * A broker's event thread took an event from its queue.
   *
   * @param event Kafka's name of it
   * @param queuedNanos how long it waited
   * @param waiting events that wait behind it
   */
  record ControllerEventBegun(String event, ControllerState state, long queuedNanos, int waiting)
      implements ControllerWork {}

  /**
   * The event is done, well or not.
   *
   * @param waiting events that came meanwhile and wait
   */
  record ControllerEventEnded(String event, ControllerState state, long tookNanos, int waiting)
      implements ControllerWork {}

  /**
   * A broker answered a batch of orders, see {@link OrdersSent}.
   *
   * @param error Kafka's name of what it refused the whole batch with, empty when it did not
   */
  record OrdersAnswered(int fromBroker, String api, String error) implements ControllerWork {}

  /** A new controller is done with a step of its fail-over. */
  record FailoverStepDone(int controllerEpoch, FailoverStep step, long tookNanos)
      implements ControllerWork {}

  // ---- topics ----------------------------------------------------------------------------------

  /** A topic exists; replicas of each partition in assignment order. */
  record TopicCreated(String topic, String topicId, Map<Integer, List<Integer>> assignment)
      implements Decision {
    public TopicCreated {
      assignment = Map.copyOf(assignment);
    }
  }

  /**
   * A reassignment began, changed, or ended.
   *
   * @param replicas all replicas, those that come and go included
   * @param adding those that come; with {@code removing} empty once it ended
   * @param removing those that go once the others are in sync
   */
  record ReassignmentChanged(
      TopicPartition partition,
      List<Integer> replicas,
      List<Integer> adding,
      List<Integer> removing)
      implements Decision {
    public ReassignmentChanged {
      replicas = List.copyOf(replicas);
      adding = List.copyOf(adding);
      removing = List.copyOf(removing);
    }
  }

  /** A topic is marked for deletion. */
  record TopicDeletionStarted(String topic) implements Decision {}

  /** A topic is gone from ZooKeeper. */
  record TopicDeleted(String topic) implements Decision {}

  /** A topic's own settings changed; the map holds all that are set on the topic. */
  record TopicConfigChanged(String topic, Map<String, String> config) implements Decision {
    public TopicConfigChanged {
      config = Map.copyOf(config);
    }
  }

  // ---- replicas ------------------------------------------------------------------------------

  /** What a broker did with its replica of a partition. */
  sealed interface Replication extends ClusterEvent {
    TopicPartition partition();
  }

  /** The broker leads; the epoch starts at this offset. */
  record BecameLeader(TopicPartition partition, int leaderEpoch, long epochStartOffset)
      implements Replication {}

  /** The broker follows. */
  record BecameFollower(TopicPartition partition, int leaderEpoch, int leader)
      implements Replication {}

  /** The broker stopped its replica. */
  record ReplicaStopped(TopicPartition partition, boolean deleted) implements Replication {}

  /** The leader took a follower out: how long it was behind, against the limit. */
  record IsrShrunk(
      TopicPartition partition,
      List<Integer> removed,
      List<Integer> isr,
      long behindMs,
      long limitMs)
      implements Replication {
    public IsrShrunk {
      removed = List.copyOf(removed);
      isr = List.copyOf(isr);
    }
  }

  /** A follower caught up and is in the ISR again. */
  record IsrExpanded(TopicPartition partition, int added, List<Integer> isr)
      implements Replication {
    public IsrExpanded {
      isr = List.copyOf(isr);
    }
  }

  /** A replica cut its log. */
  record LogTruncated(TopicPartition partition, long fromOffset, long toOffset, String reason)
      implements Replication {}

  /** A new active segment. */
  record SegmentRolled(TopicPartition partition, long baseOffset) implements Replication {}

  /** Retention removed segments. */
  record SegmentsDeleted(TopicPartition partition, List<Long> baseOffsets, String reason)
      implements Replication {
    public SegmentsDeleted {
      baseOffsets = List.copyOf(baseOffsets);
    }
  }

  /** A log was recovered after a crash. */
  record LogRecovered(TopicPartition partition, long tookMs, long bytesCut, long logEndOffset)
      implements Replication {}

  // ---- groups --------------------------------------------------------------------------------

  /** What a coordinator did with a group, after it did it. */
  sealed interface Coordination extends ClusterEvent {}

  /** What a group is at; Kafka's states. */
  enum GroupStage {
    EMPTY,
    PREPARING_REBALANCE,
    COMPLETING_REBALANCE,
    STABLE,
    /** It was removed. */
    DEAD
  }

  /** What made a group another. */
  enum GroupCause {
    /** Nothing: its coordinator read it from the log. */
    LOADED("loaded"),
    /** It was seen from outside, where nobody tells why. */
    OBSERVED("is another than before"),
    /** Somebody commits offsets for it who manages its members itself. */
    COMMITTED("offsets are committed without a member"),
    /** It has more members than {@code group.max.size} allows since it was loaded. */
    TOO_LARGE("the group is larger than group.max.size"),
    JOINED("joins"),
    REJOINED("rejoins"),
    /** A member subscribes to something else, or knows other protocols. */
    METADATA_CHANGED("joins with other metadata"),
    /** The leader saw something members' metadata do not show, such as new partitions. */
    LEADER_REJOINED("leads and joins again"),
    /** A static member was started anew and goes on with what it had. */
    REPLACED("took the place of its former self"),
    LEFT("leaves"),
    /** Its session ran out. */
    SILENT("was not heard of"),
    /** It did not ask for its share in time. */
    NO_SYNC("did not ask for its assignment"),
    ALL_JOINED("all have joined"),
    /** The rebalance time-out ended the waiting for members that did not join again. */
    JOINS_LATE("did not join again in time"),
    SHARED_OUT("the leader has shared out"),
    /** The assignment could not be written to the log. */
    NOT_STORED("storing the assignment failed"),
    LAST_LEFT("the last member has left"),
    REMOVED("removed");

    private final String words;

    GroupCause(String words) {
      this.words = words;
    }

    /** In English, for logs; what follows a member's name when there is one. */
    public String words() {
      return words;
    }
  }

  /**
   * A group came to another state, its members changed, or its coordinator loaded it.
   *
   * @param partition of {@code __consumer_offsets} it is kept in
   * @param protocol how partitions are shared out; empty while that is open
   * @param leader the member that shares out, empty if there is none
   * @param culprit the member that caused it, empty if none did
   * @param detail what the client gave as its reason, or the error; empty when there is nothing
   */
  record GroupChanged(
      String group,
      int partition,
      GroupStage stage,
      int generation,
      String protocolType,
      String protocol,
      String leader,
      List<GroupMember> members,
      GroupCause cause,
      String culprit,
      String detail)
      implements Coordination {
    public GroupChanged {
      members = List.copyOf(members);
    }
  }

  /**
   * A member of a group.
   *
   * @param instanceId empty for a dynamic member
   * @param awaitsJoin whether it has rejoined and waits for the others
   * @param awaitsSync whether it waits for its share
   * @param assignment what it was last told to consume; empty for what is no consumer
   */
  record GroupMember(
      String memberId,
      String instanceId,
      String clientId,
      String clientHost,
      boolean awaitsJoin,
      boolean awaitsSync,
      int sessionTimeoutMs,
      int rebalanceTimeoutMs,
      List<TopicPartition> assignment) {
    public GroupMember {
      assignment = List.copyOf(assignment);
    }
  }

  // ---- transactions --------------------------------------------------------------------------

  /**
   * What a coordinator did with a transactional id beside its ordinary transactions, which are too
   * many to tell one by one: see {@link TransactionsSampled}.
   */
  sealed interface Transacting extends ClusterEvent {
    String transactionalId();
  }

  /** A producer has the id from now on; whoever had it with a smaller epoch is fenced. */
  record ProducerInitialized(
      String transactionalId, int partition, long producerId, short epoch, int timeoutMs)
      implements Transacting {}

  /** Why a coordinator aborts a transaction nobody asked it to end. */
  enum AbortCause {
    /** It was open for longer than its producer allowed. */
    TIMED_OUT,
    /** Another producer has come with the same id. */
    NEW_PRODUCER
  }

  /**
   * The coordinator decided to abort an open transaction and to fence its producer.
   *
   * @param epoch the one nobody is told of
   * @param openMs how long the transaction was open
   */
  record TransactionAborted(
      String transactionalId,
      int partition,
      long producerId,
      short epoch,
      AbortCause cause,
      long openMs)
      implements Transacting {}

  /** Nobody used the id for {@code transactional.id.expiration.ms}. */
  record TransactionalIdForgotten(String transactionalId) implements Transacting {}

  // ---- clients and operator ------------------------------------------------------------------

  /** What clients of the cluster experienced, and what the operator asked for. */
  sealed interface Outside extends ClusterEvent {}

  /** The demo traffic began or ended. */
  record TrafficSwitched(boolean on, String topic) implements Outside {}

  /** The demo producer got its first error or silence after a good stretch. */
  record TrafficInterrupted(TopicPartition partition, String error) implements Outside {}

  /** The demo producer's acknowledgements flow again; the longest silence in milliseconds. */
  record TrafficResumed(TopicPartition partition, long gapMs) implements Outside {}

  /** The operator gave a command; the line is the equivalent shell command. */
  record CommandAccepted(String command, String commandLine) implements Outside {}

  /** A command failed; the reason says what to do. */
  record CommandFailed(String command, String reason) implements Outside {}

  // ---- measurements --------------------------------------------------------------------------

  /** Numbers taken once a tick; they pass by and are not kept in the journal. */
  sealed interface Sample extends ClusterEvent {}

  /** All that is measured on one broker in one tick. */
  record BrokerSampled(List<ReplicaSample> replicas, RequestSample requests, StorageSample storage)
      implements Sample {
    public BrokerSampled {
      replicas = List.copyOf(replicas);
    }
  }

  /**
   * One replica, as its own broker knows it.
   *
   * @param leader whom this broker believes to lead, -1 nobody
   * @param leads whether this broker leads the partition
   * @param isr the ISR the leader works with (the maximal one); empty on followers
   * @param followers what the leader knows of each follower; empty on followers
   * @param waitingProduces acks=all produces that wait for the high watermark
   * @param segments oldest first
   */
  record ReplicaSample(
      TopicPartition partition,
      boolean leads,
      int leader,
      int leaderEpoch,
      int partitionEpoch,
      long logStartOffset,
      long logEndOffset,
      long highWatermark,
      long lastStableOffset,
      List<Integer> isr,
      List<FollowerSample> followers,
      int waitingProduces,
      int waitingFetches,
      long sizeBytes,
      String logDirectory,
      List<SegmentSample> segments,
      List<EpochSample> epochs) {
    public ReplicaSample {
      isr = List.copyOf(isr);
      followers = List.copyOf(followers);
      segments = List.copyOf(segments);
      epochs = List.copyOf(epochs);
    }
  }

  /**
   * A follower as its leader sees it; ages in milliseconds at the time of the sample, -1 never.
   *
   * @param lagLimitMs {@code replica.lag.time.max.ms}
   */
  record FollowerSample(
      int brokerId, long logEndOffset, long sinceFetchMs, long sinceCaughtUpMs, long lagLimitMs) {}

  /** A segment's size and extent; sizes in bytes. */
  record SegmentSample(
      long baseOffset,
      long nextOffset,
      long sizeBytes,
      long largestTimestampMs,
      long offsetIndexBytes,
      long timeIndexBytes,
      boolean active) {}

  /** A line of the leader-epoch checkpoint. */
  record EpochSample(int epoch, long startOffset) {}

  /**
   * The request pipeline of one broker. Counters grow since the broker's start, lengths are now.
   *
   * @param stages per API name
   */
  record RequestSample(
      int connections,
      int requestQueueLength,
      int requestQueueCapacity,
      int ioThreads,
      int busyIoThreads,
      int responseQueueLength,
      int produceWaiting,
      int fetchWaiting,
      long bytesIn,
      long bytesOut,
      long zeroCopyBytesOut,
      long recordsIn,
      Map<String, StageSample> stages) {
    public RequestSample {
      stages = Map.copyOf(stages);
    }

    /** A broker that measured nothing yet. */
    public static RequestSample empty() {
      return new RequestSample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());
    }

    /** A broker that tells nobody about its pipeline. */
    public static RequestSample untold() {
      return new RequestSample(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, Map.of());
    }

    /** Whether the broker tells about its pipeline. */
    public boolean told() {
      return connections >= 0;
    }
  }

  /** Sums of an API's stage times in nanoseconds since the broker's start. */
  record StageSample(
      long count,
      long queueNanos,
      long localNanos,
      long remoteNanos,
      long responseQueueNanos,
      long sendNanos,
      long totalNanos) {}

  /**
   * What the threads of a broker's request pipeline are at, and what waits in its purgatories.
   *
   * @param requestsAside requests that wait in front of a full request queue
   * @param waiting how many operations wait, by purgatory
   * @param waitingRoom the first of them
   */
  record PipelineSampled(
      List<NetworkThreadSample> networkThreads,
      int requestsAside,
      List<IoThreadSample> ioThreads,
      Map<String, Integer> waiting,
      List<WaitingSample> waitingRoom)
      implements Sample {
    public PipelineSampled {
      networkThreads = List.copyOf(networkThreads);
      ioThreads = List.copyOf(ioThreads);
      waiting = Map.copyOf(waiting);
      waitingRoom = List.copyOf(waitingRoom);
    }

    /** Nothing measured yet. */
    public static PipelineSampled nothing() {
      return new PipelineSampled(List.of(), 0, List.of(), Map.of(), List.of());
    }
  }

  /** A network thread: its connections, and answers it has not taken up. */
  record NetworkThreadSample(
      int number, String listener, int connections, int responseQueueLength) {}

  /**
   * An I/O thread.
   *
   * @param api what it serves, empty when it waits for a request
   * @param clientId whose request it is, empty when nobody told
   */
  record IoThreadSample(int number, String api, String clientId, long busyNanos) {}

  /**
   * An operation in a purgatory.
   *
   * @param purgatory which one, by Kafka's name, such as Produce
   * @param number tells it from others of its purgatory
   * @param follower the broker whose fetch it is, negative when it is a client's operation
   * @param leastBytes how many bytes a fetch waits for, else 0
   * @param awaited the first partitions it waits for
   */
  record WaitingSample(
      String purgatory,
      long number,
      int follower,
      int leastBytes,
      List<AwaitedSample> awaited,
      long waitedMs,
      long timeoutMs) {
    public WaitingSample {
      awaited = List.copyOf(awaited);
    }
  }

  /**
   * A partition that must come so far: a produce waits for the high watermark, a fetch for the end
   * it may see, a deletion of records for the low watermark.
   *
   * @param reached how far it is, negative when that is not known
   */
  record AwaitedSample(String partition, long reached, long required) {}

  /** The broker's log directories. */
  record StorageSample(List<DirectorySample> directories) {
    public StorageSample {
      directories = List.copyOf(directories);
    }
  }

  /** One log directory; bytes free on its file system. */
  record DirectorySample(
      String path, boolean online, int partitions, long sizeBytes, long freeBytes) {}

  /**
   * The groups a broker coordinates.
   *
   * @param offsetsCommitted commits of a partition since the broker's start; it only grows
   * @param groups by id
   */
  record GroupsSampled(long offsetsCommitted, Map<String, GroupSample> groups) implements Sample {
    public GroupsSampled {
      groups = Map.copyOf(groups);
    }
  }

  /**
   * How far a group has come, and its time-outs.
   *
   * @param committed the next offset to be read
   * @param rebalanceLeftMs until the rebalance goes on without who is missing, -1 when none is
   * @param sessionsLeftMs until each member is given up unless it is heard of, by member id
   */
  record GroupSample(
      Map<TopicPartition, Long> committed, long rebalanceLeftMs, Map<String, Long> sessionsLeftMs) {
    public GroupSample {
      committed = Map.copyOf(committed);
      sessionsLeftMs = Map.copyOf(sessionsLeftMs);
    }
  }

  /** What a transactional id is in; Kafka's states, without those that are never seen. */
  enum TransactionStage {
    EMPTY,
    ONGOING,
    PREPARE_COMMIT,
    PREPARE_ABORT,
    COMPLETE_COMMIT,
    COMPLETE_ABORT;

    /** Whether partitions may hold its records without a marker. */
    public boolean isOpen() {
      return this == ONGOING || isEnding();
    }

    /** Whether it was decided how it ends, and not all leaders know. */
    public boolean isEnding() {
      return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }
  }

  /**
   * The transactional ids a broker coordinates, and the open transactions in partitions it leads.
   *
   * @param committed transactions decided to commit since the broker's start; it only grows
   * @param aborted likewise
   * @param ids how many ids there are
   * @param transactions those of the ids that are listed: the open ones first, and not all when
   *     there are very many
   * @param open what lies in partitions and waits for a marker, by partition
   */
  record TransactionsSampled(
      long committed,
      long aborted,
      int ids,
      List<TransactionSample> transactions,
      Map<TopicPartition, List<OpenTransaction>> open)
      implements Sample {
    public TransactionsSampled {
      transactions = List.copyOf(transactions);
      open = Map.copyOf(open);
    }
  }

  /**
   * A transactional id.
   *
   * @param partition of {@code __transaction_state} it is kept in
   * @param partitions added to the open transaction; while it ends, those whose leader has not
   *     written the marker
   * @param openMs for how long the transaction is open, -1 when none is
   */
  record TransactionSample(
      String transactionalId,
      int partition,
      long producerId,
      short epoch,
      TransactionStage stage,
      int timeoutMs,
      List<TopicPartition> partitions,
      long openMs) {
    public TransactionSample {
      partitions = List.copyOf(partitions);
    }
  }

  /** A producer's records in a partition without a marker after them. */
  record OpenTransaction(long producerId, short epoch, long firstOffset, long lastTimestampMs) {}

  /** The last transaction each running ZooKeeper server knows of, by member. */
  record ZooKeeperSampled(Map<Integer, Long> zxids) implements Sample {
    public ZooKeeperSampled {
      zxids = Map.copyOf(zxids);
    }
  }

  /**
   * What the demo's consumer group and its transactions have come to since it was switched on.
   *
   * @param members numbers of the members that are in
   * @param groupMissing acknowledged records the group has passed without reading them; must stay 0
   * @param transfersReceived transfers a read_committed consumer has seen whole
   * @param transfersWrong halves of transfers, and records of aborted ones, it has seen; must stay
   *     0
   */
  record DemoSampled(
      String group,
      List<Integer> members,
      long groupReceived,
      long groupMissing,
      long transfersCommitted,
      long transfersAborted,
      long transfersReceived,
      long transfersWrong)
      implements Sample {
    public DemoSampled {
      members = List.copyOf(members);
    }

    /** Nothing yet. */
    public static DemoSampled nothing() {
      return new DemoSampled("", List.of(), 0, 0, 0, 0, 0, 0);
    }
  }

  /**
   * The Java process the cluster runs in. Counters grow since its start, the rest is now.
   *
   * @param heapCommittedBytes what the heap has taken from the system
   * @param heapMostBytes what it may take, -1 without a limit
   * @param directBytes buffers outside of the heap
   * @param collections garbage collections
   * @param collectionMs time they took
   * @param cpuNanos processor time of all its threads
   */
  record ProcessSampled(
      long heapUsedBytes,
      long heapCommittedBytes,
      long heapMostBytes,
      long directBytes,
      long collections,
      long collectionMs,
      long cpuNanos,
      int processors,
      int threads)
      implements Sample {}

  /** The demo traffic's counts since it was switched on. */
  record TrafficSampled(
      long sent,
      long acknowledged,
      long failed,
      long received,
      long duplicates,
      long missing,
      long longestGapMs)
      implements Sample {}
}
