package io.vitrine.storage.log;

import io.vitrine.storage.testing.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * A life of a log made up from a seed: producers of every kind, elections, retention, truncation,
 * restarts and crashes, and readers in between.
 */
public final class LogHistory {
  private static final int PRODUCERS = 4;

  private final Random random;
  private final LogPair pair;
  private final ManualClock clock;
  private final List<Producer> producers = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final boolean tinyIndexes;
  private int epoch;
  private long flushedTo;

  private static final class Producer {
    final long id;
    short epoch;
    int sequence;
    boolean inTransaction;
    int coordinatorEpoch;

    Producer(long id) {
      this.id = id;
    }

    void bump() {
      epoch++;
      sequence = 0;
      inTransaction = false;
    }
  }

  private record Sent(MemoryRecords records) {}

  /**
   * @param tinyIndexes indexes fill up before segments do; Kafka then fails where several batches
   *     come at once, and when it recovers, so neither happens
   */
  public LogHistory(Random random, LogPair pair, boolean tinyIndexes) {
    this.tinyIndexes = tinyIndexes;
    this.random = random;
    this.pair = pair;
    this.clock = pair.fixture.clock;
    for (int i = 0; i < PRODUCERS; i++) {
      producers.add(new Producer(1000 + i));
    }
  }

  /** Settings made up from a seed; segments are small, so that much happens to them. */
  public static LogSettings settings(Random random, boolean tinyIndexes) {
    TopicCompression[] compressions = {
      TopicCompression.PRODUCER,
      TopicCompression.PRODUCER,
      TopicCompression.PRODUCER,
      TopicCompression.of("uncompressed", 0, 0, 0),
      TopicCompression.of("gzip", -1, 9, 3),
      TopicCompression.of("lz4", -1, 9, 3),
      TopicCompression.of("snappy", -1, 9, 3),
      TopicCompression.of("zstd", -1, 9, 3)
    };
    boolean keyed = random.nextInt(6) == 0;
    return LogSettings.defaults()
        .with(
            s ->
                s.segmentBytes(1_500 + random.nextInt(20_000))
                    .segmentMs(random.nextInt(3) == 0 ? 60_000 : Long.MAX_VALUE)
                    .segmentIndexBytes(tinyIndexes ? 96 : 10 << 20)
                    .indexIntervalBytes(random.nextInt(3) == 0 ? 4096 : random.nextInt(600))
                    .preallocate(random.nextInt(5) == 0)
                    .maxMessageBytes(random.nextInt(4) == 0 ? 700 : 1 << 20)
                    .compact(keyed)
                    .delete(!keyed || random.nextBoolean())
                    .retentionMs(random.nextInt(2) == 0 ? -1 : 100_000 + random.nextInt(400_000))
                    .retentionBytes(random.nextInt(2) == 0 ? -1 : random.nextInt(30_000))
                    .flushMessages(random.nextInt(3) == 0 ? 20 : Long.MAX_VALUE)
                    .logAppendTime(random.nextInt(5) == 0)
                    .timestampAfterMaxMs(random.nextInt(5) == 0 ? 30_000 : Long.MAX_VALUE)
                    .timestampBeforeMaxMs(random.nextInt(5) == 0 ? 30_000 : Long.MAX_VALUE)
                    .compression(compressions[random.nextInt(compressions.length)]));
  }

  /** One thing that happens. */
  public void step() throws IOException {
    int choice = random.nextInt(1000);
    if (choice < 450) {
      produce();
    } else if (choice < 540) {
      endTransaction();
    } else if (choice < 570) {
      sendAgain();
    } else if (choice < 600) {
      produceWrongly();
    } else if (choice < 640) {
      epoch += 1 + random.nextInt(2);
      pair.assignEpoch(epoch);
    } else if (choice < 660 && !tinyIndexes) {
      follow();
    } else if (choice < 740) {
      moveHighWatermark();
    } else if (choice < 850) {
      read();
    } else if (choice < 880) {
      lookUp();
    } else {
      upkeep(choice);
    }
  }

  private void upkeep(int choice) throws IOException {
    if (choice < 895) {
      pair.roll();
    } else if (choice < 910) {
      truncate();
    } else if (choice < 913) {
      pair.truncateFullyAndStartAt(Math.max(0, pair.log.logEndOffset() + random.nextInt(50) - 10));
      afterLoss();
    } else if (choice < 930) {
      pair.retain();
    } else if (choice < 945) {
      long from = pair.log.logStartOffset();
      pair.logStart(from + random.nextInt(1 + (int) (pair.log.logEndOffset() - from)));
    } else if (choice < 955) {
      pair.flush();
      flushedTo = pair.log.recoveryPoint();
    } else if (choice < 965) {
      clock.advance(Duration.ofSeconds(random.nextInt(100)));
    } else if (choice < 970) {
      pair.updateSettings(settings(random, tinyIndexes));
    } else if (choice < 973) {
      clock.advance(Duration.ofHours(20));
      pair.expireProducers();
    } else if (choice < 985) {
      pair.restart();
    } else if (!tinyIndexes) {
      pair.crash(Math.min(flushedTo, pair.log.recoveryPoint()), () -> {});
    }
  }

  // ---- appends -------------------------------------------------------------------------------

  private void produce() {
    if (random.nextInt(2) == 0) {
      send(MemoryRecords.withRecords(compression(), records()), Origin.CLIENT);
      return;
    }
    Producer producer = producer();
    boolean transactional = producer.id % 2 == 0;
    SimpleRecord[] records = records();
    Compression compression = compression();
    MemoryRecords batch =
        transactional
            ? MemoryRecords.withTransactionalRecords(
                compression, producer.id, producer.epoch, producer.sequence, records)
            : MemoryRecords.withIdempotentRecords(
                compression, producer.id, producer.epoch, producer.sequence, records);
    long before = pair.log.logEndOffset();
    send(batch, Origin.CLIENT);
    if (pair.log.logEndOffset() > before) {
      producer.sequence += records.length;
      producer.inTransaction |= transactional;
    } else {
      producer.bump();
    }
  }

  private void send(MemoryRecords batch, Origin origin) {
    sent.add(new Sent(LogFixture.copy(batch)));
    pair.append(batch, epoch, origin);
  }

  private void endTransaction() {
    Producer producer = producer();
    ControlRecordType type =
        random.nextBoolean() ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
    int coordinatorEpoch = producer.coordinatorEpoch + random.nextInt(2) - random.nextInt(20) / 19;
    pair.append(
        MemoryRecords.withEndTransactionMarker(
            clock.millis(),
            producer.id,
            producer.epoch,
            new EndTransactionMarker(type, coordinatorEpoch)),
        epoch,
        Origin.COORDINATOR);
    producer.coordinatorEpoch = Math.max(producer.coordinatorEpoch, coordinatorEpoch);
    producer.inTransaction = false;
    if (random.nextInt(3) == 0) {
      producer.bump();
    }
  }

  private void sendAgain() {
    if (!sent.isEmpty()) {
      int back = Math.min(sent.size(), 1 + random.nextInt(8));
      pair.append(LogFixture.copy(sent.get(sent.size() - back).records()), epoch, Origin.CLIENT);
    }
  }

  /** What a broker has to refuse, each for the same reason. */
  private void produceWrongly() {
    Producer producer = producer();
    Compression compression = compression();
    SimpleRecord[] records = records();
    MemoryRecords batch =
        switch (random.nextInt(7)) {
          case 0 ->
              MemoryRecords.withIdempotentRecords(
                  compression, producer.id, producer.epoch, producer.sequence + 3, records);
          case 1 ->
              MemoryRecords.withIdempotentRecords(
                  compression, producer.id, (short) Math.max(0, producer.epoch - 1), 0, records);
          case 2 -> MemoryRecords.withRecords(5L, compression, records);
          case 3 -> damaged(MemoryRecords.withRecords(compression, records));
          case 4 ->
              MemoryRecords.withEndTransactionMarker(
                  clock.millis(),
                  producer.id,
                  producer.epoch,
                  new EndTransactionMarker(ControlRecordType.COMMIT, 0));
          case 5 -> stampedByProducer(records);
          default -> gapped(records);
        };
    long before = pair.log.logEndOffset();
    pair.append(batch, epoch, Origin.CLIENT);
    if (pair.log.logEndOffset() > before) {
      producer.bump();
    }
  }

  private MemoryRecords damaged(MemoryRecords batch) {
    ByteBuffer bytes = batch.buffer();
    int at = 21 + random.nextInt(bytes.limit() - 21);
    bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
    return MemoryRecords.readableRecords(bytes);
  }

  private MemoryRecords stampedByProducer(SimpleRecord[] records) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(4096),
            RecordBatch.MAGIC_VALUE_V2,
            Compression.NONE,
            TimestampType.LOG_APPEND_TIME,
            0,
            clock.millis());
    for (SimpleRecord record : records) {
      builder.append(record);
    }
    return builder.build();
  }

  /** Offsets within the batch are not 0, 1, 2 and so on. */
  private MemoryRecords gapped(SimpleRecord[] records) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(4096), Compression.NONE, TimestampType.CREATE_TIME, 0);
    long offset = 0;
    for (SimpleRecord record : records) {
      builder.appendWithOffset(offset, record);
      offset += 1 + random.nextInt(2);
    }
    return builder.build();
  }

  /** What another leader wrote, with gaps where it was compacted. */
  private void follow() {
    ByteBuffer all = ByteBuffer.allocate(64 << 10);
    long offset = pair.log.logEndOffset() + random.nextInt(3);
    int theirEpoch = epoch;
    int batches = 1 + random.nextInt(4);
    for (int i = 0; i < batches; i++) {
      SimpleRecord[] records = records();
      if (random.nextInt(6) == 0) {
        theirEpoch++;
      }
      MemoryRecords batch = MemoryRecords.withRecords(offset, compression(), theirEpoch, records);
      all.put(batch.buffer());
      offset += records.length + random.nextInt(3);
    }
    if (all.position() > pair.settings().segmentBytes()) {
      return;
    }
    pair.appendAsFollower(MemoryRecords.readableRecords(all.flip()), epoch + random.nextInt(2));
    epoch = Math.max(epoch, pair.log.latestEpoch().orElse(0));
  }

  private Producer producer() {
    return producers.get(random.nextInt(PRODUCERS));
  }

  private Compression compression() {
    CompressionType[] types = {
      CompressionType.NONE,
      CompressionType.NONE,
      CompressionType.NONE,
      CompressionType.GZIP,
      CompressionType.LZ4,
      CompressionType.SNAPPY,
      CompressionType.ZSTD
    };
    return Compression.of(types[random.nextInt(types.length)]).build();
  }

  private SimpleRecord[] records() {
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(8)];
    for (int i = 0; i < records.length; i++) {
      byte[] value = new byte[random.nextInt(120)];
      random.nextBytes(value);
      Header[] headers = new Header[random.nextInt(4) == 0 ? random.nextInt(3) : 0];
      for (int h = 0; h < headers.length; h++) {
        headers[h] = new RecordHeader("h" + h, random.nextBoolean() ? value : null);
      }
      records[i] =
          new SimpleRecord(
              timestamp(),
              random.nextInt(pair.settings().compact() ? 200 : 12) == 0
                  ? null
                  : LogFixture.bytes("k" + random.nextInt(20)),
              random.nextInt(8) == 0 ? null : value,
              headers);
    }
    return records;
  }

  private long timestamp() {
    return switch (random.nextInt(30)) {
      case 0 -> RecordBatch.NO_TIMESTAMP;
      case 1 -> clock.millis() - 500_000;
      case 2 -> clock.millis() + 100_000;
      default -> clock.millis() + random.nextInt(20_000) - 10_000;
    };
  }

  // ---- the rest ------------------------------------------------------------------------------

  private void moveHighWatermark() {
    long end = pair.log.logEndOffset();
    pair.highWatermark(
        random.nextInt(3) == 0
            ? end
            : pair.log.highWatermark()
                + random.nextInt(1 + (int) (end - pair.log.highWatermark())));
  }

  private void read() {
    long span = pair.log.logEndOffset() - pair.log.logStartOffset();
    long offset = pair.log.logStartOffset() + random.nextInt((int) span + 3) - 1;
    ReadBound bound = ReadBound.values()[random.nextInt(3)];
    pair.read(offset, random.nextInt(5_000), bound, random.nextBoolean());
  }

  private void lookUp() {
    if (random.nextInt(4) == 0) {
      pair.lookUpNewest();
    } else {
      pair.lookUp(clock.millis() + random.nextInt(200_000) - 150_000);
    }
  }

  private void truncate() {
    long end = pair.log.logEndOffset();
    pair.truncateTo(Math.max(0, end + 2 - random.nextInt(60)));
    afterLoss();
    // A cut within a batch takes the whole batch, and leaves offsets without records at the end.
    // Kafka's high watermark and last stable offset then move by being looked at, so that it does
    // not last.
    long cut = pair.log.logEndOffset();
    while (pair.log.logEndOffset() == cut) {
      produce();
    }
  }

  /** Producers whose batches are gone begin anew; the next leader has a higher epoch. */
  private void afterLoss() {
    producers.forEach(Producer::bump);
    flushedTo = Math.min(flushedTo, pair.log.recoveryPoint());
    epoch++;
  }
}
