package io.vitrine.cluster.compat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that tells its version and, step by step, what worked: one row for each step. */
final class Journey {
  private static final long SECONDS = 240;
  private static final Pattern VERSION = Pattern.compile("(?m)^VERSION (.+)$");
  private static final Pattern STEP = Pattern.compile("(?m)^STEP (.+?): (ok|failed) ?(.*)$");

  private Journey() {}

  /**
   * Runs it.
   *
   * @param who the client
   * @param version the one expected, until it tells its own
   */
  static List<Row> of(
      String who, String version, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Program program = Program.run(command, environment, "", SECONDS);
    Matcher told = VERSION.matcher(program.output());
    String its = told.find() ? told.group(1) : version;
    List<Row> rows = new ArrayList<>();
    Matcher step = STEP.matcher(program.output());
    while (step.find()) {
      rows.add(
          step.group(2).equals("ok")
              ? Row.ok(who, its, step.group(1), step.group(3))
              : Row.failed(who, its, step.group(1), step.group(3)));
    }
    if (!program.endedItself()) {
      rows.add(Row.failed(who, its, "ends", "no end after " + SECONDS + " s"));
    } else if (rows.isEmpty()) {
      rows.add(Row.failed(who, its, "starts", program.reason()));
    }
    return rows;
  }
}
