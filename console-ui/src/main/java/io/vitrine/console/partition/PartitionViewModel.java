package io.vitrine.console.partition;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.PartitionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The rows of the table: which, and in which order.
 *
 * <p>Rows keep their places while numbers change, so that nothing moves under the pointer; they are
 * sorted anew only when the operator asks, and when rows come, in which case they come at the end
 * of what is sorted alike. JavaFX thread only, but needs no toolkit.
 */
final class PartitionViewModel {
  private static final Comparator<PartitionRow> BY_NAME =
      Comparator.<PartitionRow, String>comparing(r -> r.id().topic())
          .thenComparingInt(r -> r.id().partition());

  private final Map<TopicPartition, PartitionRow> all = new LinkedHashMap<>();
  private final List<TopicPartition> order = new ArrayList<>();
  private Set<PartitionFilter> filters = EnumSet.noneOf(PartitionFilter.class);
  private String text = "";

  /** Takes the partitions of this snapshot. */
  void take(ClusterSnapshot snapshot) {
    all.keySet().retainAll(snapshot.partitions().keySet());
    for (PartitionView partition : snapshot.partitions().values()) {
      all.put(partition.id(), PartitionRow.of(partition));
    }
    order.retainAll(all.keySet());
    List<PartitionRow> fresh =
        all.values().stream().filter(r -> !order.contains(r.id())).sorted(BY_NAME).toList();
    if (order.isEmpty() || !fresh.isEmpty()) {
      fresh.forEach(r -> order.add(r.id()));
    }
  }

  /** Sorts the rows once. */
  void sort(Comparator<PartitionRow> comparator) {
    Comparator<PartitionRow> whole =
        comparator == null ? BY_NAME : comparator.thenComparing(BY_NAME);
    order.sort(Comparator.comparing(all::get, whole));
  }

  /** Lets through only rows that every one of these lets through. */
  void filters(Set<PartitionFilter> next) {
    filters = next.isEmpty() ? EnumSet.noneOf(PartitionFilter.class) : EnumSet.copyOf(next);
  }

  /** Lets through only rows whose name, as in {@code orders-0}, holds this text. */
  void text(String next) {
    text = next.trim().toLowerCase(Locale.ROOT);
  }

  /** The rows to show, in their order. */
  List<PartitionRow> rows() {
    return order.stream().map(all::get).filter(this::shown).toList();
  }

  /** How many partitions there are. */
  int size() {
    return all.size();
  }

  /** How many rows each filter would let through. */
  Map<PartitionFilter, Integer> counts() {
    Map<PartitionFilter, Integer> counts = new EnumMap<>(PartitionFilter.class);
    for (PartitionFilter filter : PartitionFilter.values()) {
      counts.put(filter, (int) all.values().stream().filter(filter::lets).count());
    }
    return counts;
  }

  private boolean shown(PartitionRow row) {
    return filters.stream().allMatch(f -> f.lets(row))
        && row.id().toString().toLowerCase(Locale.ROOT).contains(text);
  }
}
