package io.vitrine.cluster.oracle;

import io.vitrine.cluster.cli.VitrineCommand;

/** The command line of Vitrine without a console, as a process. */
public final class VitrineMain {
  /** Begins the line that says that it serves. */
  public static final String READY = "READY";

  private VitrineMain() {}

  public static void main(String[] args) {
    System.exit(VitrineCommand.run(settings -> 2, args));
  }
}
