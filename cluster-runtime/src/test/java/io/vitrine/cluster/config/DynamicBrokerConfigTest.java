package io.vitrine.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class DynamicBrokerConfigTest {
  private static final String LEADER_RATE = "leader.replication.throttled.rate";
  private static final String FOLLOWER_RATE = "follower.replication.throttled.rate";

  private final DynamicBrokerConfig settings =
      new DynamicBrokerConfig(
          1,
          BrokerConfig.parse(
              Map.of(
                  "broker.id", "1",
                  "zookeeper.connect", "127.0.0.1:1",
                  "log.roll.hours", "2",
                  "message.max.bytes", "1000")));
  private final List<String> heard = new ArrayList<>();

  @Test
  void aBrokersOwnWinOverThoseOfAllAndThoseOverItsProperties() {
    settings.update(
        Map.of("message.max.bytes", "2000", LEADER_RATE, "10", FOLLOWER_RATE, "20"),
        Map.of(FOLLOWER_RATE, "30"));
    assertThat(settings.current().value("message.max.bytes")).isEqualTo(2000);
    assertThat(settings.current().replicationThrottles())
        .isEqualTo(new ReplicationThrottles(10, 30, Long.MAX_VALUE));

    settings.update(Map.of(), Map.of("message.max.bytes", "3000"));
    assertThat(settings.current().value("message.max.bytes")).isEqualTo(3000);
    assertThat(settings.fixed().value("message.max.bytes")).isEqualTo(1000);

    settings.update(Map.of(), Map.of());
    assertThat(settings.current().value("message.max.bytes")).isEqualTo(1000);
  }

  @Test
  void oneOfSeveralNamesReplacesTheOthers() {
    assertThat(TopicConfig.of(settings.current(), Map.of()).value("segment.ms"))
        .isEqualTo(7_200_000L);
    settings.update(Map.of("log.roll.ms", "5000"), Map.of());
    assertThat(TopicConfig.of(settings.current(), Map.of()).value("segment.ms")).isEqualTo(5000L);
  }

  @Test
  void whatIsNotValidIsLeftOut() {
    settings.update(
        Map.of(
            "broker.rack", "r1",
            "min.insync.replicas", "0",
            "message.max.bytes", "many",
            "ssl.keystore.location", "/k",
            "advertised.listeners", "PLAINTEXT://127.0.0.1:1",
            "log.retention.ms", "17"),
        Map.of());
    assertThat(settings.forAll()).containsExactly(Map.entry("log.retention.ms", "17"));
    assertThat(settings.current().rack()).isEmpty();
  }

  @Test
  void onlyWhoIsConcernedHears() {
    settings.register(part("message.max.bytes"));
    settings.register(part("log.retention.ms"));
    settings.update(Map.of("log.retention.ms", "5", "of.a.plugin", "x"), Map.of());
    assertThat(heard).containsExactly("log.retention.ms: null to 5");
    settings.update(Map.of("log.retention.ms", "5"), Map.of());
    assertThat(heard).hasSize(1);
    settings.update(Map.of(), Map.of());
    assertThat(heard).hasSize(2).last().isEqualTo("log.retention.ms: 5 to null");
  }

  @Test
  void whatNobodyTakesIsRefused() {
    settings.register(part("message.max.bytes"));
    settings.validate(Map.of("message.max.bytes", "5", "of.a.plugin", "x"), false);
    assertThatThrownBy(() -> settings.validate(Map.of("broker.id", "2"), true))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Cannot update these configs dynamically: [broker.id]");
    assertThatThrownBy(() -> settings.validate(Map.of("num.network.threads", "4"), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be changed while this broker runs");
    assertThatThrownBy(() -> settings.validate(Map.of("message.max.bytes", "-1"), false))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(
            () -> settings.validate(Map.of("advertised.listeners", "PLAINTEXT://h:1"), false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("broker id must be specified");
    assertThat(heard).isEmpty();
  }

  @Test
  void aRefusalLeavesEverythingAsItIs() {
    settings.register(
        new BrokerReconfigurable() {
          @Override
          public boolean concerns(String name) {
            return true;
          }

          @Override
          public void validate(BrokerConfig before, BrokerConfig after) {
            throw new ConfigException("not today");
          }

          @Override
          public void reconfigure(BrokerConfig before, BrokerConfig after) {
            heard.add("reconfigured");
          }
        });
    BrokerConfig before = settings.current();
    settings.update(Map.of("message.max.bytes", "5"), Map.of());
    assertThat(settings.current()).isSameAs(before);
    assertThat(heard).isEmpty();
  }

  private BrokerReconfigurable part(String setting) {
    return new BrokerReconfigurable() {
      @Override
      public boolean concerns(String name) {
        return name.equals(setting);
      }

      @Override
      public void reconfigure(BrokerConfig before, BrokerConfig after) {
        heard.add(
            setting
                + ": "
                + before.originals().get(setting)
                + " to "
                + after.originals().get(setting));
      }
    };
  }
}
