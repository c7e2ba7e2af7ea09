package io.vitrine.protocol.server;

import java.net.InetAddress;

/**
 * Decides which connections are taken, and when. The listeners of one broker share one. Called from
 * acceptor threads and network threads; must not block.
 */
public interface ConnectionAdmission {

  /**
   * What becomes of a connection.
   *
   * @param taken whether it goes to a network thread
   * @param closeAfterMs if it does not, when it is closed; until then its client waits
   */
  record Verdict(boolean taken, int closeAfterMs) {
    /** It goes to a network thread. */
    public static final Verdict TAKEN = new Verdict(true, 0);

    /** It is not taken. */
    public static Verdict closeAfter(int ms) {
      return new Verdict(false, ms);
    }
  }

  /** A connection arrived: for how long its listener takes neither it nor another. */
  int arrived(String listenerName);

  /** Whether a listener may take a connection now; if not, it waits and asks again when told. */
  boolean hasRoom(String listenerName);

  /** Decides on a connection that has arrived and waited. Who is taken must {@link #left leave}. */
  Verdict enter(String listenerName, InetAddress ip);

  /** A connection that was taken is closed. */
  void left(String listenerName, InetAddress ip);

  /**
   * Whether a listener should close one of its connections, since there are more than there may be.
   */
  boolean hasTooMany(String listenerName);

  /**
   * From now on this is run whenever there may be room again, or too many connections, on any
   * thread, until the listener ends.
   */
  void onRoom(String listenerName, Runnable told);

  /** A listener takes no connections any more. */
  void ended(String listenerName);
}
