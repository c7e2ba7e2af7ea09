package io.vitrine.cluster.replica;

import java.util.concurrent.CompletableFuture;

/** Takes the wishes of leaders to the controller. Never blocks. */
interface IsrChangeSender {
  /**
   * @return the answer, never exceptionally, and not on the calling thread; {@code
   *     OPERATION_NOT_ATTEMPTED} when an older wish for the partition is still under way
   */
  CompletableFuture<IsrChange.Answer> submit(IsrChange change);

  /** The same after the pause that follows an unexpected answer. */
  CompletableFuture<IsrChange.Answer> submitLater(IsrChange change);
}
