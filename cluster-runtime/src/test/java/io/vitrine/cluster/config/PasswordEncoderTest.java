package io.vitrine.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords in ZooKeeper are Apache Kafka's to read and its are ours. */
class PasswordEncoderTest {
  private static final String SETTING = "listener.name.plaintext.ssl.keystore.password";

  @ParameterizedTest
  @ValueSource(strings = {"AES/CBC/PKCS5Padding", "AES/GCM/NoPadding"})
  void eachReadsWhatTheOtherWrote(String cipher) throws Exception {
    PasswordEncoder ours = PasswordEncoder.of(config("s1", "", cipher)).orElseThrow();
    var kafkas =
        org.apache.kafka.security.PasswordEncoder.encrypting(
            new Password("s1"), null, cipher, 128, 4096);
    assertThat(kafkas.decode(ours.encode("pass, word: ü")).value()).isEqualTo("pass, word: ü");
    assertThat(ours.decode(kafkas.encode(new Password("other")))).isEqualTo("other");
    assertThat(ours.encode("same")).isNotEqualTo(ours.encode("same"));
  }

  @Test
  void anotherSecretDoesNotRead() {
    String encoded = PasswordEncoder.of(config("s1", "")).orElseThrow().encode("p");
    PasswordEncoder other = PasswordEncoder.of(config("s2", "")).orElseThrow();
    assertThatThrownBy(() -> other.decode(encoded)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> other.decode("nothing")).isInstanceOf(ConfigException.class);
  }

  @Test
  void aNewSecretTakesTheOldOnesPlace() {
    DynamicBrokerConfig before = new DynamicBrokerConfig(1, config("s1", ""));
    Map<String, String> persistent = before.toPersistent(Map.of(SETTING, "p", "a", "b"), true);
    DynamicBrokerConfig after = new DynamicBrokerConfig(1, config("s2", "s1"));
    Optional<Map<String, String>> renewed = after.withNewSecret(persistent);

    assertThat(persistent.get(SETTING)).doesNotContain("p,");
    assertThat(after.fromPersistent(persistent, true)).doesNotContainKey(SETTING);
    assertThat(after.fromPersistent(renewed.orElseThrow(), true))
        .containsExactlyInAnyOrderEntriesOf(Map.of(SETTING, "p", "a", "b"));
    assertThat(after.withNewSecret(Map.of("a", "b"))).isEmpty();
    assertThat(after.fromPersistent(after.withNewSecret(renewed.get()).orElseThrow(), true))
        .containsEntry(SETTING, "p");
  }

  @Test
  void withoutASecretNothingIsKept() {
    DynamicBrokerConfig settings = new DynamicBrokerConfig(1, config("", ""));
    assertThatThrownBy(() -> settings.toPersistent(Map.of(SETTING, "p"), true))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Password encoder secret not configured");
    assertThatThrownBy(() -> settings.toPersistent(Map.of(SETTING, "p"), false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("only at broker level");
  }

  private static BrokerConfig config(String secret, String oldSecret) {
    return config(secret, oldSecret, "AES/CBC/PKCS5Padding");
  }

  private static BrokerConfig config(String secret, String oldSecret, String cipher) {
    Map<String, String> settings =
        new HashMap<>(Map.of("broker.id", "1", "zookeeper.connect", "127.0.0.1:1"));
    settings.put("password.encoder.cipher.algorithm", cipher);
    if (!secret.isEmpty()) {
      settings.put("password.encoder.secret", secret);
    }
    if (!oldSecret.isEmpty()) {
      settings.put("password.encoder.old.secret", oldSecret);
    }
    return BrokerConfig.parse(settings);
  }
}
