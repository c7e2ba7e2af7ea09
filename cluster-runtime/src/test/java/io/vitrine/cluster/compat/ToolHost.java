package io.vitrine.cluster.compat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the main classes it is told of over standard input, one after the other, and answers with
 * exit code and output: the tools' own code without the price of a JVM for each call.
 *
 * <p>What a tool asks of {@link Exit} ends the call, not the JVM, and its shutdown hooks run then.
 * Each call has a thread of its own; one that does not end in time is left behind and makes the
 * exit code -1.
 */
final class ToolHost {
  private final DataInputStream calls;
  private final DataOutputStream answers;
  private final Output output = new Output();
  private final List<Runnable> hooks = new ArrayList<>();
  private CompletableFuture<Integer> exit;

  private ToolHost(DataInputStream calls, DataOutputStream answers) {
    this.calls = calls;
    this.answers = answers;
  }

  public static void main(String[] args) throws Exception {
    ToolHost host = new ToolHost(new DataInputStream(System.in), new DataOutputStream(System.out));
    // Once and for all: Scala's console and loggers keep the stream they find first.
    PrintStream printed = new PrintStream(host.output, true, StandardCharsets.UTF_8);
    System.setOut(printed);
    System.setErr(printed);
    Exit.setExitProcedure(host::exit);
    Exit.setHaltProcedure(host::exit);
    Exit.setShutdownHookAdder((name, hook) -> host.hooks.add(hook));
    host.serve();
    System.exit(0);
  }

  private void exit(int code, String message) {
    exit.complete(code);
    throw new Exited();
  }

  private void serve() throws Exception {
    while (true) {
      Class<?> main;
      try {
        main = Class.forName(calls.readUTF());
      } catch (EOFException end) {
        return;
      }
      String[] arguments = new String[calls.readInt()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = calls.readUTF();
      }
      byte[] input = calls.readUTF().getBytes(StandardCharsets.UTF_8);
      answer(main, arguments, input, calls.readLong());
    }
  }

  private void answer(Class<?> main, String[] arguments, byte[] input, long seconds)
      throws IOException, InterruptedException {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    exit = ended;
    System.setIn(new ByteArrayInputStream(input));
    Thread thread =
        new Thread(
            () -> {
              invoke(main, arguments);
              ended.complete(0);
            },
            "main");
    thread.setDaemon(true);
    thread.start();
    int code;
    try {
      code = ended.get(seconds, TimeUnit.SECONDS);
      thread.join(TimeUnit.SECONDS.toMillis(seconds));
      hooks.forEach(Runnable::run);
    } catch (TimeoutException e) {
      code = -1;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    hooks.clear();
    byte[] all = output.take();
    answers.writeInt(code);
    answers.writeInt(all.length);
    answers.write(all);
    answers.flush();
  }

  private void invoke(Class<?> main, String[] arguments) {
    try {
      main.getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof Exited)) {
        e.getCause().printStackTrace();
        exit.complete(1);
      }
    } catch (ReflectiveOperationException e) {
      e.printStackTrace();
      exit.complete(1);
    }
  }

  /** Thrown where a tool would have ended its JVM. */
  private static final class Exited extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What was printed since it was last taken; any thread may print. */
  private static final class Output extends OutputStream {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      printed.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      printed.write(bytes, offset, length);
    }

    synchronized byte[] take() {
      byte[] all = printed.toByteArray();
      printed.reset();
      return all;
    }
  }
}
