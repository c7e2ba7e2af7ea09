package io.vitrine.cluster.metric;

import java.util.concurrent.TimeUnit;

/** How often something happens and how long it takes, as Kafka's timers tell it. Takes no lock. */
public final class Timing {
  private final Meter rate;
  private final Distribution nanos;

  Timing(Meter rate, Distribution nanos) {
    this.rate = rate;
    this.nanos = nanos;
  }

  /** It happened once. */
  public void update(long tookNanos) {
    rate.mark();
    nanos.update(tookNanos);
  }

  Meter rate() {
    return rate;
  }

  Distribution nanos() {
    return nanos;
  }

  static double toMs(double nanos) {
    return nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
