package io.vitrine.cluster.handler;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How many partitions one request may ask for. */
class PartitionsAskedTest {
  @Test
  void topicsOfOneRequestCountTogether() {
    PartitionsAsked asked = new PartitionsAsked();
    assertThat(asked.add(PartitionsAsked.MOST - 1).isSuccess()).isTrue();
    assertThat(asked.add(2).error()).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(asked.add(1).isSuccess()).as("the one refused does not count").isTrue();
    assertThat(asked.add(1).error()).isEqualTo(Errors.POLICY_VIOLATION);
  }

  @Test
  void theBrokersDefaultCountsForNone() {
    PartitionsAsked asked = new PartitionsAsked();
    assertThat(asked.add(-1).isSuccess()).isTrue();
    assertThat(asked.add(PartitionsAsked.MOST).isSuccess()).isTrue();
  }

  @Test
  void noCountIsTooLargeToBeCounted() {
    PartitionsAsked asked = new PartitionsAsked();
    assertThat(asked.add(Integer.MAX_VALUE).error()).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(asked.add(Integer.MAX_VALUE).error()).isEqualTo(Errors.POLICY_VIOLATION);
  }
}
