package io.vitrine.cluster;

import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.wire.WireTrace;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A cluster that can be watched and commanded.
 *
 * <p>What happens is told by snapshots and events alone: the future of a command says only whether
 * it was carried out or refused, and the screen changes with the next snapshot.
 */
public interface Cluster extends AutoCloseable {

  /** What this cluster lets its operator do. */
  Set<Capability> capabilities();

  /** The newest snapshot, never null. */
  ClusterSnapshot snapshot();

  /**
   * Hears every new snapshot. At most one call at a time; a slow listener skips snapshots.
   *
   * @param listener called on the publisher's thread
   * @return ends the subscription
   */
  Runnable subscribe(Consumer<ClusterSnapshot> listener);

  /** The ordered stream of events. */
  EventJournal events();

  /**
   * What it was at any moment since somebody asked for it first; before, nothing is kept. Empty
   * where that cannot be known.
   */
  default Optional<ClusterHistory> history() {
    return Optional.empty();
  }

  /** What brokers are asked and answer, off at first; empty where that cannot be seen. */
  Optional<WireTrace> wireTrace();

  /**
   * Carries out a command.
   *
   * @return completes when the command was carried out, fails with a {@link
   *     CommandRefusedException} whose message says why and what to do
   */
  CompletableFuture<Void> execute(ClusterCommand command);

  /**
   * What ZooKeeper holds where somebody looks, at this moment. Asked for while somebody looks, and
   * costs nothing otherwise.
   *
   * @return fails with a {@link CommandRefusedException} that says why when it cannot be known
   */
  default CompletableFuture<ZooKeeperContents> look(ZooKeeperLook at) {
    return CompletableFuture.failedFuture(
        new CommandRefusedException("This ZooKeeper is not ours to look into."));
  }

  /**
   * The records of its topics. Writing is for those who have {@link Capability#PRODUCE}; what is
   * under way ends with the cluster.
   */
  DataAccess data();

  /** Stops what this object started, brokers in order; nothing acknowledged is lost. */
  @Override
  void close();
}
