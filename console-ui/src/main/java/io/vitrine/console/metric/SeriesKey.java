package io.vitrine.console.metric;

/**
 * What is recorded of what.
 *
 * @param of a broker's id, or a group's, which may be anything; empty for the cluster and the
 *     process
 */
record SeriesKey(Quantity quantity, String of) {
  private static final String TOGETHER = "*";

  static SeriesKey broker(Quantity quantity, int id) {
    return new SeriesKey(quantity, Integer.toString(id));
  }

  /** Of several brokers taken as one, which is worked out and never recorded. */
  static SeriesKey together(Quantity quantity) {
    return new SeriesKey(quantity, TOGETHER);
  }

  static SeriesKey group(String id) {
    return new SeriesKey(Quantity.LAG, id);
  }

  boolean isGroups() {
    return quantity == Quantity.LAG;
  }

  boolean isTogether() {
    return !isGroups() && of.equals(TOGETHER);
  }

  /** Whether it is the cluster's or the process'. */
  boolean isWhole() {
    return !isGroups() && of.isEmpty();
  }

  static SeriesKey whole(Quantity quantity) {
    return new SeriesKey(quantity, "");
  }
}
