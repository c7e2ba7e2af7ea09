package io.vitrine.cluster.snapshot;

/** Rates of one broker per second. */
public record RateView(
    double bytesIn, double bytesOut, double recordsIn, double requests, double zeroCopyBytesOut) {
  /** Nothing measured. */
  public static RateView zero() {
    return new RateView(0, 0, 0, 0, 0);
  }
}
