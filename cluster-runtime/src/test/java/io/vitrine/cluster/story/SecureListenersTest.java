package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * M51: one broker with a listener for every protocol serves Kafka's own clients on each of them,
 * and nobody who cannot say who they are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureListenersTest {
  private static final String TOPIC = "letters";
  private static final String ALICES = "alice-secret";

  private StoryCluster cluster;
  private KeyStores stores;
  private Path brokerKey;
  private Path jksKey;
  private Path trust;
  private Path jksTrust;
  private final Map<String, Integer> ports = new HashMap<>();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    stores = new KeyStores(directory.resolve("keys"));
    brokerKey = stores.key("broker", "PKCS12", "CN=broker");
    jksKey = stores.key("broker", "JKS", "CN=broker");
    Path carol = stores.key("carol", "JKS", "CN=carol");
    Path alice = stores.key("alice", "PKCS12", "CN=alice,O=Vitrine");
    Path authority = stores.key("authority", "PKCS12", "CN=authority");
    stores.signed("guest", authority, "-10d", 30);
    stores.signed("late", authority, "-10d", 5);
    trust = stores.trust("trust", brokerKey, jksKey, alice, authority);
    jksTrust = stores.trustInJks("trust", jksKey, alice, carol, authority);
    for (String name : List.of("PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT")) {
      ports.put(name, FreePorts.next());
    }
    cluster = StoryCluster.of(VITRINE, directory.resolve("cluster"));
    cluster.start(1, settings());
    try (Admin admin = Admin.create(client("PLAINTEXT"))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      admin
          .alterUserScramCredentials(
              List.of(
                  upsertion(ScramMechanism.SCRAM_SHA_256), upsertion(ScramMechanism.SCRAM_SHA_512)))
          .all()
          .get();
    }
  }

  private static UserScramCredentialUpsertion upsertion(ScramMechanism mechanism) {
    return new UserScramCredentialUpsertion(
        "alice", new ScramCredentialInfo(mechanism, 4096), ALICES);
  }

  private Map<String, String> settings() {
    StringBuilder listeners = new StringBuilder();
    ports.forEach(
        (name, port) ->
            listeners.append(listeners.isEmpty() ? "" : ",").append(name + "://127.0.0.1:" + port));
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", listeners.toString());
    settings.put("advertised.listeners", listeners.toString());
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", brokerKey.toString());
    settings.put("ssl.keystore.password", KeyStores.PASSWORD);
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", KeyStores.PASSWORD);
    String ssl = "listener.name.ssl.";
    settings.put(ssl + "ssl.keystore.type", "JKS");
    settings.put(ssl + "ssl.keystore.location", jksKey.toString());
    settings.put(ssl + "ssl.truststore.type", "JKS");
    settings.put(ssl + "ssl.truststore.location", jksTrust.toString());
    settings.put(ssl + "ssl.client.auth", "required");
    settings.put(ssl + "ssl.principal.mapping.rules", "RULE:^CN=([^,]*),.*$/$1/,DEFAULT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
    settings.put("connection.failed.authentication.delay.ms", "10");
    for (String listener : List.of("sasl_ssl", "sasl_plaintext")) {
      String prefix = "listener.name." + listener + ".";
      settings.put(
          prefix + "plain.sasl.jaas.config",
          Jaas.plainUsers("broker", Map.of("broker", "b", "alice", ALICES)));
      settings.put(prefix + "scram-sha-256.sasl.jaas.config", Jaas.scram("broker", "b"));
      settings.put(prefix + "scram-sha-512.sasl.jaas.config", Jaas.scram("broker", "b"));
      settings.put(prefix + "oauthbearer.sasl.jaas.config", Jaas.token("broker", 3600));
    }
    settings.put("listener.name.sasl_plaintext.plain.connections.max.reauth.ms", "1500");
    return settings;
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private Map<String, Object> client(String protocol) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + ports.get(protocol));
    settings.put("security.protocol", protocol);
    settings.put("request.timeout.ms", 5_000);
    settings.put("default.api.timeout.ms", 10_000);
    if (protocol.endsWith("SSL")) {
      settings.put("ssl.truststore.type", "PKCS12");
      settings.put("ssl.truststore.location", trust.toString());
      settings.put("ssl.truststore.password", KeyStores.PASSWORD);
    }
    return settings;
  }

  private Map<String, Object> sasl(String protocol, String mechanism, String password) {
    Map<String, Object> settings = client(protocol);
    settings.put("sasl.mechanism", mechanism);
    settings.put(
        "sasl.jaas.config",
        switch (mechanism) {
          case "PLAIN" -> Jaas.plain("alice", password);
          case "OAUTHBEARER" -> Jaas.token("alice", 3600);
          default -> Jaas.scram("alice", password);
        });
    return settings;
  }

  private Map<String, Object> certified(String name) {
    Map<String, Object> settings = client("SSL");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", trust.resolveSibling(name + ".pkcs12").toString());
    settings.put("ssl.keystore.password", KeyStores.PASSWORD);
    return settings;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"})
  void everyMechanismLetsItsUsersIn(String mechanism) throws Exception {
    RoundTrip.through(sasl("SASL_SSL", mechanism, ALICES), TOPIC);
    RoundTrip.through(sasl("SASL_PLAINTEXT", mechanism, ALICES), TOPIC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
  void whoHasAnotherPasswordStaysOut(String mechanism) {
    assertThatThrownBy(() -> nodes(sasl("SASL_SSL", mechanism, "guessed")))
        .hasCauseInstanceOf(SaslAuthenticationException.class)
        .hasMessageContaining("Authentication failed");
  }

  @Test
  void aCertificateSaysWhoComes() throws Exception {
    RoundTrip.through(certified("alice"), TOPIC);
    RoundTrip.through(pem("alice"), TOPIC);
    RoundTrip.through(jks("carol"), TOPIC);
  }

  private Map<String, Object> jks(String name) {
    Map<String, Object> settings = client("SSL");
    settings.put("ssl.keystore.type", "JKS");
    settings.put("ssl.keystore.location", trust.resolveSibling(name + ".jks").toString());
    settings.put("ssl.keystore.password", KeyStores.PASSWORD);
    settings.put("ssl.truststore.type", "JKS");
    settings.put("ssl.truststore.location", jksTrust.toString());
    return settings;
  }

  private Map<String, Object> pem(String name) throws Exception {
    Map<String, Object> settings = client("SSL");
    settings.put("ssl.keystore.type", "PEM");
    settings.put(
        "ssl.keystore.location", stores.pem(trust.resolveSibling(name + ".pkcs12")).toString());
    settings.put("ssl.truststore.type", "PEM");
    settings.remove("ssl.truststore.location");
    settings.remove("ssl.truststore.password");
    settings.put("ssl.truststore.certificates", KeyStores.certificates(jksKey));
    return settings;
  }

  @Test
  void withoutACertificateOrWithOneThatIsOverNobodyComesIn() throws Exception {
    assertThat(nodes(certified("guest"))).isEqualTo(1);
    assertThatThrownBy(() -> nodes(client("SSL")))
        .hasCauseInstanceOf(SslAuthenticationException.class);
    assertThatThrownBy(() -> nodes(certified("late")))
        .hasCauseInstanceOf(SslAuthenticationException.class);
  }

  @Test
  void whoseSessionIsOverSaysAgainWhoTheyAre() throws Exception {
    Map<String, Object> settings = sasl("SASL_PLAINTEXT", "PLAIN", ALICES);
    try (Admin admin = Admin.create(settings)) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
      while (System.nanoTime() < end) {
        assertThat(admin.describeCluster().nodes().get()).hasSize(1);
      }
      assertThat(
              admin.metrics().entrySet().stream()
                  .filter(each -> each.getKey().name().equals("successful-reauthentication-total"))
                  .mapToDouble(each -> (double) each.getValue().metricValue())
                  .sum())
          .isGreaterThan(0);
    }
  }

  @Test
  void aUserWhoseCredentialIsTakenAwayStaysOut() throws Exception {
    try (Admin admin = Admin.create(client("PLAINTEXT"))) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "b")))
          .all()
          .get();
      Map<String, Object> bob = sasl("SASL_PLAINTEXT", "SCRAM-SHA-256", "");
      bob.put("sasl.jaas.config", Jaas.scram("bob", "b"));
      await().untilAsserted(() -> assertThat(nodes(bob)).isEqualTo(1));
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialDeletion("bob", ScramMechanism.SCRAM_SHA_256)))
          .all()
          .get();
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> nodes(bob))
                      .hasCauseInstanceOf(SaslAuthenticationException.class));
    }
  }

  @Test
  void anotherKeyIsShownOnceTheStoreIsChanged() throws Exception {
    Path next = stores.key("next", "PKCS12", "CN=broker");
    Path both = stores.trust("both", brokerKey, next);
    Path place = next.resolveSibling("sasl.p12");
    Files.copy(next, place, StandardCopyOption.REPLACE_EXISTING);
    Map<String, Object> old = sasl("SASL_SSL", "PLAIN", ALICES);
    try (Admin admin = Admin.create(client("PLAINTEXT"))) {
      set(admin, "listener.name.sasl_ssl.ssl.keystore.location", place.toString());
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> nodes(old))
                      .hasCauseInstanceOf(SslAuthenticationException.class));
      Map<String, Object> knowing = new HashMap<>(old);
      knowing.put("ssl.truststore.location", both.toString());
      RoundTrip.through(knowing, TOPIC);
      // The same file, changed: it is read again when somebody says so.
      Files.copy(brokerKey, place, StandardCopyOption.REPLACE_EXISTING);
      set(admin, "listener.name.sasl_ssl.ssl.keystore.location", place.toString());
      await().untilAsserted(() -> assertThat(nodes(old)).isEqualTo(1));
    }
  }

  private static void set(Admin admin, String name, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.BROKER, "1"),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private static int nodes(Map<String, Object> settings) throws Exception {
    try (Admin admin = Admin.create(settings)) {
      return admin.describeCluster().nodes().get().size();
    }
  }
}
