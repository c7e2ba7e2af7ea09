package io.vitrine.console.testing;

import io.vitrine.console.metric.Pins;
import java.util.Set;

/** Pins that are forgotten with the test. */
public final class KeptPins implements Pins {
  private Set<String> pinned = Set.of();

  @Override
  public Set<String> pinned() {
    return pinned;
  }

  @Override
  public void pin(Set<String> charts) {
    pinned = Set.copyOf(charts);
  }
}
