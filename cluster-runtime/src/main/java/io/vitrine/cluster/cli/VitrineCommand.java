package io.vitrine.cluster.cli;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.DataDirectory;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.StampedEvent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of Vitrine: the console, or with {@code --headless} the cluster alone. */
@Command(
    name = "vitrine",
    description = "A Kafka cluster behind glass.",
    versionProvider = VitrineCommand.Version.class,
    subcommands = {BrokerCommand.class, InspectCommand.class},
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class VitrineCommand implements Callable<Integer> {
  private static final long START_TIMEOUT_S = 120;

  /** Opens the console; there is none where only the runtime is at hand. */
  @FunctionalInterface
  public interface Console {
    /**
     * Shows the console on a cluster with these settings until its user closes it.
     *
     * @return the exit code
     */
    int open(LocalClusterSettings settings) throws Exception;
  }

  @Option(names = "--headless", description = "Run the cluster without a window.")
  private boolean headless;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data are kept (default: ${DEFAULT-VALUE}).")
  private Path data = DataDirectory.ofUser();

  @Option(
      names = "--brokers",
      paramLabel = "N",
      description = "Number of brokers (default: ${DEFAULT-VALUE}).")
  private int brokers = 3;

  @Option(
      names = "--port",
      paramLabel = "P",
      description =
          "Port of broker 1, the others follow; 0 takes free ones (default: ${DEFAULT-VALUE}).")
  private int port = 9092;

  @Option(
      names = "--zookeeper-port",
      paramLabel = "P",
      description = "Port of ZooKeeper; when it is taken, a free one (default: ${DEFAULT-VALUE}).")
  private int zooKeeperPort = 2181;

  @Option(
      names = "--zookeeper-members",
      paramLabel = "N",
      description =
          "ZooKeeper servers, 1 or 3; their ports follow the first one's (default:"
              + " ${DEFAULT-VALUE}).")
  private int zooKeeperMembers = 1;

  @Option(
      names = "--log-dirs",
      paramLabel = "N",
      description = "Log directories of each broker (default: ${DEFAULT-VALUE}).")
  private int logDirs = 1;

  @Option(
      names = "--session-timeout",
      paramLabel = "MS",
      description =
          "zookeeper.session.timeout.ms: how long a dead broker stays unnoticed (default:"
              + " ${DEFAULT-VALUE}).")
  private int sessionTimeoutMs = 18_000;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A broker setting by Kafka's name, for every broker; may be repeated.")
  private Map<String, String> overrides = new HashMap<>();

  @Option(
      names = "--traffic",
      negatable = true,
      description = "Begin with the demo traffic on, or off (default: on in the console).")
  private Boolean traffic;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  @Spec private CommandSpec spec;

  private final Console console;

  /**
   * @param console opened unless {@code --headless} is given
   */
  public VitrineCommand(Console console) {
    this.console = console;
  }

  /** Runs the command line and returns the exit code: 0 fine, 1 failed, 2 misused. */
  public static int run(Console console, String... arguments) {
    return new CommandLine(new VitrineCommand(console))
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              line.getErr().println("vitrine: " + reason(e));
              line.getErr().flush();
              return 1;
            })
        .execute(arguments);
  }

  /** What went wrong in words: the first message there is, else the kind of the failure. */
  static String reason(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        return t.getMessage();
      }
    }
    return "failed with " + failure.getClass().getName();
  }

  @Override
  public Integer call() throws Exception {
    if (data.toString().contains(",")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--data " + data + " has a comma, which would part log.dirs: name another directory");
    }
    LocalClusterSettings settings =
        new LocalClusterSettings(
            data.toAbsolutePath(),
            brokers,
            port,
            port == 0 ? 0 : zooKeeperPort,
            zooKeeperMembers,
            logDirs,
            sessionTimeoutMs,
            overrides,
            traffic == null ? !headless : traffic);
    return headless ? runHeadless(settings) : console.open(settings);
  }

  /** Prints READY and the address once all serve; runs until a signal ends the process. */
  private int runHeadless(LocalClusterSettings settings) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    LocalCluster cluster = LocalCluster.start(settings.withDemoTraffic(false));
    CountDownLatch closed = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              cluster.events().listen(e -> tell(out, e));
              cluster.close();
              closed.countDown();
            },
            "vitrine-shutdown");
    Runtime.getRuntime().addShutdownHook(closing);
    try {
      cluster.awaitServing(START_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (IllegalStateException e) {
      if (cluster.snapshot().bootstrapServers().isEmpty()) {
        Runtime.getRuntime().removeShutdownHook(closing);
        cluster.close();
        throw e;
      }
      // One broker that cannot run does not keep the others from serving.
      spec.commandLine().getErr().println("vitrine: " + e.getMessage());
      spec.commandLine().getErr().flush();
    }
    out.println("READY bootstrap=" + cluster.snapshot().bootstrapServers());
    out.flush();
    if (settings.demoTraffic()) {
      cluster.execute(new ClusterCommand.SwitchTraffic(true));
    }
    closed.await();
    return 0;
  }

  private static void tell(PrintWriter out, StampedEvent stamped) {
    if (stamped.event() instanceof ClusterEvent.BrokerStopped e) {
      out.println("broker " + stamped.brokerId() + " stopped in " + e.stopMs() + " ms");
    } else if (stamped.event() instanceof ClusterEvent.ZooKeeperStopped) {
      out.println("ZooKeeper stopped");
    }
    out.flush();
  }

  /** The version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = VitrineCommand.class.getPackage().getImplementationVersion();
      return new String[] {"Vitrine " + (version == null ? "(built from sources)" : version)};
    }
  }
}
