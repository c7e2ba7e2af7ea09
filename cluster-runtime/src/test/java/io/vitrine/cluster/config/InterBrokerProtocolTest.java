package io.vitrine.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every level means what Apache Kafka 3.9.2 means by it. */
class InterBrokerProtocolTest {
  @Test
  void levelsAreKafkas() {
    assertThat(Arrays.stream(InterBrokerProtocol.values()).map(InterBrokerProtocol::version))
        .containsExactlyElementsOf(
            Arrays.stream(MetadataVersion.VERSIONS).map(MetadataVersion::version).toList());
    assertThat(InterBrokerProtocol.LATEST.version())
        .isEqualTo(MetadataVersion.latestProduction().version());
  }

  @ParameterizedTest
  @EnumSource
  void eachLevelIsKafkas(InterBrokerProtocol ours) {
    MetadataVersion kafka = MetadataVersion.fromVersionString(ours.version());
    assertThat(ours.fetchVersion()).isEqualTo(kafka.fetchRequestVersion());
    assertThat(ours.listOffsetsVersion()).isEqualTo(kafka.listOffsetRequestVersion());
    assertThat(ours.offsetsForLeaderEpochVersion())
        .isEqualTo(kafka.offsetForLeaderEpochRequestVersion());
    assertThat(ours.hasOffsetsForLeaderEpoch()).isEqualTo(kafka.isOffsetForLeaderEpochSupported());
    assertThat(ours.writeTxnMarkersVersion()).isEqualTo(kafka.writeTxnMarkersRequestVersion());
    assertThat(ours.truncatesOnFetch()).isEqualTo(kafka.isTruncationOnFetchSupported());
    assertThat(ours.hasAlterPartition()).isEqualTo(kafka.isAlterPartitionSupported());
    assertThat(ours.hasAllocateProducerIds()).isEqualTo(kafka.isAllocateProducerIdsSupported());
    assertThat(ours.hasTopicIds()).isEqualTo(kafka.isTopicIdsSupported());
    assertThat(ours.hasLeaderRecovery()).isEqualTo(kafka.isLeaderRecoverySupported());
    assertThat(ours.hasFeatures()).isEqualTo(kafka.isFeatureVersioningSupported());
    assertThat(ours.recordMagic()).isEqualTo(kafka.highestSupportedRecordVersion().value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3.9", "3.9.2", "3.9-IV0", "2.7", "2.7-IV1", "0.10.2", "0.10.2.1", "0.8.2", "1.0"})
  void namesAreReadAsKafkaReadsThem(String name) {
    assertThat(of(name).version()).isEqualTo(MetadataVersion.fromVersionString(name).version());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "4.0", "3.10", "2.7-IV9", "0.10", "three"})
  void whatIsNoLevelIsRefusedByName(String name) {
    assertThatThrownBy(() -> of(name))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("inter.broker.protocol.version")
        .hasMessageContaining("not a valid version");
    assertThatThrownBy(() -> MetadataVersion.fromVersionString(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRecordFormatBeyondTheLevelIsRefused() {
    Map<String, String> level =
        Map.of("zookeeper.connect", "h:1", "inter.broker.protocol.version", "0.10.2");
    assertThatThrownBy(() -> BrokerConfig.parse(level))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("log.message.format.version");
  }

  private static InterBrokerProtocol of(String name) {
    return BrokerConfig.parse(
            Map.of(
                "zookeeper.connect", "h:1",
                "inter.broker.protocol.version", name,
                "log.message.format.version", "0.8.0"))
        .interBrokerProtocol();
  }
}
