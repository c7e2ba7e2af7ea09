package io.vitrine.cluster.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waits for ZooKeeper's answer where a caller has nothing else to do. */
public final class Waiting {
  private Waiting() {}

  /**
   * The value, or the {@link ZkException} itself.
   *
   * <p>While the connection is lost an answer may be long in coming: an interrupt ends the waiting
   * with {@link ZkException.Code#CLOSED} and stays set, so that whoever ends the waiting thread
   * does not wait for ZooKeeper.
   */
  public static <T> T on(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZkException(ZkException.Code.CLOSED, "/", -1, "interrupted while waiting");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ZkException refused) {
        throw refused;
      }
      throw new CompletionException(e.getCause());
    }
  }
}
