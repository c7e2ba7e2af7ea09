package io.vitrine.cluster.compat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs tools one after the other in a single other JVM, a {@link ToolHost}. One thread. */
final class OneJvm implements Launcher, AutoCloseable {
  private final Process process;
  private final DataOutputStream calls;
  private final DataInputStream answers;

  private OneJvm(Process process) {
    this.process = process;
    this.calls = new DataOutputStream(process.getOutputStream());
    this.answers = new DataInputStream(process.getInputStream());
  }

  /**
   * Starts the JVM.
   *
   * @param classPath the tools' and this build's own
   */
  static OneJvm start(String classPath) throws IOException {
    return new OneJvm(
        new ProcessBuilder(Program.java(classPath, ToolHost.class.getName()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  @Override
  public Program run(String mainClass, List<String> arguments, String input, long seconds)
      throws IOException {
    calls.writeUTF(mainClass);
    calls.writeInt(arguments.size());
    for (String argument : arguments) {
      calls.writeUTF(argument);
    }
    calls.writeUTF(input);
    calls.writeLong(seconds);
    calls.flush();
    int exit = answers.readInt();
    byte[] output = answers.readNBytes(answers.readInt());
    return new Program(exit, new String(output, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
