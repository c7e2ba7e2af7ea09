package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.event.StampedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the time axis draws: a lane a broker, then the controller, ZooKeeper and the clients, and
 * groups and transactions once there are any; each with its stretches of time and its marks.
 *
 * <p>A fold of the event stream; depends on nothing else. Keeps a bounded number of stretches and
 * marks a lane, the oldest go first, and is asked for what lies in a stretch of time. Not safe for
 * several threads.
 */
public final class AxisModel {
  private static final int RECENT_KEPT = 200;

  /** Whose lane it is. */
  public sealed interface LaneId {}

  /** A broker's lane. */
  public record BrokerLane(int id) implements LaneId {}

  /** The controller's lane. */
  public record ControllerLane() implements LaneId {}

  /** ZooKeeper's lane. */
  public record ZooKeeperLane() implements LaneId {}

  /** The lane of the demo traffic's clients. */
  public record ClientLane() implements LaneId {}

  /** The lane of groups of consumers. */
  public record GroupLane() implements LaneId {}

  /** The lane of transactions. */
  public record TransactionLane() implements LaneId {}

  /** What a stretch of time was. */
  public enum Condition {
    STARTING,
    UP,
    STOPPING,
    /** Dead, and only the operator knows: its session has not run out yet. */
    UNKNOWN,
    /** Clients get errors or silence. */
    INTERRUPTED,
    /** A group shares out anew: its members wait. */
    REBALANCING
  }

  /**
   * A stretch of time.
   *
   * @param toNanos {@link #OPEN} while it lasts
   * @param label what is special about it, such as the controller's epoch; may be empty
   */
  public record Stretch(
      Condition condition, long fromNanos, long toNanos, String label, int brokerId) {
    /** The end of a stretch that still lasts. */
    public static final long OPEN = Long.MAX_VALUE;
  }

  /** What a mark stands for, the most serious first. */
  public enum Kind {
    KILLED,
    FAILED,
    CLIENT_ERROR,
    SESSION_LOST,
    STOPPED,
    TRUNCATED,
    ISR_SHRUNK,
    ABORTED,
    MEMBER_LOST,
    ELECTED,
    COMMAND,
    REBALANCE,
    PRODUCER,
    ISR_EXPANDED,
    REGISTERED,
    CLIENT_SUCCESS,
    SHARED_OUT,
    FORGOTTEN
  }

  /**
   * A moment on a lane, or several too close to tell apart.
   *
   * @param kind of the most serious one
   * @param lastSequence the place of the last event in the stream
   * @param count how many there are
   */
  public record Mark(
      Kind kind,
      long firstNanos,
      long lastNanos,
      long firstSequence,
      long lastSequence,
      int count) {}

  /** One lane, its stretches and marks oldest first. */
  public record Lane(LaneId id, List<Stretch> stretches, List<Mark> marks) {
    public Lane {
      stretches = List.copyOf(stretches);
      marks = List.copyOf(marks);
    }
  }

  private final Map<Integer, Track> brokers = new TreeMap<>();
  private final Track controller = new Track();
  private final Track zooKeeper = new Track();
  private final Track clients = new Track();
  private final Track groups = new Track();
  private final Track transactions = new Track();
  private final Set<String> rebalancing = new HashSet<>();
  private final FailoverTeller teller = new FailoverTeller();
  private final Deque<StampedEvent> recent = new ArrayDeque<>();
  private OptionalLong firstNanos = OptionalLong.empty();

  /** Hears one event. */
  public void apply(StampedEvent stamped) {
    if (firstNanos.isEmpty()) {
      firstNanos = OptionalLong.of(stamped.nanos());
    }
    recent.addFirst(stamped);
    if (recent.size() > RECENT_KEPT) {
      recent.removeLast();
    }
    teller.apply(stamped);
    ClusterEvent event = stamped.event();
    if (event instanceof ClusterEvent.Membership e) {
      membership(stamped, e);
    } else if (event instanceof ClusterEvent.ZooKeeper e) {
      zooKeeper(stamped, e);
    } else if (event instanceof ClusterEvent.Decision e) {
      decision(stamped, e);
    } else if (event instanceof ClusterEvent.IsrShrunk) {
      broker(stamped.brokerId()).mark(Kind.ISR_SHRUNK, stamped);
    } else if (event instanceof ClusterEvent.IsrExpanded) {
      broker(stamped.brokerId()).mark(Kind.ISR_EXPANDED, stamped);
    } else if (event instanceof ClusterEvent.LogTruncated) {
      broker(stamped.brokerId()).mark(Kind.TRUNCATED, stamped);
    } else if (event instanceof ClusterEvent.GroupChanged e) {
      group(stamped, e);
    } else if (event instanceof ClusterEvent.Transacting e) {
      transactions.mark(kind(e), stamped);
    } else if (event instanceof ClusterEvent.Outside e) {
      outside(stamped, e);
    }
  }

  /** All there is. */
  public List<Lane> lanes() {
    return lanes(Long.MIN_VALUE, Long.MAX_VALUE, 0);
  }

  /**
   * What lies between two moments: brokers by id, controller, ZooKeeper, clients, and groups and
   * transactions if there were ever any.
   *
   * @param togetherNanos marks closer than that are made one; 0 none
   */
  public List<Lane> lanes(long fromNanos, long toNanos, long togetherNanos) {
    List<Lane> lanes = new ArrayList<>();
    tracks()
        .forEach(
            (id, track) ->
                lanes.add(
                    new Lane(
                        id,
                        track.stretches(fromNanos, toNanos),
                        track.marks(fromNanos, toNanos, togetherNanos))));
    return lanes;
  }

  /** Whose lanes there are, from top to bottom. */
  public List<LaneId> ids() {
    return List.copyOf(tracks().keySet());
  }

  private Map<LaneId, Track> tracks() {
    Map<LaneId, Track> tracks = new LinkedHashMap<>();
    brokers.forEach((id, track) -> tracks.put(new BrokerLane(id), track));
    tracks.put(new ControllerLane(), controller);
    tracks.put(new ZooKeeperLane(), zooKeeper);
    tracks.put(new ClientLane(), clients);
    if (!groups.isEmpty()) {
      tracks.put(new GroupLane(), groups);
    }
    if (!transactions.isEmpty()) {
      tracks.put(new TransactionLane(), transactions);
    }
    return tracks;
  }

  /** The last events, the newest first. */
  public List<StampedEvent> recent() {
    return List.copyOf(recent);
  }

  /** When the first event was, empty when there was none. */
  public OptionalLong firstNanos() {
    return firstNanos;
  }

  /** The failovers so far, oldest first. */
  public List<FailoverStory> stories() {
    return teller.stories();
  }

  private void membership(StampedEvent stamped, ClusterEvent.Membership event) {
    int id = stamped.brokerId();
    long nanos = stamped.nanos();
    Track track = broker(id);
    if (event instanceof ClusterEvent.BrokerStarting) {
      track.begin(Condition.STARTING, nanos, "", id);
    } else if (event instanceof ClusterEvent.BrokerRegistered) {
      track.mark(Kind.REGISTERED, stamped);
    } else if (event instanceof ClusterEvent.BrokerServing) {
      track.begin(Condition.UP, nanos, "", id);
    } else if (event instanceof ClusterEvent.BrokerStopping) {
      track.begin(Condition.STOPPING, nanos, "", id);
    } else if (event instanceof ClusterEvent.BrokerStopped) {
      track.end(nanos);
      track.mark(Kind.STOPPED, stamped);
    } else if (event instanceof ClusterEvent.BrokerKilled) {
      track.begin(Condition.UNKNOWN, nanos, "", id);
      track.mark(Kind.KILLED, stamped);
    } else if (event instanceof ClusterEvent.BrokerFailed) {
      track.end(nanos);
      track.mark(Kind.FAILED, stamped);
    }
  }

  private void zooKeeper(StampedEvent stamped, ClusterEvent.ZooKeeper event) {
    long nanos = stamped.nanos();
    if (event instanceof ClusterEvent.ZooKeeperStarted e) {
      zooKeeper.begin(Condition.UP, nanos, e.connectString(), stamped.brokerId());
    } else if (event instanceof ClusterEvent.ZooKeeperStopped) {
      zooKeeper.end(nanos);
      zooKeeper.mark(Kind.STOPPED, stamped);
    } else if (event instanceof ClusterEvent.SessionExpired
        || event instanceof ClusterEvent.SessionClosed) {
      Track track = broker(stamped.brokerId());
      if (track.lasts(Condition.UNKNOWN)) {
        track.end(nanos);
      }
      if (event instanceof ClusterEvent.SessionExpired) {
        zooKeeper.mark(Kind.SESSION_LOST, stamped);
      }
      if (controller.brokerOfLast() == stamped.brokerId()) {
        controller.end(nanos);
      }
    }
  }

  private void decision(StampedEvent stamped, ClusterEvent.Decision event) {
    if (event instanceof ClusterEvent.ControllerElected e) {
      controller.begin(
          Condition.UP, stamped.nanos(), Integer.toString(e.controllerEpoch()), stamped.brokerId());
    } else if (event instanceof ClusterEvent.ControllerResigned) {
      if (controller.brokerOfLast() == stamped.brokerId()) {
        controller.end(stamped.nanos());
      }
    } else if (event instanceof ClusterEvent.PartitionStateWritten e
        && e.reason() != ElectionReason.ALTER_PARTITION
        && e.reason() != ElectionReason.NEW_PARTITION
        && e.reason() != ElectionReason.REPLICA_OFFLINE) {
      controller.mark(Kind.ELECTED, stamped);
    }
  }

  private void group(StampedEvent stamped, ClusterEvent.GroupChanged event) {
    boolean shares =
        event.stage() == GroupStage.PREPARING_REBALANCE
            || event.stage() == GroupStage.COMPLETING_REBALANCE;
    boolean began = shares && rebalancing.add(event.group());
    boolean ended = !shares && rebalancing.remove(event.group());
    if (began && rebalancing.size() == 1) {
      groups.begin(Condition.REBALANCING, stamped.nanos(), event.group(), stamped.brokerId());
    } else if (ended && rebalancing.isEmpty()) {
      groups.end(stamped.nanos());
    }
    if (event.cause() == GroupCause.SILENT
        || event.cause() == GroupCause.NO_SYNC
        || event.cause() == GroupCause.JOINS_LATE) {
      groups.mark(Kind.MEMBER_LOST, stamped);
    } else if (began) {
      groups.mark(Kind.REBALANCE, stamped);
    } else if (ended) {
      groups.mark(Kind.SHARED_OUT, stamped);
    }
  }

  private static Kind kind(ClusterEvent.Transacting event) {
    if (event instanceof ClusterEvent.TransactionAborted) {
      return Kind.ABORTED;
    }
    return event instanceof ClusterEvent.ProducerInitialized ? Kind.PRODUCER : Kind.FORGOTTEN;
  }

  private void outside(StampedEvent stamped, ClusterEvent.Outside event) {
    long nanos = stamped.nanos();
    if (event instanceof ClusterEvent.TrafficSwitched e) {
      if (e.on()) {
        clients.begin(Condition.UP, nanos, e.topic(), stamped.brokerId());
      } else {
        clients.end(nanos);
      }
    } else if (event instanceof ClusterEvent.TrafficInterrupted) {
      clients.begin(Condition.INTERRUPTED, nanos, "", stamped.brokerId());
      clients.mark(Kind.CLIENT_ERROR, stamped);
    } else if (event instanceof ClusterEvent.TrafficResumed) {
      clients.begin(Condition.UP, nanos, "", stamped.brokerId());
      clients.mark(Kind.CLIENT_SUCCESS, stamped);
    } else if (event instanceof ClusterEvent.CommandAccepted) {
      clients.mark(Kind.COMMAND, stamped);
    }
  }

  private Track broker(int id) {
    return brokers.computeIfAbsent(id, unused -> new Track());
  }
}
