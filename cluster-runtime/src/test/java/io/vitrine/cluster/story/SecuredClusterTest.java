package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M51: brokers of both brands make one cluster in which nobody speaks without TLS and a password,
 * brokers among themselves no more than clients.
 */
class SecuredClusterTest {
  private static final String TOPIC = "sealed";
  private static final Map<String, String> PASSWORDS = Map.of("broker", "b", "alice", "a");

  @Test
  void brokersOfBothBrandsTrustEachOther(@TempDir Path directory) throws Exception {
    KeyStores stores = new KeyStores(directory.resolve("keys"));
    Path key = stores.key("broker", "PKCS12", "CN=broker");
    Path trust = stores.trust("trust", key);
    Map<Integer, Integer> ports = new TreeMap<>();
    try (StoryCluster cluster =
        StoryCluster.mixed(directory.resolve("cluster"), VITRINE, KAFKA, VITRINE)) {
      for (int id = 1; id <= 3; id++) {
        ports.put(id, FreePorts.next());
        cluster.start(id, broker(ports.get(id), key, trust));
      }
      Map<String, Object> client = client(ports, trust);
      try (Admin admin = Admin.create(client)) {
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(admin.describeCluster().nodes().get()).hasSize(3));
        admin
            .createTopics(
                List.of(new NewTopic(TOPIC, Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1)))))
            .all()
            .get();
        RoundTrip.through(client, TOPIC);
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () ->
                    assertThat(
                            admin
                                .describeTopics(List.of(TOPIC))
                                .allTopicNames()
                                .get()
                                .get(TOPIC)
                                .partitions())
                        .allSatisfy(partition -> assertThat(partition.isr()).hasSize(3)));
      }
    }
  }

  private static Map<String, String> broker(int port, Path key, Path trust) {
    Map<String, String> settings = new HashMap<>();
    String listener = "INSIDE://127.0.0.1:" + port;
    settings.put("listeners", listener);
    settings.put("advertised.listeners", listener);
    settings.put("listener.security.protocol.map", "INSIDE:SASL_SSL");
    settings.put("inter.broker.listener.name", "INSIDE");
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.inside.plain.sasl.jaas.config", Jaas.plainUsers("broker", PASSWORDS));
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", key.toString());
    settings.put("ssl.keystore.password", KeyStores.PASSWORD);
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", KeyStores.PASSWORD);
    return settings;
  }

  private static Map<String, Object> client(Map<Integer, Integer> ports, Path trust) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        "bootstrap.servers", ports.values().stream().map(port -> "127.0.0.1:" + port).toList());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", Jaas.plain("alice", PASSWORDS.get("alice")));
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", KeyStores.PASSWORD);
    return settings;
  }
}
