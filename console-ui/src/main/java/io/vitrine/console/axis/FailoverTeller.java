package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.console.axis.FailoverStory.Ending;
import io.vitrine.console.axis.FailoverStory.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells failover stories from the event stream.
 *
 * <p>Depends on nothing but the events it was given, in order. A second broker's end begins a story
 * of its own; each event belongs to every open story it fits. Not safe for several threads.
 */
public final class FailoverTeller {
  private static final int STORIES_KEPT = 32;

  private final List<Draft> drafts = new ArrayList<>();
  private final Map<TopicPartition, Integer> leaders = new HashMap<>();
  private int controller = -1;

  /** A story that may go on. */
  private static final class Draft {
    final int broker;
    final Ending ending;
    final long startNanos;
    final boolean wasController;
    final Set<TopicPartition> led;
    final Map<Step, Long> times = new EnumMap<>(Step.class);
    int newLeader = -1;
    boolean over;

    Draft(
        int broker,
        Ending ending,
        long startNanos,
        boolean wasController,
        Set<TopicPartition> led) {
      this.broker = broker;
      this.ending = ending;
      this.startNanos = startNanos;
      this.wasController = wasController;
      this.led = led;
    }

    FailoverStory story() {
      return new FailoverStory(
          broker, ending, startNanos, wasController, newLeader, led.size(), times, over);
    }
  }

  /** The stories in these events, oldest first. */
  public static List<FailoverStory> tell(Iterable<StampedEvent> events) {
    FailoverTeller teller = new FailoverTeller();
    events.forEach(teller::apply);
    return teller.stories();
  }

  /** The stories so far, oldest first; the oldest are forgotten in time. */
  public List<FailoverStory> stories() {
    return drafts.stream().map(Draft::story).toList();
  }

  /** Hears one event. */
  public void apply(StampedEvent stamped) {
    ClusterEvent event = stamped.event();
    long nanos = stamped.nanos();
    if (event instanceof ClusterEvent.BrokerKilled) {
      begin(stamped.brokerId(), Ending.KILLED, nanos);
    } else if (event instanceof ClusterEvent.BrokerStopping) {
      begin(stamped.brokerId(), Ending.STOPPED, nanos);
    } else if (event instanceof ClusterEvent.BrokerStarting) {
      open(stamped.brokerId()).forEach(d -> d.over = true);
    } else if (event instanceof ClusterEvent.SessionExpired
        || event instanceof ClusterEvent.SessionClosed) {
      open(stamped.brokerId()).forEach(d -> d.times.putIfAbsent(Step.SESSION_LOST, nanos));
    } else if (event instanceof ClusterEvent.ControllerElected) {
      controllerElected(stamped.brokerId(), nanos);
    } else if (event instanceof ClusterEvent.BrokersChanged e) {
      e.gone()
          .forEach(
              id -> open(id).forEach(d -> d.times.putIfAbsent(Step.CONTROLLER_NOTICES, nanos)));
    } else if (event instanceof ClusterEvent.PartitionStateWritten e) {
      written(e, nanos);
    } else if (event instanceof ClusterEvent.OrdersSent) {
      for (Draft draft : drafts) {
        if (!draft.over && draft.times.containsKey(Step.ELECTED)) {
          draft.times.putIfAbsent(Step.ORDERS_SENT, nanos);
        }
      }
    } else if (event instanceof ClusterEvent.BecameLeader e) {
      ready(e, stamped.brokerId(), nanos);
    } else if (event instanceof ClusterEvent.TrafficInterrupted) {
      for (Draft draft : drafts) {
        if (!draft.over) {
          draft.times.putIfAbsent(Step.CLIENT_ERROR, nanos);
        }
      }
    } else if (event instanceof ClusterEvent.TrafficResumed) {
      resumed(nanos);
    }
  }

  private void begin(int broker, Ending ending, long nanos) {
    open(broker).forEach(d -> d.over = true);
    Set<TopicPartition> led = new HashSet<>();
    leaders.forEach(
        (partition, leader) -> {
          if (leader == broker) {
            led.add(partition);
          }
        });
    drafts.add(new Draft(broker, ending, nanos, controller == broker, led));
    if (drafts.size() > STORIES_KEPT) {
      drafts.remove(0);
    }
  }

  private List<Draft> open(int broker) {
    return drafts.stream().filter(d -> d.broker == broker && !d.over).toList();
  }

  private void controllerElected(int broker, long nanos) {
    controller = broker;
    for (Draft draft : drafts) {
      if (!draft.over && draft.wasController && draft.broker != broker) {
        draft.times.putIfAbsent(Step.CONTROLLER_ELECTED, nanos);
        // The new controller reads who is alive: that is how it notices.
        draft.times.putIfAbsent(Step.CONTROLLER_NOTICES, nanos);
      }
    }
  }

  private void written(ClusterEvent.PartitionStateWritten event, long nanos) {
    leaders.put(event.partition(), event.leader());
    boolean becauseOfAnEnd =
        event.reason() == ElectionReason.OFFLINE
            || event.reason() == ElectionReason.UNCLEAN
            || event.reason() == ElectionReason.CONTROLLED_SHUTDOWN;
    if (!becauseOfAnEnd || event.leader() < 0) {
      return;
    }
    for (Draft draft : drafts) {
      if (!draft.over && draft.led.contains(event.partition()) && event.leader() != draft.broker) {
        if (draft.ending == Ending.STOPPED) {
          draft.times.putIfAbsent(Step.CONTROLLER_NOTICES, nanos);
        }
        draft.times.put(Step.ELECTED, nanos);
      }
    }
  }

  private void ready(ClusterEvent.BecameLeader event, int broker, long nanos) {
    for (Draft draft : drafts) {
      if (!draft.over
          && draft.broker != broker
          && draft.led.contains(event.partition())
          && draft.times.containsKey(Step.ELECTED)
          && !draft.times.containsKey(Step.CLIENT_SUCCESS)) {
        draft.times.put(Step.LEADER_READY, nanos);
        draft.newLeader = broker;
      }
    }
  }

  private void resumed(long nanos) {
    for (Draft draft : drafts) {
      if (!draft.over && draft.times.containsKey(Step.LEADER_READY)) {
        draft.times.putIfAbsent(Step.CLIENT_SUCCESS, nanos);
        draft.over = draft.ending == Ending.KILLED;
      }
    }
  }
}
