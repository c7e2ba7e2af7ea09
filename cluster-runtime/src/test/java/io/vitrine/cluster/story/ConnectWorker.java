package io.vitrine.cluster.story;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.FreePorts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A distributed worker of Kafka Connect, a process, with the file connectors. */
final class ConnectWorker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String CONNECTOR = "org.apache.kafka.connect.file.FileStream";

  private final ChildJvm jvm;
  private final String connectors;

  private ConnectWorker(ChildJvm jvm, int port) {
    this.jvm = jvm;
    this.connectors = "http://127.0.0.1:" + port + "/connectors/";
  }

  /**
   * Starts a worker; it may not answer yet.
   *
   * @param jars directory with {@code connect-runtime-*} and {@code connect-file-*} full of jars
   * @param directory for its files
   */
  static ConnectWorker start(String bootstrap, Path jars, Path directory) throws IOException {
    int port = FreePorts.next();
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", "connect");
    settings.put("listeners", "http://127.0.0.1:" + port);
    settings.put("exactly.once.source.support", "enabled");
    settings.put("offset.flush.interval.ms", "1000");
    for (String topic : List.of("config", "offset", "status")) {
      settings.put(topic + ".storage.topic", "connect-" + topic);
      settings.put(topic + ".storage.replication.factor", "3");
    }
    for (String part : List.of("key", "value")) {
      settings.put(part + ".converter", "org.apache.kafka.connect.storage.StringConverter");
    }
    Path file = directory.resolve("worker.properties");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return new ConnectWorker(
        ChildJvm.start(
            jars.resolve("connect-runtime-3.9.2")
                + "/*:"
                + jars.resolve("connect-file-3.9.1")
                + "/*",
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + directory),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            "READY",
            List.of(file.toString())),
        port);
  }

  /** Lets it copy the lines of a file into a topic, as soon as the worker takes that. */
  void source(Path file, String topic) throws Exception {
    configure("source", "Source", file, "topic", topic);
  }

  /** Lets it copy a topic into a file, as soon as the worker takes that. */
  void sink(String topic, Path file) throws Exception {
    configure("sink", "Sink", file, "topics", topic);
  }

  private void configure(String name, String kind, Path file, String topicKey, String topic)
      throws Exception {
    String settings =
        "{\"connector.class\":\"%s%sConnector\",\"file\":\"%s\",\"%s\":\"%s\"}"
            .formatted(CONNECTOR, kind, file, topicKey, topic);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(connectors + name + "/config"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .PUT(HttpRequest.BodyPublishers.ofString(settings))
            .build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      try {
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 201 || answer.statusCode() == 200) {
          return;
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException notYet) {
        last = notYet.toString();
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    throw new AssertionError("no connector: " + last + "\n" + output());
  }

  /** The last lines it printed. */
  String output() {
    return jvm.output();
  }

  @Override
  public void close() {
    jvm.close();
  }
}
