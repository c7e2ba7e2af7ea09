package io.vitrine.cluster.cli;

import io.vitrine.cluster.StandaloneBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs one broker as this process against any ZooKeeper, as Kafka's {@code kafka-server-start}
 * does: beside brokers of Vitrine or of Apache Kafka, on this machine or others.
 *
 * <p>Prints a line that begins with {@code READY} once it serves. SIGTERM is a controlled shutdown
 * from then on, and the end of the start before; the process ends with 143 as every Java program
 * does, Kafka's included. Exit code 1 when the broker could not start or go on, 2 for a wrong
 * command line.
 */
@Command(
    name = "broker",
    description = "Run one broker as a process of its own, with Kafka's server.properties.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class BrokerCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "Settings by Kafka's names: a server.properties.")
  private Path file;

  @Option(
      names = "--override",
      paramLabel = "KEY=VALUE",
      description = "A setting that counts instead of the file's; may be repeated.")
  private Map<String, String> overrides = new HashMap<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    StandaloneBroker broker = StandaloneBroker.of(settings());
    PrintWriter out = spec.commandLine().getOut();
    Thread closing =
        new Thread(
            () -> {
              broker.shutdown();
              out.println("broker " + broker.id() + " stopped");
              out.flush();
            },
            "vitrine-shutdown");
    Runtime.getRuntime().addShutdownHook(closing);
    start(broker, closing);
    out.println("READY broker=" + broker.id() + " listener=" + broker.listener());
    out.flush();
    Optional<String> failure = broker.awaitEnd();
    if (failure.isPresent()) {
      throw new IOException("broker " + broker.id() + " cannot go on: " + failure.get());
    }
    return 0;
  }

  /** A broker that could not start has nothing to shut down. */
  private static void start(StandaloneBroker broker, Thread closing) throws IOException {
    try {
      broker.start();
    } catch (IOException e) {
      try {
        Runtime.getRuntime().removeShutdownHook(closing);
      } catch (IllegalStateException shuttingDown) {
        e.addSuppressed(shuttingDown);
      }
      throw e;
    }
  }

  private Map<String, String> settings() throws IOException {
    Properties read = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      read.load(in);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file + ": name a server.properties", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no properties file: " + e.getMessage(), e);
    }
    Map<String, String> settings = new HashMap<>();
    read.stringPropertyNames().forEach(name -> settings.put(name, read.getProperty(name)));
    settings.putAll(overrides);
    return settings;
  }
}
