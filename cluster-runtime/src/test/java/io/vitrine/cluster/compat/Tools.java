package io.vitrine.cluster.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Kafka's tools of one version on one cluster. What does not go as expected is an {@link
 * Unexpected}.
 */
final class Tools {
  private static final long SECONDS = 90;
  private static final long PATIENCE_SECONDS = 30;

  private final String version;
  private final Launcher launcher;
  private final String bootstrap;

  /**
   * @param launcher runs the tools, in that version
   */
  Tools(String version, Launcher launcher, String bootstrap) {
    this.version = version;
    this.launcher = launcher;
    this.bootstrap = bootstrap;
  }

  /** A tool did something else than it does with Apache Kafka 3.9.2. */
  static final class Unexpected extends Exception {
    private static final long serialVersionUID = 1L;

    Unexpected(String message) {
      super(message);
    }
  }

  String version() {
    return version;
  }

  String bootstrap() {
    return bootstrap;
  }

  /** Arguments of a call, with the way to the cluster in front. */
  Call call(Tool tool, String... arguments) {
    List<String> all = new ArrayList<>(List.of("--bootstrap-server", bootstrap));
    all.addAll(List.of(arguments));
    return new Call(tool, all, "");
  }

  /** Arguments of a call, as they are. */
  Call bare(Tool tool, String... arguments) {
    return new Call(tool, List.of(arguments), "");
  }

  /** One call of a tool, not yet made. */
  final class Call {
    private final Tool tool;
    private final List<String> arguments;
    private final String input;

    private Call(Tool tool, List<String> arguments, String input) {
      this.tool = tool;
      this.arguments = arguments;
      this.input = input;
    }

    /** The same with a standard input. */
    Call reading(String text) {
      return new Call(tool, arguments, text);
    }

    /** Runs it; it must end with 0 and print all of these regular expressions. */
    String prints(String... expected) throws Exception {
      Program program = run();
      if (program.exit() != 0) {
        throw new Unexpected(words() + " ended with " + program.exit() + ": " + program.reason());
      }
      mustPrint(program, expected);
      return program.output();
    }

    /** Runs it until it prints all of these, for what a cluster takes its time for. */
    void printsInTime(String... expected) throws Exception {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (true) {
        try {
          prints(expected);
          return;
        } catch (Unexpected notYet) {
          if (System.nanoTime() > deadline) {
            throw notYet;
          }
        }
      }
    }

    /** Runs it whatever its exit code; it must print all of these. */
    void refusesWith(String... expected) throws Exception {
      mustPrint(run(), expected);
    }

    private Program run() throws Exception {
      Program program = launcher.run(tool.mainClass(version), arguments, input, SECONDS);
      if (!program.endedItself()) {
        throw new Unexpected(
            words() + " did not end within " + SECONDS + " s: " + program.reason());
      }
      return program;
    }

    private void mustPrint(Program program, String... expected) throws Unexpected {
      for (String pattern : expected) {
        if (!Pattern.compile(pattern, Pattern.MULTILINE).matcher(program.output()).find()) {
          throw new Unexpected(words() + " did not print '" + pattern + "': " + program.reason());
        }
      }
    }

    /** Its options, without the ones that say where. */
    private String words() {
      return arguments.stream()
          .filter(argument -> argument.startsWith("--") && !argument.equals("--bootstrap-server"))
          .findFirst()
          .orElse(tool.toString());
    }
  }
}
