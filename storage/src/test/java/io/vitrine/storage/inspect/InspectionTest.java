package io.vitrine.storage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogHistory;
import io.vitrine.storage.log.LogPair;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.log.TimestampOffset;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M60–M62, M75, M76: what is seen of a log directory is what Kafka's own classes see. */
class InspectionTest {
  @TempDir private Path directory;

  /** A closed log that has lived through much, as Kafka and we have written it. */
  private LogPair pair(long seed) throws IOException {
    Random random = new Random(seed);
    LogSettings settings = LogHistory.settings(random, false).with(s -> s.preallocate(false));
    LogPair pair = new LogPair(directory, settings);
    LogHistory history = new LogHistory(random, pair, false);
    for (int step = 0; step < 120; step++) {
      history.step();
    }
    return pair;
  }

  private static PartitionView only(Path place) throws IOException {
    return Inspection.open(place).partitions().get(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void showsEveryByteOfEveryBatchAndRecord(long seed) throws IOException {
    LogPair pair = pair(seed);
    pair.close();
    for (Path place : List.of(pair.ourDirectory(), pair.theirDirectory())) {
      PartitionView partition = only(place);
      assertThat(partition.name()).isEqualTo("t-0");
      for (SegmentView segment : partition.inUse()) {
        showsEveryByte(segment);
      }
    }
  }

  private static void showsEveryByte(SegmentView segment) throws IOException {
    try (FileRecords kafka = FileRecords.open(segment.log().toFile(), false);
        BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      for (RecordBatch expected : kafka.batches()) {
        BatchView batch = walk.next().orElseThrow();
        assertThat(batch.header().baseOffset()).isEqualTo(expected.baseOffset());
        assertThat(batch.header().lastOffset()).isEqualTo(expected.lastOffset());
        assertThat(walk.check(batch)).isEmpty();
        covers(batch.fields(), batch.position(), batch.position() + 61);
        List<RecordView> records = walk.records(batch, "t");
        List<Field> all = new ArrayList<>();
        int i = 0;
        for (Record record : expected) {
          RecordView view = records.get(i++);
          assertThat(view.offset()).isEqualTo(record.offset());
          assertThat(view.timestampMs()).isEqualTo(record.timestamp());
          assertThat(view.key()).isEqualTo(Words.of(record.key()));
          assertThat(view.value()).isEqualTo(Words.of(record.value()));
          assertThat(view.headers()).hasSize(record.headers().length);
          assertThat(view.meaning().isEmpty()).isEqualTo(!expected.isControlBatch());
          all.addAll(view.fields());
        }
        assertThat(records).hasSize(i);
        if (!expected.isCompressed() && i > 0) {
          covers(all, batch.position() + 61, batch.end());
        }
      }
      assertThat(walk.next()).isEmpty();
      assertThat(walk.damage()).isEmpty();
    }
  }

  private static void covers(List<Field> fields, long from, long to) {
    long at = from;
    for (Field field : fields) {
      assertThat(field.from()).as(field.name()).isEqualTo(at);
      at = field.to();
    }
    assertThat(at).isEqualTo(to);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void looksUpAsTheLogDoes(long seed) throws IOException {
    LogPair pair = pair(seed);
    PartitionLog log = pair.log;
    PartitionView partition = only(pair.ourDirectory());
    for (long offset = log.logStartOffset(); offset < log.logEndOffset(); offset++) {
      OptionalLong found = Lookup.offset(partition, offset).offset();
      assertThat(found.orElse(log.logEndOffset())).isGreaterThanOrEqualTo(offset);
    }
    log.maybeIncrementLogStartOffset(log.logStartOffset());
    if (log.logStartOffset() == partition.inUse().get(0).baseOffset()) {
      for (int i = -20; i < 20; i++) {
        long timestamp = LogFixture.NOW_MS + i * 1_000L;
        Optional<TimestampOffset> expected = log.offsetForTimestamp(timestamp);
        Lookup.Explained explained = Lookup.timestamp(partition, timestamp);
        assertThat(explained.offset())
            .as(explained.steps().toString())
            .isEqualTo(
                expected.map(each -> OptionalLong.of(each.offset())).orElse(OptionalLong.empty()));
      }
    }
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
  void namesTheBatchThatIsDamaged(long seed) throws IOException {
    LogPair pair = pair(seed);
    pair.close();
    PartitionView whole = only(pair.ourDirectory());
    assertThat(Inspection.check(whole, () -> true)).isEmpty();
    Random random = new Random(seed);
    List<SegmentView> segments =
        whole.inUse().stream().filter(each -> each.sizeBytes() > 0).toList();
    for (int i = 0; i < 20 && !segments.isEmpty(); i++) {
      SegmentView segment = segments.get(random.nextInt(segments.size()));
      long at = random.nextInt((int) segment.sizeBytes());
      long batch = batchAt(segment, at);
      if (at - batch >= 12 && at - batch < 16) {
        // The leader epoch is not covered by the checksum: nobody can tell.
        continue;
      }
      flip(segment.log(), at, 1 << random.nextInt(8));
      List<Damage> found = Inspection.check(only(pair.ourDirectory()), () -> true);
      assertThat(found).as("bit flipped at " + at).isNotEmpty();
      if (at - batch >= 17) {
        assertThat(found.get(0).file()).isEqualTo(segment.log());
        assertThat(found.get(0).position()).as("bit flipped at " + at).isEqualTo(batch);
      }
      Files.write(segment.log(), original(segment, pair.theirDirectory()));
    }
  }

  private static byte[] original(SegmentView segment, Path theirs) throws IOException {
    return Files.readAllBytes(theirs.resolve(segment.log().getFileName()));
  }

  private static long batchAt(SegmentView segment, long at) throws IOException {
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      Optional<BatchView> batch = walk.next();
      while (batch.orElseThrow().end() <= at) {
        batch = walk.next();
      }
      return batch.get().position();
    }
  }

  private static void flip(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ bit);
    }
  }

  @Test
  void opensManyGigabytesWithoutReadingThem() throws IOException {
    for (int partition = 0; partition < 40; partition++) {
      Path place = Files.createDirectories(directory.resolve("big-" + partition));
      for (long segment = 0; segment < 10; segment++) {
        String base = String.format("%020d", segment * 1_000_000);
        sparse(place.resolve(base + ".log"), 1L << 30);
        sparse(place.resolve(base + ".index"), 10 << 20);
      }
    }
    long before = bytesRead();
    DirectoryView view = Inspection.open(directory);
    assertThat(view.partitions()).hasSize(40);
    assertThat(view.partitions().stream().mapToLong(PartitionView::sizeBytes).sum())
        .isEqualTo(400L << 30);
    assertThat(bytesRead() - before).as("bytes read").isLessThan(4 << 20);
  }

  private static void sparse(Path file, long size) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
  }

  private static long bytesRead() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring("rchar:".length()).trim()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void changesNothingAndSeesALogGrow() throws IOException {
    LogFixture fixture = new LogFixture();
    PartitionLog log =
        fixture.open(directory, LogSettings.defaults().with(s -> s.segmentBytes(500)), false);
    for (int i = 0; i < 30; i++) {
      LogFixture.append(log, 0, "value " + i);
      Map<String, Long> before = times();
      PartitionView partition = only(directory.resolve("t-0"));
      long records = 0;
      for (SegmentView segment : partition.inUse()) {
        try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
          for (Optional<BatchView> b = walk.next(); b.isPresent(); b = walk.next()) {
            records += walk.records(b.get(), "t").size();
          }
        }
        assertThat(Inspection.index(segment)).isNotNull();
      }
      assertThat(records).isEqualTo(i + 1);
      assertThat(Inspection.check(partition, () -> true)).isEmpty();
      assertThat(times()).isEqualTo(before);
    }
    log.close();
  }

  @Test
  void anIndexOfMillionsOfEntriesIsRefused() throws IOException {
    LogFixture fixture = new LogFixture();
    PartitionLog log = fixture.open(directory, LogSettings.defaults(), false);
    LogFixture.append(log, 0, "value");
    log.close();
    SegmentView segment = only(directory.resolve("t-0")).inUse().get(0);
    byte[] entries = new byte[(IndexReader.MAX_ENTRIES + 1) * IndexReader.OFFSET_ENTRY];
    Arrays.fill(entries, (byte) 1);
    Files.write(segment.beside(".index"), entries);
    assertThatThrownBy(() -> Inspection.index(segment))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("entries");
    assertThat(Inspection.check(only(directory.resolve("t-0")), () -> true)).hasSize(1);
    Files.write(segment.beside(".index"), Arrays.copyOf(entries, 8_000));
    assertThat(Inspection.check(only(directory.resolve("t-0")), () -> true)).isNotEmpty();
  }

  private Map<String, Long> times() throws IOException {
    Map<String, Long> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        times.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return times;
  }

  @Test
  void saysWhatIsNoLogDirectory() throws IOException {
    assertThatThrownBy(() -> Inspection.open(directory)).hasMessageContaining("no log directory");
    assertThatThrownBy(() -> Inspection.open(directory.resolve("x")))
        .hasMessageContaining("no such file");
    Files.writeString(directory.resolve("meta.properties"), "broker.id=1\n");
    Files.writeString(directory.resolve("replication-offset-checkpoint"), "0\n2\nt 0 5\nt x\n");
    DirectoryView view = Inspection.open(directory);
    assertThat(view.checkpoints().get("replication-offset-checkpoint")).containsEntry("t-0", 5L);
    assertThat(view.problems()).singleElement().asString().contains("line 4");
  }

  @Test
  void readsWhatGroupsWrite() {
    ByteBuffer key =
        MessageUtil.toVersionPrefixedByteBuffer(
            (short) 1,
            new OffsetCommitKey().setGroup("billing").setTopic("orders").setPartition(3));
    for (short version = 0; version <= 4; version++) {
      ByteBuffer value =
          MessageUtil.toVersionPrefixedByteBuffer(
              version,
              new OffsetCommitValue().setOffset(42).setMetadata("m").setCommitTimestamp(7));
      assertThat(InternalRecords.of("__consumer_offsets", key, value))
          .as("version " + version)
          .contains("billing", "orders-3", "42", "metadata \"m\"");
    }
    assertThat(InternalRecords.of("__consumer_offsets", key, null)).contains("deleted");
    ByteBuffer group =
        MessageUtil.toVersionPrefixedByteBuffer(
            (short) 2, new GroupMetadataKey().setGroup("billing"));
    for (short version = 0; version <= 4; version++) {
      GroupMetadataValue.MemberMetadata member =
          new GroupMetadataValue.MemberMetadata()
              .setMemberId("m-1")
              .setClientId("c")
              .setClientHost("/h")
              .setSubscription(new byte[3])
              .setAssignment(new byte[5]);
      ByteBuffer value =
          MessageUtil.toVersionPrefixedByteBuffer(
              version,
              new GroupMetadataValue()
                  .setProtocolType("consumer")
                  .setGeneration(9)
                  .setProtocol("range")
                  .setLeader("m-1")
                  .setMembers(List.of(member, member)));
      assertThat(InternalRecords.of("__consumer_offsets", group, value))
          .as("version " + version)
          .contains("billing", "generation 9", "range", "2 members: m-1 at c/h, m-1 at c/h");
    }
    assertThat(
            InternalRecords.of(
                "__consumer_offsets", ByteBuffer.wrap(new byte[] {0, 9}), key.duplicate()))
        .contains("version 9");
    assertThat(
            InternalRecords.of(
                "__consumer_offsets",
                ByteBuffer.wrap("no such thing".getBytes(StandardCharsets.UTF_8)),
                null))
        .isNotEmpty();
  }

  @Test
  void readsWhatTransactionsWrite() {
    ByteBuffer key =
        MessageUtil.toVersionPrefixedByteBuffer(
            (short) 0, new TransactionLogKey().setTransactionalId("transfer"));
    for (short version = 0; version <= 1; version++) {
      ByteBuffer value =
          MessageUtil.toVersionPrefixedByteBuffer(
              version,
              new TransactionLogValue()
                  .setProducerId(77)
                  .setProducerEpoch((short) 2)
                  .setTransactionTimeoutMs(60_000)
                  .setTransactionStatus((byte) 1)
                  .setTransactionPartitions(
                      List.of(
                          new TransactionLogValue.PartitionsSchema()
                              .setTopic("orders")
                              .setPartitionIds(List.of(1, 4)))));
      assertThat(InternalRecords.of("__transaction_state", key, value))
          .as("version " + version)
          .contains("transfer", "producer 77 epoch 2", "Ongoing", "[orders-1, orders-4]");
    }
    assertThat(InternalRecords.of("__transaction_state", key, null)).contains("deleted");
  }
}
