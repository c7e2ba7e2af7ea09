package io.vitrine.console.metric;

/**
 * What is recorded of what.
 *
 * @param of a broker's id or a group's; empty for the cluster and the process; {@link #TOGETHER}
 *     for several brokers taken as one, which is worked out and never recorded
 */
record SeriesKey(Quantity quantity, String of) {
  static final String TOGETHER = "*";

  static SeriesKey broker(Quantity quantity, int id) {
    return new SeriesKey(quantity, Integer.toString(id));
  }

  static SeriesKey whole(Quantity quantity) {
    return new SeriesKey(quantity, "");
  }
}
