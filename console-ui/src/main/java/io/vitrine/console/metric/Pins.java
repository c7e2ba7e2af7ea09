package io.vitrine.console.metric;

import java.util.Set;

/** Which charts the operator wants in front, kept beyond the window. JavaFX thread only. */
public interface Pins {
  /** Ids of the pinned charts; of some there may be no chart any more. */
  Set<String> pinned();

  /** Remembers these instead. */
  void pin(Set<String> charts);
}
