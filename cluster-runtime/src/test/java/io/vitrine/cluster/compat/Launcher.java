package io.vitrine.cluster.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a tool's main class is run. */
@FunctionalInterface
interface Launcher {
  /**
   * Runs it to its end.
   *
   * @param input its standard input
   * @param seconds after which it is given up
   */
  Program run(String mainClass, List<String> arguments, String input, long seconds)
      throws Exception;

  /** Each time a JVM of its own, as Kafka's scripts do. */
  static Launcher ownJvms(String classPath) {
    return (mainClass, arguments, input, seconds) -> {
      List<String> command = new ArrayList<>(Program.java(classPath, mainClass));
      command.addAll(arguments);
      return Program.run(command, Map.of(), input, seconds);
    };
  }
}
