package io.vitrine.cluster.fuzz;

import io.vitrine.cluster.simulation.MemoryFiles;
import io.vitrine.storage.log.AppendResult;
import io.vitrine.storage.log.BatchHeader;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import io.vitrine.storage.log.TopicCompression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;

/**
 * Batches offered to a log, as a producer's and as a leader's: refused with an exception, after
 * which the log is as it was; or written so that every record can be read, in the older formats too
 * as far as they go, and that a recovery finds the same end.
 *
 * <p>Any {@link RuntimeException} refuses: what is none of the protocol's comes from Kafka's reader
 * of records and is answered with UNKNOWN_SERVER_ERROR, as Apache Kafka does. Checksums are made
 * right on request, else nothing would get past them.
 */
final class BatchesTarget implements FuzzTarget {
  private static final Path DIRECTORY = Path.of("/d");
  private static final int EPOCH = 5;
  private static final List<TopicCompression> COMPRESSIONS =
      List.of(TopicCompression.PRODUCER, TopicCompression.of("uncompressed", 1, 1, 1));

  private enum Way {
    CLIENT,
    FOLLOWER
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    SimpleRecord[] records = {
      new SimpleRecord(LogFixture.NOW_MS, bytes("k"), bytes("v")),
      new SimpleRecord(LogFixture.NOW_MS + 1, null, bytes("w")),
      new SimpleRecord(LogFixture.NOW_MS + 2, bytes("l"), null)
    };
    for (Way way : Way.values()) {
      for (CompressionType codec : CompressionType.values()) {
        for (byte magic = 0; magic <= RecordBatch.CURRENT_MAGIC_VALUE; magic++) {
          if (codec != CompressionType.ZSTD || magic == RecordBatch.CURRENT_MAGIC_VALUE) {
            MemoryRecords batch =
                MemoryRecords.withRecords(
                    magic, 0, Compression.of(codec).build(), TimestampType.CREATE_TIME, records);
            seeds.add(Input.of(content(batch), way.ordinal(), 0, 1));
          }
        }
      }
      MemoryRecords idempotent =
          MemoryRecords.withIdempotentRecords(Compression.NONE, 7L, (short) 1, 0, records);
      seeds.add(Input.of(content(idempotent), way.ordinal(), 0, 1));
      MemoryRecords transactional =
          MemoryRecords.withTransactionalRecords(Compression.NONE, 7L, (short) 1, 0, records);
      seeds.add(Input.of(content(transactional), way.ordinal(), 3, 1));
    }
    return seeds;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] content(MemoryRecords records) {
    byte[] content = new byte[records.sizeInBytes()];
    records.buffer().duplicate().get(content);
    return content;
  }

  @Override
  public long allowedBytes(int inputBytes) {
    // What a well-made compressed batch of this size can hold.
    return (16L << 20) + 32_768L * inputBytes;
  }

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    Way way = Way.values()[input.choice(Way.values().length)];
    LogSettings settings = settings(input.choice(8));
    boolean soundChecksums = input.choice(2) == 1;
    byte[] batches = input.rest();
    if (soundChecksums) {
      correctChecksums(batches);
    }
    LogFixture fixture = new LogFixture();
    fixture.files = new MemoryFiles();
    PartitionLog log = fixture.open(DIRECTORY, settings, true);
    MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(batches));
    AppendResult result;
    try {
      result =
          way == Way.FOLLOWER
              ? log.appendAsFollower(records, EPOCH)
              : log.appendAsLeader(records, EPOCH, Origin.CLIENT);
    } catch (RuntimeException refused) {
      check(log.logEndOffset() == 0, "refused, and written nevertheless");
      LogFixture.append(log, EPOCH, "sound");
      check(log.logEndOffset() == 1, "nothing can be written any more");
      return;
    } finally {
      check(fixture.failures.isEmpty(), "the disk failed: " + fixture.failures);
    }
    check(result != null, "no result");
    if (way != Way.FOLLOWER) {
      // A follower takes a leader's word for what is in a batch.
      readBack(log);
    }
    long end = log.logEndOffset();
    int size = (int) log.sizeBytes();
    log.abandon();
    PartitionLog recovered = fixture.open(DIRECTORY, settings, false);
    check(
        recovered.logEndOffset() == end && recovered.sizeBytes() == size,
        "ended at " + end + ", after recovery at " + recovered.logEndOffset());
    recovered.close();
  }

  private static LogSettings settings(int choice) {
    return LogSettings.defaults()
        .with(
            s ->
                s.segmentIndexBytes(1200)
                    .indexIntervalBytes(64)
                    .compact((choice & 1) != 0)
                    .logAppendTime((choice & 2) != 0)
                    .compression(COMPRESSIONS.get((choice & 4) >> 2)));
  }

  private static void correctChecksums(byte[] batches) {
    ByteBuffer bytes = ByteBuffer.wrap(batches);
    int at = 0;
    while (at + BatchHeader.BYTES <= batches.length
        && bytes.get(at + 16) == RecordBatch.MAGIC_VALUE_V2) {
      long size = bytes.getInt(at + 8) + 12L;
      if (size < BatchHeader.BYTES || size > batches.length - at) {
        return;
      }
      CRC32C crc = new CRC32C();
      crc.update(batches, at + BatchHeader.CRC_START, (int) size - BatchHeader.CRC_START);
      bytes.putInt(at + 17, (int) crc.getValue());
      at += (int) size;
    }
  }

  private static void readBack(PartitionLog log) throws IOException {
    long next = 0;
    MemoryRecords written;
    try (LogSlice slice = log.read(0, 1 << 20, ReadBound.LOG_END, true).records()) {
      written = slice.toMemory();
    }
    for (RecordBatch batch : written.batches()) {
      batch.ensureValid();
      for (Record record : batch) {
        check(record.offset() >= next, "offset " + record.offset() + " after " + next);
        next = record.offset() + 1;
      }
    }
    check(next == log.logEndOffset(), "records to " + next + ", the log to " + log.logEndOffset());
    for (byte magic = 0; magic < RecordBatch.MAGIC_VALUE_V2; magic++) {
      try {
        written.downConvert(magic, 0, Time.SYSTEM);
      } catch (UnsupportedCompressionTypeException | IllegalArgumentException notKnownThen) {
        // Zstandard, or a time before 1970: answered as an error of the partition.
      }
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
