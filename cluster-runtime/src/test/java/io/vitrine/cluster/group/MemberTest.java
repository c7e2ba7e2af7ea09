package io.vitrine.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class MemberTest {
  private static Member member(String protocolType) {
    return new Member("m-1", null, "client", "/127.0.0.1", 60_000, 10_000, protocolType, List.of());
  }

  @Test
  void saysWhatItConsumes() {
    TopicPartition partition = new TopicPartition("orders", 3);
    byte[] assignment =
        Utils.toArray(ConsumerProtocol.serializeAssignment(new Assignment(List.of(partition))));

    Member consumer = member("consumer");
    consumer.assignment(assignment);
    Member worker = member("connect");
    worker.assignment(assignment);

    assertThat(consumer.assignedPartitions()).containsExactly(partition);
    assertThat(worker.assignedPartitions()).isEmpty();
    consumer.clearAssignment();
    assertThat(consumer.assignedPartitions()).isEmpty();
  }

  /** A leader may call itself a consumer and hand out what it likes: the group must go on. */
  @Test
  void anAssignmentNobodyCanReadIsNone() {
    Member member = member("consumer");
    member.assignment("consumer-7-0b9cd2".getBytes(StandardCharsets.UTF_8));
    assertThat(member.assignedPartitions()).isEmpty();

    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      member.assignment(noise);
      assertThat(member.assignedPartitions()).isNotNull();
    }
  }
}
