package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M76: the same damage to a log of Apache Kafka 3.9.2 and to ours, and both recover to the same
 * offsets and the same files: flipped bits, cut and torn tails, zeroed pages, garbage, and indexes
 * and snapshots that are gone.
 */
class DamageTest {
  private static final int CASES = 200;
  private static final int STEPS = 60;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, CASES);
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource("seeds")
  void recoversAsKafka(long seed, @TempDir Path directory) throws Exception {
    Random random = new Random(seed);
    LogPair pair =
        new LogPair(directory, LogHistory.settings(random, false).with(s -> s.preallocate(false)));
    LogHistory history = new LogHistory(random, pair, false);
    for (int step = 0; step < STEPS; step++) {
      history.step();
    }
    boolean all = random.nextBoolean();
    PartitionLog.Checkpointed known = pair.crashed(all ? 0 : pair.log.recoveryPoint());
    long damageSeed = random.nextLong();
    String what = damage(new Random(damageSeed), pair.theirDirectory());
    assertThat(damage(new Random(damageSeed), pair.ourDirectory())).isEqualTo(what);

    if (pair.recovered(known)) {
      pair.close();
      // Below the recovery point Kafka leaves a time index empty that is gone, and an index as it
      // is that points beyond its segment; ours are rebuilt.
      if (all || !(what.contains("timeindex") || what.startsWith("cut"))) {
        pair.filesAreEqual();
      }
    } else {
      pair.log.close();
    }
    if (all) {
      LogCheck.soundRecords(pair.ourDirectory());
    }
  }

  private static String damage(Random random, Path directory) throws IOException {
    int kind = random.nextInt(8);
    String suffix =
        switch (kind) {
          case 5 -> ".index";
          case 6 -> ".timeindex";
          case 7 -> ".snapshot";
          default -> ".log";
        };
    List<Path> files = files(directory, suffix);
    if (files.isEmpty()) {
      return "nothing";
    }
    Path file = files.get(random.nextInt(files.size()));
    if (kind >= 5) {
      Files.delete(file);
      return "deleted " + file.getFileName();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return damage(random, kind, channel) + " " + file.getFileName();
    }
  }

  private static String damage(Random random, int kind, FileChannel channel) throws IOException {
    int size = (int) channel.size();
    if (size == 0) {
      return "nothing to";
    }
    int at = random.nextInt(size);
    switch (kind) {
      case 0, 1 -> {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
        channel.write(one.flip(), at);
        return "flipped a bit at " + at + " of";
      }
      case 2 -> {
        channel.truncate(at);
        return "cut at " + at;
      }
      case 3 -> {
        channel.write(ByteBuffer.allocate(Math.min(512, size - at)), at);
        return "zeroed from " + at;
      }
      default -> {
        byte[] garbage = new byte[1 + random.nextInt(200)];
        random.nextBytes(garbage);
        channel.write(ByteBuffer.wrap(garbage), size);
        return "appended garbage to";
      }
    }
  }

  private static List<Path> files(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
