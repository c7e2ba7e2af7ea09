package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M41: a whole broker, with every handler behind the wire, goes on serving through 1,000 malformed
 * and 10,000 random frames, and keeps none of their memory.
 */
class FrameStormTest {
  private static final int MALFORMED = 1_000;
  private static final int RANDOM = 10_000;
  private static final long ALLOWED_GROWTH_BYTES = 64L << 20;
  private static final int TIMEOUT_MS = 2_000;

  @Test
  void aBrokerServesOnThroughNonsense(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory)) {
      cluster.start(1);
      createTopic(cluster);
      produce(cluster);
      long before = usedHeap();
      Random random = new Random(7);
      for (int i = 0; i < MALFORMED; i++) {
        send(cluster, malformed(random));
      }
      for (int i = 0; i < RANDOM; i++) {
        send(cluster, random(random));
      }
      produce(cluster);
      assertThat(usedHeap() - before).isLessThan(ALLOWED_GROWTH_BYTES);
    }
  }

  /** A true header of some API the broker has, and a body that is cut, stretched or noise. */
  private static byte[] malformed(Random random) {
    ApiKeys[] all = ApiKeys.values();
    ApiKeys api = all[random.nextInt(all.length)];
    short version = (short) random.nextInt(api.latestVersion() + 2);
    byte[] body = new byte[random.nextInt(200)];
    random.nextBytes(body);
    int announced = random.nextInt(5) == 0 ? random.nextInt() : 8 + 3 + body.length;
    ByteBuffer frame = ByteBuffer.allocate(4 + 11 + body.length);
    frame.putInt(announced).putShort(api.id).putShort(version).putInt(random.nextInt());
    frame.putShort((short) 1).put((byte) 'x').put(body);
    return frame.array();
  }

  private static byte[] random(Random random) {
    byte[] noise = new byte[4 + random.nextInt(300)];
    random.nextBytes(noise);
    if (random.nextBoolean()) {
      // A length that fits, so that the noise reaches the parser.
      ByteBuffer.wrap(noise).putInt(0, noise.length - 4);
    }
    return noise;
  }

  private static void send(StoryCluster cluster, byte[] bytes) throws IOException {
    String[] address = cluster.bootstrap().split(":");
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      socket.shutdownOutput();
      while (socket.getInputStream().read() >= 0) {
        // Whatever the broker answers, until it closes.
        continue;
      }
    } catch (SocketException reset) {
      assertThat(reset).as("dropped, which is an answer too").isNotNull();
    }
  }

  private static void createTopic(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("calm", 1, (short) 1))).all().get();
    }
  }

  private static void produce(StoryCluster cluster) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrap(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("calm", "still here")).get(30, TimeUnit.SECONDS);
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
