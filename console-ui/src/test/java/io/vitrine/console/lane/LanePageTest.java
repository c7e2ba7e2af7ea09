package io.vitrine.console.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.Frame;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LanePageTest {
  private static final TopicPartition SHRUNK = new TopicPartition("orders", 2);

  @Test
  void aPartitionThatIsGoneHasNoPage() {
    assertThat(LanePage.of(new TopicPartition("gone", 0), frame(Chapter.CALM, 0))).isEmpty();
  }

  @Test
  void theLeaderComesFirst() {
    LanePage page = page(SampleSnapshots.ORDERS_0, Chapter.CALM, 0);

    assertThat(page.lanes()).hasSize(3);
    assertThat(page.lanes().get(0).leads()).isTrue();
    assertThat(page.lanes().get(0).replica().brokerId()).isEqualTo(SampleSnapshots.VICTIM);
  }

  @Test
  void theHighWatermarkIsNeverAboveTheEndsItIsMadeOf() {
    for (Chapter chapter : Chapter.values()) {
      LanePage page = page(SHRUNK, chapter, 0);
      assertThat(page.highWatermark()).isLessThanOrEqualTo(Collections.min(page.ends().values()));
    }
  }

  @Test
  void aReplicaOutOfTheIsrStandsLastAndHasNoPartInTheRule() {
    LanePage page = page(SHRUNK, Chapter.SESSION_RUNNING_OUT, 0);

    LanePage.Lane last = page.lanes().get(2);
    assertThat(last.replica().brokerId()).isEqualTo(SampleSnapshots.VICTIM);
    assertThat(last.replica().inIsr()).isFalse();
    assertThat(last.reachable()).isFalse();
    assertThat(page.ends()).doesNotContainKey(SampleSnapshots.VICTIM);
  }

  @Test
  void theClocksRunOnBetweenReports() {
    LanePage.Lane now = page(SHRUNK, Chapter.SESSION_RUNNING_OUT, 0).lanes().get(2);
    LanePage.Lane later = page(SHRUNK, Chapter.SESSION_RUNNING_OUT, 1_000).lanes().get(2);

    assertThat(later.sinceCaughtUpMs() - now.sinceCaughtUpMs()).isEqualTo(1_000);
    assertThat(now.limitUsed()).isGreaterThan(1);
  }

  @Test
  void theLeaderHasNoClock() {
    assertThat(page(SHRUNK, Chapter.CALM, 0).lanes().get(0).limitUsed()).isNegative();
  }

  @Test
  void aDeadLeaderIsStillNamed() {
    LanePage page = page(SampleSnapshots.ORDERS_0, Chapter.SESSION_RUNNING_OUT, 0);

    assertThat(page.leader()).isEqualTo(SampleSnapshots.VICTIM);
    assertThat(page.leaderLives()).isFalse();
  }

  @Test
  void everyEndLiesInTheWindow() {
    LanePage page = page(SHRUNK, Chapter.FAILED_OVER, 0);

    assertThat(page.lanes())
        .allSatisfy(
            lane ->
                assertThat(lane.replica().logEndOffset())
                    .isBetween(page.window().low(), page.window().high()));
  }

  private static LanePage page(TopicPartition id, Chapter chapter, long laterMs) {
    return LanePage.of(id, frame(chapter, laterMs)).orElseThrow();
  }

  private static Frame frame(Chapter chapter, long laterMs) {
    ClusterSnapshot snapshot = SampleSnapshots.snapshot(chapter);
    return new Frame(snapshot, List.of(), snapshot.nanos() + laterMs * 1_000_000, false);
  }
}
