package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.KAFKA;
import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M51: brokers of both brands make one cluster in which nobody speaks without a password, brokers
 * among themselves no more than clients: over TLS, or by SCRAM, with credentials that lie in
 * ZooKeeper before the first broker is there.
 */
class SecuredClusterTest {
  private static final String TOPIC = "sealed";
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final long TOOL_SECONDS = 60;
  private static final Map<String, String> PASSWORDS = Map.of("broker", "b", "alice", "a");

  @Test
  void brokersOfBothBrandsTrustEachOther(@TempDir Path directory) throws Exception {
    KeyStores stores = new KeyStores(directory.resolve("keys"));
    Path key = stores.key("broker", "PKCS12", "CN=broker");
    Path trust = stores.trust("trust", key);
    Map<String, String> own = tls(trust);
    own.put("ssl.keystore.type", "PKCS12");
    own.put("ssl.keystore.location", key.toString());
    own.put("ssl.keystore.password", KeyStores.PASSWORD);
    own.put("listener.name.inside.plain.sasl.jaas.config", Jaas.plainUsers("broker", PASSWORDS));
    try (StoryCluster cluster =
        StoryCluster.mixed(directory.resolve("cluster"), VITRINE, KAFKA, VITRINE)) {
      Map<String, Object> client = new HashMap<>(tls(trust));
      client.put("sasl.jaas.config", Jaas.plain("alice", PASSWORDS.get("alice")));
      theyMakeOneCluster(cluster, "SASL_SSL", "PLAIN", own, client);
    }
  }

  @Test
  void brokersOfBothBrandsKnowEachOtherByScram(@TempDir Path directory) throws Exception {
    String mechanism = "SCRAM-SHA-512";
    Map<String, String> own =
        Map.of(
            "listener.name.inside.scram-sha-512.sasl.jaas.config",
            Jaas.scram("broker", PASSWORDS.get("broker")));
    try (StoryCluster cluster = StoryCluster.mixed(directory, VITRINE, KAFKA, VITRINE)) {
      for (Map.Entry<String, String> user : PASSWORDS.entrySet()) {
        isGivenACredential(cluster, mechanism, user.getKey(), user.getValue());
      }
      Map<String, Object> client = new HashMap<>();
      client.put("sasl.jaas.config", Jaas.scram("alice", PASSWORDS.get("alice")));
      theyMakeOneCluster(cluster, "SASL_PLAINTEXT", mechanism, own, client);

      client.put("sasl.jaas.config", Jaas.scram("alice", "guessed"));
      try (Admin admin = Admin.create(client)) {
        assertThatThrownBy(() -> admin.describeCluster().nodes().get())
            .hasCauseInstanceOf(SaslAuthenticationException.class);
      }
    }
  }

  /** By Kafka's own tool, which asks no broker for it. */
  private static void isGivenACredential(
      StoryCluster cluster, String mechanism, String user, String password) throws Exception {
    try (ChildJvm tool =
        ChildJvm.start(
            System.getProperty("java.class.path"),
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            "kafka.admin.ConfigCommand",
            "never",
            List.of(
                "--zookeeper",
                cluster.zooKeeper(),
                "--alter",
                "--entity-type",
                "users",
                "--entity-name",
                user,
                "--add-config",
                mechanism + "=[iterations=4096,password=" + password + "]"))) {
      assertThat(tool.awaitExit(TOOL_SECONDS)).as(tool.output()).isZero();
    }
  }

  /**
   * @param own more settings of each broker
   * @param client settings of a client; where brokers are and how they are spoken to is added
   */
  private static void theyMakeOneCluster(
      StoryCluster cluster,
      String protocol,
      String mechanism,
      Map<String, String> own,
      Map<String, Object> client)
      throws Exception {
    List<String> addresses = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      String address = "127.0.0.1:" + FreePorts.next();
      addresses.add(address);
      Map<String, String> settings = broker("INSIDE://" + address, protocol, mechanism);
      settings.putAll(own);
      cluster.start(id, settings);
    }
    client.put("bootstrap.servers", String.join(",", addresses));
    client.put("security.protocol", protocol);
    client.put("sasl.mechanism", mechanism);
    try (Admin admin = Admin.create(client)) {
      await()
          .atMost(AT_MOST)
          .untilAsserted(() -> assertThat(admin.describeCluster().nodes().get()).hasSize(3));
      admin
          .createTopics(
              List.of(new NewTopic(TOPIC, Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1)))))
          .all()
          .get();
      RoundTrip.through(client, TOPIC);
      await()
          .atMost(AT_MOST)
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

  private static Map<String, String> broker(String listener, String protocol, String mechanism) {
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", listener);
    settings.put("advertised.listeners", listener);
    settings.put("listener.security.protocol.map", "INSIDE:" + protocol);
    settings.put("inter.broker.listener.name", "INSIDE");
    settings.put("sasl.enabled.mechanisms", mechanism);
    settings.put("sasl.mechanism.inter.broker.protocol", mechanism);
    return settings;
  }

  private static Map<String, String> tls(Path trust) {
    Map<String, String> settings = new HashMap<>();
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", KeyStores.PASSWORD);
    return settings;
  }
}
