package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static final String B = "127.0.0.1:9092";

  @Test
  void administrationIsOneLineOfKafkasTools() {
    assertThat(
            line(
                new ClusterCommand.CreateTopic(
                    "t", 3, 2, Map.of("retention.ms", "1000", "cleanup.policy", "compact"))))
        .isEqualTo(
            "kafka-topics.sh --bootstrap-server 127.0.0.1:9092 --create --topic t --partitions 3"
                + " --replication-factor 2 --config cleanup.policy=compact"
                + " --config retention.ms=1000");
    assertThat(line(new ClusterCommand.DeleteTopic("t")))
        .isEqualTo("kafka-topics.sh --bootstrap-server 127.0.0.1:9092 --delete --topic t");
    assertThat(
            line(
                new ClusterCommand.SetTopicConfig(
                    "t", "cleanup.policy", Optional.of("compact,delete"))))
        .endsWith("--entity-name t --add-config 'cleanup.policy=[compact,delete]'");
    assertThat(line(new ClusterCommand.SetTopicConfig("t", "retention.ms", Optional.empty())))
        .endsWith("--delete-config retention.ms");
  }

  @Test
  void electionsNameAllOnOrSeveralPartitions() {
    TopicPartition a = new TopicPartition("a", 0);
    TopicPartition b = new TopicPartition("b", 1);
    assertThat(line(new ClusterCommand.ElectPreferredLeaders(Set.of())))
        .endsWith("--election-type preferred --all-topic-partitions");
    assertThat(line(new ClusterCommand.ElectPreferredLeaders(Set.of(b))))
        .endsWith("--topic b --partition 1");
    assertThat(line(new ClusterCommand.ElectPreferredLeaders(Set.of(b, a))))
        .endsWith(
            "--path-to-json-file <(echo '{\"partitions\":[{\"topic\":\"a\",\"partition\":0},"
                + "{\"topic\":\"b\",\"partition\":1}]}')");
  }

  @Test
  void aKillIsAnotherSignalThanAStop() {
    assertThat(line(new ClusterCommand.KillBroker(2))).startsWith("kill -9 ");
    assertThat(line(new ClusterCommand.StopBroker(2))).startsWith("kill -TERM ");
  }

  @Test
  void whatKafkasToolsCannotDoIsACommentInAShell() {
    assertThat(line(new ClusterCommand.RollSegment(new TopicPartition("t", 3))))
        .startsWith("# segment.ms=1 on topic t, one record to partition 3");
    assertThat(line(new ClusterCommand.TendLogs())).startsWith("# ");
  }

  @Test
  void aControllerIsElectedAnewByTakingItsNodeAway() {
    assertThat(line(new ClusterCommand.ElectController("127.0.0.1:2181")))
        .isEqualTo("zookeeper-shell.sh 127.0.0.1:2181 delete /controller");
  }

  @Test
  void everyCommandHasALine() throws Exception {
    for (Class<?> type : ClusterCommand.class.getPermittedSubclasses()) {
      assertThat(line(any(type))).as(type.getSimpleName()).isNotBlank();
    }
  }

  private static ClusterCommand any(Class<?> type) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(types).map(CommandLineTest::anyValue).toArray();
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    return (ClusterCommand) constructor.newInstance(values);
  }

  private static Object anyValue(Class<?> type) {
    Map<Class<?>, Object> values =
        Map.of(
            int.class,
            1,
            boolean.class,
            true,
            String.class,
            "name",
            Map.class,
            Map.of(),
            Set.class,
            Set.of(),
            TopicPartition.class,
            new TopicPartition("t", 0),
            Optional.class,
            Optional.of("1"));
    return values.get(type);
  }

  private static String line(ClusterCommand command) {
    return CommandLine.of(command, B);
  }
}
