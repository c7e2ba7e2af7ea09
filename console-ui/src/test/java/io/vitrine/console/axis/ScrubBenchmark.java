package io.vitrine.console.axis;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.ElectionReason;
import io.vitrine.cluster.event.ClusterEvent.ReplicaSample;
import io.vitrine.cluster.event.ControllerState;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.snapshot.ClusterHistory.Cursor;
import io.vitrine.cluster.snapshot.ClusterHistory.Extent;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.control.TimeAxis;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.TimeMachine;
import io.vitrine.console.live.Work;
import io.vitrine.console.testing.FakeCluster;
import io.vitrine.console.theme.Theme;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongUnaryOperator;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.stage.Stage;
import org.apache.kafka.common.TopicPartition;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/**
 * How long it takes to look at moments among a million events of three brokers with a thousand
 * partitions, and how the axis draws meanwhile. Prints a table of processor time, which holds on a
 * busy machine too; no test.
 *
 * <p>Run with the tests' class path and {@code -Dtestfx.robot=glass -Dglass.platform=Monocle
 * -Dmonocle.platform=Headless -Dprism.order=sw}.
 */
public final class ScrubBenchmark {
  private static final int EVENTS = 1_000_000;
  private static final String LOOKING = "background";
  private static final int PARTITIONS = 1_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long SECOND = 1_000_000_000L;
  private static final long TICK_NANOS = SECOND;

  /** Two hours. */
  private static final long LENGTH_NANOS = 7_200 * SECOND;

  private final Random random = new Random(11);
  private final ClusterHistory history = new ClusterHistory();
  private final SnapshotProjector projector = new SnapshotProjector(1);
  private final List<StampedEvent> batch = new ArrayList<>();
  private long sequence;
  private int happened;
  private long addNanos;

  private ScrubBenchmark() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    ScrubBenchmark benchmark = new ScrubBenchmark();
    benchmark.fill();
    benchmark.jumps();
    benchmark.draws();
    System.exit(0);
  }

  // ---- a million events
  // ---------------------------------------------------------------------------

  private void fill() {
    long before = heap();
    history.begin(List.of(), projector);
    long nanos = 0;
    Map<Integer, List<Integer>> assignment = new HashMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      assignment.put(p, List.of(1 + p % 3, 1 + (p + 1) % 3, 1 + (p + 2) % 3));
    }
    for (int broker = 1; broker <= 3; broker++) {
      tell(0, broker, new ClusterEvent.BrokerStarting());
      tell(0, broker, new ClusterEvent.BrokerServing("127.0.0.1", 9091 + broker, 400));
    }
    tell(0, 1, new ClusterEvent.ControllerElected(1));
    tell(0, 1, new ClusterEvent.TopicCreated("orders", "id", assignment));
    long nextTick = TICK_NANOS;
    while (happened < EVENTS) {
      nanos += LENGTH_NANOS / EVENTS;
      happen(nanos);
      if (nanos >= nextTick) {
        measure(nanos);
        nextTick += TICK_NANOS;
      }
      if (batch.size() >= 5) {
        publish();
      }
    }
    publish();
    Extent extent = history.extent().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%,d events kept; folding and keeping one took %.1f us%n",
        extent.events(),
        addNanos / 1e3 / sequence);
    System.out.printf(Locale.ROOT, "heap of the history: %,d MiB%n", (heap() - before) >> 20);
  }

  private void happen(long nanos) {
    TopicPartition partition = new TopicPartition("orders", random.nextInt(PARTITIONS));
    int broker = 1 + partition.partition() % 3;
    switch (random.nextInt(6)) {
      case 0 ->
          tell(
              nanos,
              broker,
              new ClusterEvent.IsrShrunk(partition, List.of(3), List.of(1, 2), 31_000, 30_000));
      case 1 -> tell(nanos, broker, new ClusterEvent.IsrExpanded(partition, 3, List.of(1, 2, 3)));
      case 2 ->
          tell(
              nanos,
              1,
              new ClusterEvent.ControllerEventBegun(
                  "IsrChangeNotification", ControllerState.ISR_CHANGE, 4_000, 2));
      case 3 ->
          tell(
              nanos,
              1,
              new ClusterEvent.ControllerEventEnded(
                  "IsrChangeNotification", ControllerState.ISR_CHANGE, 400_000, 2));
      case 4 -> tell(nanos, broker, new ClusterEvent.BecameFollower(partition, 4, broker % 3 + 1));
      default ->
          tell(
              nanos,
              1,
              new ClusterEvent.PartitionStateWritten(
                  partition,
                  broker,
                  (int) sequence,
                  List.of(1, 2, 3),
                  (int) sequence,
                  ElectionReason.PREFERRED));
    }
  }

  private void measure(long nanos) {
    for (int broker = 1; broker <= 3; broker++) {
      List<ReplicaSample> replicas = new ArrayList<>(PARTITIONS);
      for (int p = 0; p < PARTITIONS; p++) {
        replicas.add(
            new ReplicaSample(
                new TopicPartition("orders", p),
                1 + p % 3 == broker,
                1 + p % 3,
                1,
                1,
                0,
                nanos / 1_000,
                nanos / 1_000,
                nanos / 1_000,
                List.of(),
                List.of(),
                0,
                0,
                nanos,
                "/data",
                List.of(),
                List.of()));
      }
      batch.add(
          stamped(
              nanos,
              broker,
              new ClusterEvent.BrokerSampled(
                  replicas,
                  ClusterEvent.RequestSample.empty(),
                  new ClusterEvent.StorageSample(List.of()))));
    }
  }

  private void tell(long nanos, int broker, ClusterEvent event) {
    StampedEvent stamped = stamped(nanos, broker, event);
    batch.add(stamped);
    happened++;
  }

  private StampedEvent stamped(long nanos, int broker, ClusterEvent event) {
    return new StampedEvent(
        ++sequence, nanos, 1_763_733_600_000L + nanos / 1_000_000, broker, event);
  }

  private void publish() {
    long start = System.nanoTime();
    batch.forEach(projector::apply);
    history.add(List.copyOf(batch), projector);
    addNanos += System.nanoTime() - start;
    batch.clear();
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  // ---- moments
  // -----------------------------------------------------------------------------------

  private void jumps() {
    Cursor cursor = history.cursor();
    Extent extent = history.extent().orElseThrow();
    long first = extent.firstNanos();
    long length = extent.lastNanos() - first;
    time("anywhere at all", 400, cursor, i -> first + (long) (random.nextDouble() * length));
    time(
        "the newest minute, anywhere",
        400,
        cursor,
        i -> extent.lastNanos() - (long) (random.nextDouble() * 60 * SECOND));
    time("forwards by a pixel of a thousand", 1_000, cursor, i -> first + i * (length / 1_000));
    time(
        "backwards by a pixel of a thousand",
        1_000,
        cursor,
        i -> extent.lastNanos() - i * (length / 1_000));
    time("backwards by 100 ms", 600, cursor, i -> first + length / 2 - i * SECOND / 10);
  }

  // ---- the axis on a screen
  // ----------------------------------------------------------------------

  /** Scrubs through everything, a move a pulse, and looks at what that does to the pulses. */
  private void draws() throws Exception {
    FxToolkit.registerPrimaryStage();
    WaitForAsyncUtils.asyncFx(Theme::loadFonts).get();
    AxisModel model = new AxisModel();
    history.between(Long.MIN_VALUE, Long.MAX_VALUE, model::apply);
    ExecutorService background =
        Executors.newSingleThreadExecutor(task -> new Thread(task, LOOKING));
    FakeCluster cluster = new FakeCluster();
    Extent extent = history.extent().orElseThrow();
    SnapshotFeed feed = new SnapshotFeed(cluster, Platform::runLater, extent::lastNanos);
    Theme theme = Theme.of(Theme.Kind.DARK);
    AxisPane pane =
        WaitForAsyncUtils.asyncFx(
                () -> {
                  TimeMachine machine =
                      new TimeMachine(Optional.of(history), feed, background, Platform::runLater);
                  AxisPane made =
                      new AxisPane(
                          Locale.ENGLISH,
                          theme,
                          ZoneOffset.UTC,
                          new Selection(),
                          model,
                          machine,
                          new Work(background, Platform::runLater),
                          FileAsker.dialogs());
                  Stage stage = new Stage();
                  Scene scene = new Scene(made, 1920, 220);
                  theme.apply(scene);
                  stage.setScene(scene);
                  stage.show();
                  feed.follow(made::show);
                  feed.resume();
                  ((Button) scene.lookup("#axis-all")).fire();
                  return made;
                })
            .get();
    TimeAxis axis = (TimeAxis) pane.lookup("#time-axis");
    for (int round = 0; round < 2; round++) {
      Pulses pulses = new Pulses(axis, extent);
      Map<String, Long> before = cpuNanos();
      Platform.runLater(pulses::start);
      pulses.done.await();
      print("a move of the playhead", pulses.moves);
      print("from one pulse to the next (by the clock)", pulses.gaps);
      cpuNanos()
          .forEach(
              (thread, nanos) ->
                  System.out.printf(
                      Locale.ROOT,
                      "  %-38s %6.2f ms a pulse%n",
                      thread,
                      (nanos - before.getOrDefault(thread, 0L)) / 1e6 / Pulses.COUNT));
    }
    background.shutdownNow();
  }

  /** What the threads that draw have used so far. */
  private static Map<String, Long> cpuNanos() {
    Map<String, Long> used = new TreeMap<>();
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null
          && (thread.getThreadName().startsWith("JavaFX Application")
              || thread.getThreadName().startsWith("QuantumRenderer")
              || thread.getThreadName().equals(LOOKING))) {
        used.put(thread.getThreadName(), THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return used;
  }

  /** Moves the playhead once a pulse, there and back. */
  private static final class Pulses extends AnimationTimer {
    private static final int COUNT = 300;
    private final CountDownLatch done = new CountDownLatch(1);
    private final double[] gaps = new double[COUNT - 1];
    private final double[] moves = new double[COUNT];
    private final TimeAxis axis;
    private final Extent extent;
    private long last;
    private int number;

    Pulses(TimeAxis axis, Extent extent) {
      this.axis = axis;
      this.extent = extent;
    }

    @Override
    public void handle(long now) {
      if (number == COUNT) {
        stop();
        done.countDown();
        return;
      }
      if (number > 0) {
        gaps[number - 1] = (now - last) / 1e6;
      }
      last = now;
      double share = 0.5 - 0.49 * Math.cos(number * 4 * Math.PI / COUNT);
      long start = THREADS.getCurrentThreadCpuTime();
      axis.choose(
          extent.firstNanos() + (long) (share * (extent.lastNanos() - extent.firstNanos())));
      moves[number++] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }
  }

  private static void time(String what, int times, Cursor cursor, LongUnaryOperator moment) {
    double[] ms = new double[times];
    for (int i = 0; i < times; i++) {
      long at = moment.applyAsLong(i);
      long start = THREADS.getCurrentThreadCpuTime();
      cursor.at(at);
      ms[i] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }
    print(what, ms);
  }

  private static void print(String what, double[] ms) {
    Arrays.sort(ms);
    System.out.printf(
        Locale.ROOT,
        "%-40s median %6.1f ms   99 %% %6.1f ms   longest %6.1f ms%n",
        what,
        ms[ms.length / 2],
        ms[(int) (ms.length * 0.99)],
        ms[ms.length - 1]);
  }
}
