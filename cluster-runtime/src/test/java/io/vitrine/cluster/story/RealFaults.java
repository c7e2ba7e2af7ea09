package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.oracle.WorkDirectory;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Faults of the real kind on brokers that are processes: signals and cut links, one at a time,
 * under load, checked record by record.
 *
 * <p>By hand: arguments are minutes, seed and, if not ours, the brand.
 */
final class RealFaults {
  private static final String TOPIC = "faults";
  private static final int SEGMENT_BYTES = 1 << 20;

  /** A producer's request time-out, and what it takes to find the leader then. */
  private static final Duration LONGEST_GAP = Duration.ofSeconds(40);

  private final Stage stage;
  private final Random random;
  private final Consumer<String> tell;
  private final Map<RealFault, Integer> befell = new EnumMap<>(RealFault.class);
  private final List<RealFault> next = new ArrayList<>();

  private RealFaults(Stage stage, Random random, Consumer<String> tell) {
    this.stage = stage;
    this.random = random;
    this.tell = tell;
  }

  public static void main(String[] args) throws Exception {
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Brand brand = args.length > 2 ? Brand.valueOf(args[2]) : Brand.VITRINE_PROCESS;
    System.out.println("seed " + seed + " on " + brand);
    WorkDirectory.with(
        "real-faults",
        directory -> {
          try (StoryCluster cluster = StoryCluster.linked(brand, directory)) {
            run(cluster, seed, Duration.ofMinutes(Long.parseLong(args[0])), System.out::println);
          }
        });
  }

  /**
   * Lets faults befall a cluster that does not run yet.
   *
   * @param seed of the order of faults and of their lengths
   * @param time ends with the fault under way then, but not before each kind had its turn
   * @param tell hears of each fault and of the outcome
   */
  static void run(StoryCluster cluster, long seed, Duration time, Consumer<String> tell)
      throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      new RealFaults(new Stage(cluster, tree, TOPIC), new Random(seed), tell).run(time);
    }
  }

  private void run(Duration time) throws Exception {
    stage.create(SEGMENT_BYTES);
    long begin = System.nanoTime();
    try (Load load = stage.load()) {
      while (System.nanoTime() - begin < time.toNanos()
          || befell.size() < RealFault.values().length) {
        RealFault fault = next();
        int id = 1 + random.nextInt(3);
        tell.accept(at(begin) + "broker " + id + " " + fault.story());
        fault.befall(stage, id, random);
        stage.inSync();
        befell.merge(fault, 1, Integer::sum);
        tell.accept(
            at(begin)
                + "over; acknowledged "
                + load.acknowledged()
                + ", longest gap "
                + load.longestGapSinceAsked().toMillis()
                + " ms");
      }
      load.end();
      load.verify(stage.cluster().bootstrap());
      Replicas.areEqual(stage.cluster(), TOPIC, Stage.PARTITIONS);
      tell.accept(at(begin) + befell);
      tell.accept(
          load.acknowledged()
              + " records, none lost, none doubled, in order, replicas equal; longest gap "
              + load.longestGap().toMillis()
              + " ms");
      assertThat(load.longestGap()).isLessThan(LONGEST_GAP);
    }
  }

  /** Every kind in turn, in an order of chance, so that none is left out for long. */
  private RealFault next() {
    if (next.isEmpty()) {
      Collections.addAll(next, RealFault.values());
      Collections.shuffle(next, random);
    }
    return next.remove(0);
  }

  private static String at(long begin) {
    Duration since = Duration.ofNanos(System.nanoTime() - begin);
    return String.format("%3d:%02d ", since.toMinutes(), since.toSecondsPart());
  }
}
