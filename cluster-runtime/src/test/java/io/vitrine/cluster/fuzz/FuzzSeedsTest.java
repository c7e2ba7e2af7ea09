package io.vitrine.cluster.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every target takes what it begins with and what fuzzing has found, within the memory it may use.
 */
class FuzzSeedsTest {
  private static final int SHOWN_BYTES = 300;

  static SortedSet<String> targets() {
    return FuzzTargets.names();
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void seedsAreTaken(String name) {
    FuzzTarget target = FuzzTargets.named(name);
    List<byte[]> inputs = new ArrayList<>(target.seeds());
    inputs.addAll(SeedFile.kept(name));
    Measured measured = new Measured(target);
    for (byte[] input : inputs) {
      try {
        measured.run(input);
      } catch (Exception | Error e) {
        String shown =
            Base64.getEncoder()
                .encodeToString(Arrays.copyOf(input, Math.min(input.length, SHOWN_BYTES)));
        throw new AssertionError(name + ", " + input.length + " bytes, first " + shown, e);
      }
    }
  }
}
