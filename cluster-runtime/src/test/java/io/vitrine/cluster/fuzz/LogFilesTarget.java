package io.vitrine.cluster.fuzz;

import io.vitrine.cluster.simulation.MemoryFiles;
import io.vitrine.storage.checkpoint.MetaProperties;
import io.vitrine.storage.checkpoint.OffsetCheckpoint;
import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.LogSlice;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.ReadBound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * The files of a log directory with any content: the log opens or fails with an {@link
 * IOException}; once open it can be read from its start to its end and appended to, or tells an
 * {@link ApiException}. Only a look into records may fail otherwise, where they are damaged.
 */
final class LogFilesTarget implements FuzzTarget {
  private static final Path TOP = Path.of("/d");
  private static final Path LOG = TOP.resolve("t-0");
  private static final String BASE = "00000000000000000000";

  /** In the order an input names them. */
  private static final List<Path> FILES =
      List.of(
          LOG.resolve(BASE + ".log"),
          LOG.resolve(BASE + ".index"),
          LOG.resolve(BASE + ".timeindex"),
          LOG.resolve(BASE + ".txnindex"),
          LOG.resolve("00000000000000000003.snapshot"),
          LOG.resolve("leader-epoch-checkpoint"),
          LOG.resolve("partition.metadata"),
          LOG.resolve("00000000000000000003.log"),
          LOG.resolve("00000000000000000003.index"),
          LOG.resolve("00000000000000000003.timeindex"),
          LOG.resolve("00000000000000000003.txnindex"),
          TOP.resolve("meta.properties"),
          TOP.resolve(OffsetCheckpoint.HIGH_WATERMARKS));

  private static final LogSettings SETTINGS =
      LogSettings.defaults().with(s -> s.segmentIndexBytes(1200).indexIntervalBytes(1));

  @Override
  public List<byte[]> seeds() {
    try {
      LogFixture fixture = new LogFixture();
      fixture.files = new MemoryFiles();
      PartitionLog log = fixture.open(TOP, SETTINGS, true);
      log.appendAsLeader(
          MemoryRecords.withTransactionalRecords(
              Compression.NONE,
              7L,
              (short) 1,
              0,
              new SimpleRecord(LogFixture.NOW_MS, "k".getBytes(), "v".getBytes())),
          1,
          Origin.CLIENT);
      LogFixture.append(log, 1, "w");
      log.appendAsLeader(
          MemoryRecords.withEndTransactionMarker(
              7L, (short) 1, new EndTransactionMarker(ControlRecordType.ABORT, 0)),
          1,
          Origin.COORDINATOR);
      log.roll();
      LogFixture.append(log, 2, "x");
      log.close();
      List<byte[]> pieces = new ArrayList<>();
      for (int i = 0; i < FILES.size(); i++) {
        if (fixture.files.exists(FILES.get(i))) {
          byte[] content = fixture.files.readSmall(FILES.get(i), 1 << 20);
          pieces.add(Input.of(Input.pieceOf(content), i));
        }
      }
      byte[] files = Input.joined(pieces.toArray(byte[][]::new));
      byte[] meta = "#\nbroker.id=1\ncluster.id=c\nversion=0\n".getBytes();
      byte[] offsets = "0\n1\nt 0 3\n".getBytes();
      byte[] small =
          Input.joined(Input.of(Input.pieceOf(meta), 11), Input.of(Input.pieceOf(offsets), 12));
      return List.of(Input.of(files, 0), Input.of(files, 1), Input.of(small, 0));
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  @Override
  public long allowedBytes(int inputBytes) {
    // What a look into a well-made compressed batch of this size can meet: Zstandard says 128 KiB
    // with 4 bytes, and a record's buffer is doubled as long as there is more of it.
    return (16L << 20) + 3 * 32_768L * inputBytes;
  }

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    boolean clean = input.choice(2) == 0;
    LogFixture fixture = new LogFixture();
    fixture.files = new MemoryFiles();
    fixture.files.createDirectories(LOG);
    while (!input.isEmpty()) {
      fixture.files.replace(FILES.get(input.choice(FILES.size())), input.piece());
    }
    smallFiles(fixture.files);
    PartitionLog log;
    try {
      log = fixture.open(TOP, SETTINGS, clean);
    } catch (IOException told) {
      return;
    }
    check(log.logStartOffset() <= log.logEndOffset(), "begins behind its end");
    try {
      readAll(log);
      lookInto(log);
      log.abortedTransactions(log.logStartOffset(), log.logEndOffset());
      LogFixture.append(log, 9, "new");
      log.roll();
    } catch (ApiException told) {
      // Damage met where it is read.
    }
    log.close();
  }

  private static void lookInto(PartitionLog log) {
    try {
      log.offsetForTimestamp(LogFixture.NOW_MS);
    } catch (KafkaException | IllegalArgumentException damaged) {
      // As Kafka's reader of records says it.
    }
  }

  private static void smallFiles(FileAccess files) {
    try {
      MetaProperties.read(files, TOP);
    } catch (IOException told) {
      // Unsound, and said so.
    }
    try {
      new OffsetCheckpoint(files, TOP, OffsetCheckpoint.HIGH_WATERMARKS).read();
    } catch (IOException told) {
      // Unsound, and said so.
    }
  }

  private static void readAll(PartitionLog log) throws IOException {
    long offset = log.logStartOffset();
    while (offset < log.logEndOffset()) {
      ByteBuffer bytes;
      try (LogSlice slice = log.read(offset, 1 << 16, ReadBound.LOG_END, true).records()) {
        bytes = slice.toMemory().buffer();
      }
      MemoryRecords read = MemoryRecords.readableRecords(bytes);
      long before = offset;
      for (var batch : read.batches()) {
        offset = Math.max(offset, batch.nextOffset());
      }
      if (offset == before) {
        return;
      }
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
