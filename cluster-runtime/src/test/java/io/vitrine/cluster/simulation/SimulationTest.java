package io.vitrine.cluster.simulation;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** M11, M12, M27–M30, M33–M35, M38: the rules of replication hold in stories told at random. */
class SimulationTest {
  private static final int STORIES = 20;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, STORIES);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theRulesHold(long seed) {
    Simulation.run(seed);
  }
}
