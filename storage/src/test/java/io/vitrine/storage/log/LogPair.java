package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.index.AbortedTransaction;
import io.vitrine.storage.producer.ProducerStates;
import io.vitrine.storage.retention.Retention;
import io.vitrine.storage.testing.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import kafka.common.OffsetsOutOfOrderException;
import kafka.common.UnexpectedAppendOffsetException;
import kafka.log.UnifiedLog;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.FetchIsolation;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogStartOffsetIncrementReason;
import org.apache.kafka.storage.internals.log.RecordValidationException;

/**
 * Apache Kafka 3.9.2's log and ours side by side: every call goes to both and must have the same
 * outcome, and after it offsets must agree.
 */
public final class LogPair {
  public final LogFixture fixture = new LogFixture();
  public final OracleLog kafka;
  private final Path ours;
  private LogSettings settings;
  public PartitionLog log;

  public LogPair(Path directory, LogSettings settings) throws IOException {
    this.settings = settings;
    this.ours = directory.resolve("ours");
    this.kafka = new OracleLog(directory.resolve("theirs"), settings, fixture.clock);
    open(PartitionLog.Checkpointed.NOTHING, false);
  }

  public Path ourDirectory() {
    return ours.resolve("t-0");
  }

  public Path theirDirectory() {
    return kafka.directory();
  }

  /** What was asked of a log, and what came of it, in words that can be compared. */
  private interface Call {
    String outcome() throws Exception;
  }

  private static String outcome(Call call) {
    try {
      return call.outcome();
    } catch (RecordsRejectedException e) {
      return e.reason().getClass().getSimpleName();
    } catch (RecordValidationException e) {
      return e.invalidException().getClass().getSimpleName();
    } catch (UnexpectedAppendOffsetException | OffsetsOutOfOrderException e) {
      return OffsetOutOfRangeException.class.getSimpleName();
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  private void same(String what, Call mine, Call theirs) {
    String expected = outcome(theirs);
    String mineOutcome = outcome(mine);
    assertThat(mineOutcome).as(what).isEqualTo(expected);
    background();
    agree(what);
  }

  private void background() {
    fixture.scheduler.advance(0);
    kafka.runBackground();
  }

  private void agree(String after) {
    assertThat(
            List.of(
                log.logStartOffset(),
                log.logEndOffset(),
                log.highWatermark(),
                log.lastStableOffset(),
                log.recoveryPoint()))
        .as("log start, log end, high watermark, last stable offset, recovery point: " + after)
        .isEqualTo(
            List.of(
                kafka.log().logStartOffset(),
                kafka.log().logEndOffset(),
                kafka.log().highWatermark(),
                kafka.log().lastStableOffset(),
                kafka.log().recoveryPoint()));
    assertThat(log.producers().firstUnstableOffset())
        .as("first unstable offset: " + after)
        .isEqualTo(
            kafka
                .log()
                .producerStateManager()
                .firstUnstableOffset()
                .map(offset -> OptionalLong.of(offset.messageOffset))
                .orElse(OptionalLong.empty()));
    Map<Long, ProducerStates.LastRecord> theirProducers = new TreeMap<>();
    kafka
        .log()
        .producerStateManager()
        .activeProducers()
        .forEach(
            (id, entry) ->
                theirProducers.put(
                    id,
                    new ProducerStates.LastRecord(entry.lastDataOffset(), entry.producerEpoch())));
    assertThat(new TreeMap<>(log.producers().lastRecords()))
        .as("producers: " + after)
        .isEqualTo(theirProducers);
    assertThat(withoutIndexes(ourDirectory()))
        .as("files: " + after)
        .containsExactlyElementsOf(withoutIndexes(theirDirectory()));
  }

  /**
   * Appends copies of the same bytes. Of a producer's last batches our log remembers over a cut
   * what Kafka's forgets, and then knows a repeated batch where Kafka's finds it out of order.
   */
  public void append(MemoryRecords records, int epoch, Origin origin) {
    MemoryRecords copy = LogFixture.copy(records);
    boolean known = isKnownToKafka(records);
    same(
        "append",
        () -> {
          AppendResult result = log.appendAsLeader(copy, epoch, origin);
          return result.duplicate() && !known
              ? OutOfOrderSequenceException.class.getSimpleName()
              : result.firstOffset()
                  + "-"
                  + result.lastOffset()
                  + " at "
                  + result.logAppendTimeMs();
        },
        () -> {
          LogAppendInfo info =
              kafka.appendAsLeader(records, epoch, AppendOrigin.valueOf(origin.name()));
          return info.firstOffset() + "-" + info.lastOffset() + " at " + info.logAppendTime();
        });
  }

  private boolean isKnownToKafka(MemoryRecords records) {
    MutableRecordBatch batch = records.batches().iterator().next();
    return kafka
        .log()
        .producerStateManager()
        .lastEntry(batch.producerId())
        .flatMap(entry -> entry.findDuplicateBatch(batch))
        .isPresent();
  }

  public void appendAsFollower(MemoryRecords records, int leaderEpoch) {
    MemoryRecords copy = LogFixture.copy(records);
    same(
        "follower append",
        () -> {
          log.appendAsFollower(copy, leaderEpoch);
          return "";
        },
        () -> {
          kafka.log().appendAsFollower(records, leaderEpoch);
          return "";
        });
  }

  public void assignEpoch(int epoch) {
    same(
        "epoch",
        () -> {
          log.assignEpochStart(epoch, log.logEndOffset());
          return "";
        },
        () -> {
          kafka.log().maybeAssignEpochStartOffset(epoch, kafka.log().logEndOffset());
          return "";
        });
  }

  public void roll() {
    List<SegmentInfo> segments = log.segments();
    if (segments.get(segments.size() - 1).sizeBytes() == 0) {
      return;
    }
    same(
        "roll",
        () -> {
          log.roll();
          return "";
        },
        () -> {
          kafka.log().roll(scala.Option.empty());
          return "";
        });
  }

  public void truncateTo(long offset) {
    same(
        "truncate to " + offset,
        () -> Boolean.toString(log.truncateTo(offset)),
        () -> Boolean.toString(kafka.log().truncateTo(offset)));
  }

  public void truncateFullyAndStartAt(long offset) {
    same(
        "truncate fully to " + offset,
        () -> {
          log.truncateFullyAndStartAt(offset);
          return "";
        },
        () -> {
          kafka.log().truncateFullyAndStartAt(offset, scala.Option.empty());
          return "";
        });
  }

  public void highWatermark(long offset) {
    same(
        "high watermark " + offset,
        () -> {
          log.updateHighWatermark(offset);
          return "";
        },
        () -> {
          kafka.log().updateHighWatermark(offset);
          return "";
        });
  }

  public void logStart(long offset) {
    same(
        "log start " + offset,
        () -> {
          log.maybeIncrementLogStartOffset(offset);
          return "";
        },
        () -> {
          kafka
              .log()
              .maybeIncrementLogStartOffset(
                  offset, LogStartOffsetIncrementReason.ClientRecordDeletion);
          return "";
        });
  }

  public void retain() {
    same(
        "retention",
        () -> Integer.toString(log.deleteOldSegments(Retention::choose)),
        () -> Integer.toString(kafka.log().deleteOldSegments()));
  }

  public void flush() {
    same(
        "flush",
        () -> {
          log.flush();
          return "";
        },
        () -> {
          kafka.log().flush(false);
          return "";
        });
  }

  public void expireProducers() {
    same(
        "expire producers",
        () -> {
          log.expireProducers();
          return "";
        },
        () -> {
          kafka.log().removeExpiredProducers(fixture.clock.millis());
          return "";
        });
  }

  public void updateSettings(LogSettings now) {
    settings = now;
    log.updateSettings(now);
    kafka.updateSettings(now);
  }

  public LogSettings settings() {
    return settings;
  }

  /** Reads the same from both: bytes, and the aborted transactions that go with them. */
  public void read(long offset, int maxBytes, ReadBound bound, boolean atLeastOneBatch) {
    String what = "read " + maxBytes + " bytes at " + offset + " up to " + bound;
    // A truncation leaves both with the last stable offset of before until they look again; and
    // where
    // the offsets up to the log's end hold no records, Kafka's high watermark moves by being looked
    // at.
    kafka.log().updateHighWatermark(kafka.log().highWatermark());
    String expected = outcome(() -> theirs(offset, maxBytes, bound, atLeastOneBatch));
    kafka.log().updateHighWatermark(kafka.log().highWatermark());
    log.updateHighWatermark(kafka.log().highWatermark());
    assertThat(outcome(() -> ours(offset, maxBytes, bound, atLeastOneBatch)))
        .as(what)
        .isEqualTo(expected);
    agree(what);
  }

  private String ours(long offset, int maxBytes, ReadBound bound, boolean atLeastOneBatch)
      throws IOException {
    LogRead read = log.read(offset, maxBytes, bound, atLeastOneBatch);
    try (LogSlice slice = read.records()) {
      return described(
          slice.toMemory().buffer(),
          read.abortedTransactions().stream().map(AbortedTransaction::toString).toList());
    }
  }

  private String theirs(long offset, int maxBytes, ReadBound bound, boolean atLeastOneBatch)
      throws IOException {
    FetchDataInfo info = kafka.log().read(offset, maxBytes, isolation(bound), atLeastOneBatch);
    ByteBuffer bytes = ByteBuffer.allocate(info.records.sizeInBytes());
    if (info.records instanceof FileRecords file) {
      file.readInto(bytes, 0);
    }
    return described(bytes, info.abortedTransactions.map(this::described).orElse(List.of()));
  }

  /** Kafka's answer names producer and first offset; the rest comes from its own index. */
  private List<String> described(List<FetchResponseData.AbortedTransaction> aborted) {
    List<String> all = new ArrayList<>();
    for (FetchResponseData.AbortedTransaction each : aborted) {
      kafka.log().logSegments().stream()
          .flatMap(segment -> segment.txnIndex().allAbortedTxns().stream())
          .filter(
              txn ->
                  txn.producerId() == each.producerId() && txn.firstOffset() == each.firstOffset())
          .map(
              txn ->
                  new AbortedTransaction(
                      txn.producerId(),
                      txn.firstOffset(),
                      txn.lastOffset(),
                      txn.lastStableOffset()))
          .forEach(txn -> all.add(txn.toString()));
    }
    return all;
  }

  private static String described(ByteBuffer bytes, List<String> aborted) {
    return bytes.remaining() + " bytes, hash " + bytes.hashCode() + ", aborted " + aborted;
  }

  private static FetchIsolation isolation(ReadBound bound) {
    return switch (bound) {
      case LOG_END -> FetchIsolation.LOG_END;
      case HIGH_WATERMARK -> FetchIsolation.HIGH_WATERMARK;
      case LAST_STABLE -> FetchIsolation.TXN_COMMITTED;
    };
  }

  public void lookUp(long timestampMs) {
    same(
        "look up " + timestampMs,
        () -> log.offsetForTimestamp(timestampMs).map(LogPair::described).orElse("nothing"),
        () -> theirs(timestampMs));
  }

  public void lookUpNewest() {
    same(
        "look up the newest",
        () -> log.offsetOfMaxTimestamp().map(LogPair::described).orElse("nothing"),
        () -> theirs(ListOffsetsRequest.MAX_TIMESTAMP));
  }

  private static String described(TimestampOffset found) {
    return found.timestamp() + " at " + found.offset() + " of epoch " + found.leaderEpoch();
  }

  private String theirs(long timestampMs) {
    scala.Option<FileRecords.TimestampAndOffset> found =
        kafka.log().fetchOffsetByTimestamp(timestampMs, scala.Option.empty());
    if (found.isEmpty()) {
      return "nothing";
    }
    FileRecords.TimestampAndOffset it = found.get();
    Optional<Integer> epoch = it.leaderEpoch;
    return described(
        new TimestampOffset(
            it.timestamp, it.offset, epoch.map(OptionalInt::of).orElse(OptionalInt.empty())));
  }

  // ---- stop and start ------------------------------------------------------------------------

  private void open(PartitionLog.Checkpointed checkpointed, boolean clean) throws IOException {
    log = fixture.open(ours, settings, checkpointed, clean);
    kafka.open(checkpointed, clean);
    background();
    agree("opening");
  }

  private PartitionLog.Checkpointed checkpointed() {
    return new PartitionLog.Checkpointed(
        log.logStartOffset(), log.recoveryPoint(), log.highWatermark());
  }

  public void close() {
    log.close();
    kafka.log().close();
  }

  public void restart() throws IOException {
    close();
    open(checkpointed(), true);
  }

  /** Stops both as a crash would; the recovery point may be an older one. */
  public void crash(long recoveryPoint, Runnable meanwhile) throws IOException {
    PartitionLog.Checkpointed known =
        new PartitionLog.Checkpointed(log.logStartOffset(), recoveryPoint, log.highWatermark());
    log.abandon();
    kafka.log().closeHandlers();
    meanwhile.run();
    open(known, false);
  }

  /** Stops both as a crash would, without opening them again. */
  public PartitionLog.Checkpointed crashed(long recoveryPoint) {
    PartitionLog.Checkpointed known =
        new PartitionLog.Checkpointed(log.logStartOffset(), recoveryPoint, log.highWatermark());
    log.abandon();
    kafka.log().closeHandlers();
    return known;
  }

  /** Stops both cleanly, without opening them again. */
  PartitionLog.Checkpointed closed() {
    PartitionLog.Checkpointed known = checkpointed();
    close();
    return new PartitionLog.Checkpointed(
        known.logStartOffset(), log.logEndOffset(), known.highWatermark());
  }

  /** Opens ours alone. */
  void openOurs(PartitionLog.Checkpointed known, boolean clean) throws IOException {
    log = fixture.open(ours, settings, known, clean);
  }

  /** Opens Kafka's alone; empty when it gives up. */
  Optional<UnifiedLog> openTheirs(PartitionLog.Checkpointed known, boolean clean) {
    try {
      kafka.open(known, clean);
      return Optional.of(kafka.log());
    } catch (RuntimeException kafkaGivesUp) {
      return Optional.empty();
    }
  }

  ManualClock clock() {
    return fixture.clock;
  }

  /** Opens both after a crash; false when Kafka cannot, while ours must all the same. */
  public boolean recovered(PartitionLog.Checkpointed known) throws IOException {
    log = fixture.open(ours, settings, known, false);
    try {
      kafka.open(known, false);
    } catch (RuntimeException kafkaGivesUp) {
      return false;
    }
    background();
    // The last stable offset is compared once both have looked again: see read.
    kafka.log().updateHighWatermark(kafka.log().highWatermark());
    log.updateHighWatermark(kafka.log().highWatermark());
    assertThat(List.of(log.logStartOffset(), log.logEndOffset(), log.recoveryPoint()))
        .as("log start, log end and recovery point after recovery")
        .isEqualTo(
            List.of(
                kafka.log().logStartOffset(),
                kafka.log().logEndOffset(),
                kafka.log().recoveryPoint()));
    return true;
  }

  // ---- files ---------------------------------------------------------------------------------

  /** The same names, and the same bytes in all segments but the active one, which may be longer. */
  public void filesOfSegmentsAreEqual() throws IOException {
    TreeSet<String> names = withoutIndexes(theirDirectory());
    assertThat(withoutIndexes(ourDirectory())).containsExactlyElementsOf(names);
    String active = String.format("%020d.log", log.activeBaseOffset());
    names.remove(active);
    for (String name : names) {
      assertThat(ourDirectory().resolve(name))
          .as(name)
          .hasSameBinaryContentAs(theirDirectory().resolve(name));
    }
  }

  /** The same files with the same bytes. */
  public void filesAreEqual() throws IOException {
    assertThat(names(ourDirectory())).containsExactlyElementsOf(names(theirDirectory()));
    for (String name : names(theirDirectory())) {
      assertThat(ourDirectory().resolve(name))
          .as(name)
          .hasSameBinaryContentAs(theirDirectory().resolve(name));
    }
  }

  /**
   * Indexes of the active segment are made when they are needed first, by Kafka a little sooner.
   */
  private static TreeSet<String> withoutIndexes(Path directory) {
    TreeSet<String> names = names(directory);
    names.removeIf(name -> name.contains(".index") || name.contains(".timeindex"));
    return names;
  }

  /** Kafka opens our directory and we Kafka's, and the records are the same. */
  public void readEachOthers() throws IOException {
    PartitionLog.Checkpointed known = checkpointed();
    List<String> written = records(kafka.directory());
    OracleLog reader = new OracleLog(ours, settings, fixture.clock);
    reader.open(known, true);
    List<String> byKafka = new ArrayList<>();
    long next = reader.log().logStartOffset();
    while (next < reader.log().logEndOffset()) {
      FetchDataInfo info = reader.log().read(next, 4_000, FetchIsolation.LOG_END, true);
      long before = next;
      for (RecordBatch batch : info.records.batches()) {
        batch.forEach(record -> byKafka.add(text(record)));
        next = batch.nextOffset();
      }
      if (next == before) {
        break;
      }
    }
    reader.log().close();
    assertThat(written).containsAll(byKafka);

    PartitionLog mine =
        PartitionLog.open(
            LogFixture.PARTITION, kafka.directory(), settings, known, true, fixture.context());
    List<String> byUs = new ArrayList<>();
    next = mine.logStartOffset();
    while (next < mine.logEndOffset()) {
      try (LogSlice slice = mine.read(next, 4_000, ReadBound.LOG_END, true).records()) {
        long before = next;
        for (RecordBatch batch : slice.toMemory().batches()) {
          batch.forEach(record -> byUs.add(text(record)));
          next = batch.nextOffset();
        }
        if (next == before) {
          break;
        }
      }
    }
    mine.close();
    assertThat(byUs).isEqualTo(byKafka);
  }

  private static String text(Record record) {
    int key = record.hasKey() ? record.key().hashCode() : -1;
    int value = record.hasValue() ? record.value().hashCode() : -1;
    return record.offset() + " at " + record.timestamp() + ": " + key + "=" + value;
  }

  private static List<String> records(Path directory) throws IOException {
    List<String> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).sorted().toList()) {
        try (FileRecords segment = FileRecords.open(file.toFile(), false)) {
          segment.records().forEach(record -> records.add(text(record)));
        }
      }
    }
    return records;
  }

  private static TreeSet<String> names(Path directory) {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      // Whether an index without entries has a file depends on whether somebody looked into it.
      files
          .filter(file -> !file.toString().endsWith("index") || file.toFile().length() > 0)
          .map(file -> file.getFileName().toString())
          .forEach(names::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Written with a topic id, which these logs have none of.
    names.remove("partition.metadata");
    // Whether an index was made and trimmed before it was thrown away says nothing.
    names.removeIf(name -> name.endsWith("index.deleted") && !name.endsWith("txnindex.deleted"));
    return names;
  }
}
