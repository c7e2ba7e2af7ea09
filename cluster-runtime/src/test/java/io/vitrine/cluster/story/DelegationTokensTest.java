package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * M51: delegation tokens are given, renewed, told, taken away and logged in with as at Apache
 * Kafka, and leave the same nodes in ZooKeeper.
 */
class DelegationTokensTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void everyAnswerIsApacheKafkas(@TempDir Path directory) throws Exception {
    BothBrands.tellAlike(directory, DelegationTokensTest::tell);
  }

  /** A token of one brand is good at the other, until the controller, whoever that is, ends it. */
  @ParameterizedTest
  @CsvSource({"VITRINE, KAFKA", "KAFKA, VITRINE"})
  void aTokenOfOneBrandIsGoodAtTheOther(Brand controller, Brand other, @TempDir Path directory)
      throws Exception {
    int[] ports = {FreePorts.next(), FreePorts.next()};
    try (StoryCluster cluster = StoryCluster.mixed(directory, controller, other, other)) {
      cluster.start(1, givesTokens(ports[0]));
      cluster.start(2, givesTokens(ports[1]));
      for (int i = 0; i < 2; i++) {
        try (Admin giving = Admin.create(as(ports[i], "PLAIN", Jaas.plain("alice", "a")))) {
          DelegationToken token = giving.createDelegationToken().delegationToken().get();
          Map<String, Object> borne =
              as(
                  ports[1 - i],
                  "SCRAM-SHA-256",
                  Jaas.delegated(token.tokenInfo().tokenId(), token.hmacAsBase64String()));
          await().atMost(PATIENCE).until(() -> letsIn(borne));
          ExpireDelegationTokenOptions soon =
              new ExpireDelegationTokenOptions().expiryTimePeriodMs(1);
          giving.expireDelegationToken(token.hmac(), soon).expiryTimestamp().get();
          await().atMost(PATIENCE).until(() -> !letsIn(borne));
          await()
              .atMost(PATIENCE)
              .until(() -> giving.describeDelegationToken().delegationTokens().get().isEmpty());
        }
      }
    }
  }

  private static boolean letsIn(Map<String, Object> settings) throws Exception {
    try (Admin admin = Admin.create(settings)) {
      return !admin.describeCluster().nodes().get().isEmpty();
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SaslAuthenticationException.class);
      return false;
    }
  }

  private static Map<String, String> givesTokens(int port) {
    String prefix = "listener.name.sasl_plaintext.";
    String listener = "SASL_PLAINTEXT://127.0.0.1:" + port;
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", listener);
    settings.put("advertised.listeners", listener);
    settings.put("security.inter.broker.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
    settings.put(
        prefix + "plain.sasl.jaas.config",
        Jaas.plainUsers("broker", Map.of("broker", "b", "alice", "a")));
    settings.put(prefix + "scram-sha-256.sasl.jaas.config", Jaas.scram("broker", "b"));
    settings.put("connection.failed.authentication.delay.ms", "10");
    settings.put("delegation.token.secret.key", "common to all brokers");
    settings.put("delegation.token.expiry.check.interval.ms", "100");
    return settings;
  }

  private static Map<String, Object> as(int port, String mechanism, String jaas) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + port);
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", mechanism);
    settings.put("sasl.jaas.config", jaas);
    return settings;
  }

  private static Map<String, String> tell(Brand brand, Path directory) throws Exception {
    try (DelegationTokenStory story = new DelegationTokenStory(brand, directory)) {
      return story.tell();
    }
  }
}
