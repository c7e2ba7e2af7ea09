package io.vitrine.cluster.compat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program run to its end as a process, with what it printed to both outputs in one text.
 *
 * @param exit its exit code, -1 when it did not end and was killed
 */
record Program(int exit, String output) {
  private static final int NO_END = -1;

  /**
   * Runs a command.
   *
   * @param environment more variables
   * @param input its standard input
   * @param seconds after which it is killed
   */
  static Program run(
      List<String> command, Map<String, String> environment, String input, long seconds)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("input", ".txt");
    Path out = Files.createTempFile("output", ".txt");
    try {
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      return new Program(
          ended ? process.exitValue() : NO_END,
          new String(Files.readAllBytes(out), StandardCharsets.UTF_8));
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }

  /** A JVM on a class path, small and quick to start. */
  static List<String> java(String classPath, String mainClass) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        // Logback's own remarks would go to standard output.
        "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
        "-cp",
        classPath,
        mainClass);
  }

  boolean endedItself() {
    return exit != NO_END;
  }

  /** The line that tells most: the first that names an exception, or an error, else the last. */
  String reason() {
    List<String> lines =
        output
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.matches("(log4j:|at |SLF4J|\\.\\.\\. \\d).*"))
            .toList();
    return Stream.of("\\w+Exception: .*", "\\w+Exception.*", "\\w*[Ee]rror.*")
        .map(Pattern::compile)
        .flatMap(pattern -> lines.stream().map(pattern::matcher).filter(Matcher::find).limit(1))
        .map(Matcher::group)
        .findFirst()
        .orElse(lines.isEmpty() ? "nothing printed" : lines.get(lines.size() - 1));
  }
}
