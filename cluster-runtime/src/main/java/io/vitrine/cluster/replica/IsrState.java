package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.List;

/**
 * The in-sync replicas as a leader works with them: agreed with the controller, or one change on
 * its way to it. Immutable; order matters, a newcomer stands last.
 */
sealed interface IsrState {

  /** What the controller last confirmed. */
  List<Integer> isr();

  /**
   * The largest set the ISR may turn out to be. High watermark and acknowledgements use it: while a
   * change is under way nobody knows whether it has been made, and more members ask for more.
   */
  List<Integer> maximal();

  /** A change that the controller was asked for. */
  sealed interface Pending extends IsrState {
    /** What the ISR is to become. */
    List<Integer> proposed();

    default Committed lastCommitted() {
      return new Committed(isr());
    }
  }

  /** Nothing under way. */
  record Committed(List<Integer> isr) implements IsrState {
    public Committed {
      isr = List.copyOf(isr);
    }

    @Override
    public List<Integer> maximal() {
      return isr;
    }

    PendingExpand expand(int newMember) {
      return new PendingExpand(isr, newMember);
    }

    PendingShrink shrink(List<Integer> outOfSync) {
      return new PendingShrink(isr, outOfSync);
    }
  }

  /** A follower has caught up and counts already. */
  record PendingExpand(List<Integer> isr, int added, List<Integer> proposed) implements Pending {
    PendingExpand(List<Integer> isr, int added) {
      this(isr, added, with(isr, added));
    }

    @Override
    public List<Integer> maximal() {
      return proposed;
    }

    private static List<Integer> with(List<Integer> isr, int added) {
      List<Integer> all = new ArrayList<>(isr);
      all.add(added);
      return List.copyOf(all);
    }
  }

  /** Followers have fallen behind and still count. */
  record PendingShrink(List<Integer> isr, List<Integer> removed, List<Integer> proposed)
      implements Pending {
    PendingShrink(List<Integer> isr, List<Integer> removed) {
      this(isr, List.copyOf(removed), isr.stream().filter(id -> !removed.contains(id)).toList());
    }

    @Override
    public List<Integer> maximal() {
      return isr;
    }
  }
}
