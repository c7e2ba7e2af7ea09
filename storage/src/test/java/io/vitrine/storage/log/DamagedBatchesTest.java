package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batches whose checksum is right and whose content is not: refused or told as damaged, in memory
 * that what is there justifies.
 */
class DamagedBatchesTest {
  private static final int LAST_OFFSET_DELTA = 23;
  private static final int RECORD_COUNT = 57;
  private static final String SEGMENT = "t-0/00000000000000000000.log";

  private final LogFixture fixture = new LogFixture();

  @TempDir Path directory;

  private static MemoryRecords batch(CompressionType codec, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] =
          new SimpleRecord(
              LogFixture.NOW_MS + i, LogFixture.bytes("k"), LogFixture.bytes(values[i]));
    }
    return LogFixture.copy(MemoryRecords.withRecords(Compression.of(codec).build(), records));
  }

  private static MemoryRecords sealed(MemoryRecords batch) {
    ByteBuffer bytes = batch.buffer();
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(BatchHeader.CRC_START));
    bytes.putInt(BatchHeader.CRC, (int) crc.getValue());
    return batch;
  }

  private static MemoryRecords announcing(int records, CompressionType codec) {
    MemoryRecords batch = batch(codec, "a", "b");
    batch.buffer().putInt(RECORD_COUNT, records);
    batch.buffer().putLong(BatchHeader.MAX_TIMESTAMP, LogFixture.NOW_MS + 5);
    return sealed(batch);
  }

  private PartitionLog open() throws IOException {
    return fixture.open(directory, LogSettings.defaults(), true);
  }

  // ---- as leader -------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void offsetsWithGapsAreNumberedAnew(CompressionType codec) throws IOException {
    MemoryRecords gaps;
    try (MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1000),
            Compression.of(codec).build(),
            TimestampType.CREATE_TIME,
            0)) {
      builder.appendWithOffset(3, LogFixture.NOW_MS, null, LogFixture.bytes("a"));
      builder.appendWithOffset(17, LogFixture.NOW_MS, null, LogFixture.bytes("b"));
      gaps = builder.build();
    }
    gaps.buffer().putInt(LAST_OFFSET_DELTA, 1);
    PartitionLog log = open();

    AppendResult result = log.appendAsLeader(sealed(gaps), 0, Origin.CLIENT);

    assertThat(result.lastOffset()).isEqualTo(1);
    assertThat(log.logEndOffset()).isEqualTo(2);
    assertThat(LogFixture.records(log, 0)).containsEntry(0L, "a").containsEntry(1L, "b");
    log.close();
  }

  @Test
  void aChunkOfSnappyThatAnnouncesTooMuchIsRefused() throws IOException {
    PartitionLog log = open();
    MemoryRecords announcing = batch(CompressionType.SNAPPY, "a");
    // Behind the stream's header and the chunk's size: the length it is to have, as a varint.
    ByteBuffer length = ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 7});
    announcing.buffer().duplicate().position(BatchHeader.BYTES + 16 + 4).put(length);
    MemoryRecords longer = batch(CompressionType.SNAPPY, "a");
    longer.buffer().putInt(BatchHeader.BYTES + 16, 500 << 20);

    for (MemoryRecords each : List.of(sealed(announcing), sealed(longer))) {
      assertThatThrownBy(() -> log.appendAsLeader(each, 0, Origin.CLIENT))
          .isInstanceOf(InvalidRecordException.class)
          .hasMessageContaining("Snappy");
    }

    assertThat(log.logEndOffset()).isZero();
    log.close();
  }

  // ---- as follower -----------------------------------------------------------------------------

  @Test
  void offsetsNoLogCanHaveAreRefused() throws IOException {
    PartitionLog log = open();
    MemoryRecords falling = batch(CompressionType.NONE, "a", "b");
    falling.buffer().putInt(LAST_OFFSET_DELTA, -1);
    MemoryRecords negative = batch(CompressionType.NONE, "a");
    negative.buffer().putLong(0, -7);
    MemoryRecords beyond = batch(CompressionType.NONE, "a");
    beyond.buffer().putLong(0, Long.MAX_VALUE);

    for (MemoryRecords each : List.of(sealed(falling), negative, beyond)) {
      assertThatThrownBy(() -> log.appendAsFollower(each, 0))
          .isInstanceOf(CorruptRecordException.class);
    }

    assertThat(log.logEndOffset()).isZero();
    log.close();
  }

  @Test
  void batchesThatOverlapAreRefused() throws IOException {
    PartitionLog log = open();
    MemoryRecords second = batch(CompressionType.NONE, "c", "d");
    second.buffer().putLong(0, 1);
    MemoryRecords both = joined(batch(CompressionType.NONE, "a", "b"), second);

    assertThatThrownBy(() -> log.appendAsFollower(both, 0))
        .isInstanceOf(OffsetOutOfRangeException.class);

    assertThat(log.logEndOffset()).isZero();
    log.close();
  }

  @Test
  void batchesThatLieTooFarApartForASegmentAreTakenOneAfterTheOther() throws IOException {
    PartitionLog log = open();
    MemoryRecords far = batch(CompressionType.NONE, "far");
    far.buffer().putLong(0, 1L << 40);
    MemoryRecords both = joined(batch(CompressionType.NONE, "near"), far);

    assertThat(log.appendAsFollower(both, 0).lastOffset()).isZero();
    assertThat(log.appendAsFollower(far, 0).lastOffset()).isEqualTo(1L << 40);

    assertThat(LogFixture.records(log, 0)).containsEntry(0L, "near").containsEntry(1L << 40, "far");
    log.close();
  }

  @Test
  void aCompressedMarkerIsRefused() throws IOException {
    PartitionLog log = open();
    MemoryRecords marker =
        LogFixture.copy(
            MemoryRecords.withIdempotentRecords(
                Compression.gzip().build(),
                7L,
                (short) 1,
                0,
                new SimpleRecord(LogFixture.NOW_MS, new byte[4], new byte[6])));
    ByteBuffer bytes = marker.buffer();
    bytes.putShort(BatchHeader.ATTRIBUTES, (short) (bytes.getShort(BatchHeader.ATTRIBUTES) | 0x30));

    assertThatThrownBy(() -> log.appendAsFollower(sealed(marker), 0))
        .isInstanceOf(CorruptRecordException.class);

    assertThat(log.logEndOffset()).isZero();
    log.close();
  }

  private static MemoryRecords joined(MemoryRecords... batches) {
    int size = 0;
    for (MemoryRecords each : batches) {
      size += each.sizeInBytes();
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (MemoryRecords each : batches) {
      all.put(each.buffer());
    }
    return MemoryRecords.readableRecords(all.flip());
  }

  // ---- what lies in files ----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void aCountBeyondWhatIsThereIsTold(CompressionType codec) throws IOException {
    PartitionLog log = open();
    log.appendAsFollower(announcing(Integer.MAX_VALUE, codec), 0);

    assertThatThrownBy(() -> log.offsetForTimestamp(LogFixture.NOW_MS + 5))
        .isInstanceOf(CorruptRecordException.class)
        .hasMessageContaining("that ends with offset 1");

    assertThat(log.offsetForTimestamp(LogFixture.NOW_MS)).isPresent();
    log.close();
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void soundBatchesAreReadAsKafkaReadsThem(CompressionType codec) {
    String large = "x".repeat(100_000);
    MutableRecordBatch batch = batch(codec, "a", large, "").batches().iterator().next();
    BoundedRecords.check(batch, BufferSupplier.NO_CACHING);

    try (CloseableIterator<Record> ours = BoundedRecords.of(batch, BufferSupplier.NO_CACHING)) {
      for (Record theirs : batch) {
        assertThat(ours.next()).isEqualTo(theirs);
      }
      assertThat(ours.hasNext()).isFalse();
    }
  }

  @Test
  void bytesBehindTheLastBatchOfACleanSegmentAreTold() throws IOException {
    PartitionLog log = open();
    LogFixture.append(log, 0, "a");
    long end = log.sizeBytes();
    log.close();
    Path segment = directory.resolve(SEGMENT);
    Files.write(segment, new byte[30], StandardOpenOption.APPEND);

    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(segment.toString())
        .hasMessageContaining("from byte " + end);

    assertThat(segment).hasSize(end + 30);
  }
}
