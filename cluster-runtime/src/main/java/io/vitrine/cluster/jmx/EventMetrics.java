package io.vitrine.cluster.jmx;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.metric.BrokerMetrics;
import io.vitrine.cluster.metric.Distribution;
import io.vitrine.cluster.metric.Meter;
import io.vitrine.cluster.metric.MetricId;
import io.vitrine.cluster.metric.Timing;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is measured of a broker's events: its ZooKeeper session, its ISRs, and its controller at
 * work. Counts on the thread that reports.
 */
final class EventMetrics {
  private static final String LISTENER = "SessionExpireListener";

  /** Kafka has no timer of them. */
  private static final Set<ControllerState> UNTIMED =
      EnumSet.of(ControllerState.IDLE, ControllerState.UPDATE_METADATA_RESPONSE_RECEIVED);

  private final Meter disconnects;
  private final Meter connects;
  private final Meter expires;
  private final Meter shrinks;
  private final Meter expands;
  private final Meter uncleanElections;
  private final Distribution eventQueueTimes;
  private final Map<ControllerState, Timing> controllerTimes = new EnumMap<>(ControllerState.class);
  private volatile String sessionState = "CONNECTING";
  private volatile ControllerState controllerState = ControllerState.IDLE;

  EventMetrics(BrokerMetrics metrics) {
    disconnects = session(metrics, "Disconnects");
    connects = session(metrics, "SyncConnects");
    expires = session(metrics, "Expires");
    // Sessions here neither authenticate nor accept to be read-only.
    List.of("AuthFailures", "SaslAuthentications", "ReadOnlyConnects")
        .forEach(never -> session(metrics, never));
    metrics.gauge(MetricId.of("kafka.server", LISTENER, "SessionState"), () -> sessionState);
    shrinks = metrics.meter(isr("IsrShrinksPerSec"), "shrinks");
    expands = metrics.meter(isr("IsrExpandsPerSec"), "expands");
    uncleanElections =
        metrics.meter(
            MetricId.of("kafka.controller", "ControllerStats", "UncleanLeaderElectionsPerSec"),
            "elections");
    eventQueueTimes =
        metrics.distribution(
            MetricId.of("kafka.controller", "ControllerEventManager", "EventQueueTimeMs"));
    metrics.gauge(
        MetricId.of("kafka.controller", "KafkaController", "ControllerState"),
        () -> (byte) controllerState.value());
    for (ControllerState state : ControllerState.values()) {
      if (!UNTIMED.contains(state)) {
        controllerTimes.put(
            state,
            metrics.timing(MetricId.of("kafka.controller", "ControllerStats", nameOf(state))));
      }
    }
  }

  private static Meter session(BrokerMetrics metrics, String event) {
    return metrics.meter(
        MetricId.of("kafka.server", LISTENER, "ZooKeeper" + event + "PerSec"),
        event.toLowerCase(Locale.ROOT));
  }

  private static MetricId isr(String name) {
    return MetricId.of("kafka.server", "ReplicaManager", name);
  }

  private static String nameOf(ControllerState state) {
    String what =
        switch (state) {
          case BROKER_CHANGE -> "LeaderElection";
          case ALTER_PARTITION_REASSIGNMENT -> "PartitionReassignment";
          default -> state.label();
        };
    return what + "RateAndTimeMs";
  }

  void happened(ClusterEvent event) {
    if (event instanceof ClusterEvent.ControllerEventBegun begun) {
      controllerState = begun.state();
      eventQueueTimes.update(TimeUnit.NANOSECONDS.toMillis(begun.queuedNanos()));
    } else if (event instanceof ClusterEvent.ControllerEventEnded ended) {
      controllerState = ControllerState.IDLE;
      Timing timing = controllerTimes.get(ended.state());
      if (timing != null) {
        timing.update(ended.tookNanos());
      }
    } else if (event instanceof ClusterEvent.IsrShrunk) {
      shrinks.mark();
    } else if (event instanceof ClusterEvent.IsrExpanded) {
      expands.mark();
    } else if (event instanceof ClusterEvent.PartitionStateWritten written) {
      if (written.reason() == ClusterEvent.ElectionReason.UNCLEAN) {
        uncleanElections.mark();
      }
    } else {
      session(event);
    }
  }

  private void session(ClusterEvent event) {
    if (event instanceof ClusterEvent.SessionEstablished
        || event instanceof ClusterEvent.SessionResumed) {
      sessionState = "CONNECTED";
      connects.mark();
    } else if (event instanceof ClusterEvent.SessionSuspended) {
      sessionState = "CONNECTING";
      disconnects.mark();
    } else if (event instanceof ClusterEvent.SessionExpired) {
      sessionState = "CLOSED";
      expires.mark();
    } else if (event instanceof ClusterEvent.SessionClosed) {
      sessionState = "CLOSED";
    }
  }
}
