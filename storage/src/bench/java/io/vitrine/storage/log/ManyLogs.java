package io.vitrine.storage.log;

import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.testing.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Opens, recovers and closes many logs of two segments, ours or Kafka's, and prints time, heap and
 * open files.
 *
 * <p>Arguments: {@code vitrine} or {@code kafka}, and how many (10,000).
 */
public final class ManyLogs {
  private final boolean vitrine;
  private final int count;
  private final Path directory;
  private final ManualClock clock = new ManualClock(Instant.ofEpochMilli(LogFixture.NOW_MS));
  private final List<Object> open = new ArrayList<>();

  private ManyLogs(boolean vitrine, int count) throws IOException {
    this.vitrine = vitrine;
    this.count = count;
    this.directory = Files.createTempDirectory("many-logs");
  }

  public static void main(String[] arguments) throws IOException {
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    ManyLogs logs = new ManyLogs(arguments[0].equals("vitrine"), count);
    try {
      logs.fill();
      logs.measure("opened after a clean stop", true);
      logs.measure("recovered after a crash", false);
    } finally {
      new RealFiles().delete(logs.directory);
    }
  }

  private Path place(int i) {
    return directory.resolve("p" + i);
  }

  private void fill() throws IOException {
    for (int i = 0; i < count; i++) {
      PartitionLog log = new LogFixture().open(place(i), LogSettings.defaults(), true);
      LogFixture.append(log, 0, "first");
      log.roll();
      LogFixture.append(log, 0, "second");
      log.close();
    }
  }

  private void measure(String what, boolean clean) throws IOException {
    long started = System.nanoTime();
    for (int i = 0; i < count; i++) {
      open.add(open(i, clean));
    }
    long opened = System.nanoTime();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory() >> 20;
    int files = new File("/proc/self/fd").list().length;
    int maps = Files.readAllLines(Path.of("/proc/self/maps")).size();
    long closing = System.nanoTime();
    for (Object each : open) {
      if (each instanceof PartitionLog log) {
        log.close();
      } else {
        ((OracleLog) each).log().close();
      }
    }
    open.clear();
    System.out.printf(
        "%s %,d logs %s in %,d ms, heap %,d MiB, %,d files open, %,d mappings, closed in %,d ms%n",
        vitrine ? "Vitrine:" : "Kafka:",
        count,
        what,
        TimeUnit.NANOSECONDS.toMillis(opened - started),
        heap,
        files,
        maps,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closing));
  }

  private Object open(int i, boolean clean) throws IOException {
    PartitionLog.Checkpointed known = new PartitionLog.Checkpointed(0, clean ? 2 : 0, 2);
    if (vitrine) {
      return new LogFixture().open(place(i), LogSettings.defaults(), known, clean);
    }
    OracleLog log = new OracleLog(place(i), LogSettings.defaults(), clock);
    log.open(known, clean);
    return log;
  }
}
