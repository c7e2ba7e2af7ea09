package io.vitrine.cluster.snapshot;

import java.util.List;

/**
 * The controller and those before it.
 *
 * @param brokerId the active controller, -1 when there is none
 * @param epoch its controller epoch, 0 before the first
 * @param history newest first, bounded
 */
public record ControllerView(int brokerId, int epoch, List<Reign> history) {
  public ControllerView {
    history = List.copyOf(history);
  }

  /**
   * One controller's time in office.
   *
   * @param endNanos 0 while it lasts
   */
  public record Reign(int brokerId, int epoch, long startNanos, long endNanos) {}

  /** Nobody was ever elected. */
  public static ControllerView none() {
    return new ControllerView(-1, 0, List.of());
  }
}
