package io.vitrine.cluster.oracle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports for brokers that must know theirs before they start, or keep it while they are down.
 *
 * <p>They lie below the range systems give to outgoing connections (Linux from 32768, others from
 * 49152), so that a connection made meanwhile does not take one.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int BEYOND = 32_000;

  private FreePorts() {}

  /** A port nobody listens to on loopback at the moment. */
  public static int next() {
    return firstOf(1);
  }

  /** The first of a row of ports nobody listens to on loopback at the moment. */
  public static int firstOf(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(FIRST, BEYOND - count);
      if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
        return first;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
