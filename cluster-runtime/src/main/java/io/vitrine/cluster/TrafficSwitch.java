package io.vitrine.cluster;

import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.workload.DemoTraffic;
import io.vitrine.cluster.workload.TrafficSettings;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Owns the demo traffic while it runs. One lock; turning it on waits for the topic. */
final class TrafficSwitch implements AutoCloseable {
  private final Supplier<String> bootstrap;
  private final EventSink events;
  private final LongSupplier nanoTime;
  private final Random random;
  private DemoTraffic running;

  TrafficSwitch(
      Supplier<String> bootstrap, EventSink events, LongSupplier nanoTime, Random random) {
    this.bootstrap = bootstrap;
    this.events = events;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** Begins or ends the traffic; nothing happens when it is so already. */
  synchronized void turn(boolean on) {
    if (on && running == null) {
      String addresses = bootstrap.get();
      if (addresses.isEmpty()) {
        throw new CommandRefusedException("No broker is running. Start one first.");
      }
      running = DemoTraffic.start(addresses, TrafficSettings.modest(), events, nanoTime, random);
    } else if (!on) {
      close();
    }
  }

  /**
   * A member of the demo's consumer group comes or leaves.
   *
   * @throws CommandRefusedException when the traffic is off
   */
  synchronized void member(int number, boolean in) {
    if (running == null) {
      throw new CommandRefusedException("The demo traffic is off. Switch it on first.");
    }
    try {
      running.member(number, in);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandRefusedException("Interrupted while member " + number + " was leaving.", e);
    }
  }

  @Override
  public synchronized void close() {
    if (running != null) {
      running.close();
      running = null;
    }
  }
}
