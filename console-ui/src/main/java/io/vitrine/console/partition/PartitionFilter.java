package io.vitrine.console.partition;

import java.util.function.Predicate;

/** What the chips above the table let through. */
enum PartitionFilter {
  NOT_PREFERRED(PartitionRow::notPreferred),
  UNDER_REPLICATED(PartitionRow::underReplicated),
  UNDER_MIN_ISR(PartitionRow::underMinIsr),
  OFFLINE(PartitionRow::offline);

  private final Predicate<PartitionRow> lets;

  PartitionFilter(Predicate<PartitionRow> lets) {
    this.lets = lets;
  }

  boolean lets(PartitionRow row) {
    return lets.test(row);
  }
}
