package io.vitrine.console.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.storage.RetentionPlan.Piece;
import io.vitrine.console.storage.RetentionPlan.Reason;
import io.vitrine.console.storage.RetentionPlan.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** M64, M65: what retention takes, by Kafka's rules. */
class RetentionPlanTest {
  private static final long NOW = 1_000_000;

  /** Segments of 100 bytes and 10 records, the newest record of the last one 100 ms old. */
  private static List<Piece> pieces(int count) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean active = i == count - 1;
      pieces.add(new Piece(i * 10L, (i + 1) * 10L, 100, NOW - (count - i) * 100L, active));
    }
    return pieces;
  }

  private static List<Reason> reasons(RetentionPlan plan) {
    return plan.verdicts().stream().map(RetentionPlan.Verdict::reason).toList();
  }

  @Test
  void oldSegmentsGoByTimeAndTheNextIsKnown() {
    RetentionPlan plan = RetentionPlan.of(pieces(5), new Rule(250, -1, 100, true), 50, NOW);

    assertThat(reasons(plan))
        .containsExactly(Reason.TIME, Reason.TIME, Reason.TIME, Reason.YOUNG, Reason.BEHIND);
    assertThat(plan.goes()).isEqualTo(3);
    assertThat(plan.bytesGone()).isEqualTo(300);
    assertThat(plan.recordsGone()).isEqualTo(30);
    assertThat(plan.nextAtMs()).isEqualTo(NOW - 200 + 251);
    assertThat(plan.worstBytes()).isEqualTo(-1);
    assertThat(plan.bytesPerSecond()).isEqualTo(1_000);
  }

  @Test
  void aSegmentGoesBySizeOnlyWhileTheRestIsLargeEnough() {
    assertThat(RetentionPlan.of(pieces(5), new Rule(-1, 250, 100, true), 50, NOW).goes())
        .isEqualTo(2);
    assertThat(RetentionPlan.of(pieces(5), new Rule(-1, 300, 100, true), 50, NOW).goes())
        .isEqualTo(2);
    RetentionPlan plan = RetentionPlan.of(pieces(5), new Rule(-1, 301, 100, true), 50, NOW);
    assertThat(plan.goes()).isEqualTo(1);
    assertThat(plan.worstBytes()).isEqualTo(401);
    assertThat(plan.nextAtMs()).isEqualTo(-1);
  }

  @Test
  void retentionOfZeroEmptiesTheLogButNeverAboveTheHighWatermark() {
    Rule zero = new Rule(0, -1, 100, true);

    assertThat(RetentionPlan.of(pieces(3), zero, 30, NOW).goes()).isEqualTo(3);
    RetentionPlan fenced = RetentionPlan.of(pieces(3), zero, 25, NOW);
    assertThat(fenced.goes()).isEqualTo(2);
    assertThat(reasons(fenced)).endsWith(Reason.FENCED);
    assertThat(RetentionPlan.of(pieces(3), zero, -1, NOW).goes()).isEqualTo(3);
  }

  @Test
  void aYoungerSegmentKeepsAllBehindItAndDatesRise() {
    List<Piece> pieces = new ArrayList<>(pieces(3));
    pieces.set(0, new Piece(0, 10, 100, NOW + 5_000, false));
    RetentionPlan plan = RetentionPlan.of(pieces, new Rule(100, -1, 100, true), 30, NOW);

    assertThat(reasons(plan)).containsExactly(Reason.YOUNG, Reason.BEHIND, Reason.BEHIND);
    assertThat(plan.verdicts())
        .extracting(RetentionPlan.Verdict::atMs)
        .containsOnly(NOW + 5_000 + 101);
  }

  @Test
  void withoutLimitsOrWithCompactionNothingGoes() {
    RetentionPlan unlimited = RetentionPlan.of(pieces(2), new Rule(-1, -1, 100, true), 20, NOW);
    RetentionPlan compacted = RetentionPlan.of(pieces(2), new Rule(0, 0, 100, false), 20, NOW);

    assertThat(unlimited.goes()).isZero();
    assertThat(reasons(unlimited)).containsExactly(Reason.UNLIMITED, Reason.BEHIND);
    assertThat(reasons(compacted)).containsOnly(Reason.UNLIMITED);
    assertThat(compacted.nextAtMs()).isEqualTo(-1);
  }

  @Test
  void anEmptyActiveSegmentStaysAndAnEmptyLogIsNothing() {
    Rule zero = new Rule(0, -1, 100, true);
    Piece empty = new Piece(30, 30, 0, NOW - 500, true);

    assertThat(reasons(RetentionPlan.of(List.of(empty), zero, 30, NOW)))
        .containsExactly(Reason.EMPTY);
    assertThat(RetentionPlan.of(List.of(), zero, 30, NOW).goes()).isZero();
    assertThat(
            RetentionPlan.of(pieces(1), new Rule(Long.MAX_VALUE, -1, 100, true), 10, NOW)
                .nextAtMs())
        .isEqualTo(-1);
  }
}
