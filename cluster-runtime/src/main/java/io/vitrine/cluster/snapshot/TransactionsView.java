package io.vitrine.cluster.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Transactions of the whole cluster.
 *
 * @param committedPerSecond transactions decided to commit, over the last ticks
 * @param abortedPerSecond likewise
 * @param ids how many transactional ids there are; more than are listed when there are very many
 * @param byId those listed, by id
 * @param open what lies in partitions and waits for a marker, by topic, partition and offset
 */
public record TransactionsView(
    double committedPerSecond,
    double abortedPerSecond,
    int ids,
    Map<String, TransactionView> byId,
    List<Open> open) {
  public TransactionsView {
    byId = Collections.unmodifiableMap(new LinkedHashMap<>(byId));
    open = List.copyOf(open);
  }

  /**
   * A producer's records in a partition without a marker after them: the last stable offset waits
   * at the first of them.
   *
   * @param leader the broker that told it
   * @param sinceNanos when it was first seen
   * @param hanging whether for {@value TransactionsDraft#HANGING_MS} ms no coordinator has known of
   *     it: nobody will ever write its marker
   */
  public record Open(
      TopicPartition partition,
      int leader,
      long producerId,
      short epoch,
      long firstOffset,
      long sinceNanos,
      boolean hanging) {}

  /** Nothing known. */
  public static TransactionsView none() {
    return new TransactionsView(0, 0, 0, Map.of(), List.of());
  }
}
