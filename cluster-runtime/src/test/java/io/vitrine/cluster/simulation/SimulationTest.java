package io.vitrine.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * M11, M12, M27–M30, M33–M35, M38: the rules of replication hold in stories told at random, and
 * stories told by brokers that break one of them show it. {@link LongRun} tells many more.
 */
class SimulationTest {
  private static final int STORIES = 500;
  private static final int STORIES_OF_A_MUTANT = 60;

  /**
   * Stories that broke a rule once. 11634: an event from before the end of a session made a broker
   * controller before it was registered. 201892: a reassignment was taken back while only the
   * replica it had added was in sync. 700286: a leader was not told of an ISR whose write ZooKeeper
   * had not answered.
   */
  private static final long[] FOUND = {11_634, 201_892, 700_286};

  private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.vitrine");

  private static Level before;

  /** Disks fail in every other story; what brokers say of it would fill the test's log. */
  @BeforeAll
  static void quiet() {
    before = OURS.getLevel();
    OURS.setLevel(Level.OFF);
  }

  @AfterAll
  static void loudAgain() {
    OURS.setLevel(before);
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.of(FOUND), LongStream.rangeClosed(1, STORIES));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theRulesHold(long seed) {
    Simulation.run(seed);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "controller.Elections, offline, controller.MutantRules$ElectAnybody",
    "controller.FencedStore, fenced, controller.MutantRules$WriteUnfenced",
    "replica.HighWatermarks, ofLeader, replica.MutantRules$CommitAtOnce"
  })
  void aBrokenRuleIsSeen(String broken, String rule, String by) throws Exception {
    String ours = "io.vitrine.cluster.";
    OptionalLong caught =
        new Mutants(ours + broken, rule, ours + by).caught(1, STORIES_OF_A_MUTANT);
    assertThat(caught).as("a story that sees " + by).isPresent();
  }
}
