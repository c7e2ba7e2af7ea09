package io.vitrine.storage.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that stands until it is moved. Safe from any thread. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  public ManualClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration by) {
    now = now.plus(by);
  }
}
