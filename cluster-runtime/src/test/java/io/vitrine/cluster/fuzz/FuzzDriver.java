package io.vitrine.cluster.fuzz;

/** What Jazzer calls. The target is named by the system property {@code fuzz.target}. */
public final class FuzzDriver {
  private static final FuzzTarget TARGET = FuzzTargets.named(System.getProperty("fuzz.target", ""));
  private static final Measured MEASURED = new Measured(TARGET);

  private FuzzDriver() {}

  /** Loads the classes, which takes long while they are instrumented. */
  public static void fuzzerInitialize() throws Exception {
    for (byte[] seed : TARGET.seeds()) {
      TARGET.run(seed);
    }
  }

  /** One input; whatever is thrown is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    MEASURED.run(input);
  }
}
