package io.vitrine.console.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of a value axis are round, few, and reach over the largest value. */
class AxisStepsTest {
  @ParameterizedTest
  @CsvSource({
    "4, 4, 1, 4",
    "5, 4, 2, 6",
    "100, 4, 50, 100",
    "101, 4, 50, 150",
    "0.2, 4, 0.05, 0.2",
    "0.21, 4, 0.1, 0.3",
    "123456, 5, 50000, 150000"
  })
  void decimalStepsAreOneTwoOrFive(double most, int lines, double step, double end) {
    AxisSteps steps = AxisSteps.of(most, lines, false);

    assertThat(steps.step()).isCloseTo(step, within(step * 1e-9));
    assertThat(steps.end()).isCloseTo(end, within(end * 1e-9));
  }

  @ParameterizedTest
  @CsvSource({"1024, 4, 256, 1024", "1025, 4, 512, 1536", "3000000, 3, 1048576, 3145728"})
  void stepsOfSizesArePowersOfTwo(double most, int lines, double step, double end) {
    AxisSteps steps = AxisSteps.of(most, lines, true);

    assertThat(steps.step()).isCloseTo(step, within(step * 1e-9));
    assertThat(steps.end()).isCloseTo(end, within(end * 1e-9));
  }

  @Test
  void everyValueFitsBelowTheEndAndTheLinesAreNoMoreThanAsked() {
    for (double most = 1e-6; most < 1e12; most *= 1.37) {
      for (boolean binary : new boolean[] {false, true}) {
        AxisSteps steps = AxisSteps.of(most, 4, binary);
        assertThat(steps.end()).isGreaterThanOrEqualTo(most * (1 - 1e-6));
        assertThat(Math.round(steps.end() / steps.step())).isBetween(1L, 4L);
      }
    }
  }

  @Test
  void nothingHasAnAxisToo() {
    assertThat(AxisSteps.of(0, 4, false).end()).isPositive();
  }
}
