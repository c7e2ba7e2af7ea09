package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.StampedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the time axis draws: a lane a broker, then the controller, ZooKeeper and the clients, each
 * with its stretches of time and its marks.
 *
 * <p>A fold of the event stream; depends on nothing else. Keeps a bounded number of stretches and
 * marks a lane, the oldest go first. Not safe for several threads.
 */
public final class AxisModel {
  private static final int KEPT_PER_LANE = 512;

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

  /** What a stretch of time was. */
  public enum Condition {
    STARTING,
    UP,
    STOPPING,
    /** Dead, and only the operator knows: its session has not run out yet. */
    UNKNOWN,
    /** Clients get errors or silence. */
    INTERRUPTED
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

  /** What a mark stands for. */
  public enum Kind {
    KILLED,
    STOPPED,
    FAILED,
    REGISTERED,
    SESSION_LOST,
    ELECTED,
    ISR_SHRUNK,
    ISR_EXPANDED,
    TRUNCATED,
    CLIENT_ERROR,
    CLIENT_SUCCESS,
    COMMAND
  }

  /** A moment on a lane; what happened is the event itself. */
  public record Mark(Kind kind, StampedEvent event) {}

  /** One lane, its stretches and marks oldest first. */
  public record Lane(LaneId id, List<Stretch> stretches, List<Mark> marks) {
    public Lane {
      stretches = List.copyOf(stretches);
      marks = List.copyOf(marks);
    }
  }

  /** A lane that grows. */
  private static final class Track {
    final Deque<Stretch> stretches = new ArrayDeque<>();
    final Deque<Mark> marks = new ArrayDeque<>();

    void begin(Condition condition, long nanos, String label, int brokerId) {
      end(nanos);
      stretches.add(new Stretch(condition, nanos, Stretch.OPEN, label, brokerId));
      if (stretches.size() > KEPT_PER_LANE) {
        stretches.removeFirst();
      }
    }

    void end(long nanos) {
      Stretch last = stretches.peekLast();
      if (last != null && last.toNanos() == Stretch.OPEN) {
        stretches.removeLast();
        stretches.add(
            new Stretch(last.condition(), last.fromNanos(), nanos, last.label(), last.brokerId()));
      }
    }

    boolean lasts(Condition condition) {
      Stretch last = stretches.peekLast();
      return last != null && last.toNanos() == Stretch.OPEN && last.condition() == condition;
    }

    int brokerOfLast() {
      Stretch last = stretches.peekLast();
      return last == null || last.toNanos() != Stretch.OPEN ? -1 : last.brokerId();
    }

    void mark(Kind kind, StampedEvent event) {
      marks.add(new Mark(kind, event));
      if (marks.size() > KEPT_PER_LANE) {
        marks.removeFirst();
      }
    }

    Lane lane(LaneId id) {
      return new Lane(id, List.copyOf(stretches), List.copyOf(marks));
    }
  }

  private final Map<Integer, Track> brokers = new TreeMap<>();
  private final Track controller = new Track();
  private final Track zooKeeper = new Track();
  private final Track clients = new Track();
  private final FailoverTeller teller = new FailoverTeller();

  /** Hears one event. */
  public void apply(StampedEvent stamped) {
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
    } else if (event instanceof ClusterEvent.Outside e) {
      outside(stamped, e);
    }
  }

  /** The lanes: brokers by id, controller, ZooKeeper, clients. */
  public List<Lane> lanes() {
    List<Lane> lanes = new ArrayList<>();
    brokers.forEach((id, track) -> lanes.add(track.lane(new BrokerLane(id))));
    lanes.add(controller.lane(new ControllerLane()));
    lanes.add(zooKeeper.lane(new ZooKeeperLane()));
    lanes.add(clients.lane(new ClientLane()));
    return lanes;
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
