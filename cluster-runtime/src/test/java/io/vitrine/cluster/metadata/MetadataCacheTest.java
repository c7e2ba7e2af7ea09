package io.vitrine.cluster.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataBroker;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataEndpoint;
import org.apache.kafka.common.message.UpdateMetadataRequestData.UpdateMetadataPartitionState;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.junit.jupiter.api.Test;

class MetadataCacheTest {
  private final MetadataCache cache = new MetadataCache();
  private final Uuid id = Uuid.randomUuid();

  private static UpdateMetadataPartitionState state(String topic, int partition, int leader) {
    return new UpdateMetadataPartitionState()
        .setTopicName(topic)
        .setPartitionIndex(partition)
        .setLeader(leader)
        .setLeaderEpoch(3)
        .setZkVersion(5)
        .setReplicas(List.of(1, 2))
        .setIsr(List.of(2))
        .setControllerEpoch(1);
  }

  private UpdateMetadataRequest update(int controller, UpdateMetadataPartitionState... states) {
    UpdateMetadataBroker broker =
        new UpdateMetadataBroker()
            .setId(2)
            .setRack("r2")
            .setEndpoints(
                List.of(
                    new UpdateMetadataEndpoint()
                        .setListener("PLAINTEXT")
                        .setHost("127.0.0.1")
                        .setPort(9093)));
    return new UpdateMetadataRequest.Builder(
            (short) 8, controller, 1, 7, List.of(states), List.of(broker), Map.of("orders", id))
        .build((short) 8);
  }

  @Test
  void namesBrokersPartitionsAndTopicIds() {
    cache.apply(update(4, state("orders", 1, 2), state("orders", 0, 1)));
    MetadataImage image = cache.image();
    assertThat(image.controllerId()).isEqualTo(4);
    assertThat(image.isAlive(2)).isTrue();
    assertThat(image.isAlive(1)).isFalse();
    assertThat(image.broker(2).orElseThrow().node("PLAINTEXT").orElseThrow().port())
        .isEqualTo(9093);
    assertThat(image.topicName(id)).contains("orders");
    assertThat(image.partitions("orders").keySet()).containsExactly(0, 1);
    assertThat(image.partition(new TopicPartition("orders", 1)))
        .contains(new PartitionMetadata(2, 3, 5, List.of(1, 2), List.of(2), List.of()));
  }

  @Test
  void anOlderImageStaysAsItWasAndUnchangedTopicsAreShared() {
    cache.apply(update(4, state("orders", 0, 1), state("other", 0, 1)));
    MetadataImage before = cache.image();
    cache.apply(update(5, state("orders", 0, 2)));
    assertThat(before.partition(new TopicPartition("orders", 0)).orElseThrow().leader())
        .isEqualTo(1);
    assertThat(cache.image().partition(new TopicPartition("orders", 0)).orElseThrow().leader())
        .isEqualTo(2);
    assertThat(cache.image().partitions().get("other")).isSameAs(before.partitions().get("other"));
  }

  @Test
  void aDeletedTopicIsForgottenWithItsId() {
    AtomicInteger heard = new AtomicInteger();
    cache.apply(update(4, state("orders", 0, 1)));
    Runnable end = cache.onChange(heard::incrementAndGet);
    List<TopicPartition> deleted =
        cache.apply(update(4, state("orders", 0, MetadataCache.LEADER_DURING_DELETE)));
    assertThat(deleted).containsExactly(new TopicPartition("orders", 0));
    assertThat(cache.image().topics()).isEmpty();
    assertThat(cache.image().topicName(id)).isEmpty();
    end.run();
    cache.apply(update(4));
    assertThat(heard).hasValue(1);
  }
}
