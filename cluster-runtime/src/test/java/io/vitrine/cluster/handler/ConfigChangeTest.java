package io.vitrine.cluster.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.junit.jupiter.api.Test;

class ConfigChangeTest {
  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define("cleanup.policy", ConfigDef.Type.LIST, "delete", ConfigDef.Importance.LOW, "doc")
          .define("retention.ms", ConfigDef.Type.LONG, 1L, ConfigDef.Importance.LOW, "doc");

  @Test
  void setAndDelete() {
    assertThat(apply(Map.of("a", "1"), 0, "b", "2")).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(apply(Map.of("a", "1"), 1, "a", null)).isEmpty();
  }

  @Test
  void appendBeginsWithTheDefaultAndAddsOnce() {
    assertThat(apply(Map.of(), 2, "cleanup.policy", "compact"))
        .containsEntry("cleanup.policy", "delete,compact");
    assertThat(apply(Map.of("cleanup.policy", "compact"), 2, "cleanup.policy", "compact"))
        .containsEntry("cleanup.policy", "compact");
  }

  @Test
  void subtractTakesAway() {
    assertThat(apply(Map.of("cleanup.policy", "compact,delete"), 3, "cleanup.policy", "delete"))
        .containsEntry("cleanup.policy", "compact");
  }

  @Test
  void whatIsNoListCannotBeExtended() {
    assertThatThrownBy(() -> apply(Map.of(), 2, "retention.ms", "2"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("Config value append is not allowed for config key: retention.ms");
    assertThatThrownBy(() -> apply(Map.of(), 3, "nonsense", "2"))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void malformedChangesAreRefused() {
    assertThatThrownBy(() -> apply(Map.of(), 9, "a", "1"))
        .isInstanceOf(InvalidRequestException.class);
  }

  private static Map<String, String> apply(
      Map<String, String> own, int operation, String name, String value) {
    return ConfigChange.apply(
        own,
        List.of(
            new AlterableConfig()
                .setName(name)
                .setConfigOperation((byte) operation)
                .setValue(value)),
        DEFINITION);
  }
}
