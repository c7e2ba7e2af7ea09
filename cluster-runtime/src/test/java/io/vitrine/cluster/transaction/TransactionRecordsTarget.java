package io.vitrine.cluster.transaction;

import io.vitrine.cluster.fuzz.FuzzTarget;
import io.vitrine.cluster.fuzz.Input;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Keys and values of {@code __transaction_state}: refused with an {@link IllegalStateException}, or
 * the same when written and read again.
 */
public final class TransactionRecordsTarget implements FuzzTarget {

  @Override
  public List<byte[]> seeds() {
    Transaction ongoing =
        new Transaction(
            "id",
            5,
            (short) 2,
            -1,
            (short) -1,
            60_000,
            TransactionState.ONGOING,
            Set.of(new TopicPartition("t", 0), new TopicPartition("u", 3)),
            1_700_000_000_000L,
            1_700_000_000_001L);
    byte[] flexible = {0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 0, 0, 1, 0, 1, 2, 2, 't', 2, 0, 0, 0, 0};
    byte[] end = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0};
    return List.of(
        Input.of(TransactionRecords.key("id"), 0),
        Input.of(TransactionRecords.value(ongoing), 1),
        Input.of(Input.joined(flexible, end), 1));
  }

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    boolean key = input.choice(2) == 0;
    ByteBuffer record = ByteBuffer.wrap(input.rest());
    try {
      if (key) {
        TransactionRecords.readKey(record);
      } else {
        Transaction read = TransactionRecords.readValue("id", record);
        Transaction again =
            TransactionRecords.readValue("id", ByteBuffer.wrap(TransactionRecords.value(read)));
        if (!again.equals(read) && read.state() != TransactionState.EMPTY) {
          throw new AssertionError(read + " became " + again);
        }
      }
    } catch (IllegalStateException declared) {
      // It is damaged, or of a later release.
    }
  }
}
