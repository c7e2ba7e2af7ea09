package io.vitrine.console.metric;

import io.vitrine.cluster.Cluster;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.testing.FakeCluster;
import io.vitrine.console.testing.KeptPins;
import io.vitrine.console.theme.Theme;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/**
 * Measures what the view costs while it is looked at: an hour of brokers, 20 charts, a new row a
 * second, 1920 × 1080 drawn in software. To be run with the options of this module's tests; prints
 * a line for each stretch of time one may look at.
 */
public final class MetricsViewLoad {
  private static final int ROWS = 3_600;
  private static final int SECONDS = 20;
  private static final int TICKS_A_SECOND = 10;

  private final int brokers;
  private final Cluster cluster = new FakeCluster();
  private final ClusterSnapshot snapshot = SampleSnapshots.snapshot(Chapter.CALM);
  private final MetricRecorder recorder = new MetricRecorder(cluster);
  private final Random random = new Random(7);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private MetricsView view;
  private Stage stage;
  private int rows;

  private MetricsViewLoad(int brokers) {
    this.brokers = brokers;
  }

  /** Takes the number of brokers, 3 if none is given. */
  public static void main(String[] arguments) throws Exception {
    MetricsViewLoad load =
        new MetricsViewLoad(arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]));
    CompletableFuture<Void> started = new CompletableFuture<>();
    Platform.startup(() -> started.complete(null));
    started.get();
    try {
      load.run();
    } finally {
      Platform.exit();
    }
  }

  private void run() throws Exception {
    while (rows < ROWS) {
      row();
    }
    onScreen(this::open);
    for (String range : List.of("1", "5", "60")) {
      onScreen(() -> ((ToggleButton) stage.getScene().lookup("#metrics-range-" + range)).fire());
      look(2);
      long drawing = cpuNanos("JavaFX");
      long rendering = cpuNanos("Quantum");
      long longest = look(SECONDS);
      System.out.printf(
          Locale.ROOT,
          "%2s min: %.1f %% of a core on the JavaFX thread, %.1f %% on the renderer's,"
              + " longest frame of the view %.1f ms%n",
          range,
          (cpuNanos("JavaFX") - drawing) / 1e7 / SECONDS,
          (cpuNanos("Quantum") - rendering) / 1e7 / SECONDS,
          longest / 1e6);
    }
    onScreen(stage::close);
  }

  private void open() {
    Theme.loadFonts();
    Theme theme = Theme.of(Theme.Kind.DARK);
    view =
        new MetricsView(
            Locale.ENGLISH,
            theme,
            ZoneOffset.UTC,
            new Selection(),
            new Work(Runnable::run, Runnable::run),
            recorder,
            new KeptPins());
    stage = new Stage();
    stage.setScene(new Scene(new StackPane(view.node()), 1920, 1080));
    theme.apply(stage.getScene());
    stage.show();
  }

  /** Lets rows and ticks come as they do in the program; returns the longest frame. */
  private long look(int seconds) throws Exception {
    long longest = 0;
    long due = System.nanoTime();
    for (int tick = 0; tick < seconds * TICKS_A_SECOND; tick++) {
      if (tick % TICKS_A_SECOND == 0) {
        row();
      }
      long[] took = {0};
      onScreen(
          () -> {
            long from = System.nanoTime();
            view.show(new Frame(snapshot, List.of(), at(rows - 1), false));
            took[0] = System.nanoTime() - from;
          });
      longest = Math.max(longest, took[0]);
      due += TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND;
      LockSupport.parkNanos(due - System.nanoTime());
    }
    return longest;
  }

  private void row() {
    Map<SeriesKey, Double> row = new HashMap<>();
    for (Quantity quantity : Quantity.values()) {
      if (quantity.ordinal() < Quantity.UNDER_REPLICATED.ordinal()) {
        for (int id = 1; id <= brokers; id++) {
          row.put(SeriesKey.broker(quantity, id), 1e6 * (id + random.nextDouble()));
        }
      } else {
        row.put(SeriesKey.whole(quantity), 100 * random.nextDouble());
      }
    }
    recorder.history().add(at(rows), TimeUnit.NANOSECONDS.toMillis(at(rows)), row, List.of());
    rows++;
  }

  /** A row a second, and now and then a hole, which is hatched. */
  private static long at(int row) {
    return TimeUnit.SECONDS.toNanos(row + 5L * (row / 40));
  }

  private long cpuNanos(String name) {
    long nanos = 0;
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith(name)) {
        nanos += threads.getThreadCpuTime(info.getThreadId());
      }
    }
    return nanos;
  }

  private static void onScreen(Runnable task) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Platform.runLater(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    done.get();
  }
}
