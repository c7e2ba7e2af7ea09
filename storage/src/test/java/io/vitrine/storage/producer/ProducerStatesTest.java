package io.vitrine.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * M59: batches are taken, repeated and refused as Apache Kafka 3.9.2 does, sequence wrap and all.
 */
class ProducerStatesTest {
  private static final int STEPS = 3000;
  private static final int IDLE_MS = 500;
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void decidesAsKafka(long seed) throws IOException {
    Random random = new Random(seed);
    ProducerStateManager theirs =
        new ProducerStateManager(
            PARTITION,
            directory.toFile(),
            300_000,
            new ProducerStateManagerConfig(IDLE_MS, false),
            Time.SYSTEM);
    ProducerStates ours = new ProducerStates(PARTITION);
    long offset = 0;
    long nowMs = 1;
    int taken = 0;
    for (int step = 0; step < STEPS; step++) {
      nowMs += random.nextInt(20);
      if (random.nextInt(50) == 0) {
        theirs.removeExpiredProducers(nowMs);
        ours.expire(nowMs, IDLE_MS);
      }
      long id = random.nextInt(4);
      Optional<ProducerStateEntry> known = theirs.lastEntry(id);
      short epoch =
          (short) Math.max(0, known.map(e -> (int) e.producerEpoch()).orElse(0) + more(random));
      int count = 1 + random.nextInt(3);
      RecordBatch batch = batch(id, epoch, sequence(known, random), offset, count, nowMs);
      ProducerBatch same =
          new ProducerBatch(
              id,
              epoch,
              batch.baseSequence(),
              batch.lastSequence(),
              offset,
              batch.lastOffset(),
              nowMs,
              false);
      assertThat(ours.duplicateOf(same).map(BatchMetadata::lastOffset))
          .as("step " + step)
          .isEqualTo(known.flatMap(e -> e.findDuplicateBatch(batch)).map(b -> b.lastOffset));
      Class<?> refused = append(theirs, batch);
      assertThat(append(ours, same)).as("step " + step).isEqualTo(refused);
      if (refused == null) {
        offset = batch.nextOffset();
        taken++;
      }
      assertThat(ours.size()).isEqualTo(theirs.producerIdCount());
    }
    assertThat(taken).isBetween(STEPS / 10, STEPS * 9 / 10);
  }

  /** Mostly no new epoch. */
  private static int more(Random random) {
    int some = random.nextInt(30);
    return some == 0 ? 1 : some == 1 ? -1 : 0;
  }

  /** Mostly the next one; at the start sometimes close to where sequences wrap. */
  private static int sequence(Optional<ProducerStateEntry> known, Random random) {
    int some = random.nextInt(10);
    if (known.isEmpty()) {
      return some < 5 ? Integer.MAX_VALUE - some : some - 5;
    }
    int next = known.get().lastSeq() == Integer.MAX_VALUE ? 0 : known.get().lastSeq() + 1;
    return some < 6 ? next : some < 8 ? known.get().firstSeq() : random.nextInt(5);
  }

  private static RecordBatch batch(
      long id, short epoch, int sequence, long offset, int count, long nowMs) {
    SimpleRecord[] records =
        IntStream.range(0, count)
            .mapToObj(i -> new SimpleRecord(nowMs, new byte[1], new byte[1]))
            .toArray(SimpleRecord[]::new);
    return MemoryRecords.withIdempotentRecords(
            RecordBatch.CURRENT_MAGIC_VALUE,
            offset,
            Compression.NONE,
            id,
            epoch,
            Math.max(0, sequence),
            0,
            records)
        .firstBatch();
  }

  private static Class<?> append(ProducerStateManager theirs, RecordBatch batch) {
    try {
      ProducerAppendInfo update = theirs.prepareUpdate(batch.producerId(), AppendOrigin.CLIENT);
      update.append(batch, Optional.empty());
      theirs.update(update);
      theirs.updateMapEndOffset(batch.nextOffset());
      return null;
    } catch (ApiException e) {
      return e.getClass();
    }
  }

  private static Class<?> append(ProducerStates ours, ProducerBatch batch) {
    try {
      ours.check(batch, true);
      ours.appended(batch);
      return null;
    } catch (ApiException e) {
      return e.getClass();
    }
  }
}
