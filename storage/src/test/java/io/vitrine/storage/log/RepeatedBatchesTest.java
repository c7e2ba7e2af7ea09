package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an idempotent producer sends again is known again, also by a log that was cut in between.
 *
 * <p>A snapshot holds but the last batch of a producer. A replica that is cut twice in a row reads
 * its own snapshot of the first cut; made leader then, it would refuse what its producer repeats as
 * out of order. The producer takes that for a loss, begins a new epoch and sends again what the log
 * has: records doubled and out of order, with nothing lost.
 */
class RepeatedBatchesTest {
  private static final long PRODUCER = 7;

  private final LogFixture fixture = new LogFixture();
  private PartitionLog log;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    log = fixture.open(directory, LogSettings.defaults(), false);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void knowsTheLastBatchesAfterItWasCutTwice() throws Exception {
    for (int sequence = 0; sequence < 6; sequence++) {
      append(0, sequence);
    }
    log.truncateTo(5);
    append(1, 5);
    log.truncateTo(5);

    // The producer has five under way at most: who sent 5 was answered for 0.
    for (int sequence = 1; sequence < 5; sequence++) {
      AppendResult again = append(2, sequence);
      assertThat(again.duplicate()).as("sequence %s", sequence).isTrue();
      assertThat(again.firstOffset()).isEqualTo(sequence);
    }
    assertThat(append(2, 5).duplicate()).as("what was cut off").isFalse();
    assertThat(log.logEndOffset()).isEqualTo(6);
  }

  @Test
  void knowsNoBatchOfAnEarlierEpochOfTheProducer() throws Exception {
    append(0, 0);
    append((short) 1, 0, 0);
    append((short) 1, 1, 0);
    log.truncateTo(2);
    log.truncateTo(1);

    assertThat(append(1, 0).duplicate()).isTrue();
    assertThatThrownBy(() -> append((short) 1, 1, 1))
        .isInstanceOf(OutOfOrderSequenceException.class);
  }

  private AppendResult append(int leaderEpoch, int sequence) {
    return append((short) 0, sequence, leaderEpoch);
  }

  private AppendResult append(short producerEpoch, int sequence, int leaderEpoch) {
    return log.appendAsLeader(batch(producerEpoch, sequence), leaderEpoch, Origin.CLIENT);
  }

  private static MemoryRecords batch(short producerEpoch, int sequence) {
    return MemoryRecords.withIdempotentRecords(
        Compression.NONE,
        PRODUCER,
        producerEpoch,
        sequence,
        new SimpleRecord(LogFixture.NOW_MS, LogFixture.bytes("k"), LogFixture.bytes("v")));
  }
}
