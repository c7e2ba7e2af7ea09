package io.vitrine.cluster.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent.ProcessSampled;
import org.junit.jupiter.api.Test;

/** This very process is measured. */
class ProcessSamplerTest {
  private final ProcessSampler sampler = new ProcessSampler();

  @Test
  void measuresWhatTheVirtualMachineTells() {
    ProcessSampled sample = sampler.sample();

    assertThat(sample.heapUsedBytes())
        .isPositive()
        .isLessThanOrEqualTo(sample.heapCommittedBytes());
    assertThat(sample.cpuNanos()).isPositive();
    assertThat(sample.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(sample.threads()).isPositive();
  }

  @Test
  void countersOnlyGrow() {
    ProcessSampled first = sampler.sample();
    System.gc();
    ProcessSampled second = sampler.sample();

    assertThat(second.collections()).isGreaterThan(first.collections());
    assertThat(second.collectionMs()).isGreaterThanOrEqualTo(first.collectionMs());
    assertThat(second.cpuNanos()).isGreaterThanOrEqualTo(first.cpuNanos());
  }
}
