package io.vitrine.cluster.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A JVM of its own that runs one main class, with its output kept (the last 200 lines) for
 * messages.
 *
 * <p>Owned by one test; {@link #close} ends the process whatever state it is in.
 */
public final class ChildJvm implements AutoCloseable {
  private static final int KEPT_LINES = 200;

  private final Process process;
  private final Thread reader;
  private final ConcurrentLinkedDeque<String> lastLines = new ConcurrentLinkedDeque<>();
  private final CompletableFuture<String> readyLine = new CompletableFuture<>();

  private ChildJvm(Process process, String readyPrefix) {
    this.process = process;
    reader = new Thread(() -> read(readyPrefix), "output-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a JVM.
   *
   * @param classPath its class path
   * @param jvmFlags flags before the main class
   * @param mainClass the main class
   * @param readyPrefix a line that begins so says that it is ready
   * @param arguments of the main class
   */
  public static ChildJvm start(
      String classPath,
      List<String> jvmFlags,
      String mainClass,
      String readyPrefix,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start(), readyPrefix);
  }

  /** Waits for the ready line and returns it. */
  public String awaitReady(long seconds) throws InterruptedException {
    try {
      return readyLine.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError("process " + process.pid() + " did not get ready:\n" + output(), e);
    }
  }

  /** Waits for the end, and for its last words, and returns the exit code. */
  public int awaitExit(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("process " + process.pid() + " still runs:\n" + output());
    }
    reader.join(TimeUnit.SECONDS.toMillis(seconds));
    return process.exitValue();
  }

  /** Writes a line to its standard input. */
  public void send(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** SIGTERM, then waits for the end and returns the exit code; its last words are kept. */
  public int terminate(long seconds) throws IOException, InterruptedException {
    signal("-TERM");
    return awaitExit(seconds);
  }

  /** SIGKILL, then waits for the end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGSTOP, or SIGCONT. */
  public void freeze(boolean frozen) throws IOException, InterruptedException {
    signal(frozen ? "-STOP" : "-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill " + signal + " " + process.pid() + " failed");
    }
  }

  /** The last lines the process printed. */
  public String output() {
    return String.join("\n", lastLines);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(String readyPrefix) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        lastLines.add(line);
        if (lastLines.size() > KEPT_LINES) {
          lastLines.poll();
        }
        if (line.startsWith(readyPrefix)) {
          readyLine.complete(line);
        }
      }
      readyLine.completeExceptionally(new IOException("the process ended"));
    } catch (IOException e) {
      readyLine.completeExceptionally(e);
    }
  }
}
