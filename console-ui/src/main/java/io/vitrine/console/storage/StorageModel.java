package io.vitrine.console.storage;

import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Work;
import io.vitrine.storage.inspect.DirectoryView;
import io.vitrine.storage.inspect.Inspection;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.SegmentView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Which directory, partition and segment are looked at. Needs no toolkit; belongs to the JavaFX
 * thread and reads files off it.
 */
final class StorageModel {
  private static final long REREAD_MS = 2_000;
  private static final long REREAD_DIRECTORY_MS = 5_000;

  /** What is known of the directory. */
  sealed interface State {}

  /** There is none to look at. */
  record Nothing() implements State {}

  /** It is being read. */
  record Reading() implements State {}

  /** It cannot be read. */
  record Unreadable(String reason) implements State {}

  /** It was read. */
  record Read(DirectoryView directory) implements State {}

  private final Work work;
  private final Runnable changed;
  private final List<LogPlace> folders = new ArrayList<>();
  private List<LogPlace> live = List.of();
  private LogPlace place;
  private State state = new Nothing();
  private Path partition;
  private TopicPartition looking;
  private TopicPartition wanted;
  private PartitionDetail detail;
  private String trouble = "";
  private Path segment;
  private long nowNanos;
  private long directoryNanos;
  private boolean rereading;

  /**
   * @param work reads files
   * @param changed hears whenever something else is to be shown
   */
  StorageModel(Work work, Runnable changed) {
    this.work = work;
    this.changed = changed;
  }

  // ---- what there is ---------------------------------------------------------------------------

  /** The log directories of the brokers, then the folders that were opened. */
  List<LogPlace> places() {
    List<LogPlace> all = new ArrayList<>(live);
    all.addAll(folders);
    return all;
  }

  Optional<LogPlace> place() {
    return Optional.ofNullable(place);
  }

  State state() {
    return state;
  }

  /** What was read of the partition that is looked at. */
  Optional<PartitionDetail> detail() {
    return Optional.ofNullable(detail);
  }

  /** Whether a partition is looked at, read or not. */
  boolean inPartition() {
    return partition != null;
  }

  /** Why the partition cannot be read, empty when it can. */
  String trouble() {
    return trouble;
  }

  /** The segment that is looked at. */
  Optional<SegmentView> segment() {
    return detail()
        .flatMap(
            d ->
                d.partition().segments().stream().filter(s -> s.log().equals(segment)).findFirst());
  }

  // ---- what the operator does ------------------------------------------------------------------

  /**
   * Takes the brokers' directories; opens the first one when nothing was opened yet.
   *
   * @param reachable whether they are on this machine
   */
  void take(Frame frame, boolean reachable) {
    nowNanos = frame.nowNanos();
    List<LogPlace> now = new ArrayList<>();
    for (BrokerView broker : reachable ? frame.snapshot().brokers() : List.<BrokerView>of()) {
      for (DirectorySample directory : broker.storage().directories()) {
        now.add(
            new LogPlace(
                broker.id(), Path.of(directory.path()), directory.online(), directory.freeBytes()));
      }
    }
    live = List.copyOf(now);
    if (place == null && !live.isEmpty()) {
      open(live.get(0));
    }
    live.stream().filter(each -> each.same(place)).findFirst().ifPresent(each -> place = each);
    if (place != null && !place.isFolder() && !frame.paused() && !rereading) {
      follow();
    }
  }

  /** Sees what a running broker did meanwhile to what is on the screen. */
  private void follow() {
    if (detail != null && nowNanos - detail.readNanos() > REREAD_MS * 1_000_000) {
      readPartition();
    } else if (partition == null
        && !(state instanceof Reading)
        && nowNanos - directoryNanos > REREAD_DIRECTORY_MS * 1_000_000) {
      rereading = true;
      readDirectory();
    }
  }

  /** Looks at another directory; a partition that is looked at is looked for there. */
  void open(LogPlace next) {
    if (!next.same(place)) {
      place = next;
      rereading = false;
      detail().ifPresent(d -> wanted = d.id());
      closePartition();
      state = new Reading();
      changed.run();
      readDirectory();
    }
  }

  /** Looks at a folder from disk. */
  void openFolder(Path path) {
    LogPlace folder = LogPlace.folder(path);
    if (folders.stream().noneMatch(folder::same)) {
      folders.add(folder);
    }
    if (!folder.same(place)) {
      closePartition();
      wanted = null;
      open(folder);
    }
  }

  /** Reads the directory again. */
  void reload() {
    if (place != null) {
      readDirectory();
      if (partition != null) {
        readPartition();
      }
    }
  }

  /**
   * Looks at a partition of the cluster: on the broker that is looked at when it has the partition,
   * else on its leader, else on any that has it.
   */
  void choose(TopicPartition id, Frame frame) {
    Optional.ofNullable(frame.snapshot().partitions().get(id))
        .flatMap(this::best)
        .filter(best -> !best.same(place))
        .ifPresent(
            best -> {
              closePartition();
              open(best);
            });
    choose(id);
  }

  private Optional<LogPlace> best(io.vitrine.cluster.snapshot.PartitionView partition) {
    List<Integer> brokers = new ArrayList<>();
    brokers.add(place == null ? -1 : place.brokerId());
    brokers.add(partition.leader());
    brokers.addAll(partition.assignment());
    return brokers.stream()
        .flatMap(broker -> partition.replica(broker).stream())
        .flatMap(
            replica ->
                live.stream()
                    .filter(
                        each ->
                            each.brokerId() == replica.brokerId()
                                && each.path().equals(Path.of(replica.logDirectory()))))
        .findFirst();
  }

  /** Looks at a partition of the directory, as soon as it is read. */
  void choose(TopicPartition id) {
    if (!id.equals(looking)) {
      wanted = id;
      settle();
    }
  }

  /** Looks at a partition of the directory. */
  void choose(PartitionView view) {
    wanted = null;
    openPartition(view);
  }

  /** Looks at the whole directory. */
  void closePartition() {
    partition = null;
    looking = null;
    detail = null;
    trouble = "";
    segment = null;
    work.forget("partition");
    rereading = false;
    changed.run();
  }

  /** Looks at a segment. */
  void choose(SegmentView next) {
    if (!next.log().equals(segment)) {
      segment = next.log();
      changed.run();
    }
  }

  /** Looks at the segment in use that begins at an offset. */
  void chooseSegment(long baseOffset) {
    detail().flatMap(d -> d.segment(baseOffset)).ifPresent(this::choose);
  }

  static TopicPartition id(PartitionView partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  // ---- reading ---------------------------------------------------------------------------------

  private void readDirectory() {
    Path path = place.path();
    directoryNanos = nowNanos;
    work.begin(
        "directory",
        () -> Inspection.open(path),
        directory -> {
          rereading = false;
          state = new Read(directory);
          changed.run();
          settle();
        },
        reason -> {
          rereading = false;
          state = new Unreadable(reason);
          changed.run();
        });
  }

  private void settle() {
    if (state instanceof Read read && wanted != null) {
      TopicPartition id = wanted;
      read.directory().partitions().stream()
          .filter(p -> p.kind() == PartitionView.Kind.LOG && id(p).equals(id))
          .findFirst()
          .ifPresent(
              p -> {
                wanted = null;
                openPartition(p);
              });
    }
  }

  private void openPartition(PartitionView view) {
    partition = view.directory();
    looking = id(view);
    detail = null;
    trouble = "";
    segment = null;
    changed.run();
    readPartition();
  }

  private void readPartition() {
    rereading = true;
    Path path = partition;
    LogPlace above = place;
    PartitionDetail before = detail;
    long now = nowNanos;
    work.begin(
        "partition",
        () -> read(above, path, before, now),
        read -> {
          rereading = false;
          detail = read;
          trouble = "";
          if (segment().isEmpty()) {
            segment = read.active().map(SegmentView::log).orElse(null);
          }
          changed.run();
        },
        reason -> {
          rereading = false;
          detail = null;
          trouble = reason;
          changed.run();
        });
  }

  /** Reads a partition; what did not change since is not read again. */
  private static PartitionDetail read(LogPlace above, Path path, PartitionDetail before, long now)
      throws IOException {
    PartitionView partition = Inspection.open(path).partitions().get(0);
    Set<SegmentView> same =
        before == null ? Set.of() : new HashSet<>(before.partition().segments());
    Map<Long, Long> timestamps = new HashMap<>();
    for (SegmentView segment : partition.inUse()) {
      boolean known =
          same.contains(segment) && before.largestTimestampMs().containsKey(segment.baseOffset());
      if (known) {
        timestamps.put(segment.baseOffset(), before.largestTimestampMs().get(segment.baseOffset()));
      } else {
        try {
          timestamps.put(segment.baseOffset(), Inspection.largestTimestampMs(segment));
        } catch (IOException e) {
          // A segment that is gone by now, or whose index cannot be read: its time is not known.
          timestamps.remove(segment.baseOffset());
        }
      }
    }
    return new PartitionDetail(
        partition,
        above.brokerId(),
        timestamps,
        Inspection.checkpoints(above.path(), partition.name()),
        now);
  }
}
