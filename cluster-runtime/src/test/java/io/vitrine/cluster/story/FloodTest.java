package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A flood from one client, of records, connections or bytes nobody asked for, is held back itself;
 * another client beside it is served and not held back at all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FloodTest {
  private static final String TOPIC = "calm";

  /** Floods come from here, in the second test; everybody else from 127.0.0.1. */
  private static final String FLOODING_ADDRESS = "127.0.0.2";

  private static final int ALLOWED_CONNECTIONS = 20;
  private static final int RECORD_BYTES = 100_000;

  private StoryCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    cluster =
        StoryCluster.of(
            Brand.VITRINE,
            directory,
            1,
            Map.of(
                "max.connections.per.ip.overrides", FLOODING_ADDRESS + ":" + ALLOWED_CONNECTIONS));
    cluster.start(1);
    try (Admin admin = Admin.create(client("admin"))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "flood")),
                      List.of(
                          new ClientQuotaAlteration.Op(
                              "producer_byte_rate", (double) RECORD_BYTES)))))
          .all()
          .get();
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void whoSendsTooMuchWaitsAlone() throws Exception {
    try (KafkaProducer<byte[], byte[]> flood = producer("flood")) {
      await("the limit is in force")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                flood.send(new ProducerRecord<>(TOPIC, new byte[RECORD_BYTES]));
                return throttled(flood) > 0;
              });
      assertThat(heldBackWhileServed("calm")).isZero();
      flood.close(Duration.ZERO);
    }
  }

  @Test
  void whoOpensTooManyConnectionsGetsNoMore() throws Exception {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < 10 * ALLOWED_CONNECTIONS; i++) {
        flood.add(connect());
      }
      await("the others are let go of")
          .atMost(Duration.ofSeconds(60))
          .until(() -> flood.stream().filter(FloodTest::isOpen).count() <= ALLOWED_CONNECTIONS);
      assertThat(heldBackWhileServed("beside connections")).isZero();
    } finally {
      for (Socket each : flood) {
        each.close();
      }
    }
  }

  /** Frames of many megabytes that never end, which hold what has come of them and no more. */
  @Test
  void whoNeverComesToTheEndKeepsNobodyWaiting() throws Exception {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < ALLOWED_CONNECTIONS; i++) {
        Socket socket = new Socket();
        flood.add(socket);
        socket.connect(address());
        ByteBuffer beginning = ByteBuffer.allocate(RECORD_BYTES);
        beginning.putInt(90 << 20);
        socket.getOutputStream().write(beginning.array());
      }
      assertThat(heldBackWhileServed("beside frames")).isZero();
    } finally {
      for (Socket each : flood) {
        each.close();
      }
    }
  }

  /** A client that keeps to its limits sends, and is told for how long it was held back. */
  private double heldBackWhileServed(String clientId) throws Exception {
    try (KafkaProducer<byte[], byte[]> calm = producer(clientId)) {
      for (int i = 0; i < 50; i++) {
        calm.send(new ProducerRecord<>(TOPIC, new byte[10])).get(60, TimeUnit.SECONDS);
      }
      return throttled(calm);
    }
  }

  private static double throttled(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(each -> each.getKey().name().equals("produce-throttle-time-max"))
        .mapToDouble(each -> (double) each.getValue().metricValue())
        .filter(value -> !Double.isNaN(value))
        .sum();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(FLOODING_ADDRESS), 0));
    socket.connect(address());
    socket.setSoTimeout(1);
    return socket;
  }

  private InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", cluster.port(1));
  }

  /** The broker says nothing unasked: there is nothing to read but the end. */
  private static boolean isOpen(Socket socket) {
    try {
      return !socket.isClosed() && socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException open) {
      return true;
    } catch (SocketException reset) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KafkaProducer<byte[], byte[]> producer(String clientId) {
    return new KafkaProducer<>(
        client(clientId), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> client(String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", cluster.bootstrap());
    settings.put("client.id", clientId);
    settings.put("delivery.timeout.ms", 300_000);
    return settings;
  }
}
