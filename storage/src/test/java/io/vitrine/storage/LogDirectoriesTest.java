package io.vitrine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.file.StoredFile;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.testing.ManualClock;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M24: several log directories, future logs, their exchange and what a start finds. */
class LogDirectoriesTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final TopicPartition TP = new TopicPartition("orders", 0);

  @TempDir Path base;
  private final ManualClock clock = new ManualClock(Instant.ofEpochMilli(NOW_MS));
  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<Path> failed = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private final Uuid topicId = Uuid.randomUuid();
  private Path a;
  private Path b;

  @BeforeEach
  void directories() {
    a = base.resolve("a");
    b = base.resolve("b");
  }

  @Test
  void futureLogsCountWhenADirectoryIsChosen() {
    try (LogManager logs = open(new RealFiles())) {
      logs.getOrCreate(TP, Optional.of(topicId), true);
      moveTo(b, logs);
      logs.getOrCreate(new TopicPartition("orders", 1), Optional.empty(), true);
      logs.getOrCreate(new TopicPartition("orders", 2), Optional.empty(), true);
      assertThat(names(a)).contains("orders-0");
      assertThat(names(a).size() + names(b).size()).isEqualTo(4);
      assertThat(names(a)).hasSize(2);
    }
  }

  @Test
  void aLogIsMadeWhereItWasAskedFor() {
    try (LogManager logs = open(new RealFiles())) {
      logs.preferDirectory(TP, b);
      assertThat(logs.getOrCreate(TP, Optional.empty(), true).logDirectory()).isEqualTo(b);
      logs.delete(TP);
      assertThat(logs.getOrCreate(TP, Optional.empty(), true).logDirectory())
          .as("a wish is fulfilled once")
          .isEqualTo(a);
    }
  }

  @Test
  void whatCannotBeMovedIsRefusedWithItsReason() {
    try (LogManager logs = open(new RealFiles())) {
      assertThatThrownBy(() -> logs.requireMovable(TP, base.resolve("c")))
          .isInstanceOf(LogDirNotFoundException.class)
          .hasMessageContaining("log.dirs");
      TopicPartition longest = new TopicPartition("t".repeat(249), 0);
      assertThatThrownBy(() -> logs.requireMovable(longest, b))
          .isInstanceOf(InvalidTopicException.class);
    }
  }

  @Test
  void theFutureLogTakesTheLogsPlaceAndTheOldOneIsUnlinkedLater() {
    try (LogManager logs = open(new RealFiles())) {
      PartitionLog current = logs.getOrCreate(TP, Optional.of(topicId), true);
      append(current, 5);
      current.updateHighWatermark(5);
      PartitionLog future = moveTo(b, logs);
      copy(current, future);
      assertThat(logs.replaceWithFuture(TP)).isSameAs(future);
      assertThat(logs.log(TP)).contains(future);
      assertThat(logs.futureLog(TP)).isEmpty();
      assertThat(future.directory()).isEqualTo(b.resolve("orders-0"));
      assertThat(future.highWatermark()).isEqualTo(5);
      append(future, 3);
      future.roll();
      assertThat(b.resolve("orders-0").resolve("00000000000000000008.log")).exists();
      assertThat(names(a)).hasSize(1).allMatch(n -> n.matches("orders-0\\.[0-9a-f]{32}-delete"));
      scheduler.advance(60_000);
      assertThat(names(a)).isEmpty();
    }
    try (LogManager logs = open(new RealFiles())) {
      PartitionLog log = logs.log(TP).orElseThrow();
      assertThat(log.logEndOffset()).isEqualTo(8);
      assertThat(log.topicId()).contains(topicId);
      assertThat(log.logDirectory()).isEqualTo(b);
    }
  }

  @Test
  void aFutureLogOutlivesARestartAndCanBeGivenUp() {
    try (LogManager logs = open(new RealFiles())) {
      PartitionLog current = logs.getOrCreate(TP, Optional.of(topicId), true);
      append(current, 5);
      copy(current, moveTo(b, logs));
    }
    try (LogManager logs = open(new RealFiles())) {
      assertThat(logs.futureLog(TP).orElseThrow().logEndOffset()).isEqualTo(5);
      logs.deleteFuture(TP);
      assertThat(logs.futureLog(TP)).isEmpty();
      assertThat(names(b)).hasSize(1).allMatch(n -> n.endsWith("-delete"));
    }
    try (LogManager logs = open(new RealFiles())) {
      assertThat(logs.futureLog(TP)).isEmpty();
      assertThat(names(b)).as("deletion goes on after its delay").hasSize(1);
      scheduler.advance(60_000);
      assertThat(names(b)).isEmpty();
    }
  }

  @Test
  void straysAreLeftAloneAndNeverServed() throws IOException {
    Path stray = a.resolve("orders-0." + "0".repeat(32) + "-stray");
    try (LogManager logs = open(new RealFiles())) {
      append(logs.getOrCreate(TP, Optional.of(topicId), true), 5);
    }
    Files.move(a.resolve("orders-0"), stray);
    Files.createDirectories(a.resolve("lost+found"));
    try (LogManager logs = open(new RealFiles())) {
      assertThat(logs.log(TP)).isEmpty();
      scheduler.advance(600_000);
      assertThat(stray.resolve("00000000000000000000.log")).exists();
    }
  }

  @Test
  void nothingIsMadeAnewWhileItMayLieInADirectoryThatIsAway() throws IOException {
    Files.writeString(b, "not a directory");
    try (LogManager logs = open(new RealFiles())) {
      assertThat(logs.offlineDirectories()).containsExactly(b);
      assertThat(failed).containsExactly(b);
      assertThatThrownBy(() -> logs.getOrCreate(TP, Optional.empty(), false))
          .isInstanceOf(KafkaStorageException.class)
          .hasMessageContaining(b.toString());
      PartitionLog log = logs.getOrCreate(TP, Optional.empty(), true);
      assertThat(log.logDirectory()).isEqualTo(a);
      assertThatThrownBy(() -> logs.requireMovable(TP, b))
          .isInstanceOf(KafkaStorageException.class);
    }
  }

  @Test
  void aDirectoryThatDoesNotSayWhoseItIsIsOffline() throws IOException {
    Files.createDirectories(b);
    Files.writeString(b.resolve("meta.properties"), "version=0\nbroker.id=one\n");
    try (LogManager logs = open(new RealFiles())) {
      assertThat(logs.liveDirectories()).containsExactly(a);
      assertThat(reasons.get(0)).contains(b.toString(), "meta.properties", "restore it");
    }
  }

  @Test
  void twoDirectoriesWithDifferentLogsOfAPartitionAreNamed() throws IOException {
    try (LogManager logs = open(new RealFiles())) {
      append(logs.getOrCreate(TP, Optional.of(topicId), true), 5);
    }
    Path twin = Files.createDirectories(b.resolve("orders-0"));
    Files.copy(a.resolve("orders-0/partition.metadata"), twin.resolve("partition.metadata"));
    assertThatThrownBy(() -> open(new RealFiles()))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining(a.resolve("orders-0").toString())
        .hasMessageContaining(twin.toString())
        .hasMessageContaining("Remove one");
    Files.delete(twin.resolve("partition.metadata"));
    try (Stream<Path> left = Files.list(twin)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(twin);
    open(new RealFiles()).close();
  }

  @Test
  void aStartThatComesToNothingHoldsNoFile() throws IOException {
    List<TopicPartition> all = List.of(TP, new TopicPartition("a", 0), new TopicPartition("z", 0));
    try (LogManager logs = open(new RealFiles())) {
      for (TopicPartition each : all) {
        logs.preferDirectory(each, a);
        append(logs.getOrCreate(each, Optional.of(topicId), true), 5);
      }
    }
    Path twin = Files.createDirectories(b.resolve("orders-0"));
    Files.copy(a.resolve("orders-0/partition.metadata"), twin.resolve("partition.metadata"));
    CountedFiles counted = new CountedFiles();
    assertThatThrownBy(() -> open(counted.access())).isInstanceOf(KafkaStorageException.class);
    assertThat(counted.opened.get()).isPositive();
    assertThat(counted.held).isEmpty();
  }

  @Test
  void whenOneLogCannotBeClosedTheOthersAreLetGo() {
    CountedFiles counted = new CountedFiles();
    LogManager logs = open(counted.access());
    for (int i = 0; i < 3; i++) {
      TopicPartition each = new TopicPartition("orders", i);
      logs.preferDirectory(each, a);
      append(logs.getOrCreate(each, Optional.of(topicId), true), 5);
    }
    counted.failing = true;
    logs.close();
    assertThat(counted.held).isEmpty();
    assertThat(a.resolve(".kafka_cleanshutdown")).doesNotExist();
    assertThat(b.resolve(".kafka_cleanshutdown")).exists();
  }

  /** Real files; knows which are open, and fails to sync logs when told. */
  private static final class CountedFiles {
    private final AtomicInteger opened = new AtomicInteger();
    private final Set<Path> held = ConcurrentHashMap.newKeySet();
    private volatile boolean failing;

    FileAccess access() {
      return wrapped(
          FileAccess.class,
          new RealFiles(),
          (method, arguments, result) ->
              method.equals("open") ? counted((Path) arguments[0], (StoredFile) result) : result);
    }

    private StoredFile counted(Path path, StoredFile file) {
      opened.incrementAndGet();
      held.add(path);
      return wrapped(
          StoredFile.class,
          file,
          (method, arguments, result) -> {
            if (method.equals("close")) {
              held.remove(path);
            }
            if (failing && method.equals("sync") && path.toString().endsWith(".log")) {
              throw new IOException("the device is gone");
            }
            return result;
          });
    }

    private interface After {
      Object apply(String method, Object[] arguments, Object result) throws IOException;
    }

    private static <T> T wrapped(Class<T> type, T inner, After after) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                try {
                  return after.apply(method.getName(), arguments, method.invoke(inner, arguments));
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              }));
    }
  }

  @Test
  void aDirectoryNamedTwiceIsRefused() {
    assertThatThrownBy(() -> LogManagerSettings.defaults(List.of(a, b, a)))
        .hasMessageContaining(a.toString())
        .hasMessageContaining("twice");
  }

  /** The process dies at every change of a name, file or directory that a whole move makes. */
  @Test
  void aMoveMayBeCutOffAtEveryStep() throws IOException {
    int steps = stepsOfAMove(base.resolve("counted"));
    assertThat(steps).isGreaterThan(5);
    for (int step = 1; step <= steps; step++) {
      Path home = base.resolve("step-" + step);
      a = home.resolve("a");
      b = home.resolve("b");
      try (LogManager logs = open(new RealFiles())) {
        append(logs.getOrCreate(TP, Optional.of(topicId), true), 7);
      }
      LogManager dying = open(stoppingAt(new AtomicInteger(step)));
      assertThat(catchThrowable(() -> move(dying))).as("step %d", step).isInstanceOf(Died.class);
      dying.abandon();
      try (LogManager logs = open(new RealFiles())) {
        assertThat(failed).isEmpty();
        PartitionLog log = logs.log(TP).orElseThrow();
        assertThat(log.logEndOffset()).as("step %d", step).isEqualTo(7);
        assertThat(log.topicId()).contains(topicId);
        if (logs.futureLog(TP).isPresent() || log.logDirectory().equals(a)) {
          move(logs);
        }
        assertThat(logs.log(TP).orElseThrow().logEndOffset()).isEqualTo(7);
        scheduler.advance(60_000);
        assertThat(names(b)).as("step %d", step).containsExactly("orders-0");
        assertThat(names(a)).as("step %d", step).isEmpty();
      }
    }
  }

  private int stepsOfAMove(Path home) {
    a = home.resolve("a");
    b = home.resolve("b");
    try (LogManager logs = open(new RealFiles())) {
      append(logs.getOrCreate(TP, Optional.of(topicId), true), 7);
    }
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    LogManager logs = open(stoppingAt(left));
    int before = left.get();
    move(logs);
    int steps = before - left.get();
    logs.abandon();
    return steps;
  }

  private void move(LogManager logs) {
    PartitionLog current = logs.log(TP).orElseThrow();
    PartitionLog future = logs.futureLog(TP).orElseGet(() -> moveTo(b, logs));
    copy(current, future);
    logs.replaceWithFuture(TP);
  }

  private PartitionLog moveTo(Path destination, LogManager logs) {
    logs.preferDirectory(TP, destination);
    return logs.getOrCreateFuture(TP);
  }

  private static void copy(PartitionLog from, PartitionLog to) {
    while (to.logEndOffset() < from.logEndOffset()) {
      try (var read = from.read(to.logEndOffset(), 100, ReadBound.LOG_END, true).records()) {
        to.appendAsFollower(read.toMemory(), Integer.MAX_VALUE);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The process ended; unlike a disk error nobody catches it. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Real files until the count of changes, armed once the logs are open, has run down. */
  private static FileAccess stoppingAt(AtomicInteger changes) {
    Set<String> counted = Set.of("replace", "rename", "delete", "createDirectories");
    AtomicInteger opening = new AtomicInteger();
    return (FileAccess)
        Proxy.newProxyInstance(
            FileAccess.class.getClassLoader(),
            new Class<?>[] {FileAccess.class},
            (proxy, method, arguments) -> {
              boolean change =
                  counted.contains(method.getName())
                      && (opening.get() > 0 || arguments[0].toString().contains("-future"));
              if (change) {
                opening.incrementAndGet();
                if (changes.decrementAndGet() == 0) {
                  throw new Died();
                }
              }
              try {
                return method.invoke(new RealFiles(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).map(f -> f.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private LogManager open(FileAccess files) {
    return LogManager.open(
        LogManagerSettings.defaults(List.of(a, b)),
        topic -> LogSettings.defaults(),
        new StorageEnvironment(
            clock,
            System::nanoTime,
            scheduler,
            new Random(1),
            files,
            new LogObserver() {
              @Override
              public void logDirectoryFailed(Path path, IOException cause) {
                failed.add(path);
                reasons.add(cause.getMessage());
              }
            },
            "test-"));
  }

  private static void append(PartitionLog log, int records) {
    for (int i = 0; i < records; i++) {
      log.appendAsLeader(
          MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(NOW_MS, new byte[] {1})),
          0,
          Origin.CLIENT);
    }
  }
}
