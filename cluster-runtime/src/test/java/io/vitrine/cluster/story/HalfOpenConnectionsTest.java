package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of connections that begin and do not go on, against a broker process of 256 MB: some
 * say nothing, some a part of a size, some announce 100 MB and send a few bytes. Others go on.
 */
class HalfOpenConnectionsTest {
  private static final int WANTED = 10_000;

  /** Files that this process and the broker need for themselves. */
  private static final int SPARE_FILES = 2_000;

  private static final byte[][] BEGINNINGS = {
    {}, {0, 0}, {6, 64, 0, 0, 0, 0, 0, 9, 0, 0}, {0, 0, 0, 100, 0, 3}
  };

  @Test
  void theyDoNotStopTheOthers(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE_PROCESS, directory)) {
      // So that they come at once: one that finds the backlog full tries again after a second.
      cluster.start(1, Map.of("socket.listen.backlog.size", "1000"));
      String bootstrap = cluster.bootstrap().split(",")[0];
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
        admin.createTopics(List.of(new NewTopic("open", 1, (short) 1))).all().get();
      }
      List<SocketChannel> halfOpen = new ArrayList<>();
      try {
        open(halfOpen, count(), bootstrap);
        long began = System.nanoTime();
        produce(bootstrap);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      } finally {
        for (SocketChannel channel : halfOpen) {
          channel.close();
        }
      }
      produce(bootstrap);
    }
  }

  /** As many as wanted, or as the system lets a process have. */
  private static int count() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(WANTED, unix.getMaxFileDescriptorCount() - SPARE_FILES)
        : WANTED / 10;
  }

  private static void open(List<SocketChannel> opened, int count, String bootstrap)
      throws Exception {
    int colon = bootstrap.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      opened.add(channel);
      channel.write(ByteBuffer.wrap(BEGINNINGS[i % BEGINNINGS.length]));
    }
  }

  private static void produce(String bootstrap) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < 100; i++) {
        producer.send(new ProducerRecord<>("open", "line " + i)).get(20, TimeUnit.SECONDS);
      }
    }
  }
}
