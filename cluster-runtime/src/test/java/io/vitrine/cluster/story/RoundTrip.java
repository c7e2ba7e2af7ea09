package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records sent and read back by Kafka's own clients with given settings. */
final class RoundTrip {
  private static final int RECORDS = 20;

  /** So large that an answer takes several pieces. */
  private static final int RECORD_BYTES = 40_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private RoundTrip() {}

  /** Sends records with all acks to partition 0 of a topic and reads exactly these. */
  static void through(Map<String, Object> settings, String topic) throws Exception {
    long first = send(settings, topic);
    TopicPartition partition = new TopicPartition(topic, 0);
    List<byte[]> read = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            new HashMap<>(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, first);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (read.size() < RECORDS && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add(record.value()));
      }
    }
    assertThat(read).hasSize(RECORDS).allSatisfy(RoundTrip::isWhole);
  }

  private static long send(Map<String, Object> settings, String topic)
      throws InterruptedException, ExecutionException {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("acks", "all");
    all.put("linger.ms", 50);
    all.put("batch.size", 500_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
      var sent = producer.send(new ProducerRecord<>(topic, 0, null, value(0)));
      for (int i = 1; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(topic, 0, null, value(i)));
      }
      producer.flush();
      return sent.get().offset();
    }
  }

  private static byte[] value(int number) {
    byte[] bytes = new byte[RECORD_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + number);
    }
    return bytes;
  }

  private static void isWhole(byte[] value) {
    assertThat(value).isEqualTo(value(value[0]));
  }
}
