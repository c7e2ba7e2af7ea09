package io.vitrine.cluster.story;

import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.OracleBrokerMain;
import io.vitrine.cluster.oracle.VitrineMain;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.RealFiles;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** One running broker of a {@link StoryCluster}, of either brand. */
interface StoryBroker {
  /** Whose broker it is. */
  enum Brand {
    /** Ours, in this JVM. */
    VITRINE,
    /** Ours, a process of its own: {@code vitrine broker}. */
    VITRINE_PROCESS,
    /** Apache Kafka 3.9.2, a process of its own. */
    KAFKA;

    /**
     * Starts a broker and returns once it serves.
     *
     * @param file where a process may read its settings from
     * @param jvmFlags of a process
     */
    StoryBroker start(Map<String, String> settings, Path file, List<String> jvmFlags)
        throws Exception {
      return switch (this) {
        case VITRINE -> InThisJvm.start(settings, new RealFiles());
        case VITRINE_PROCESS ->
            OwnProcess.start(
                settings,
                file,
                jvmFlags,
                VitrineMain.class.getName(),
                VitrineMain.READY,
                List.of("broker", file.toString()));
        case KAFKA ->
            OwnProcess.start(
                settings,
                file,
                jvmFlags,
                OracleBrokerMain.class.getName(),
                OracleBrokerMain.READY,
                List.of(file.toString()));
      };
    }
  }

  /** SIGTERM: controlled shutdown; returns once it is gone. */
  void stop() throws Exception;

  /** SIGKILL; returns once it is gone, its session still runs out. */
  void crash() throws Exception;

  /**
   * SIGSTOP or SIGCONT.
   *
   * @throws UnsupportedOperationException for one that is no process of its own
   */
  void freeze(boolean frozen) throws Exception;

  /** Ends it whatever state it is in. */
  void close();

  /** A broker of ours; its crash closes sockets and files without a word to anybody. */
  record InThisJvm(Broker broker) implements StoryBroker {
    /** One that cannot go on is killed, as its process would end. */
    static StoryBroker start(Map<String, String> settings, FileAccess files) throws Exception {
      CompletableFuture<String> fatal = new CompletableFuture<>();
      Broker broker =
          new Broker(
              BrokerConfig.parse(settings),
              EventSink.none(),
              BrokerClocks.system(),
              files,
              fatal::complete);
      fatal.thenRunAsync(broker::kill);
      broker.start();
      return new InThisJvm(broker);
    }

    @Override
    public void stop() {
      broker.shutdown();
    }

    @Override
    public void crash() {
      broker.kill();
    }

    @Override
    public void freeze(boolean frozen) {
      throw new UnsupportedOperationException("this JVM cannot freeze a part of itself");
    }

    @Override
    public void close() {
      broker.kill();
    }
  }

  /** A broker that is a process. */
  record OwnProcess(ChildJvm process) implements StoryBroker {
    private static final long START_SECONDS = 120;

    static StoryBroker start(
        Map<String, String> settings,
        Path file,
        List<String> jvmFlags,
        String mainClass,
        String ready,
        List<String> arguments)
        throws Exception {
      Properties properties = new Properties();
      properties.putAll(settings);
      try (Writer writer = Files.newBufferedWriter(file)) {
        properties.store(writer, null);
      }
      List<String> flags =
          new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      // A killed one leaves the native libraries it has unpacked.
      flags.add("-Djava.io.tmpdir=" + file.toAbsolutePath().getParent());
      flags.addAll(jvmFlags);
      ChildJvm process =
          ChildJvm.start(System.getProperty("java.class.path"), flags, mainClass, ready, arguments);
      try {
        process.awaitReady(START_SECONDS);
        return new OwnProcess(process);
      } catch (Throwable e) {
        process.close();
        throw e;
      }
    }

    @Override
    public void stop() throws Exception {
      process.terminate(START_SECONDS);
    }

    @Override
    public void crash() throws Exception {
      process.kill();
    }

    @Override
    public void freeze(boolean frozen) throws Exception {
      process.freeze(frozen);
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
