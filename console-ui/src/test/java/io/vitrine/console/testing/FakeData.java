package io.vitrine.console.testing;

import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.DataTask;
import io.vitrine.cluster.data.ReadListener;
import io.vitrine.cluster.data.ReadProgress;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.SendListener;
import io.vitrine.cluster.data.SendOrder;
import io.vitrine.cluster.data.SendProgress;
import java.util.ArrayList;
import java.util.List;

/** Records that are told, and what was asked for. One thread. */
public final class FakeData implements DataAccess {
  private final List<ReadQuery> queries = new ArrayList<>();
  private final List<SendOrder> orders = new ArrayList<>();
  private ReadListener reader;
  private SendListener sender;
  private ReadProgress read = ReadProgress.opening();
  private int stops;

  @Override
  public DataTask read(ReadQuery query, ReadListener listener) {
    queries.add(query);
    reader = listener;
    tell(List.of(), ReadProgress.State.OPENING, 0, "");
    return () -> {
      stops++;
      tell(List.of(), ReadProgress.State.STOPPED, 0, "");
    };
  }

  @Override
  public DataTask send(SendOrder order, SendListener listener) {
    orders.add(order);
    sender = listener;
    return () -> stops++;
  }

  /** The reading under way goes on. */
  public void tell(List<DataRecord> records, ReadProgress.State state, long left, String reason) {
    ReadQuery query = queries.get(queries.size() - 1);
    List<DataRecord> wanted = records.stream().filter(query.wanted()).toList();
    ReadProgress before = state == ReadProgress.State.OPENING ? ReadProgress.opening() : read;
    read =
        new ReadProgress(
            state,
            before.read() + records.size(),
            before.matched() + wanted.size(),
            before.bytes() + records.stream().mapToLong(DataRecord::sizeBytes).sum(),
            left,
            1_200,
            reason);
    reader.read(wanted, read);
  }

  /** The sending under way goes on. */
  public void tell(SendProgress progress) {
    sender.sent(progress);
  }

  /** What was to be read, oldest first. */
  public List<ReadQuery> queries() {
    return queries;
  }

  /** What was to be sent, oldest first. */
  public List<SendOrder> orders() {
    return orders;
  }

  /** How often something was stopped. */
  public int stops() {
    return stops;
  }
}
