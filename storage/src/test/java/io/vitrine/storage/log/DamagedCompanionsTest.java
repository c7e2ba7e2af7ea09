package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M76: damage to everything beside the records: offset, time and transaction indexes, producer
 * snapshots, leader epochs, partition metadata; flipped, cut, zeroed, swapped, blown up, empty,
 * gone, and files nobody knows. The records are whole, so whatever happens to the rest, a log opens
 * with all of them, after a crash and after a clean stop, in bounded memory; and where Apache Kafka
 * 3.9.2 opens the same directory it ends at the same offsets.
 */
class DamagedCompanionsTest {
  private static final int CASES = 200;
  private static final int STEPS = 40;

  /** What opening may allocate: buffers and indexes of a log of some hundred kilobytes. */
  private static final long MOST_BYTES = 32L << 20;

  private static final List<String> COMPANIONS =
      List.of(
          ".index",
          ".timeindex",
          ".txnindex",
          ".snapshot",
          "leader-epoch-checkpoint",
          "partition.metadata");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, CASES);
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource("seeds")
  @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noRecordIsLost(long seed, @TempDir Path directory) throws Exception {
    Random random = new Random(seed);
    LogPair pair =
        new LogPair(directory, LogHistory.settings(random, false).with(s -> s.preallocate(false)));
    LogHistory history = new LogHistory(random, pair, false);
    for (int step = 0; step < STEPS; step++) {
      history.step();
    }
    long logStart = pair.log.logStartOffset();
    long logEnd = pair.log.logEndOffset();
    byte[] before = everything(pair.log, logStart);
    boolean clean = random.nextBoolean();
    PartitionLog.Checkpointed known =
        clean ? pair.closed() : pair.crashed(random.nextBoolean() ? 0 : pair.log.recoveryPoint());
    long damageSeed = random.nextLong();
    Set<String> common = names(pair.ourDirectory());
    common.retainAll(names(pair.theirDirectory()));
    String what = damage(new Random(damageSeed), pair.theirDirectory(), common);
    assertThat(damage(new Random(damageSeed), pair.ourDirectory(), common)).isEqualTo(what);

    long allocated = allocatedBytes();
    IOException refusal = null;
    try {
      pair.openOurs(known, clean);
    } catch (IOException e) {
      refusal = e;
    }
    assertThat(allocatedBytes() - allocated).as("bytes allocated: " + what).isLessThan(MOST_BYTES);
    if (refusal != null) {
      // Epochs and topic ids stand nowhere else. Kafka gives up as well, but where a cut left a
      // first line it goes on without them.
      assertThat(refusal).hasMessageContaining(pair.ourDirectory().toString());
      assertThat(what).containsAnyOf("leader-epoch-checkpoint", "partition.metadata");
      pair.openTheirs(known, clean).ifPresent(kafka -> assertThat(what).contains("kind 3"));
      return;
    }

    assertThat(pair.log.logStartOffset()).as("log start: " + what).isEqualTo(logStart);
    assertThat(pair.log.logEndOffset()).as("log end: " + what).isEqualTo(logEnd);
    assertThat(everything(pair.log, logStart)).as("records: " + what).isEqualTo(before);
    for (long timestamp : new long[] {0, pair.clock().millis() / 2, pair.clock().millis()}) {
      assertThatCode(() -> pair.log.offsetForTimestamp(timestamp)).doesNotThrowAnyException();
    }
    pair.log.close();
    pair.openTheirs(known, clean)
        .ifPresent(
            kafka -> {
              if (!what.contains(".index")) {
                // An offset index with wrong positions makes Kafka lose sight of the last records.
                assertThat(kafka.logEndOffset()).as("Kafka's end: " + what).isEqualTo(logEnd);
              }
              assertThat(kafka.logStartOffset()).as("its start: " + what).isEqualTo(logStart);
              kafka.close();
            });
  }

  /** All bytes from an offset to the end, as a follower reads them. */
  private static byte[] everything(PartitionLog log, long from) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(8 << 20);
    long next = from;
    while (next < log.logEndOffset()) {
      LogRead read = log.read(next, 1 << 20, ReadBound.LOG_END, true);
      try (LogSlice slice = read.records()) {
        ByteBuffer bytes = slice.toMemory().buffer();
        if (!bytes.hasRemaining()) {
          break;
        }
        long last = next;
        for (var batch : slice.toMemory().batches()) {
          last = batch.nextOffset();
        }
        all.put(bytes);
        next = last;
      }
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  // ---- damage --------------------------------------------------------------------------------

  private static String damage(Random random, Path directory, Set<String> common)
      throws IOException {
    String what = "";
    for (int i = random.nextInt(3); i >= 0; i--) {
      String suffix = COMPANIONS.get(random.nextInt(COMPANIONS.size()));
      what += " " + damage(random, directory, suffix, common);
    }
    return what;
  }

  private static String damage(Random random, Path directory, String suffix, Set<String> common)
      throws IOException {
    List<Path> all =
        common.stream()
            .filter(name -> name.endsWith(suffix))
            .map(directory::resolve)
            .filter(Files::exists)
            .toList();
    int kind = random.nextInt(9);
    if (kind == 8) {
      Path stray = directory.resolve("notes-" + random.nextInt(100) + suffix);
      Files.write(stray, new byte[100]);
      return "a stranger " + stray.getFileName();
    }
    if (all.isEmpty()) {
      return "nothing";
    }
    Path file = all.get(random.nextInt(all.size()));
    int size = (int) Files.size(file);
    int at = size == 0 ? 0 : random.nextInt(size);
    switch (kind) {
      case 0 -> write(file, at, new byte[] {(byte) (1 << random.nextInt(8))});
      case 1 -> {
        byte[] garbage = new byte[1 + random.nextInt(64)];
        random.nextBytes(garbage);
        write(file, at, garbage);
      }
      case 2 -> write(file, at, new byte[Math.min(64, size - at)]);
      case 3 -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(at);
        }
      }
      case 4 -> Files.write(file, new byte[0]);
      case 5 -> Files.delete(file);
      case 6 -> {
        Path other = all.get(random.nextInt(all.size()));
        if (!other.equals(file)) {
          Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      default -> {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength((300L << 20) + random.nextInt(1 << 20));
        }
      }
    }
    return "kind " + kind + " at " + at + " of " + file.getFileName();
  }

  private static void write(Path file, long at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
