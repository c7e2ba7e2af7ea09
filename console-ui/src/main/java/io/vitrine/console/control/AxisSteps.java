package io.vitrine.console.control;

/**
 * The lines of a value axis that begins at 0: where they are, and where the axis ends.
 *
 * @param step distance of two lines
 * @param end the end of the axis, a multiple of the step
 */
record AxisSteps(double step, double end) {
  private static final double[] DECIMAL = {1, 2, 5, 10};
  private static final double SMALLEST = 1e-9;

  /**
   * Round steps.
   *
   * @param most the largest value that is to fit
   * @param lines how many lines there are at most above 0, at least 1
   * @param binary whether steps are powers of two, as sizes want it, instead of 1, 2 or 5
   */
  static AxisSteps of(double most, int lines, boolean binary) {
    double wanted = Math.max(SMALLEST, most) / lines;
    double step = binary ? binary(wanted) : decimal(wanted);
    return new AxisSteps(step, step * Math.max(1, Math.ceil(most / step - SMALLEST)));
  }

  private static double binary(double wanted) {
    return Math.pow(2, Math.ceil(Math.log(wanted) / Math.log(2) - SMALLEST));
  }

  private static double decimal(double wanted) {
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double factor : DECIMAL) {
      if (factor * power >= wanted * (1 - SMALLEST)) {
        return factor * power;
      }
    }
    throw new IllegalStateException("no step for " + wanted);
  }
}
