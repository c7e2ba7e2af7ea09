package io.vitrine.cluster.workload;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The demo's clients: of bytes, and soon back when a broker was away. */
final class DemoClients {
  /** Kafka's default is a second. */
  private static final int RECONNECT_BACKOFF_MAX_MS = 200;

  private DemoClients() {}

  /**
   * A producer.
   *
   * @param settings besides those all have
   */
  static KafkaProducer<byte[], byte[]> producer(
      String bootstrap, String clientId, Map<String, Object> settings) {
    Map<String, Object> all = common(bootstrap, clientId);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.putAll(settings);
    return new KafkaProducer<>(all);
  }

  /**
   * A consumer that commits only what it is told to, and begins with the oldest.
   *
   * @param settings besides those all have
   */
  static KafkaConsumer<byte[], byte[]> consumer(
      String bootstrap, String clientId, Map<String, Object> settings) {
    Map<String, Object> all = common(bootstrap, clientId);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.putAll(settings);
    return new KafkaConsumer<>(all);
  }

  private static Map<String, Object> common(String bootstrap, String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MS);
    return settings;
  }
}
