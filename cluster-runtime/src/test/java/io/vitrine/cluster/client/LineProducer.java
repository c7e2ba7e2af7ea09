package io.vitrine.cluster.client;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends each line of standard input with acks=all, as {@code kcat -P} does, and prints {@code ACKED
 * n} at the end. Arguments: bootstrap servers, topic. Exit code 1 when a line was not acknowledged.
 */
public final class LineProducer {
  private LineProducer() {}

  public static void main(String[] args) throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    try (KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", args[0], "acks", "all", "linger.ms", "5"),
                new StringSerializer(),
                new StringSerializer());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        producer.send(
            new ProducerRecord<>(args[1], line),
            (metadata, error) -> (error == null ? acknowledged : failed).incrementAndGet());
      }
    }
    System.out.println("ACKED " + acknowledged);
    if (failed.get() > 0) {
      System.out.println("FAILED " + failed);
      System.exit(1);
    }
  }
}
