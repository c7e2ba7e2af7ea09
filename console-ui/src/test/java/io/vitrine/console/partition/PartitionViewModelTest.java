package io.vitrine.console.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionViewModelTest {
  private final PartitionViewModel model = new PartitionViewModel();

  @Test
  void rowsAreSortedByTopicThenNumber() {
    model.take(SampleSnapshots.snapshot(Chapter.CALM));

    assertThat(names())
        .startsWith("audit-0", "audit-1", "orders-0")
        .endsWith("payments-2")
        .hasSize(11);
  }

  @Test
  void nothingMovesWhenNumbersChange() {
    model.take(SampleSnapshots.snapshot(Chapter.CALM));
    model.sort(Comparator.comparingLong(PartitionRow::logEndOffset));
    List<String> before = names();

    model.take(SampleSnapshots.snapshot(Chapter.FAILED_OVER));

    assertThat(names()).isEqualTo(before);
  }

  @Test
  void withoutASortTheNamesOrderIsBack() {
    model.take(SampleSnapshots.snapshot(Chapter.CALM));
    List<String> byName = names();
    model.sort(Comparator.comparingLong(PartitionRow::sizeBytes).reversed());
    assertThat(names()).isNotEqualTo(byName);

    model.sort(null);

    assertThat(names()).isEqualTo(byName);
  }

  @Test
  void filtersHoldTogether() {
    model.take(SampleSnapshots.snapshot(Chapter.FAILED_OVER));
    model.filters(Set.of(PartitionFilter.NOT_PREFERRED, PartitionFilter.UNDER_REPLICATED));
    assertThat(names()).containsExactly("orders-0", "orders-3", "payments-1");

    model.text("PAY");

    assertThat(names()).containsExactly("payments-1");
  }

  @Test
  void countsDoNotDependOnTheFilter() {
    model.take(SampleSnapshots.snapshot(Chapter.FAILED_OVER));
    model.text("no such topic");

    assertThat(model.rows()).isEmpty();
    assertThat(model.counts())
        .containsEntry(PartitionFilter.NOT_PREFERRED, 3)
        .containsEntry(PartitionFilter.UNDER_REPLICATED, 11)
        .containsEntry(PartitionFilter.OFFLINE, 0);
  }

  @Test
  void aLeaderThatDiedIsToldFromOneThatServes() {
    model.take(SampleSnapshots.snapshot(Chapter.SESSION_RUNNING_OUT));

    assertThat(model.rows())
        .filteredOn(r -> !r.leaderLives())
        .allMatch(r -> r.leader() == SampleSnapshots.VICTIM)
        .hasSize(3);
  }

  private List<String> names() {
    return model.rows().stream().map(r -> r.id().toString()).toList();
  }
}
