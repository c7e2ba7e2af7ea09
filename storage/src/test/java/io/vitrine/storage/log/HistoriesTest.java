package io.vitrine.storage.log;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * M35, M37, M53, M56, M60–M62, M64, M72, M76: generated lives of a log through Apache Kafka 3.9.2's
 * log and ours. Every answer is the same, every offset agrees after every step, and at the end the
 * files are equal byte for byte, and each opens and serves what the other has written.
 */
class HistoriesTest {
  private static final int HISTORIES = 300;
  private static final int STEPS = 120;

  static LongStream seeds() {
    return System.getProperty("seed") != null
        ? LongStream.of(Long.getLong("seed"))
        : LongStream.rangeClosed(1, HISTORIES);
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  void isKafkas(long seed, @TempDir Path directory) throws Exception {
    Random random = new Random(seed);
    boolean tinyIndexes = random.nextInt(5) == 0;
    LogPair pair = new LogPair(directory, LogHistory.settings(random, tinyIndexes));
    LogHistory history = new LogHistory(random, pair, tinyIndexes);
    for (int step = 0; step < STEPS; step++) {
      history.step();
    }
    pair.close();
    pair.filesAreEqual();
    pair.readEachOthers();
  }
}
