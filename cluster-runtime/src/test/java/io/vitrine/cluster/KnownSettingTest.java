package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.KnownSetting.Scope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Settings are found by the names Kafka gave them. */
class KnownSettingTest {
  private final List<KnownSetting> all = KnownSetting.all();

  @Test
  void aTopicsSettingSaysWhereItsDefaultComesFrom() {
    KnownSetting retention = named("retention.ms", Scope.TOPIC);

    assertThat(retention.type()).isEqualTo("long");
    assertThat(retention.standard()).contains("604800000");
    assertThat(retention.brokerSynonym()).contains("log.retention.ms");
  }

  @Test
  void aBrokersSettingHasItsDefaultAndNoSynonym() {
    KnownSetting lag = named("replica.lag.time.max.ms", Scope.BROKER);

    assertThat(lag.standard()).contains("30000");
    assertThat(lag.brokerSynonym()).isEqualTo(Optional.empty());
  }

  @Test
  void passwordsHaveNoDefaultToShow() {
    assertThat(named("ssl.keystore.password", Scope.BROKER).standard()).isEmpty();
  }

  @Test
  void everyOneIsToldOfOnceAndInWords() {
    assertThat(all).extracting(s -> s.scope() + " " + s.name()).doesNotHaveDuplicates();
    assertThat(all).allSatisfy(s -> assertThat(s.documentation()).isNotBlank());
  }

  private KnownSetting named(String name, Scope scope) {
    return all.stream()
        .filter(s -> s.name().equals(name) && s.scope() == scope)
        .findFirst()
        .orElseThrow();
  }
}
