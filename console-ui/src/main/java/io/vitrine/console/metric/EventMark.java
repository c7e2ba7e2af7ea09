package io.vitrine.console.metric;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.console.theme.Theme.Token;
import java.util.Optional;

/**
 * Something that happened, which a line may follow from.
 *
 * @param nanos when, of the events' monotonic clock
 * @param broker whom it happened to, negative when it is no broker's
 */
record EventMark(long nanos, Kind kind, int broker) {
  /** What happened. */
  enum Kind {
    KILLED(Token.BAD),
    FAILED(Token.BAD),
    STOPPED(Token.IDLE),
    SERVING(Token.OK),
    DIRECTORY_FAILED(Token.BAD),
    SESSION_OVER(Token.WARN),
    CONTROLLER(Token.ACCENT),
    ZOOKEEPER_STOPPED(Token.BAD);

    private final Token token;

    Kind(Token token) {
      this.token = token;
    }

    Token token() {
      return token;
    }
  }

  /** What is marked of this event, if anything is. */
  static Optional<EventMark> of(StampedEvent stamped) {
    return kind(stamped.event())
        .map(kind -> new EventMark(stamped.nanos(), kind, stamped.brokerId()));
  }

  private static Optional<Kind> kind(ClusterEvent event) {
    if (event instanceof ClusterEvent.BrokerKilled) {
      return Optional.of(Kind.KILLED);
    } else if (event instanceof ClusterEvent.BrokerFailed) {
      return Optional.of(Kind.FAILED);
    } else if (event instanceof ClusterEvent.BrokerStopped) {
      return Optional.of(Kind.STOPPED);
    } else if (event instanceof ClusterEvent.BrokerServing) {
      return Optional.of(Kind.SERVING);
    } else if (event instanceof ClusterEvent.LogDirectoryFailed) {
      return Optional.of(Kind.DIRECTORY_FAILED);
    } else if (event instanceof ClusterEvent.SessionExpired) {
      return Optional.of(Kind.SESSION_OVER);
    } else if (event instanceof ClusterEvent.ControllerElected) {
      return Optional.of(Kind.CONTROLLER);
    } else if (event instanceof ClusterEvent.ZooKeeperStopped) {
      return Optional.of(Kind.ZOOKEEPER_STOPPED);
    }
    return Optional.empty();
  }
}
