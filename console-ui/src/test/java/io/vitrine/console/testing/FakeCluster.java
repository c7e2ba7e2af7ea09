package io.vitrine.console.testing;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.CommandRefusedException;
import io.vitrine.cluster.broker.KafkaFrames;
import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.wire.WireTrace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A cluster that is told what happens and keeps the commands it gets. One thread tells. */
public final class FakeCluster implements Cluster {
  private final EventJournal journal =
      new EventJournal(20_000, () -> Instant.ofEpochMilli(this.wallMs), () -> this.nanos);
  private final SnapshotProjector projector = new SnapshotProjector(1);
  private final ClusterHistory history = new ClusterHistory();
  private final List<StampedEvent> unkept = new ArrayList<>();
  private final List<Consumer<ClusterSnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final List<ClusterCommand> commands = new CopyOnWriteArrayList<>();
  private final WireTrace wire = new WireTrace(200, 1 << 20, 32 << 10, new KafkaFrames());
  private volatile ClusterSnapshot newest = ClusterSnapshot.empty();
  private final List<ZooKeeperLook> looks = new CopyOnWriteArrayList<>();
  private volatile String hidden;
  private volatile RuntimeException refusal;
  private volatile boolean closed;
  private long wallMs;
  private long nanos;
  private int told;
  private final FakeData data = new FakeData();
  private volatile Set<Capability> capabilities = Set.of(Capability.values());

  /** A cluster of which nothing is known yet. */
  public FakeCluster() {
    history.begin(List.of(), projector);
    journal.listen(projector::apply);
    journal.listen(unkept::add);
  }

  /**
   * Tells what is new in this story; what was told before is skipped, so that chapters can follow
   * each other. A snapshot is published every few measurements, as the real publisher does.
   */
  public FakeCluster tell(List<StampedEvent> story) {
    for (StampedEvent event : story.subList(told, story.size())) {
      wallMs = event.wallMs();
      nanos = event.nanos();
      journal.report(event.brokerId(), event.event());
      if (event.event() instanceof ClusterEvent.TrafficSampled) {
        publish();
      }
    }
    told = story.size();
    publish();
    return this;
  }

  private void publish() {
    history.add(unkept, projector);
    unkept.clear();
    newest = projector.snapshot();
    listeners.forEach(l -> l.accept(newest));
  }

  /** The clock of the story, in monotonic nanoseconds. */
  public long nanos() {
    return nanos;
  }

  /** Lets time pass without anything happening. */
  public void pass(long ms) {
    wallMs += ms;
    nanos += ms * 1_000_000;
  }

  /** Nothing may be done, and only what clients are told can be known. */
  public FakeCluster readOnly() {
    capabilities = Set.of();
    return this;
  }

  /** Refuses every command from now on. */
  public void refuse(RuntimeException with) {
    refusal = with;
  }

  /** What was asked for, oldest first. */
  public List<ClusterCommand> commands() {
    return new ArrayList<>(commands);
  }

  /** How many listen. */
  public int listeners() {
    return listeners.size();
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public ClusterSnapshot snapshot() {
    return newest;
  }

  @Override
  public Runnable subscribe(Consumer<ClusterSnapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public EventJournal events() {
    return journal;
  }

  @Override
  public Optional<ClusterHistory> history() {
    return Optional.of(history);
  }

  @Override
  public Optional<WireTrace> wireTrace() {
    return Optional.of(wire);
  }

  @Override
  public CompletableFuture<Void> execute(ClusterCommand command) {
    commands.add(command);
    return refusal == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(refusal);
  }

  @Override
  public DataAccess data() {
    return data;
  }

  /** The records, as the tests tell them. */
  public FakeData records() {
    return data;
  }

  @Override
  public CompletableFuture<ZooKeeperContents> look(ZooKeeperLook at) {
    looks.add(at);
    return hidden == null
        ? CompletableFuture.completedFuture(FakeZooKeeper.contents(newest, at))
        : CompletableFuture.failedFuture(new CommandRefusedException(hidden));
  }

  /** Lets nobody look into ZooKeeper from now on; null lets everybody. */
  public void hideZooKeeper(String reason) {
    hidden = reason;
  }

  /** Where somebody looked in ZooKeeper, oldest first. */
  public List<ZooKeeperLook> looks() {
    return List.copyOf(looks);
  }

  @Override
  public void close() {
    closed = true;
  }
}
