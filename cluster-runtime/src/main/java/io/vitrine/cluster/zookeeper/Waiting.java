package io.vitrine.cluster.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for ZooKeeper's answer where a caller has nothing else to do. */
public final class Waiting {
  private Waiting() {}

  /** The value, or the {@link ZkException} itself. */
  public static <T> T on(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ZkException refused) {
        throw refused;
      }
      throw e;
    }
  }
}
