package io.vitrine.cluster.oracle;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaServer;
import org.apache.kafka.common.utils.Time;
import scala.Option;

/**
 * Runs Apache Kafka brokers of one JVM, one for each {@code server.properties} named, and prints
 * {@code READY} when all serve. SIGTERM stops them as {@code kafka-server-stop.sh} does.
 */
public final class OracleBrokerMain {
  /** Printed on a line of its own once every broker serves. */
  public static final String READY = "READY";

  private OracleBrokerMain() {}

  public static void main(String[] args) throws Exception {
    List<KafkaServer> servers = new ArrayList<>();
    for (String file : args) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(Path.of(file))) {
        properties.load(reader);
      }
      servers.add(
          new KafkaServer(KafkaConfig.fromProps(properties), Time.SYSTEM, Option.empty(), false));
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> servers.forEach(KafkaServer::shutdown), "stop"));
    List<CompletableFuture<Void>> starting = new ArrayList<>();
    for (KafkaServer server : servers) {
      starting.add(
          CompletableFuture.runAsync(
              server::startup,
              task -> new Thread(task, "start-" + server.config().brokerId()).start()));
    }
    try {
      starting.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      // Without the word that it serves; whoever waits for it reads why.
      e.printStackTrace(System.out);
      Runtime.getRuntime().halt(1);
    }
    System.out.println(READY);
  }
}
