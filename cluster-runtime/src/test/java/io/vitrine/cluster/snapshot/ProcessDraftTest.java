package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.cluster.event.ClusterEvent.ProcessSampled;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is worked out of two looks at the process. */
class ProcessDraftTest {
  private final ProcessDraft draft = new ProcessDraft();

  @Test
  void nothingIsKnownOfAProcessNobodyMeasures() {
    assertThat(draft.view().known()).isFalse();
  }

  @Test
  void sharesAreOfTheTimeBetweenTwoLooks() {
    draft.sampled(sample(3, 40, 2_000), TimeUnit.SECONDS.toNanos(10));
    draft.sampled(sample(5, 90, 3_000), TimeUnit.SECONDS.toNanos(11));

    ProcessView view = draft.view();
    assertThat(view.known()).isTrue();
    assertThat(view.processorShare()).isCloseTo(0.25, within(1e-9));
    assertThat(view.collectionShare()).isCloseTo(0.05, within(1e-9));
    assertThat(view.collectionsPerSecond()).isCloseTo(2, within(1e-9));
    assertThat(view.newest().heapUsedBytes()).isEqualTo(1_000);
  }

  private static ProcessSampled sample(long collections, long collectionMs, long cpuMs) {
    return new ProcessSampled(
        1_000, 2_000, -1, 0, collections, collectionMs, TimeUnit.MILLISECONDS.toNanos(cpuMs), 4, 9);
  }
}
